"""Answers and announcements: what is said beside what was cued, and what gives way to it."""

import numpy as np
import pytest
from stage import COUNTS, Stage, furnished, line

from voicecramp.dialogue import Announce, Answer, Cut, Hold, Listen, Say
from voicecramp.events import Count, Said
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples
from voicecramp.playback import Placement, Timeline
from voicecramp.playback.hold import PAUSE
from voicecramp.speaking import ANNOUNCE_GAIN, ANNOUNCE_PATIENCE, HOLD_LEAD, LINE_GAP, STOPPED


@pytest.fixture
def stage() -> Stage:
    return furnished()


def test_an_answer_comes_after_the_number_that_sounds_and_costs_those_in_its_way(stage: Stage) -> None:
    stage.perform(Hold(10, tuple(range(10, 0, -1))))
    stage.run(seconds(HOLD_LEAD) + 2.2)  # "eight" has begun
    stage.perform(Answer(line("a")))
    stage.run(12)
    eight = HOLD_LEAD + 2 * RATE
    assert stage.span("text of a")[0] == eight + len(stage.clips["8"]) + PAUSE
    # It is over at 3.7 s, so "seven" is in its way and "six", at 4 s, is not.
    assert stage.counted() == [10, 9, 8, 6, 5, 4, 3, 2, 1]
    for event in stage.of(Count):
        assert stage.span(str(event.value))[0] == HOLD_LEAD + (10 - event.value) * RATE
    assert stage.done == [-(-(HOLD_LEAD + 10 * RATE) // FRAME) * FRAME]


def test_an_answer_before_the_first_number_is_spoken_at_once(stage: Stage) -> None:
    stage.perform(Say(line("a")), Hold(10, (10, 9, 5)))
    stage.run(1.5)  # half a second after the line, half a second before the number
    stage.perform(Answer(line("b")))
    stage.run(12)
    assert stage.span("text of b")[0] == to_samples(1.5)
    assert stage.counted() == [9, 5]


def test_an_answer_while_the_line_before_a_hold_sounds_follows_it(stage: Stage) -> None:
    stage.perform(Say(line("a")), Hold(10, (10, 5)))
    stage.run(0.5)
    stage.perform(Answer(line("b")))
    stage.run(12)
    assert stage.span("text of b")[0] == RATE + LINE_GAP


def test_a_short_answer_does_not_overtake_one_too_long_for_the_hold(stage: Stage) -> None:
    stage.clip("text of story", 9.0)
    stage.perform(Hold(3, (3,)))
    stage.perform(Answer(line("story")))
    stage.perform(Answer(line("b")))
    stage.run(20)
    assert stage.said() == ["story", "b"]


def test_an_answer_hears_coaching_out_and_replaces_what_has_not_begun(stage: Stage) -> None:
    stage.perform(Hold(20, (20, 10), (line("coach"), line("b"))))
    while not stage.said():
        stage.run(0.02)
    (coach,) = stage.of(Said)
    stage.clip("text of story", 9.0)
    stage.perform(Answer(line("story")))
    stage.run(25)
    assert stage.said() == ["coach", "story"]
    assert stage.of(Said)[1].start == coach.end + seconds(PAUSE)
    assert stage.counted() == [20]


def test_two_answers_follow_one_another(stage: Stage) -> None:
    stage.perform(Hold(30, tuple(range(30, 0, -1))))
    stage.run(5)
    stage.perform(Answer(line("a")), Answer(line("b")))
    stage.run(30)
    first, second = stage.of(Said)
    assert (first.id, second.id) == ("a", "b")
    assert second.start == first.end + seconds(PAUSE)


def test_an_answer_that_a_hold_has_no_time_for_is_spoken_when_it_is_over(stage: Stage) -> None:
    stage.perform(Hold(10, tuple(range(10, 0, -1))))
    stage.run(seconds(HOLD_LEAD) + 7)
    stage.perform(Answer(line("long")))
    stage.run(10)
    end = HOLD_LEAD + 10 * RATE
    assert stage.counted() == list(range(10, 0, -1))
    assert stage.span("text of long")[0] == end
    assert stage.done == [-(-(end + 4 * RATE) // FRAME) * FRAME]


def test_outside_of_a_hold_an_answer_is_said(stage: Stage) -> None:
    stage.perform(Say(line("a")), Answer(line("b")))
    stage.run(3)
    assert stage.span("text of b")[0] == RATE + LINE_GAP
    assert len(stage.done) == 1


class Restless(Timeline):
    """A timeline that goes on between the planning and the doing, as a sound card does."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile = 0
        self.sound: list[Samples] = []

    def play_instead(self, others: list[Placement], clip: Samples, at: int, id: str) -> Placement | None:  # noqa: A002
        for _ in range(self.meanwhile):
            self.sound.append(self.render())
        self.meanwhile = 0
        return super().play_instead(others, clip, at, id)


@pytest.mark.parametrize("frames", [1, 3, 10, 40])
def test_time_that_passes_while_an_answer_is_placed_spoils_nothing(frames: int) -> None:
    timeline = Restless()
    stage = furnished(timeline)
    stage.perform(Hold(10, tuple(range(10, 0, -1))))
    stage.run(seconds(HOLD_LEAD) + 1.9)  # "eight" is near
    timeline.sound, timeline.meanwhile = stage.sound, frames
    stage.perform(Answer(line("a")))
    stage.run(12)
    assert stage.said() == ["a"]
    assert set(np.concatenate(stage.sound)) <= {0, *stage.heights.values()}, "two things sounded at once"
    for event in stage.of(Count):
        assert stage.span(str(event.value))[0] == HOLD_LEAD + (10 - event.value) * RATE


SOFTLY = 10 ** (ANNOUNCE_GAIN / 20)


def test_an_announcement_is_soft_and_between_the_counts(stage: Stage) -> None:
    stage.perform(Hold(30, COUNTS))
    stage.run(seconds(HOLD_LEAD) + 0.1)
    stage.perform(Announce(line("a")), Announce(line("b")))
    stage.run(32)
    sound = np.concatenate(stage.sound)
    first, second = stage.of(Said)
    assert (first.id, second.id) == ("a", "b")
    assert second.start >= first.end + seconds(PAUSE)
    assert sound[to_samples(first.start)] == round(stage.heights["text of a"] * SOFTLY)
    assert stage.counted() == list(COUNTS)


def test_an_announcement_that_finds_no_room_costs_numbers_after_a_while(stage: Stage) -> None:
    stage.perform(Hold(30, tuple(range(30, 0, -1))))
    stage.run(seconds(HOLD_LEAD) + 5.1)  # "twenty-five" sounds
    stage.perform(Announce(line("a")))
    stage.run(30)
    (said,) = stage.of(Said)
    late = to_samples(said.start) - (HOLD_LEAD + to_samples(5.1))
    assert ANNOUNCE_PATIENCE <= late <= ANNOUNCE_PATIENCE + RATE
    assert stage.counted() == [value for value in range(30, 0, -1) if value != 14]


def test_an_announcement_without_room_near_the_end_comes_after_the_hold(stage: Stage) -> None:
    stage.perform(Hold(10, tuple(range(10, 0, -1))))
    stage.run(seconds(HOLD_LEAD) + 5)
    stage.perform(Announce(line("a")))
    stage.run(30)
    assert stage.counted() == list(range(10, 0, -1))
    assert [event.start for event in stage.of(Said)] == [seconds(HOLD_LEAD) + 10]


def test_an_announcement_interrupts_nobody(stage: Stage) -> None:
    stage.perform(Say(line("long")))
    stage.run(1)
    stage.perform(Announce(line("a")))
    stage.run(6)
    assert [(event.id, event.start) for event in stage.of(Said)] == [
        ("long", 0.0),
        ("a", 4.0 + seconds(LINE_GAP)),
    ]
    assert len(stage.done) == 1, "what was cued has played out once"


def test_an_announcement_in_the_silence_sounds_at_once_and_is_nobodys_turn(stage: Stage) -> None:
    stage.run(1)
    stage.perform(Announce(line("a")))
    assert stage.speaking.busy
    stage.run(2)
    assert [event.start for event in stage.of(Said)] == [1.0]
    assert stage.done == []
    assert not stage.speaking.busy


def test_an_announcement_is_no_answer(stage: Stage) -> None:
    stage.perform(Say(line("a")), Listen(6.0))
    stage.run(4)
    stage.perform(Announce(line("b")))
    stage.run(15)
    assert [event.start for event in stage.of(Said)] == [0.0, 4.0]
    assert stage.done == [to_samples(4.0 + 0.5 + 6.0)], "the whole patience again, after it"


def test_an_announcement_that_something_else_came_before_is_put_off(stage: Stage) -> None:
    stage.perform(Say(line("long")))
    stage.run(1)
    stage.perform(Announce(line("b")))
    stage.run(1)
    stage.perform(Cut(), Say(line("a")), Listen(3.0))
    stage.run(10)
    assert stage.said() == ["long", "a", "b"]
    b = stage.of(Said)[-1]
    assert stage.done == [-(-to_samples(b.end + 3.0) // FRAME) * FRAME]


def test_after_a_cut_to_silence_an_announcement_waits_a_while_and_is_not_lost(stage: Stage) -> None:
    stage.perform(Say(line("long")))
    stage.run(1)
    stage.perform(Announce(line("b")))
    stage.perform(Cut())
    stage.run(seconds(STOPPED))
    assert stage.said() == ["long"]
    stage.run(3)
    assert stage.said() == ["long", "b"]
    assert stage.done == [], "it is nobody's turn"
    assert not stage.speaking.busy


def test_an_announcement_that_waits_after_a_cut_gives_way_to_what_is_begun_then(stage: Stage) -> None:
    stage.perform(Say(line("long")))
    stage.run(1)
    stage.perform(Announce(line("b")))
    stage.perform(Cut())
    stage.run(2)
    stage.perform(Cut(), Say(line("a")))
    stage.run(5)
    assert stage.said() == ["long", "a", "b"]
