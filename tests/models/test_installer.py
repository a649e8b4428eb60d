import errno
import fcntl
import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from models.model_server import Server

from voicecramp.errors import VoiceCrampError
from voicecramp.installer import blob_id, install
from voicecramp.models import Known, Manifest, installed, remove

FILES = {
    "am/final.mdl": os.urandom(50_000),
    "conf/mfcc.conf": b"--sample-frequency=16000\n",
    "conf/model.conf": b"",
    "graph/HCLr.fst": os.urandom(200_000),
    "graph/Gr.fst": b"grammar",
    "graph/disambig_tid.int": b"100000\n",
    "graph/phones/word_boundary.int": b"1 singleton\n",
}
README = b"differs between copies"


def zipped(files: dict[str, bytes], top: str = "model-1.0/") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(top + name, data)
    return content.getvalue()


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def server(server: Server) -> Server:
    """The server with the whole model."""
    server.body = zipped({"README": README, **FILES})
    return server


@pytest.fixture
def manifest(server: Server, tmp_path: Path) -> Manifest:
    """One model on the server and one that comes with the program."""
    files = {name: blob_id(written(tmp_path / "pinned", FILES) / name) for name in FILES}
    on_server = Known(title="M", licence="MIT", folder="model-1.0", url=server.url, size_mb=0.25, files=files)
    ours = Known(title="Ours", licence="MIT", folder="ours-en", size_mb=1)
    return Manifest(models={"small": on_server, "ours": ours})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where models go; it does not exist yet."""
    return tmp_path / "data" / "models"


def complaint(name: str, manifest: Manifest, folder: Path, source: Path | None = None) -> str:
    with pytest.raises(VoiceCrampError) as caught:
        install(name, manifest, folder, source)
    return str(caught.value)


def test_a_blob_id_is_what_git_says(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILES["am/final.mdl"])
    said = subprocess.run(
        ["git", "hash-object", "--no-filters", path], check=True, capture_output=True, text=True
    )
    assert blob_id(path) == said.stdout.strip()


def test_a_model_is_downloaded_verified_and_put_in_place(manifest: Manifest, folder: Path) -> None:
    told: list[tuple[int, int | None]] = []
    model = install("small", manifest, folder, progress=lambda done, total: told.append((done, total)))
    assert model.path == folder / "model-1.0"
    assert model.known == manifest.models["small"]
    assert content(folder) == {
        f"model-1.0/{name}": data for name, data in {"README": README, **FILES}.items()
    }
    assert told[-1][0] == told[-1][1]
    assert installed(manifest, [folder]) == [model]
    assert [path.name for path in folder.iterdir()] == ["model-1.0"]


def test_a_truncated_download_goes_on_next_time(server: Server, manifest: Manifest, folder: Path) -> None:
    server.cut_after = 131_072
    assert complaint("small", manifest, folder).startswith("The download broke off")
    assert installed(manifest, [folder]) == []
    server.cut_after = None
    install("small", manifest, folder)
    assert server.asked == ["", "bytes=131072-"]
    assert [path.name for path in folder.iterdir()] == ["model-1.0"]


def test_a_wrong_file_is_named_and_nothing_stays(server: Server, manifest: Manifest, folder: Path) -> None:
    server.body = zipped({**FILES, "graph/Gr.fst": b"grammar of somebody else"})
    expected = manifest.models["small"].files["graph/Gr.fst"]
    said = complaint("small", manifest, folder)
    assert said.startswith(f"{server.url}: graph/Gr.fst is not the file it should be (git blob ")
    assert f", expected {expected});" in said
    assert list(folder.iterdir()) == []


def test_a_missing_file_is_named_and_nothing_stays(server: Server, manifest: Manifest, folder: Path) -> None:
    server.body = zipped({name: data for name, data in FILES.items() if name != "conf/model.conf"})
    assert (
        complaint("small", manifest, folder)
        == f"{server.url}: conf/model.conf is missing in it; get it again."
    )
    assert list(folder.iterdir()) == []


def test_files_that_nobody_vouches_for_are_left_out(server: Server, manifest: Manifest, folder: Path) -> None:
    server.body = zipped({**FILES, "rescore/G.fst": b"extra", "conf/README": b"extra"})
    assert content(install("small", manifest, folder).path) == FILES


@pytest.mark.parametrize("name", ["../evil", "../../evil"])
def test_a_zip_that_leads_outside_is_refused(
    server: Server, manifest: Manifest, folder: Path, name: str
) -> None:
    server.body = zipped({**FILES, name: b"evil"}, top="")
    assert "a path that leads outside" in complaint("small", manifest, folder)
    assert list(folder.iterdir()) == []
    assert not list(folder.parents[1].rglob("evil"))


def test_a_zip_bomb_is_refused(server: Server, manifest: Manifest, folder: Path) -> None:
    server.body = zipped({**FILES, "bomb": bytes(3_000_000)})
    assert complaint("small", manifest, folder).startswith(
        f"{server.url}: it unpacks to 3 MB, more than the 2 MB"
    )
    assert list(folder.iterdir()) == []


def test_a_page_instead_of_a_zip_is_refused(server: Server, manifest: Manifest, folder: Path) -> None:
    server.body = b"<html>Please log in</html>"
    assert complaint("small", manifest, folder).startswith(f"{server.url}: this is not a whole zip file (")
    assert list(folder.iterdir()) == []


def test_a_server_without_the_model_is_quoted(server: Server, manifest: Manifest, folder: Path) -> None:
    server.status = 404
    assert complaint("small", manifest, folder).startswith(
        f"{server.url}: the server answered 404 Not Found;"
    )
    assert list(folder.iterdir()) == []


def test_a_disk_that_fills_while_downloading_is_told(manifest: Manifest, folder: Path) -> None:
    (folder / ".downloads").mkdir(parents=True)
    (folder / ".downloads/model-1.0.zip.part").symlink_to("/dev/full")
    said = complaint("small", manifest, folder)
    assert said == f"The disk of {folder} is full; about 1 MB are needed: free some."
    assert list(folder.iterdir()) == []


def test_a_disk_that_fills_while_unpacking_is_told(
    manifest: Manifest, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 2  # files that still fit

    def fill(_file: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", fill)
    assert complaint("small", manifest, folder).startswith(
        f"The disk of {folder} is full; about 1 MB are needed"
    )
    assert list(folder.iterdir()) == []
    left = 2
    said = complaint("own", manifest, folder, written(tmp_path / "own", FILES))
    assert said.startswith(f"The disk of {folder} is full; space for the whole model is needed")
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_told(manifest: Manifest, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file in the way", encoding="ascii")
    assert complaint("small", manifest, folder) == (
        f"{folder / '.downloads'}: it cannot be used: {os.strerror(errno.ENOTDIR)}."
    )


@pytest.mark.parametrize("top", ["model-1.0/", "another-name/", ""])
def test_a_known_model_comes_from_a_zip_too(
    manifest: Manifest, folder: Path, tmp_path: Path, top: str
) -> None:
    (tmp_path / "stick.zip").write_bytes(zipped(FILES, top))
    model = install("small", manifest, folder, tmp_path / "stick.zip")
    assert content(folder / "model-1.0") == FILES
    assert model.known is manifest.models["small"]


@pytest.mark.parametrize("name", ["small", "model-1.0"])
def test_a_known_model_is_verified_wherever_it_comes_from(
    server: Server, manifest: Manifest, folder: Path, tmp_path: Path, name: str
) -> None:
    stick = written(tmp_path / "stick", FILES)
    (stick / "am/final.mdl").write_bytes(b"other")
    assert complaint(name, manifest, folder, stick).startswith(f"{stick}: am/final.mdl is not the file")
    (stick / "am/final.mdl").write_bytes(FILES["am/final.mdl"])
    assert install(name, manifest, folder, stick).name == "small"
    assert content(stick) == FILES
    assert server.asked == []


def test_another_model_is_installed_and_nobody_vouches_for_it(
    manifest: Manifest, folder: Path, tmp_path: Path
) -> None:
    files = {**FILES, "notes.txt": b"kept"}
    model = install("own", manifest, folder, written(tmp_path / "own", files))
    assert (model.name, model.path, model.known) == ("own", folder / "own", None)
    assert content(folder / "own") == files
    remove("own", manifest, folder)
    assert list(folder.iterdir()) == []


def test_the_prototype_can_be_installed(manifest: Manifest, folder: Path, shared: Path) -> None:
    prototype = shared / "prototype-model" / "model"
    model = install("prototype", manifest, folder, prototype)
    assert content(model.path) == content(prototype)
    remove("prototype", manifest, folder)  # although the original may not be written to


def test_what_is_no_model_is_not_installed(manifest: Manifest, folder: Path, tmp_path: Path) -> None:
    source = written(tmp_path / "pictures", {"cat.jpg": b"cat"})
    assert complaint("own", manifest, folder, source) == (
        f"{source}: this is not a Vosk model, am/final.mdl is missing; get it again, or choose another."
    )
    missing = tmp_path / "none.zip"
    assert complaint("own", manifest, folder, missing) == (
        f"{missing}: there is no such file or folder; check the path."
    )
    assert list(folder.iterdir()) == []


def test_what_is_installed_is_not_installed_again(manifest: Manifest, folder: Path) -> None:
    install("small", manifest, folder)
    before = content(folder)
    said = complaint("small", manifest, folder)
    assert (
        said == f"small is installed already, at {folder / 'model-1.0'}; remove it first to install it anew."
    )
    assert content(folder) == before


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("smal", "No model is called smal; did you mean small? Another is installed with --from."),
        ("xyz", "No model is called xyz; there are: small, ours. Another is installed with --from."),
        ("ours", "ours comes with VoiceCramp, not by download; install VoiceCramp again."),
    ],
)
def test_a_name_that_cannot_be_downloaded_is_told(
    manifest: Manifest, folder: Path, name: str, expected: str
) -> None:
    assert complaint(name, manifest, folder) == expected
    assert not folder.exists()


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../evil", "/evil", "a/b", ".hidden", "a\n", "a b", "x" * 65]
)
def test_a_name_that_is_none_is_refused(manifest: Manifest, folder: Path, tmp_path: Path, name: str) -> None:
    said = complaint(name, manifest, folder, written(tmp_path / "own", FILES))
    assert said.startswith(f"{name!r} cannot name a model; ")
    assert not folder.exists()


def test_two_installations_do_not_meet(manifest: Manifest, folder: Path) -> None:
    (folder / ".downloads").mkdir(parents=True)
    other = os.open(folder / ".downloads", os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert complaint("small", manifest, folder).startswith(
            f"Another installation into {folder} is running"
        )
    finally:
        os.close(other)
    install("small", manifest, folder)


def test_what_a_power_cut_left_is_cleared_away(manifest: Manifest, folder: Path) -> None:
    written(folder / ".downloads/model-1.0", {"am/final.mdl": b"half"})
    install("small", manifest, folder)
    assert [path.name for path in folder.iterdir()] == ["model-1.0"]


def test_an_interruption_leaves_no_half_model(manifest: Manifest, folder: Path) -> None:
    def interrupt(done: int, _total: int | None) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install("small", manifest, folder, progress=interrupt)
    assert installed(manifest, [folder]) == []
    install("small", manifest, folder)
    shutil.rmtree(folder / "model-1.0")
    assert list(folder.iterdir()) == []
