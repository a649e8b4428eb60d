"""Models into their folder: fetched or copied, verified file by file, in place only when whole."""

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rapidfuzz import fuzz, process

from voicecramp import archive
from voicecramp.download import Progress, discard, download
from voicecramp.errors import VoiceCrampError
from voicecramp.models import NAME, Installed, Known, Manifest, check

__all__ = ["blob_id", "install"]

_WORKSPACE = ".downloads"
"""Where models are made ready, inside the folder they go to: on the same disk, hidden, ignored by git."""

_DOWNLOAD_SLACK = 2
"""A download may be this many times the size that the manifest states, which is rounded."""

_UNPACKED_SLACK = 8
"""So many times its zip a model may be, unpacked; Vosk's own are about twice."""

_LARGEST_OTHER = 8 * 10**9
"""Bytes that a model from elsewhere may have, unpacked: twice the largest that Vosk publishes."""

_LIKELY_TYPO = 60.0
"""How like a known name an unknown one must be to be taken for it (rapidfuzz ratio)."""


Load = Callable[[Path], object]


def _silent(_done: int, _total: int | None) -> None:
    pass


def install(  # noqa: PLR0913, PLR0917 - three have a default
    name: str,
    manifest: Manifest,
    folder: Path,
    source: Path | None = None,
    progress: Progress = _silent,
    load: Load = check,
) -> Installed:
    """Put a model into a folder: one of the manifest, verified, or with `source` any other.

    Args:
        name: of a model in the manifest; or what a model from elsewhere is to be called.
        manifest: the known models.
        folder: where to; made if need be.
        source: a zip or a folder to take it from; None downloads it.
        progress: told of the download's bytes.
        load: tries whether the model can be loaded, before it is put in its place; VoiceCrampError if not.

    Returns:
        The model in its place. Its `known` is None when nothing vouches for its files.

    Raises:
        VoiceCrampError: it could not be done. The folder is as before, but for a download that broke
            off and that the next try continues.
    """
    name, known = _wanted(name, manifest, source)
    target = folder / (known.folder if known else name)
    if target.exists():
        raise VoiceCrampError(
            f"{name} is installed already, at {target}; remove it first to install it anew."
        )
    try:
        with _workspace(folder) as workspace:
            _install(known, target, workspace, source, progress, load)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            need = f"about {known.size_mb * 3:.0f} MB are" if known else "space for the whole model is"
            raise VoiceCrampError(f"The disk of {folder} is full; {need} needed: free some.") from error
        raise VoiceCrampError(f"{error.filename or folder}: it cannot be used: {error.strerror}.") from error
    return Installed(name, target, known)


def blob_id(path: Path) -> str:
    """Return a file's git blob id: the SHA-1 of `blob <size>`, a null byte, and the file."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size)  # noqa: S324 - it is what git calls the file
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _wanted(name: str, manifest: Manifest, source: Path | None) -> tuple[str, Known | None]:
    if not re.fullmatch(NAME, name):
        raise VoiceCrampError(
            f"{name!r} cannot name a model; use letters, digits, dots, dashes and underscores."
        )
    if named := manifest.named(name):
        if source is None and not named[1].url:
            raise VoiceCrampError(f"{name} comes with VoiceCramp, not by download; install VoiceCramp again.")
        return named
    if source is None:
        near = process.extractOne(name, list(manifest.models), scorer=fuzz.ratio, score_cutoff=_LIKELY_TYPO)
        there = f"did you mean {near[0]}?" if near else f"there are: {', '.join(manifest.models)}."
        raise VoiceCrampError(f"No model is called {name}; {there} Another is installed with --from.")
    return name, None


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """Keep a hidden folder for oneself; it goes again unless a download waits in it to be continued."""
    workspace = folder / _WORKSPACE
    workspace.mkdir(parents=True, exist_ok=True)
    handle = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield workspace
        finally:
            if not any(workspace.iterdir()):
                workspace.rmdir()
    except BlockingIOError:
        raise VoiceCrampError(f"Another installation into {folder} is running; wait until it ends.") from None
    finally:
        os.close(handle)


def _install(  # noqa: PLR0913, PLR0917 - what `install` was given
    known: Known | None,
    target: Path,
    workspace: Path,
    source: Path | None,
    progress: Progress,
    load: Load,
) -> None:
    fetched = workspace / f"{target.name}.zip.part"
    if source is None and known:
        download(known.url, fetched, round(known.size_mb * 1e6 * _DOWNLOAD_SLACK), progress)
    called = str(source) if source or not known else known.url
    staging = workspace / target.name
    shutil.rmtree(staging, ignore_errors=True)  # what a power cut left
    try:
        limit = round(known.size_mb * 1e6 * _UNPACKED_SLACK) if known else _LARGEST_OTHER
        archive.unpack(source or fetched, staging, limit, called)
        root = _model_in(staging)
        if known:
            _verify(root, known.files, called)
        check(root, called)
        try:
            load(root)
        except VoiceCrampError as error:
            raise VoiceCrampError(
                f"{called}: this model is damaged, Vosk cannot load it; get it again, or choose another."
            ) from error
        root.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        discard(fetched)


def _model_in(folder: Path) -> Path:
    """Return the folder that is the model: archives wrap it in one of its own name."""
    return next((path for path in (folder, *folder.iterdir()) if (path / "am").is_dir()), folder)


def _verify(root: Path, files: Mapping[str, str], source: str) -> None:
    """Compare every file with the manifest's; what the manifest does not name, but a README, is taken out."""
    for path in [path for path in root.rglob("*") if path.is_file()]:
        name = path.relative_to(root).as_posix()
        if name not in files and name != "README":
            path.unlink()
    for name, expected in files.items():
        if not (root / name).is_file():
            raise VoiceCrampError(f"{source}: {name} is missing in it; get it again.")
        if (found := blob_id(root / name)) != expected:
            raise VoiceCrampError(
                f"{source}: {name} is not the file it should be (git blob {found}, expected {expected}); "
                "get it again, and if it stays so, do not use it."
            )
