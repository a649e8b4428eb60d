"""What holds for every conversation there can be, down to the samples: dialogue and speaking together."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecramp.dialogue import Content, Dialogue, Settings
from voicecramp.dialogue.machine import _COMMANDS
from voicecramp.events import Count, Event, Interrupted, Said
from voicecramp.frames import FRAME, RATE, seconds, to_samples
from voicecramp.nlu import Intent
from voicecramp.playback import Timeline
from voicecramp.speaking import Speaking

CONTENT = Content.load(Path(__file__).parents[1] / "intents/en")
INTENTS = sorted(
    {*_COMMANDS, *(flow.starts for flow in CONTENT.flows.values()), "Yes", "No", "Gone", "StillCramping"}
)
TONE = 1000
"""The height of every clip; two at once would be higher."""

turns = st.lists(st.tuples(st.sampled_from(INTENTS), st.floats(0.02, 25.0)), min_size=1, max_size=12)


class Person:
    """Says things at any time to dialogue and speaking, and listens to the samples."""

    def __init__(self, letters_a_second: float) -> None:
        self.dialogue = Dialogue(CONTENT, Settings())
        self.timeline = Timeline()
        self.events: list[Event] = []
        texts = [*(line.text for line in self.dialogue.lines()), *map(str, range(1, 61))]
        # Digits stand for words about five times as long.
        lengths = {text: len(text) * (5 if text.isdigit() else 1) / letters_a_second for text in texts}
        clips = {text: np.full(to_samples(length), TONE, np.int16) for text, length in lengths.items()}
        self.speaking = Speaking(clips, self.timeline, self.events.append)
        self.sound: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []

    def say(self, name: str) -> None:
        self.speaking.perform(self.dialogue.heard(Intent(name), self.speaking.held))

    def wait(self, duration: float) -> None:
        for _ in range(to_samples(duration) // FRAME):
            if self.speaking.advance(seconds(self.timeline.now), speech=False):
                self.speaking.perform(self.dialogue.done())
            self.sound.append(self.timeline.render())

    def spans(self) -> list[tuple[float, float]]:
        """From when to when each thing sounded."""
        cut = {(event.id, event.at) for event in self.events if isinstance(event, Interrupted)}
        found = []
        for event in self.events:
            if isinstance(event, Said):
                ends = [at for name, at in cut if name == event.id and event.start <= at <= event.end]
                found.append((event.start, min([event.end, *ends])))
        return sorted(found)


@settings(max_examples=25)
@given(turns, st.sampled_from([10.0, 15.0, 25.0]))
def test_one_thing_is_said_at_a_time_and_nothing_raises(turns: list[tuple[str, float]], rate: float) -> None:
    person = Person(rate)
    person.say("Cramp")
    for name, duration in turns:
        person.wait(duration)
        person.say(name)
    person.wait(40)
    assert np.concatenate(person.sound).max(initial=0) <= TONE, "two clips sounded at once"
    assert all(end <= start for (_, end), (start, _) in pairwise(person.spans()))
    for count in person.events:
        if isinstance(count, Count):
            assert count.start == count.ideal


@settings(max_examples=25)
@given(turns)
def test_stop_is_silent_within_a_tenth_of_a_second_and_stays_so(turns: list[tuple[str, float]]) -> None:
    person = Person(15.0)
    person.say("Cramp")
    for name, duration in turns:
        person.wait(duration)
        person.say(name)
    person.wait(1.0)
    person.say("Stop")
    person.wait(5.0)
    after = np.concatenate(person.sound)[-5 * RATE :]
    assert not after[RATE // 10 :].any()
    assert person.dialogue.state == "idle"


@settings(max_examples=10)
@given(turns)
def test_no_hold_is_counted_for_longer_than_it_says(turns: list[tuple[str, float]]) -> None:
    person = Person(15.0)
    person.say("Cramp")
    for name, duration in turns:
        person.wait(duration)
        person.say(name)
        assert person.speaking.held <= 60.0
    numbers = [event.value for event in person.events if isinstance(event, Count)]
    assert all(1 <= number <= 60 for number in numbers)
