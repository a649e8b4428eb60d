"""Cues to samples: what sounds when, and what is told of it."""

import numpy as np
import pytest

from voicecramp.dialogue import Cue, Cut, Gain, Hold, Insert, Line, Listen, Say
from voicecramp.events import Count, Event, Interrupted, Said
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples
from voicecramp.playback import Timeline
from voicecramp.playback.timeline import FADE
from voicecramp.speaking import CUT_GAP, HEAR_OUT, HOLD_LEAD, INSERT_PATIENCE, LINE_GAP, Speaking

COUNTS = (30, 25, 20, 15, *range(10, 0, -1))


def line(name: str) -> Line:
    return Line(name, f"text of {name}", ("stretch-first",))


class Stage:
    """Speaking with a timeline, run in lockstep; clips are steps whose height tells which one sounds."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.events: list[Event] = []
        self.heights: dict[str, int] = {}
        self.clips: dict[str, Samples] = {}
        self.speaking = Speaking(self.clips, self.timeline, self.events.append)
        self.done: list[int] = []
        self.sound: list[Samples] = []

    def clip(self, text: str, duration: float) -> None:
        self.heights[text] = 1000 + 100 * len(self.heights)
        self.clips[text] = np.full(to_samples(duration), self.heights[text], np.int16)

    def run(self, duration: float, *, speech: bool = False) -> None:
        for _ in range(to_samples(duration) // FRAME):
            if self.speaking.advance(seconds(self.timeline.now), speech=speech):
                self.done.append(self.timeline.now)
            self.sound.append(self.timeline.render())

    def perform(self, *cues: Cue) -> None:
        self.speaking.perform(cues)

    def span(self, text: str) -> tuple[int, int]:
        (where,) = np.nonzero(np.concatenate(self.sound) == self.heights[text])
        return int(where[0]), int(where[-1]) + 1

    def of(self, kind: type[Event]) -> list[Event]:  # type: ignore[valid-type]
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    for number in range(1, 61):
        stage.clip(str(number), 0.45)
    for name, duration in (("a", 1.0), ("b", 0.5), ("coach", 1.2), ("answer", 0.9), ("long", 4.0)):
        stage.clip(f"text of {name}", duration)
    return stage


def test_lines_follow_one_another_with_a_pause_and_say_when_they_sound(stage: Stage) -> None:
    stage.perform(Say(line("a")), Say(line("b")))
    stage.run(3)
    a, b = stage.span("text of a"), stage.span("text of b")
    assert a == (0, RATE)
    assert b == (RATE + LINE_GAP, RATE + LINE_GAP + RATE // 2)
    said = [(event.id, event.start, event.end) for event in stage.of(Said)]
    assert said == [("a", 0.0, 1.0), ("b", seconds(b[0]), seconds(b[1]))]
    assert stage.done == [-(-b[1] // FRAME) * FRAME]


def test_a_said_event_comes_when_the_line_begins_and_not_before(stage: Stage) -> None:
    stage.perform(Say(line("a")), Say(line("b")))
    stage.run(0.5)
    assert [event.id for event in stage.of(Said)] == ["a"]


def test_every_count_of_a_hold_is_on_its_second_to_the_sample(stage: Stage) -> None:
    stage.perform(Say(line("a")), Hold(30, COUNTS, (line("coach"), line("b"))))
    stage.run(33)
    begin = RATE + HOLD_LEAD
    for value in COUNTS:
        assert stage.span(str(value))[0] == begin + (30 - value) * RATE
    counts = stage.of(Count)
    assert [event.value for event in counts] == list(COUNTS)
    assert all(event.start == event.ideal for event in counts)
    assert stage.done == [-(-(begin + 30 * RATE) // FRAME) * FRAME]


def test_a_number_too_long_for_its_second_is_let_go_and_the_others_stay(stage: Stage) -> None:
    stage.clip("16", 1.1)
    stage.perform(Hold(16, (16, 15, 10, 1)))
    stage.run(18)
    assert [(event.value, event.start) for event in stage.of(Count)] == [
        (value, seconds(HOLD_LEAD) + 16 - value) for value in (15, 10, 1)
    ]


def test_an_insert_is_spoken_between_counts_and_moves_none(stage: Stage) -> None:
    stage.perform(Hold(30, COUNTS))
    stage.run(2)
    stage.perform(Insert(line("answer")))
    stage.run(30)
    assert to_samples(2) <= stage.span("text of answer")[0] <= to_samples(2) + INSERT_PATIENCE
    for value in COUNTS:
        assert stage.span(str(value))[0] == HOLD_LEAD + (30 - value) * RATE


def test_an_insert_that_comes_too_late_to_matter_is_let_go(stage: Stage) -> None:
    stage.perform(Hold(30, COUNTS))
    stage.run(22)  # from ten on the counts leave no room
    stage.perform(Insert(line("answer")))
    stage.run(10)
    assert "answer" not in [event.id for event in stage.of(Said)]


def test_how_much_is_held_counts_from_the_first_number(stage: Stage) -> None:
    stage.perform(Hold(30, COUNTS))
    assert stage.speaking.held == 0.0
    stage.run(seconds(HOLD_LEAD) + 12.5)
    assert stage.speaking.held == pytest.approx(12.5, abs=0.02)


def test_a_cut_fades_drops_what_is_to_come_and_says_so(stage: Stage) -> None:
    stage.perform(Say(line("long")), Say(line("a")), Hold(30, COUNTS))
    stage.run(1)
    stage.perform(Cut())
    stage.run(40)
    sound = np.concatenate(stage.sound)
    assert not sound[RATE + FADE :].any()
    (interrupted,) = stage.of(Interrupted)
    assert (interrupted.id, interrupted.at) == ("long", seconds(RATE + FADE))
    assert [event.id for event in stage.of(Said)] == ["long"]
    assert not stage.of(Count)
    assert not stage.done, "what was cut does not count as played out"


def test_the_answer_to_an_interruption_comes_right_after_the_fade(stage: Stage) -> None:
    stage.perform(Say(line("long")))
    stage.run(1)
    stage.perform(Cut(), Say(line("b")))
    stage.run(2)
    assert [event.start for event in stage.of(Said)] == [0.0, seconds(RATE + FADE + CUT_GAP)]


def test_silence_after_a_question_counts_as_played_out(stage: Stage) -> None:
    stage.perform(Say(line("a")), Listen(6.0))
    stage.run(10)
    assert stage.done == [7 * RATE]


def test_whoever_is_speaking_is_heard_out_but_not_for_ever(stage: Stage) -> None:
    stage.perform(Say(line("a")), Listen(2.0))
    stage.run(20, speech=True)
    assert stage.done == [3 * RATE + HEAR_OUT]


def test_gain_goes_to_everything_from_then_on(stage: Stage) -> None:
    stage.perform(Gain(-6.0), Say(line("a")))
    stage.run(1)
    sound = np.concatenate(stage.sound)
    assert sound[RATE // 2] == pytest.approx(stage.heights["text of a"] * 10 ** (-6 / 20), abs=1)
