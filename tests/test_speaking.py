"""Cues to samples: what sounds when, and what is told of it."""

import numpy as np
import pytest
from stage import COUNTS, Stage, furnished, line

from voicecramp.dialogue import Cut, Gain, Hold, Insert, Keep, Listen, Pace, Say
from voicecramp.dialogue.records import EpisodeBegan
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Count, Failure, Interrupted, Said
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples
from voicecramp.playback.timeline import FADE
from voicecramp.speaking import CUT_GAP, HEAR_OUT, HOLD_LEAD, INSERT_PATIENCE, LINE_GAP, Speaking


@pytest.fixture
def stage() -> Stage:
    return furnished()


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


def test_a_hold_begins_a_while_after_its_clips_are_there(stage: Stage) -> None:
    class Slow(dict[str, Samples]):
        def __getitem__(self, text: str) -> Samples:
            if text == "27":  # live, what is played goes on meanwhile
                stage.run(2.5)
            return super().__getitem__(text)

    stage.speaking = Speaking(Slow(stage.clips), stage.timeline, stage.events.append)
    stage.perform(Hold(30, tuple(range(30, 0, -1))))
    stage.run(33)
    counts = stage.of(Count)
    assert [event.value for event in counts] == list(range(30, 0, -1))
    assert all(event.start == event.ideal for event in counts)
    assert counts[0].start == seconds(to_samples(2.5) + HOLD_LEAD)


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


def test_what_has_only_just_begun_is_told_before_it_is_interrupted(stage: Stage) -> None:
    stage.perform(Say(line("a")))
    stage.run(seconds(FRAME))
    stage.perform(Cut())
    stage.run(1)
    assert [(event.event, event.id) for event in stage.events] == [("say", "a"), ("interrupted", "a")]


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


def test_a_pace_goes_to_everything_but_the_numbers(stage: Stage) -> None:
    stage.perform(Pace(0.8), Say(line("a")), Hold(20, (20, 10, 5), (line("coach"),)))
    stage.run(25)
    a, coach = stage.of(Said)
    assert a.end - a.start == pytest.approx(1.0 / 0.8, rel=0.03)
    assert coach.end - coach.start == pytest.approx(1.2 / 0.8, rel=0.03)
    for value in (20, 10, 5):
        start, end = stage.span(str(value))
        assert end - start == len(stage.clips[str(value)])
        assert start == to_samples(a.end) + HOLD_LEAD + (20 - value) * RATE
    stage.perform(Pace(1.0), Say(line("b")))
    stage.run(1)
    assert stage.of(Said)[-1].end - stage.of(Said)[-1].start == pytest.approx(0.5)


def test_what_is_only_kept_makes_no_sound(stage: Stage) -> None:
    stage.perform(Keep(EpisodeBegan("calf", "left")))
    stage.run(1)
    assert not np.concatenate(stage.sound).any()
    assert stage.done == []


def test_it_talks_while_something_sounds(stage: Stage) -> None:
    stage.perform(Say(line("a")), Hold(10, (10, 5)))
    talking = []
    for _ in range(to_samples(4.0) // FRAME):
        stage.run(0.02)
        talking.append(stage.speaking.talking)
    sounds = [bool(frame.any()) for frame in stage.sound]
    assert sum(was != now for was, now in zip(talking, sounds, strict=True)) <= 4, "a frame late at each edge"
    stage.perform(Say(line("long")))
    stage.run(7.5)
    stage.perform(Cut())
    stage.run(seconds(FADE) + 0.02)
    assert not stage.speaking.talking


class Hoarse(dict[str, Samples]):
    """Clips of which some can be had no more."""

    def __getitem__(self, text: str) -> Samples:
        if text in {"9", "text of b", "text of coach"}:
            raise VoiceCrampError(f"The speech engine failed 5 times to say {text!r}.")
        return super().__getitem__(text)


def test_what_cannot_be_said_is_told_and_the_rest_goes_on(stage: Stage) -> None:
    speaking = Speaking(Hoarse(stage.clips), stage.timeline, stage.events.append)
    stage.speaking = speaking
    stage.perform(Say(line("b")), Say(line("a")), Hold(10, (10, 9, 8), (line("coach"), line("answer"))))
    stage.run(14)
    assert stage.said() == ["a", "answer"]
    assert stage.counted() == [10, 8]
    assert len(stage.of(Failure)) == 3
    stage.perform(Say(line("b")))
    stage.run(1)
    assert len(stage.done) == 2, "what cannot be said holds nothing up"
