"""The files of a command: each another one, lest what is written takes the place of what is read, or of what is dear."""

import os
import stat
import sys
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from voicecramp import config, diary
from voicecramp.errors import VoiceCrampError

__all__ = ["keep_apart", "need_output"]


def need_output() -> None:
    """Refuse to print what was asked for to nobody.

    Raises:
        VoiceCrampError: standard output is closed.
    """
    if sys.stdout is None:
        raise VoiceCrampError("Standard output is closed, so nothing can be shown; send it somewhere.")


def keep_apart(files: Mapping[str, Path | None]) -> None:
    """Refuse a file that is given twice, be it by another path or a link; devices and pipes may be.

    The person's own diary and configuration count, named or not: a slip must not cost years of notes.

    Args:
        files: Each by what it is to the person: `the diary` and `the configuration` for another one than their
            own, else such as `--output`; None where none is given.

    Raises:
        VoiceCrampError: Two are one.
    """
    own = {"the diary": diary.default_path(), "the configuration": config.default_path()}
    every = [
        (name, path)
        for name, path in (*own.items(), *files.items())
        if path is not None and not _is_device(path)
    ]
    for (first, one), (second, other) in combinations(every, 2):
        if first != second and _same(one, other):  # one's own may be named too
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
