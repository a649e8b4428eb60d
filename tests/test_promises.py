"""What holds for every conversation there can be, down to the samples: dialogue and speaking together."""

from itertools import pairwise

import numpy as np
from dialogue.talk import CONTENT, Turn, intents, turns
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecramp.dialogue import Cue, Dialogue, Keep, Settings
from voicecramp.events import Count, Event, Interrupted, Said
from voicecramp.frames import FRAME, RATE, seconds, to_samples
from voicecramp.nlu import Intent, SlotValue, Unsure
from voicecramp.playback import Timeline
from voicecramp.speaking import Speaking

TONE = 1000
"""The height of every clip; two at once would be higher."""


class Person:
    """Says things at any time to dialogue and speaking, and listens to the samples."""

    def __init__(self, letters_a_second: float = 15.0) -> None:
        slots: dict[str, list[SlotValue]] = {}
        for one in (one for several in intents().values() for one in several):
            for name, value in one.items():
                slots.setdefault(name, []).append(value)
        self.dialogue = Dialogue(CONTENT, Settings(), None, slots)
        self.timeline = Timeline()
        self.events: list[Event] = []
        texts = [line.text for line in (*self.dialogue.lines(), self.dialogue.doubt("this"))]
        # Digits stand for words about five times as long.
        lengths = {text: len(text) / letters_a_second for text in texts}
        lengths |= {str(number): 5 * len(str(number)) / letters_a_second for number in range(1, 61)}
        clips = {text: np.full(to_samples(length), TONE, np.int16) for text, length in lengths.items()}
        self.speaking = Speaking(clips, self.timeline, self.events.append)
        self.sound: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []

    @property
    def t(self) -> float:
        """Stream time in seconds."""
        return seconds(self.timeline.now)

    def perform(self, cues: tuple[Cue, ...]) -> None:
        self.speaking.perform([cue for cue in cues if not isinstance(cue, Keep)], self.t)

    def say(self, name: str) -> None:
        self.turn(Turn(Intent(name)))

    def turn(self, turn: Turn) -> None:
        """Let some time pass, and then something happen."""
        self.wait(turn.after)
        match turn.what:
            case Intent() as intent:
                self.perform(self.dialogue.heard(intent, self.t, self.speaking.held))
            case Unsure() as unsure:
                self.perform(self.dialogue.doubted(unsure, "this", self.speaking.held))
            case "mumble" if not self.speaking.talking:
                self.perform(self.dialogue.missed(self.t))
            case "silence":
                self.wait(15.0)

    def wait(self, duration: float) -> None:
        for _ in range(to_samples(duration) // FRAME):
            if self.speaking.advance(self.t, speech=False):
                self.perform(self.dialogue.done(self.t))
            self.perform(self.dialogue.tick(self.t))
            self.sound.append(self.timeline.render())
            assert self.speaking.held <= self.dialogue.longest_hold

    def spans(self) -> list[tuple[float, float]]:
        """From when to when each thing sounded."""
        cut = {(event.id, event.at) for event in self.events if isinstance(event, Interrupted)}
        found = []
        for event in self.events:
            if isinstance(event, Said):
                ends = [at for name, at in cut if name == event.id and event.start <= at <= event.end]
                found.append((event.start, min([event.end, *ends])))
        return sorted(found)


def talked(conversation: list[Turn], letters_a_second: float = 15.0) -> Person:
    """Have a conversation that begins with a cramp."""
    person = Person(letters_a_second)
    person.say("Cramp")
    for turn in conversation:
        person.turn(turn)
    return person


@settings(max_examples=15)
@given(turns(longest=10, slowest=12), st.sampled_from([10.0, 15.0, 25.0]))
def test_one_thing_is_said_at_a_time_and_numbers_on_their_second(
    conversation: list[Turn], rate: float
) -> None:
    person = talked(conversation, rate)
    person.wait(40)
    assert np.concatenate(person.sound).max(initial=0) <= TONE, "two clips sounded at once"
    assert all(end <= start for (_, end), (start, _) in pairwise(person.spans()))
    for count in person.events:
        if isinstance(count, Count):
            assert count.start == count.ideal
            assert 1 <= count.value <= person.dialogue.longest_hold


@settings(max_examples=15)
@given(turns(longest=10, slowest=12), st.floats(0, 5))
def test_stop_is_silent_within_a_tenth_of_a_second_and_stays_so(
    conversation: list[Turn], after: float
) -> None:
    person = talked([turn for turn in conversation if getattr(turn.what, "name", "") != "SetTimer"])
    person.wait(after)
    person.perform(person.dialogue.heard(Intent("CancelTimer"), person.t, person.speaking.held))
    person.say("Stop")
    person.wait(8.0)
    after_it = np.concatenate(person.sound)[-8 * RATE :]
    assert not after_it[RATE // 10 :].any()
    assert person.dialogue.state == "idle"
    assert not person.speaking.busy


@settings(max_examples=10)
@given(turns(longest=10, slowest=5), st.sampled_from(["Faint", "Emergency"]))
def test_what_is_urgent_is_the_next_thing_that_is_heard(conversation: list[Turn], name: str) -> None:
    person = talked(conversation)
    now = person.t
    person.say(name)
    person.wait(1.0)
    said = [event.id for event in person.events if isinstance(event, Said) and event.start >= now]
    assert said[0] == {"Faint": "faint-down", "Emergency": "emergency-call"}[name]


@settings(max_examples=10)
@given(turns(longest=10, slowest=12))
def test_whatever_is_going_on_something_follows_until_it_is_over(conversation: list[Turn]) -> None:
    person = talked(conversation)
    for _ in range(600):  # of five seconds: longer than any pause or flow
        assert person.speaking.busy or person.dialogue.state == "idle", "it waits for nothing"
        if person.dialogue.state == "idle":
            break
        person.wait(5.0)
    assert person.dialogue.state == "idle"
