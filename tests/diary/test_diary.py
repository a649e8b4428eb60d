"""What is written down, and what is answered about it."""

import stat
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from voicecramp import diary
from voicecramp.dialogue.past import LastCramp, Past, RunningTimer
from voicecramp.dialogue.records import (
    Answered,
    Corrected,
    EpisodeBegan,
    EpisodeEnded,
    Held,
    Noted,
    Preferred,
    TimerGone,
    TimerSet,
)
from voicecramp.diary import Diary

BEGAN = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
HOUR = 3600.0
DAY = 24 * HOUR


def cramp(book: Diary, t: float) -> None:
    book.record(EpisodeBegan("calf", "left"), t)
    book.record(EpisodeEnded("gone"), t + 60)


def moved(**difference: float) -> datetime:
    return BEGAN + timedelta(**difference)


def test_a_night_is_written_down(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("leg", ""), HOUR)
        book.record(Corrected("calf", "right"), HOUR + 5)
        book.record(Held("calf/hold", 30), HOUR + 60)
        book.record(Held("calf/again", 12), HOUR + 90)
        book.record(EpisodeEnded("gone"), HOUR + 100.9)
        book.record(Answered("swollen", "no"), HOUR + 200)
        book.record(Noted("after running"), HOUR + 300)
    assert diary.read(path) == diary.History(
        (
            diary.Cramp(
                began=moved(hours=1),
                ended=moved(hours=1, seconds=100),
                muscle="calf",
                side="right",
                how="gone",
                holds=(diary.Held("calf/hold", 30), diary.Held("calf/again", 12)),
            ),
        ),
        (diary.Answer(moved(hours=1, seconds=200), "swollen", "no"),),
        (diary.Note(moved(hours=1, seconds=300), "after running"),),
    )


