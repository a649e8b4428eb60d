"""Files and folders that are whole or not there: a stage that was stopped leaves no half ones for the next run."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["made", "put_in_place", "whole"]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to, of the same ending; it becomes `path` when all went well."""
    part = path.with_name(f".part-{path.name}")
    yield part
    part.replace(path)


def put_in_place(new: Path, place: Path) -> None:
    """Move a whole folder to where another may be, on the same disk; that one goes once the new one stands."""
    old = place.with_name(f".old-{place.name}")
    if place.exists():
        if old.exists():  # its removal was cut short the last time
            shutil.rmtree(old)
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def made(path: Path, *sources: Path) -> bool:
    """Tell whether a file is there, and none of what it was made from is newer."""
    return path.exists() and all(
        path.stat().st_mtime_ns >= source.stat().st_mtime_ns for source in sources if source.exists()
    )
