"""The files that a command is given: each another one, lest what is written takes the place of what is read."""

import os
import stat
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from voicecramp.errors import VoiceCrampError

__all__ = ["keep_apart"]


def keep_apart(files: Mapping[str, Path | None]) -> None:
    """Refuse a file that is given twice, be it by another path or a link; devices and pipes may be.

    Args:
        files: Each by what it is to the person, such as `--output`; None where none is given.

    Raises:
        VoiceCrampError: Two are one.
    """
    given = [(name, path) for name, path in files.items() if path is not None and not _is_device(path)]
    for (first, one), (second, other) in combinations(given, 2):
        if _same(one, other):
            raise VoiceCrampError(f"{first} and {second} are the same file, {other}; name another for one.")


def _is_device(path: Path) -> bool:
    status = _status(path)
    return status is not None and not stat.S_ISREG(status.st_mode)


def _same(one: Path, other: Path) -> bool:
    here, there = _status(one), _status(other)
    if here and there:
        return os.path.samestat(here, there)
    return os.path.realpath(one) == os.path.realpath(other)  # neither need exist yet


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
