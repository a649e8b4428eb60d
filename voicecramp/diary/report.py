"""The page for the doctor."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from importlib import resources
from pathlib import Path

import jinja2

from voicecramp.diary import plots, words
from voicecramp.diary.history import History
from voicecramp.errors import VoiceCrampError

__all__ = ["render", "save"]


def render(history: History, asked: Mapping[str, str], today: date, since: date | None = None) -> str:
    """Return the page: HTML that needs nothing else, no network and no script.

    Args:
        history: What to tell, from the day `since` on.
        asked: The questions as they were spoken, by the name of their answer; others are told by that name.
        today: The day it is made.
        since: The first day it tells of; else that of the first entry.
    """
    moments = [
        *(cramp.began for cramp in history.cramps),
        *(entry.when for entry in history.answers),
        *(note.when for note in history.notes),
    ]
    first = since or min((moment.date() for moment in moments), default=today)
    last = max([today, *(moment.date() for moment in moments)])
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    source = resources.files("voicecramp.diary").joinpath("report.html").read_text(encoding="utf-8")
    return environment.from_string(source).render(
        history=history,
        asked=asked,
        words=words,
        summary=words.summary(history, first, last),
        today=words.day(today),
        by_week=plots.by_week(history.cramps, first, last),
        by_hour=plots.by_hour(history.cramps),
    )


def save(page: str, path: Path) -> None:
    """Write a page, whole or not at all, for nobody else's eyes (mode 0600); a device is written to as it is.

    Raises:
        VoiceCrampError: It cannot be written there; what was there still is.
    """
    try:
        if path.is_relative_to("/dev") or (path.exists() and not path.is_file()):
            path.write_text(page, encoding="utf-8")
            return
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(page)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise VoiceCrampError(
            f"Cannot write the report {path}: {error.strerror}; make room or choose another place."
        ) from error
