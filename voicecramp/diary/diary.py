"""The diary while the assistant is on: it writes down what happens, and answers about what happened before."""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from voicecramp.dialogue.past import LastCramp, PartOfDay, RunningTimer
from voicecramp.dialogue.records import (
    Answered,
    Corrected,
    EpisodeBegan,
    EpisodeEnded,
    Held,
    Noted,
    Preferred,
    Record,
    TimerGone,
    TimerSet,
)
from voicecramp.diary.moment import local, stamp
from voicecramp.diary.store import be_patient, connect, telling, transaction
from voicecramp.errors import VoiceCrampError

__all__ = ["Diary"]

_LOGGER = logging.getLogger(__name__)

_WEEK = 7 * 86_400
"""Seconds for which cramps are counted."""
_OFTEN = 5
"""Cramps in a week from which on they come often."""
_MEMORY = 90 * 86_400
"""Seconds for which a water tablet, once named, counts as taken: a doctor's usual prescription."""

_PARTS: tuple[PartOfDay, ...] = ("night", "morning", "afternoon", "evening")
"""Six hours each, from midnight."""

_LEFT_OPEN = "UPDATE episodes SET how = 'unresolved' WHERE how IS NULL"
"""Puts right what has a beginning and no end."""


class Diary:
    """A file of cramps. Implements `voicecramp.dialogue.past.Past`; every `t` is stream time in seconds.

    One at a time should write to a file. Where two do, each keeps its own cramps, and one that the other took
    for left open is put right when it ends.

        with Diary.open(default_path(), datetime.now()) as diary:
            diary.record(EpisodeBegan("calf", "left"), 3.2)
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        path: Path | None,
        began: datetime,
        keep: bool,
        now: Callable[[], datetime] | None,
    ) -> None:
        self._db = db
        self._path = path
        self._began, self._zone = began.astimezone(UTC), began.tzinfo
        self._keep = keep
        self._now = now
        self._episode: int | None = None

    @classmethod
    def open(
        cls,
        path: Path | None,
        began: datetime,
        keep: bool = True,
        now: Callable[[], datetime] | None = None,
    ) -> Self:
        """Open a diary, made if missing. A cramp that a power cut left open counts as unresolved from now on.

        Args:
            path: The file; None: one in memory, for an experiment.
            began: The moment of stream second 0. Without a time zone it is this machine's own, whose summer
                time counts as it comes.
            keep: Whether cramps, answers and notes are written. Settings and timers always are.
            now: The clock on the wall, where the stream runs beside it for nights: it may be put right meanwhile, and
                sound cards go wrong. It is asked whenever no cramp is going on, so that a cramp's own times agree.
                None: the stream is the clock.

        Raises:
            VoiceCrampError: The diary is damaged, newer, locked or cannot be written. It is left as it is.
        """
        db = connect(path)
        try:
            with telling(path), transaction(db):
                db.execute(_LEFT_OPEN)
        except BaseException:
            db.close()
            raise
        return cls(db, path, began, keep, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. A cramp that is going on, or whose end could not be written, is left as unresolved."""
        with suppress(sqlite3.Error):  # then the next opening sees to it
            self._db.execute(_LEFT_OPEN)
        self._db.close()

    def record(self, record: Record, t: float) -> None:
        """Write down what happened at `t`; it is on the disk when this returns.

        Raises:
            VoiceCrampError: It could not be written; what was there before still is. Waits for another program
                for a second at most, and then not again until writing has succeeded: "stop" must be heard.
        """
        if not self._keep and not isinstance(record, Preferred | TimerSet | TimerGone):
            return
        if isinstance(record, EpisodeBegan):
            self._episode = None  # whatever was before is over
        self._ask_the_clock(t)
        episode = self._episode
        try:
            with telling(self._path), transaction(self._db):
                if isinstance(record, EpisodeBegan):
                    episode = self._begin(record, t)
                else:
                    self._write(record, t)
        except VoiceCrampError:
            be_patient(self._db, False)
            raise
        else:
            be_patient(self._db, True)
            self._episode = episode
        finally:
            if isinstance(record, EpisodeEnded):
                self._episode = None  # over, even where that could not be written

    def _begin(self, record: EpisodeBegan, t: float) -> int | None:
        # An end that could not be written is not made up: nobody knows any more when it was.
        self._db.execute(_LEFT_OPEN)
        return self._db.execute(
            "INSERT INTO episodes (began, offset, muscle, side) VALUES (?, ?, ?, ?)",
            [*self._stamp(t), record.muscle, record.side],
        ).lastrowid

    def _write(self, record: Record, t: float) -> None:
        at, offset = self._stamp(t)
        match record:
            case Corrected(muscle, side):
                statement = "UPDATE episodes SET muscle = ?, side = ? WHERE id = ?"
                values: list[Any] = [muscle, side, self._episode]
            case EpisodeEnded(how):
                statement = "UPDATE episodes SET ended = ?, how = ? WHERE id = ?"
                values = [at, how, self._episode]
            case Held(step, seconds):
                # The cramp may have been forgotten meanwhile.
                statement = "INSERT INTO holds VALUES (?, ?, ?, ?, (SELECT id FROM episodes WHERE id = ?))"
                values = [at, offset, step, seconds, self._episode]
            case Answered(question, answer):
                statement, values = "INSERT INTO answers VALUES (?, ?, ?, ?)", [at, offset, question, answer]
            case Noted(text):
                statement, values = "INSERT INTO notes VALUES (?, ?, ?)", [at, offset, text]
            case Preferred(name, value):
                statement, values = "INSERT OR REPLACE INTO preferences VALUES (?, ?)", [name, value]
            case TimerSet(name, seconds):
                due, _ = self._stamp(t + seconds)
                statement, values = "INSERT OR REPLACE INTO timers VALUES (?, ?)", [name, due]
            case TimerGone(name):
                statement, values = "DELETE FROM timers WHERE name = ?", [name]
            case _:
                raise TypeError(f"{record!r} is not for the diary")
        self._db.execute(statement, values)

    @property
    def keeping(self) -> bool:
        """Whether cramps, answers and notes are written."""
        return self._keep

    def cramps(self, t: float) -> int:
        """How many cramps began in the seven days before `t`."""
        self._ask_the_clock(t)
        now, _ = self._stamp(t)
        query = "SELECT count(*) FROM episodes WHERE began > ? AND began <= ?"
        return next((int(count) for (count,) in self._rows(query, now - _WEEK, now)), 0)

    def last(self, t: float) -> LastCramp | None:
        """The last cramp that began before the one that is going on."""
        self._ask_the_clock(t)
        now = self._stamp(t)
        rows = self._rows(
            "SELECT began, offset FROM episodes WHERE began <= ? AND id IS NOT ? ORDER BY began DESC LIMIT 1",
            *(now[0], self._episode),
        )
        if not rows:
            return None
        began = local(*rows[0])
        days = (local(*now).date() - began.date()).days
        return LastCramp(max(0, days), _PARTS[began.hour // 6])  # below 0 after a flight to the west

    def facts(self, t: float) -> Mapping[str, str]:
        """`often: "yes"` from five cramps in seven days; `diuretic: "yes"` if that was the last answer in 90 days."""
        self._ask_the_clock(t)
        now, _ = self._stamp(t)
        diuretic = self._rows(
            "SELECT answer FROM answers WHERE at > ? AND question = 'diuretic' ORDER BY at DESC, rowid DESC LIMIT 1",
            now - _MEMORY,
        )
        known = {"often": self.cramps(t) >= _OFTEN, "diuretic": diuretic == [("yes",)]}
        return {name: "yes" for name, holds in known.items() if holds}

    def preferences(self) -> Mapping[str, str | int | float]:
        """Settings changed by voice."""
        return dict(self._rows("SELECT name, value FROM preferences ORDER BY name"))

    def timers(self) -> Sequence[RunningTimer]:
        """The timers that run, the next one first; those that ran out while the assistant was off have due <= 0."""
        start, _ = self._stamp(0.0)
        rows = self._rows("SELECT name, due FROM timers ORDER BY due, name")
        return tuple(RunningTimer(name, float(due - start)) for name, due in rows)

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            _LOGGER.warning("The diary cannot be read: %s", error)
            return []

    def _ask_the_clock(self, t: float) -> None:
        if self._now and self._episode is None:
            self._began = self._now().astimezone(UTC) - timedelta(seconds=t)

    def _stamp(self, t: float) -> tuple[int, int]:
        return stamp((self._began + timedelta(seconds=t)).astimezone(self._zone))
