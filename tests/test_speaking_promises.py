"""What holds for any sequence of cues at all, measured on what comes out."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecramp.dialogue import Announce, Answer, Cue, Cut, Hold, Insert, Keep, Line, Listen, Pace, Say
from voicecramp.dialogue.records import EpisodeBegan
from voicecramp.events import Count, Event, Said
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples
from voicecramp.playback import Timeline
from voicecramp.speaking import HOLD_LEAD, STOPPED, Speaking

LINE, NUMBER = 1000, 800
"""The heights of the clips; an announcement's is 501. Any two at once are higher than a line."""
LENGTHS = {"Short.": 0.4, "Longer.": 1.3, "A whole sentence.": 2.9, "A story.": 6.5}
LONGEST_SILENCE = 10.0

lines = st.builds(Line, st.uuids().map(str), st.sampled_from(sorted(LENGTHS)))


@st.composite
def holds(draw: st.DrawFn) -> Hold:
    left = draw(st.integers(1, 40))
    counts = draw(st.sampled_from([set(range(1, left + 1)), set(range(left, 0, -5)), set()]))
    return Hold(left, tuple(sorted(counts, reverse=True)), tuple(draw(st.lists(lines, max_size=3))))


cues = st.one_of(
    st.builds(Say, lines),
    st.builds(Answer, lines),
    st.builds(Answer, lines),
    st.builds(Insert, lines),
    st.builds(Announce, lines),
    holds(),
    st.builds(Listen, st.floats(0.5, LONGEST_SILENCE)),
    st.just(Cut()),
    st.sampled_from([Pace(0.66), Pace(1.0), Pace(1.3)]),
    st.just(Keep(EpisodeBegan("calf", "left"))),
)
in_a_hold = st.one_of(
    st.builds(Answer, lines), st.builds(Answer, lines), st.builds(Insert, lines), st.builds(Announce, lines)
)
any_turns = st.lists(st.tuples(st.lists(cues, min_size=1, max_size=3), st.floats(0, 15)), max_size=8)
hold_turns = st.tuples(
    holds().map(lambda hold: ([hold], 0.5)),
    st.lists(st.tuples(st.lists(in_a_hold, min_size=1, max_size=2), st.floats(0, 8)), max_size=6),
).map(lambda drawn: [drawn[0], *drawn[1]])
Turns = list[tuple[list[Cue], float]]
turns = any_turns | hold_turns


