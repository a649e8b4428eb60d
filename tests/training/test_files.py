"""What was stopped halfway leaves no half file, and what was made of something older is made again."""

import os
from pathlib import Path

import pytest
from training.files import made, put_in_place, whole


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text("old")
    with whole(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
        assert part.suffix == path.suffix  # which decides in what format some libraries write
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_failed_halfway_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text("old")

    def stopped() -> None:
        with whole(path) as part:
            part.write_text("ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert path.read_text() == "old"


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_takes_the_place_of_another_whole(there: bool, tmp_path: Path) -> None:
    place, new = tmp_path / "model", tmp_path / "new"
    if there:
        place.mkdir()
        (place / "gone").touch()
    new.mkdir()
    (new / "here").touch()
    put_in_place(new, place)
    assert [path.name for path in place.iterdir()] == ["here"]
    assert list(tmp_path.iterdir()) == [place]


def test_what_was_left_of_another_is_in_nobodys_way(tmp_path: Path) -> None:
    place, new, left = tmp_path / "model", tmp_path / "new", tmp_path / ".old-model"
    for folder in (place, new, left):
        folder.mkdir()
        (folder / folder.name).touch()
    put_in_place(new, place)
    assert [path.name for path in place.iterdir()] == ["new"]
    assert list(tmp_path.iterdir()) == [place]


def test_what_is_older_than_its_source_counts_as_not_made(tmp_path: Path) -> None:
    source, product, missing = tmp_path / "network", tmp_path / "results", tmp_path / "nothing"
    source.touch()
    assert not made(product, source)
    product.touch()
    os.utime(source, ns=(10, 10))
    os.utime(product, ns=(10, 10))
    assert made(product, source, missing)
    os.utime(source, ns=(11, 11))
    assert not made(product, source, missing)