def test_it_is_what_the_dialogue_asks(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        past: Past = book
        assert past.cramps(0) == 0
        assert past.last(0) is None
        assert past.facts(0) == {}
        assert past.preferences() == {}
        assert list(past.timers()) == []


def test_only_the_owner_may_read_it(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(Noted("mine"), 0)
        files = list(path.parent.iterdir())
        assert len(files) == 3, "the file, its log and the log's index"
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_one_that_others_could_read_is_closed_to_them(path: Path) -> None:
    Diary.open(path, BEGAN).close()
    path.chmod(0o644)
    Diary.open(path, BEGAN).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_of_an_experiment_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with Diary.open(None, BEGAN) as book:
        cramp(book, 10)
        assert book.cramps(100) == 1
    assert list(tmp_path.iterdir()) == []


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert diary.default_path() == tmp_path / "voicecramp" / "diary.db"


def test_it_may_be_called_anything(tmp_path: Path) -> None:
    path = tmp_path / "my diary?mode=memory#1%20ä.db"
    with Diary.open(path, BEGAN) as book:
        cramp(book, 10)
    assert len(diary.read(path).cramps) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_any_thread_may_write(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        worker = threading.Thread(target=cramp, args=(book, 10))
        worker.start()
        worker.join()
        assert book.cramps(100) == 1


def test_five_cramps_in_seven_days_are_often(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        for night in range(5):
            assert book.facts(night * DAY) == {}
            cramp(book, night * DAY + 10)
        assert book.cramps(4 * DAY + 100) == 5
        assert book.facts(4 * DAY + 100) == {"often": "yes"}
        assert book.facts(7 * DAY + 9) == {"often": "yes"}
        assert book.facts(7 * DAY + 10) == {}, "the first is seven days ago"


def test_the_cramp_that_is_going_on_counts(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("calf", "left"), 5.5)
        assert book.cramps(5.5) == 1


def test_a_water_tablet_is_remembered_for_ninety_days(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(Answered("diuretic", "yes"), 0)
    with Diary.open(path, moved(days=50)) as book:
        assert book.facts(39 * DAY) == {"diuretic": "yes"}
        assert book.facts(40 * DAY) == {}


def test_a_water_tablet_that_was_taken_back_counts_no_more() -> None:
    with Diary.open(None, BEGAN) as book:
        book.record(Answered("diuretic", "yes"), 1)
        book.record(Answered("diuretic", "no"), 1)
        assert book.facts(2) == {}


@pytest.mark.parametrize(
    "answered", [Answered("diuretic", "no"), Answered("diuretic", "unsure"), Answered("x", "yes")]
)
def test_no_water_tablet_is_made_up(path: Path, answered: Answered) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(answered, 0)
        assert book.facts(1) == {}


@pytest.mark.parametrize(
    ("hours_later", "days", "part"),
    # It began at 22:00.
    [(0.5, 0, "evening"), (3, 1, "evening"), (26.5, 2, "evening")],
)
def test_when_the_last_one_was(path: Path, hours_later: float, days: int, part: str) -> None:
    with Diary.open(path, BEGAN) as book:
        cramp(book, 10)
        assert book.last(hours_later * HOUR) == LastCramp(days, part)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, "night"),
        (5, "night"),
        (6, "morning"),
        (12, "afternoon"),
        (17, "afternoon"),
        (18, "evening"),
        (23, "evening"),
    ],
)
def test_the_parts_of_a_day(path: Path, hour: int, part: str) -> None:
    with Diary.open(path, datetime(2026, 11, 20, hour, 30, tzinfo=UTC)) as book:
        cramp(book, 0)
        last = book.last(100)
        assert last is not None
        assert last.part == part


def test_the_last_one_is_not_the_one_that_is_going_on(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        cramp(book, 10)
        book.record(EpisodeBegan("calf", "left"), 9 * HOUR)
        assert book.last(9 * HOUR + 5) == LastCramp(1, "evening")


def test_the_hour_is_the_wall_clocks_even_after_moving(path: Path) -> None:
    tokyo, york = timezone(timedelta(hours=9)), timezone(timedelta(hours=-5))
    with Diary.open(path, datetime(2026, 11, 20, 3, 0, tzinfo=tokyo)) as book:
        cramp(book, 0)
    with Diary.open(path, datetime(2026, 11, 21, 12, 0, tzinfo=york)) as book:
        assert book.last(0) == LastCramp(1, "night")
    (noted,) = diary.read(path).cramps
    assert noted.began.isoformat() == "2026-11-20T03:00:00+09:00"


def test_a_clock_that_is_put_right_at_night_counts_from_the_next_cramp_on(path: Path) -> None:
    clock = moved(days=-3)  # a machine without a battery clock
    with Diary.open(path, clock, now=lambda: clock) as book:
        clock = moved(days=-3, seconds=10)
        book.record(EpisodeBegan("calf", "left"), 10)
        clock = moved(hours=1)
        book.record(EpisodeEnded("gone"), 70)  # of the same cramp: it lasted a minute and not three days
        assert book.last(70) == LastCramp(3, "evening")
        cramp(book, 80)
    first, second = diary.read(path).cramps
    assert (first.began, first.ended) == (moved(days=-3, seconds=10), moved(days=-3, seconds=70))
    assert (second.began, second.ended) == (moved(hours=1), moved(hours=1, seconds=60))


@pytest.mark.usefixtures("berlin")
def test_the_clock_on_the_wall_is_right_on_both_sides_of_summer_time(path: Path) -> None:
    clock = datetime(2026, 10, 24, 23, 0)
    with Diary.open(path, clock, now=lambda: clock) as book:
        clock = datetime(2026, 10, 25, 4, 0)  # six hours later
        cramp(book, 6 * HOUR)
    (noted,) = diary.read(path).cramps
    assert noted.began.isoformat() == "2026-10-25T04:00:00+01:00"


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose summer time ends on 25 October 2026 at 3 o'clock."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
def test_summer_time_ends_while_it_listens(path: Path) -> None:
    with Diary.open(path, datetime(2026, 10, 24, 23, 0)) as book:
        cramp(book, 3 * HOUR)
        cramp(book, 6 * HOUR)
    began = [noted.began.isoformat() for noted in diary.read(path).cramps]
    assert began == ["2026-10-25T02:00:00+02:00", "2026-10-25T04:00:00+01:00"]


def test_settings_are_remembered(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(Preferred("gain", -12.5), 0)
        book.record(Preferred("counting", "less"), 1)
        book.record(Preferred("gain", -6.0), 2)
        book.record(Preferred("hold", 45), 3)
    with Diary.open(path, moved(days=1)) as book:
        kept = book.preferences()
    assert kept == {"gain": -6.0, "counting": "less", "hold": 45}
    assert {name: type(value) for name, value in kept.items()} == {
        "gain": float,
        "counting": str,
        "hold": int,
    }


def test_timers_survive_a_restart(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(TimerSet("ice", 1200), 100)
        book.record(TimerSet("tea", 300), 100)
        book.record(TimerSet("tea", 3000), 200)
        book.record(TimerSet("rest", 60), 200)
        book.record(TimerGone("rest"), 260)
    with Diary.open(path, moved(seconds=1400)) as book:
        assert list(book.timers()) == [RunningTimer("ice", -100.0), RunningTimer("tea", 1800.0)]
        book.record(TimerGone("ice"), 0)
        assert list(book.timers()) == [RunningTimer("tea", 1800.0)]


def test_when_it_is_off_only_settings_and_timers_are_written(path: Path) -> None:
    with Diary.open(path, BEGAN, keep=False) as book:
        cramp(book, 10)
        book.record(Held("bedtime/hold", 30), 20)
        book.record(Answered("diuretic", "yes"), 30)
        book.record(Noted("a secret"), 40)
        book.record(Preferred("gain", -12.0), 50)
        book.record(TimerSet("ice", 1200), 60)
    assert not diary.read(path)
    assert b"secret" not in path.read_bytes()
    with Diary.open(path, BEGAN) as book:
        assert book.preferences() == {"gain": -12.0}
        assert list(book.timers()) == [RunningTimer("ice", 1260.0)]


def test_a_stretch_without_a_cramp_is_nobodys(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        cramp(book, 0)
        book.record(Held("bedtime/hold", 30), 500)
    (noted,) = diary.read(path).cramps
    assert noted.holds == ()


def test_a_second_cramp_leaves_the_first_unresolved(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
        book.record(EpisodeBegan("foot", "right"), 60)
        book.record(EpisodeEnded("stopped"), 90)
    first, second = diary.read(path).cramps
    assert (first.how, first.ended) == ("unresolved", None)
    assert (second.how, second.ended) == ("stopped", moved(seconds=90))


def test_an_end_without_a_beginning_is_nothing(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        cramp(book, 0)
        book.record(EpisodeEnded("stopped"), 500)
        book.record(Corrected("foot", "right"), 501)
    (noted,) = diary.read(path).cramps
    assert (noted.how, noted.muscle) == ("gone", "calf")


def test_a_cramp_during_which_it_is_closed_is_unresolved(path: Path) -> None:
    with Diary.open(path, BEGAN) as book:
        book.record(EpisodeBegan("calf", "left"), 0)
    (noted,) = diary.read(path).cramps
    assert (noted.how, noted.ended) == ("unresolved", None)


def test_questions_to_a_closed_diary_are_answered_with_nothing(path: Path) -> None:
    book = Diary.open(path, BEGAN)
    cramp(book, 0)
    book.close()
    assert book.cramps(100) == 0
    assert book.last(100) is None
    assert book.facts(100) == {}
    assert book.preferences() == {}
    assert list(book.timers()) == []


def test_it_says_whether_it_keeps_anything() -> None:
    for keep in (True, False):
        with Diary.open(None, BEGAN, keep=keep) as book:
            assert book.keeping is keep
