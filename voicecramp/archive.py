"""Files out of a zip or a folder that nobody vouches for, into a fresh folder and nowhere else."""

import lzma
import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from voicecramp.errors import VoiceCrampError

__all__ = ["unpack"]

_ENCRYPTED = 0x1
"""The bit of a zip member's flags that says so."""

_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError)
"""What comes of a zip that is not as it should be, by the way in which its members are packed."""


def unpack(source: Path, folder: Path, limit: int, called: str) -> None:
    """Copy every file of a zip or of a folder into `folder`, and see it onto the disk.

    Only plain files are taken, by relative paths without `..`, and only their bytes: no permissions,
    owners, dates or links. Nothing is written before everything has been looked at.

    Args:
        source: a zip file or a folder.
        folder: must not exist yet.
        limit: bytes that all the files may have together.
        called: what the source is to the person, for errors: a path or an address.

    Raises:
        VoiceCrampError: the source is neither, is damaged or too large, or holds anything else. What
            was written until then stays.
        OSError: `folder` cannot be written, as when the disk is full.
    """
    if source.is_dir():
        _copy_folder(source, folder, limit, called)
    elif source.is_file():
        _unpack_zip(source, folder, limit, called)
    else:
        raise VoiceCrampError(f"{called}: there is no such file or folder; check the path.")


def _unpack_zip(source: Path, folder: Path, limit: int, called: str) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            for member in archive.infolist():
                _refuse_odd(called, member)
            members = [member for member in archive.infolist() if not member.is_dir()]
            # A member never yields more than the size it states, so that stated sizes can be relied on.
            _refuse_large(called, sum(member.file_size for member in members), limit)
            folder.mkdir()
            for member in members:
                with _opened(archive, member) as content:
                    _write(called, content, folder, member.filename)
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's; what is damaged in bzip2 has no number
        raise VoiceCrampError(f"{called}: this is not a whole zip file ({error}); get it again.") from error


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(member)
    except OSError as error:  # it looks for the member before the file's beginning
        raise zipfile.BadZipFile(f"no {member.filename}") from error


def _copy_folder(source: Path, folder: Path, limit: int, called: str) -> None:
    files = list(_plain_files(source))
    _refuse_large(called, sum(file.stat().st_size for file in files), limit)
    folder.mkdir()
    for file in files:
        with file.open("rb") as content:
            _write(called, content, folder, file.relative_to(source).as_posix())


def _refuse_odd(called: str, member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename)
    if not path.name or path.is_absolute() or ".." in path.parts or "\\" in member.filename:
        raise VoiceCrampError(
            f"{called}: it holds {member.filename!r}, a path that leads outside; do not trust this file."
        )
    if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise VoiceCrampError(
            f"{called}: it holds {member.filename!r}, a link or device; do not trust this file."
        )
    if member.flag_bits & _ENCRYPTED:
        raise VoiceCrampError(f"{called}: it is encrypted; unpack it first and give the folder.")


def _refuse_large(called: str, size: int, limit: int) -> None:
    if size > limit:
        raise VoiceCrampError(
            f"{called}: it unpacks to {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB it may; "
            "it is something else."
        )


def _plain_files(source: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(source):
        for path in (Path(root, name) for name in sorted(folders + files)):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise VoiceCrampError(
                    f"{path}: this is a link or device; put what it stands for in its place."
                )
            if path.is_file():
                yield path


def _write(called: str, content: IO[bytes], folder: Path, name: str) -> None:
    target = folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise VoiceCrampError(f"{called}: it holds {name} more than once; do not trust this file.") from error
