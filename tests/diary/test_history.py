"""Whatever is recorded is read again as it was."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from voicecramp.dialogue.past import RunningTimer
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
from voicecramp.diary import Answer, Cramp, Diary, History, Note, read
from voicecramp.diary import Held as Hold

text = st.text(max_size=20)
name = st.sampled_from(["ice", "tea", "täglich", ""])
seconds = st.integers(1, 3600)
record = st.one_of(
    st.builds(EpisodeBegan, text, text),
    st.builds(Corrected, text, text),
    st.builds(Held, text, seconds),
    st.builds(EpisodeEnded, st.sampled_from(["gone", "stopped", "unresolved"])),
    st.builds(Answered, text, text),
    st.builds(Noted, text),
    st.builds(Preferred, name, text | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)),
    st.builds(TimerSet, name, seconds),
    st.builds(TimerGone, name),
)
night = st.lists(st.tuples(record, st.integers(0, 900)), max_size=25)
"""Records, each with the seconds since the one before."""
zone = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
evening = st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=zone).map(
    lambda moment: moment.replace(microsecond=0)
)


class Expected:
    """What the diary should hold: the same, with lists."""

    def __init__(self, began: datetime, records: Sequence[tuple[Record, int]]) -> None:
        self.began = began
        self.cramps: list[Cramp] = []
        self.answers: list[Answer] = []
        self.notes: list[Note] = []
        self.preferences: dict[str, str | int | float] = {}
        self.timers: dict[str, float] = {}
        self.open = False
        self.t = 0
        for entry, later in records:
            self.t += later
            self.take(entry, began + timedelta(seconds=self.t))
        if self.open:
            self.change(how="unresolved")

    def change(self, **what: object) -> None:
        if self.open:
            self.cramps[-1] = replace(self.cramps[-1], **what)  # type: ignore[arg-type]

    def take(self, entry: Record, now: datetime) -> None:
        match entry:
            case EpisodeBegan(muscle, side):
                self.change(how="unresolved")
                self.cramps.append(Cramp(now, None, muscle, side, None, ()))
                self.open = True
            case Corrected(muscle, side):
                self.change(muscle=muscle, side=side)
            case Held(step, held):
                self.change(holds=(*self.cramps[-1].holds, Hold(step, held)) if self.open else ())
            case EpisodeEnded(how):
                self.change(ended=now, how=how)
                self.open = False
            case Answered(question, answer):
                self.answers.append(Answer(now, question, answer))
            case Noted(note):
                self.notes.append(Note(now, note))
            case Preferred(setting, value):
                self.preferences[setting] = value
            case TimerSet(timer, length):
                self.timers[timer] = float(self.t + length)
            case TimerGone(timer):
                self.timers.pop(timer, None)


@given(evening, night)
@settings(max_examples=60)
def test_any_night_is_read_as_it_was(began: datetime, records: list[tuple[Record, int]]) -> None:
    expected = Expected(began, records)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "diary.db")
        t = 0.0
        with Diary.open(path, began) as book:
            for entry, later in records:
                t += later
                book.record(entry, t)
        history = read(path)
        with Diary.open(path, began) as book:
            preferences, timers = book.preferences(), book.timers()
    assert history == History(tuple(expected.cramps), tuple(expected.answers), tuple(expected.notes))
    assert [cramp.began.utcoffset() for cramp in history.cramps] == [began.utcoffset()] * len(history.cramps)
    assert preferences == expected.preferences
    assert {key: type(value) for key, value in preferences.items()} == {
        key: type(value) for key, value in expected.preferences.items()
    }
    assert sorted(timers, key=lambda timer: timer.name) == [
        RunningTimer(timer, due) for timer, due in sorted(expected.timers.items())
    ]


def test_since_is_a_day_of_the_clock_on_the_wall(path: Path) -> None:
    tokyo = timezone(timedelta(hours=9))
    for moment in (datetime(2026, 10, 31, 23, 59, tzinfo=tokyo), datetime(2026, 11, 1, 0, 1, tzinfo=tokyo)):
        with Diary.open(path, moment) as book:
            book.record(EpisodeBegan("calf", "left"), 0)
            book.record(Answered("warm", "no"), 1)
            book.record(Noted("thunder"), 2)
    since = read(path, date(2026, 11, 1))
    assert [len(part) for part in (since.cramps, since.answers, since.notes)] == [1, 1, 1]
    assert since.cramps[0].began.day == 1
    assert len(read(path).cramps) == 2


def test_reading_makes_no_file(path: Path) -> None:
    assert read(path) == History()
    assert not path.parent.exists()


def test_reading_leaves_nothing_behind(path: Path) -> None:
    with Diary.open(path, datetime(2026, 11, 1, 3, 0, tzinfo=UTC)) as book:
        book.record(Noted("thunder"), 0)
    assert read(path).notes
    assert list(path.parent.iterdir()) == [path]


def test_reading_leaves_an_open_cramp_open(path: Path) -> None:
    with Diary.open(path, datetime(2026, 11, 1, 3, 0, tzinfo=UTC)) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        assert read(path).cramps[0].how is None
        book.record(EpisodeEnded("gone"), 5)
    assert read(path).cramps[0].how == "gone"