@dataclass
class Performance:
    """What came of some turns: a batch of cues each, and the seconds after it."""

    timeline: Timeline = field(default_factory=Timeline)
    events: list[Event] = field(default_factory=list)
    frames: list[Samples] = field(default_factory=list)
    ended: int = 0

    def __post_init__(self) -> None:
        lengths = {text: to_samples(length) for text, length in LENGTHS.items()}
        clips = {text: np.full(length, LINE, np.int16) for text, length in lengths.items()}
        numbers = {str(n): np.full(to_samples(0.3 + n / 60), NUMBER, np.int16) for n in range(1, 61)}
        self.speaking = Speaking({**clips, **numbers}, self.timeline, self.events.append)

    def go(self, turns: Turns) -> "Performance":
        for batch, wait in turns:
            self.speaking.perform(batch, seconds(self.timeline.now))
            self.run(wait)
        return self

    def run(self, duration: float) -> None:
        for _ in range(to_samples(duration) // FRAME):
            self.ended += self.speaking.advance(seconds(self.timeline.now), speech=False)
            self.frames.append(self.timeline.render())

    def to_the_end(self) -> "Performance":
        while self.speaking.busy:
            self.run(1.0)
        return self

    @property
    def sound(self) -> Samples:
        return np.concatenate([np.zeros(0, np.int16), *self.frames])

    def said(self) -> set[str]:
        return {event.id for event in self.events if isinstance(event, Said)}


@settings(max_examples=75)
@given(turns)
def test_exactly_one_thing_sounds_at_a_time(turns: Turns) -> None:
    performance = Performance().go(turns).to_the_end()
    assert performance.sound.max(initial=0) <= LINE


@settings(max_examples=75)
@given(turns)
def test_what_is_told_is_what_sounds(turns: Turns) -> None:
    """Every clip has an event at its first sample, and every event has a clip."""
    performance = Performance().go(turns).to_the_end()
    sound = performance.sound
    told = [event.start for event in performance.events if isinstance(event, Said | Count)]
    (begins,) = np.nonzero(np.diff(np.concatenate([[0], (sound > 0).astype(int)])) == 1)
    touching = {  # a number that ends on the very sample on which the next begins
        start for start in map(to_samples, told) if start and sound[start - 1] and sound[start]
    }
    assert {to_samples(start) for start in told} - touching == set(begins.tolist())
    assert len(told) == len(set(told))


@settings(max_examples=75)
@given(turns)
def test_every_number_that_sounds_is_on_its_second(turns: Turns) -> None:
    performance = Performance().go(turns).to_the_end()
    sound = performance.sound
    ends = set()
    for event in performance.events:
        if isinstance(event, Count):
            assert event.start == event.ideal
            start = to_samples(event.start)
            assert sound[start] == NUMBER
            ends.add(start + event.value * RATE)
    assert len(ends) <= sum(isinstance(cue, Hold) for batch, _ in turns for cue in batch)


@settings(max_examples=50)
@given(turns, st.floats(0, 20))
def test_a_cut_is_silent_within_a_tenth_of_a_second_and_only_timers_ring_later(
    turns: Turns, after: float
) -> None:
    performance = Performance().go(turns)
    performance.run(after)
    performance.speaking.perform([Cut()], seconds(performance.timeline.now))
    at, ended = performance.timeline.now, performance.ended
    before = len(performance.events)
    performance.run(90.0)  # all that was announced in a row is over
    sound = performance.sound
    assert not sound[at + RATE // 10 : at + STOPPED].any()
    announced = {cue.line.id for batch, _ in turns for cue in batch if isinstance(cue, Announce)}
    later = {event.id for event in performance.events[before:] if isinstance(event, Said)}
    assert later <= announced
    assert bool(later) == sound[at + STOPPED :].any()
    assert performance.ended == ended
    assert not performance.speaking.busy


@settings(max_examples=75)
@given(turns)
def test_nothing_but_a_cut_keeps_an_answer_from_being_spoken_and_nothing_an_announcement(
    turns: Turns,
) -> None:
    performance = Performance().go(turns).to_the_end()
    owed: set[str] = set()
    announced: set[str] = set()
    for batch, _ in turns:
        for cue in batch:
            if isinstance(cue, Cut):
                owed.clear()  # they may have been spoken before it, or not
            elif isinstance(cue, Say | Answer):
                owed.add(cue.line.id)
            elif isinstance(cue, Announce):
                announced.add(cue.line.id)
    owed |= announced
    assert owed <= performance.said()


@settings(max_examples=50)
@given(holds(), st.lists(st.tuples(lines, st.floats(0, 6)), min_size=1, max_size=4), st.floats(0, 40))
def test_an_answer_in_a_hold_moves_neither_its_clock_nor_its_end(
    hold: Hold, answers: list[tuple[Line, float]], after: float
) -> None:
    performance = Performance()
    performance.go([([hold], min(after, hold.left))])
    performance.go([([Answer(line)], wait) for line, wait in answers]).to_the_end()
    end = HOLD_LEAD + hold.left * RATE
    numbers = [event for event in performance.events if isinstance(event, Count)]
    assert all(to_samples(event.start) == end - event.value * RATE for event in numbers)
    spoken = [event for event in performance.events if isinstance(event, Said)]
    assert [event.id for event in spoken if event.id in {line.id for line, _ in answers}] == [
        line.id for line, _ in answers
    ], "in the order they were given"
    in_hold = [event for event in spoken if to_samples(event.start) < end]
    assert all(to_samples(event.end) <= end for event in in_hold), "over when the hold is"
