"""What a conversation remembers: the diary, or nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from voicecramp.config import Config
from voicecramp.diary import Diary
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Event, Failure

__all__ = ["NIGHT", "memory_of"]

NIGHT = datetime(2026, 1, 1, 3, tzinfo=UTC)
"""When a conversation that nothing is kept of takes place: at three in the morning, always, so that it is always
the same."""


def memory_of(
    path: Path | None,
    chosen: Config,
    emit: Callable[[Event], None],
    now: Callable[[], datetime] | None = None,
) -> Diary:
    """Open a diary. Whatever is wrong with it is told, and stops nobody from being helped."""
    if path is None:
        return Diary.open(None, NIGHT)
    try:
        return Diary.open(path, datetime.now(), chosen.diary.keep, now)
    except VoiceCrampError as error:
        emit(Failure(t=0.0, what=f"{error} Until then nothing is remembered."))
        # What is gone at the end is not called noted, nor what cannot be read nothing.
        return Diary.open(None, datetime.now(), keep=False, now=now)
