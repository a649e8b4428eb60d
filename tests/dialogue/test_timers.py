"""Timers in stream time: any number, each rings once, and each line about them is known ahead."""

import pytest
from dialogue.small import kept, said, wording_file
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.datafile import load
from voicecramp.dialogue.past import RunningTimer
from voicecramp.dialogue.records import TimerGone, TimerSet
from voicecramp.dialogue.timers import Timers
from voicecramp.dialogue.wording import Wording

WORDING = load(wording_file(), Wording)
NAMES = ("ice", "tea")
DURATIONS = (10, 30, 45, 60, 90, 150, 600, 630, 1200, 3600)


def timers(*running: RunningTimer) -> Timers:
    return Timers(WORDING, running, NAMES, DURATIONS)


def test_each_rings_once_in_the_order_they_are_due() -> None:
    several = timers()
    several.set("ice", 60, 0.0)
    several.set("tea", 30, 0.0)
    several.set("", 45, 0.0)
    assert several.next == 30
    assert several.tick(29.98) == ()
    assert said(several.tick(50.0)) == ["timer-named-done-tea", "timer-done"]
    rung = several.tick(60.0)
    assert said(rung) == ["timer-named-done-ice"]
    assert kept(rung) == [TimerGone("ice")]
    assert several.next is None
    assert several.tick(1e9) == ()


def test_one_of_the_same_name_is_replaced() -> None:
    one = timers()
    one.set("tea", 30, 0.0)
    assert [keep.record for keep in one.set("tea", 90, 10.0)] == [TimerSet("tea", 90)]
    assert one.tick(30.0) == ()
    assert said(one.tick(100.0)) == ["timer-named-done-tea"]


def test_those_that_ran_before_go_on_and_what_was_due_meanwhile_rings_at_once() -> None:
    running = timers(RunningTimer("ice", 5.0), RunningTimer("tea", -600.0))
    assert said(running.tick(0.0)) == ["timer-named-done-tea"]
    assert said(running.tick(5.0)) == ["timer-named-done-ice"]


def test_time_that_was_slept_through_counts() -> None:
    one = timers()
    one.set("tea", 60, 0.0)
    one.slept(40.0)
    assert one.next == 20
    assert one.tick(19.0) == ()
    assert said(one.tick(20.0)) == ["timer-named-done-tea"]


def test_a_name_from_before_that_is_no_longer_known_is_not_spoken() -> None:
    running = timers(RunningTimer("laundry", 100.0))
    assert [line.id for line in running.left("", 0.0)] == ["timer", "minutes-2"]
    assert said(running.tick(100.0)) == ["timer-done"]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(10, "seconds-10"), (60, "minute"), (90, "seconds-90"), (600, "minutes-10"), (630, "minutes-10")],
)
def test_it_is_told_back_as_it_was_asked_for(seconds: int, told: str) -> None:
    assert [line.id for line in timers().describe("tea", seconds)] == ["timer-named-tea", told]


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (0.5, "under-a-minute"),
        (59.9, "under-a-minute"),
        (60.0, "minute"),
        (75.0, "minute"),
        (100.0, "minutes-2"),
    ],
)
def test_what_is_left_is_told_in_whole_minutes(left: float, told: str) -> None:
    one = timers()
    one.set("", 1200, 0.0)
    assert one.left("", 1200 - left)[-1].id == told


def test_the_next_to_ring_is_told_first_and_by_name_only_that_one() -> None:
    several = timers()
    several.set("ice", 1200, 0.0)
    several.set("tea", 600, 0.0)
    assert [line.id for line in several.left("", 0.0)][::2] == ["timer-named-tea", "timer-named-ice"]
    assert [line.id for line in several.left("ice", 0.0)] == ["timer-named-ice", "minutes-20"]


def test_where_none_of_the_name_runs_it_is_told_which_do() -> None:
    several = timers()
    assert [line.id for line in several.left("ice", 0.0)] == ["timers-none"]
    assert several.cancel("ice", 0.0) == (several.left("ice", 0.0), ())
    several.set("", 1200, 0.0)
    several.set("tea", 600, 0.0)
    others = ["timer-named-tea", "minutes-10", "timer", "minutes-20"]
    assert [line.id for line in several.left("ice", 0.0)] == ["timers-none-named-ice", *others]
    assert several.cancel("ice", 0.0) == (several.left("ice", 0.0), ())
    assert several.next == 600


def test_cancelled_by_name_the_others_run_on_and_without_a_name_none_does() -> None:
    several = timers()
    several.set("ice", 1200, 0.0)
    several.set("tea", 600, 0.0)
    lines, cues = several.cancel("tea", 0.0)
    assert [line.id for line in lines] == ["timer-named-tea", "timer-off"]
    assert [cue.record for cue in cues] == [TimerGone("tea")]
    assert several.next == 1200
    several.set("tea", 600, 0.0)
    lines, _ = several.cancel("", 0.0)
    assert [line.id for line in lines] == ["timer-named-ice", "timer-named-tea", "timer-off"]
    assert several.next is None


name = st.sampled_from(["", *NAMES, "laundry"])
does = st.one_of(
    st.tuples(st.just("set"), st.sampled_from(["", *NAMES]), st.sampled_from(DURATIONS)),
    st.tuples(st.just("left"), name, st.just(0)),
    st.tuples(st.just("cancel"), name, st.just(0)),
    st.tuples(st.just("wait"), st.just(""), st.integers(0, 4000)),
)


@given(st.lists(does, max_size=40), st.floats(-100, 10_000))
def test_whatever_is_asked_of_them_every_line_is_known_ahead_and_each_rings_once(
    turns: list[tuple[str, str, int]], before: float
) -> None:
    several = timers(RunningTimer("laundry", before))
    known = {line.text for line in (*several.lines(), *WORDING.plain())}
    t, running, spoken = 0.0, {"laundry"}, []
    for what, who, seconds in turns:
        match what:
            case "set":
                several.set(who, seconds, t)
                running.add(who)
                spoken += several.describe(who, seconds)
            case "left":
                spoken += several.left(who, t)
            case "cancel":
                lines, cues = several.cancel(who, t)
                spoken += lines
                running -= {cue.record.name for cue in cues}
            case _:
                t += seconds
                cues = several.tick(t)
                rung = [record.name for record in kept(cues)]
                assert len(set(rung)) == len(rung)
                assert set(rung) <= running
                running -= set(rung)
    assert {line.text for line in spoken} <= known
    assert (several.next is None) == (not running)
