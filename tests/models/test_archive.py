import io
import os
import stat
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.archive import unpack
from voicecramp.errors import VoiceCrampError

LIMIT = 10_000
FILES = {"README": b"hello", "am/final.mdl": b"a network" * 100, "graph/phones/word_boundary.int": b""}


def zipped(path: Path, files: dict[str, bytes], **like: int) -> Path:
    """Write a zip whose members have these attributes of `zipfile.ZipInfo`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in like.items():
                setattr(member, attribute, value)
            archive.writestr(member, content)
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def complaint(source: Path, into: Path) -> str:
    with pytest.raises(VoiceCrampError) as caught:
        unpack(source, into, LIMIT, called="It")
    return str(caught.value)


def test_a_zip_is_unpacked(tmp_path: Path) -> None:
    source = zipped(tmp_path / "model.zip", {"empty/": b"", **FILES})
    unpack(source, tmp_path / "out", LIMIT, called="It")
    assert content(tmp_path / "out") == FILES


def test_a_folder_is_copied_without_its_permissions(tmp_path: Path) -> None:
    for name, data in FILES.items():
        path = tmp_path / "model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o444)
    unpack(tmp_path / "model", tmp_path / "out", LIMIT, called="It")
    assert content(tmp_path / "out") == FILES
    assert (tmp_path / "out/README").stat().st_mode & stat.S_IWUSR


@pytest.mark.parametrize(
    "name", ["../evil", "am/../../evil", "/evil", "//evil", "..\\evil", "am/..", "C:\\evil", "..", "", "./"]
)
def test_a_path_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    source = zipped(tmp_path / "model.zip", {**FILES, name: b"evil"})
    said = complaint(source, tmp_path / "deep" / "out")
    assert said == f"It: it holds {name!r}, a path that leads outside; do not trust this file."
    assert content(tmp_path).keys() == {"model.zip"}


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path, kind: int) -> None:
    source = zipped(
        tmp_path / "model.zip", {"am/final.mdl": b"/etc/passwd"}, external_attr=(kind | 0o777) << 16
    )
    assert complaint(source, tmp_path / "out").endswith("a link or device; do not trust this file.")
    assert not (tmp_path / "out").exists()


def test_links_and_devices_in_a_folder_are_refused(tmp_path: Path) -> None:
    for make in (lambda path: path.symlink_to("/etc"), lambda path: path.symlink_to("nowhere"), os.mkfifo):
        folder = tmp_path / "model"
        folder.mkdir()
        make(folder / "odd")
        said = complaint(folder, tmp_path / "out")
        assert said == f"{folder / 'odd'}: this is a link or device; put what it stands for in its place."
        (folder / "odd").unlink()
        folder.rmdir()


def test_a_zip_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    source = zipped(tmp_path / "bomb.zip", {str(index): bytes(1001) for index in range(10)})
    assert complaint(source, tmp_path / "out").startswith("It: it unpacks to 0 MB, more than the 0 MB it may")
    assert not (tmp_path / "out").exists()


def test_a_zip_that_lies_about_its_size_does_not_yield_more(tmp_path: Path) -> None:
    source = zipped(tmp_path / "bomb.zip", {"bomb": bytes(1_000_000)})
    data = source.read_bytes()
    # The stated size stands once in the member's own header and once in the directory at the end.
    stated = (1_000_000).to_bytes(4, "little")
    assert data.count(stated) == 2
    source.write_bytes(data.replace(stated, (5).to_bytes(4, "little")))
    assert complaint(source, tmp_path / "out").startswith("It: this is not a whole zip file (Bad CRC-32")
    assert (tmp_path / "out/bomb").stat().st_size <= 5


def test_a_folder_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/am").write_bytes(bytes(LIMIT + 1))
    assert "more than the" in complaint(tmp_path / "model", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("am", "good")
        archive.writestr("am", "bad")
    assert complaint(tmp_path / "twice.zip", tmp_path / "one").startswith("It: it holds am more than once")
    for index, names in enumerate((("am", "am/final.mdl"), ("am/final.mdl", "am"))):
        source = zipped(tmp_path / f"{index}.zip", dict.fromkeys(names, b""))
        assert "more than once" in complaint(source, tmp_path / f"out{index}")


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    page = tmp_path / "model.zip"
    page.write_text("<html>Please log in to this hotel's network</html>", encoding="ascii")
    assert complaint(page, tmp_path / "out").startswith("It: this is not a whole zip file (")
    whole = zipped(tmp_path / "whole.zip", FILES).read_bytes()
    page.write_bytes(whole[:-30])
    assert complaint(page, tmp_path / "out").startswith("It: this is not a whole zip file (")
    assert complaint(tmp_path / "none.zip", tmp_path / "out") == (
        "It: there is no such file or folder; check the path."
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_is_told_however_it_is_packed(tmp_path: Path, method: int) -> None:
    source = zipped(tmp_path / "model.zip", {"a": b"a network" * 100}, compress_type=method)
    data = bytearray(source.read_bytes())
    data[35:45] = b"\xff" * 10  # just behind the member's name, where packing begins
    source.write_bytes(data)
    assert complaint(source, tmp_path / "out").startswith("It: this is not a whole zip file (")


def test_a_disk_that_takes_nothing_is_no_damage(tmp_path: Path) -> None:
    source = zipped(tmp_path / "model.zip", FILES)
    with pytest.raises(FileNotFoundError):
        unpack(source, tmp_path / "none/out", LIMIT, called="It")


def test_a_member_before_the_beginning_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "model.zip", FILES).read_bytes())
    end = data.index(b"PK\x05\x06")
    data[end + 16 : end + 20] = (int.from_bytes(data[end + 16 : end + 20], "little") + 100).to_bytes(
        4, "little"
    )
    (tmp_path / "model.zip").write_bytes(data)
    assert complaint(tmp_path / "model.zip", tmp_path / "out").startswith(
        "It: this is not a whole zip file ("
    )


def test_an_encrypted_zip_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "model.zip", {"a": b"b"}).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "model.zip").write_bytes(data)
    assert "it is encrypted" in complaint(tmp_path / "model.zip", tmp_path / "out")


WHOLE = io.BytesIO()
with zipfile.ZipFile(WHOLE, "w", zipfile.ZIP_DEFLATED) as _archive:
    for _name, _content in FILES.items():
        _archive.writestr(_name, _content)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE.getvalue()) - 1), st.integers(0, 255)), max_size=8))
def test_no_damage_does_anything_but_be_told(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(WHOLE.getvalue())
    for place, value in damage:
        data[place] = value
    folder = tmp_path_factory.mktemp("damage")
    (folder / "model.zip").write_bytes(data)
    with suppress(VoiceCrampError):
        unpack(folder / "model.zip", folder / "out", LIMIT, called="It")
    assert {path.name for path in folder.iterdir()} <= {"model.zip", "out"}
