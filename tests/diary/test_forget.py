"""What is forgotten is nowhere any more."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from voicecramp.dialogue.records import Answered, EpisodeBegan, EpisodeEnded, Held, Noted, Preferred, TimerSet
from voicecramp.diary import Diary, forget, read
from voicecramp.errors import VoiceCrampError

SECRETS = ("zebramuscle", "zebraside", "zebra/step", "zebraquestion", "zebraanswer", "zebranote")


def live(path: Path, day: int, prefix: str = "zebra") -> None:
    """One night of November in which everything happens."""
    with Diary.open(path, datetime(2026, 11, day, 3, 0, tzinfo=UTC)) as book:
        book.record(EpisodeBegan(f"{prefix}muscle", f"{prefix}side"), 0)
        book.record(Held(f"{prefix}/step", 30), 40)
        book.record(EpisodeEnded("gone"), 60)
        book.record(Held(f"{prefix}/step", 30), 140)
        book.record(Answered(f"{prefix}question", f"{prefix}answer"), 200)
        book.record(Noted(f"{prefix}note " * 300), 300)
        book.record(Preferred("gain", -12.0), 400)
        book.record(TimerSet("ice", 1200), 500)


def content(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


@pytest.fixture
def full(path: Path) -> Path:
    for day in (1, 2, 3):
        live(path, day)
    assert all(secret.encode() in content(path) for secret in SECRETS)
    return path


def test_all_of_it(full: Path) -> None:
    assert forget(full) == 9
    assert not read(full)
    assert b"zebra" not in content(full)
    with Diary.open(full, datetime(2026, 11, 3, 3, 0, tzinfo=UTC)) as book:
        assert book.preferences() == {"gain": -12.0}
        assert [timer.name for timer in book.timers()] == ["ice"]


def test_what_was_before_a_day(full: Path) -> None:
    live(full, 4, "lion")
    assert forget(full, date(2026, 11, 4)) == 9
    assert b"zebra" not in content(full)
    left = read(full)
    assert [cramp.muscle for cramp in left.cramps] == ["lionmuscle"]
    assert len(left.cramps[0].holds) == 1
    assert [len(left.answers), len(left.notes)] == [1, 1]


@pytest.fixture
def listening(full: Path) -> Iterator[Diary]:
    """An assistant that is on."""
    with Diary.open(full, datetime(2026, 11, 5, 3, 0, tzinfo=UTC)) as book:
        yield book


def test_while_the_assistant_is_on(full: Path, listening: Diary) -> None:
    listening.record(EpisodeBegan("zebramuscle", "zebraside"), 0)
    listening.record(Noted("zebranote"), 1)
    assert b"zebra" in (full.parent / "diary.db-wal").read_bytes()
    forget(full)
    assert b"zebra" not in content(full)
    assert listening.cramps(10) == 0
    # The cramp that it deleted is still going on.
    listening.record(Held("lion/hold", 30), 40)
    listening.record(EpisodeEnded("gone"), 60)
    assert not read(full).cramps
    listening.record(EpisodeBegan("calf", "left"), 100)
    assert listening.cramps(110) == 1


def test_traces_that_another_program_keeps_are_told(full: Path) -> None:
    with closing(sqlite3.connect(full, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM notes").fetchone()
        with pytest.raises(VoiceCrampError, match=r"another program.*again\."):
            forget(full)
    assert not read(full)
    assert forget(full) == 0
    assert b"zebra" not in content(full)


def test_where_there_is_none_none_is_made(path: Path) -> None:
    assert forget(path) == 0
    assert not path.parent.exists()


def test_a_day_is_one_of_the_clock_on_the_wall(path: Path) -> None:
    east = datetime.fromisoformat("2026-11-04T00:30:00+09:00")
    for moment in (east, east - timedelta(hours=1)):
        with Diary.open(path, moment) as book:
            book.record(EpisodeBegan("calf", "left"), 0)
    assert forget(path, date(2026, 11, 4)) == 1
    assert [cramp.began for cramp in read(path).cramps] == [east]
