"""Frames to meaning, with a recogniser that is told what to hear."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from voices import quiet_room, speak

from voicecramp import nlu
from voicecramp.asr import Hypothesis, Verdict, Word
from voicecramp.events import Event, Heard, Partial, Rejected, SpeechEnd, SpeechStart
from voicecramp.frames import FRAME, RATE, Samples, seconds, to_samples
from voicecramp.hearing import GRUNT, SURE, Hearing, Missed, certainty
from voicecramp.nlu import Intent, Nlu, Unsure


class Told:
    """A recogniser that hears what it is told, from the length of audio on at which it is told."""

    name = "told"

    def __init__(self, *hears: tuple[float, str], sure: float = 1.0, length: float = 0.2) -> None:
        self.hears = hears
        self.sure = sure
        self.length = length  # seconds of each word
        self.heard = 0
        self.grammars: list[Sequence[str]] = []

    def listen_for(self, phrases: Sequence[str]) -> None:
        self.grammars.append(phrases)
        self.heard = 0

    def accept(self, samples: Samples) -> str:
        self.heard += len(samples)
        return self._text()

    def finish(self) -> Hypothesis:
        text, self.heard = self._text(), 0
        return Hypothesis(
            tuple(Word(word, 0.1, 0.1 + self.length, self.sure) for word in text.split()), self.name
        )

    def _text(self) -> str:
        return next((text for since, text in reversed(self.hears) if self.heard >= since * RATE), "")


class Doubter:
    """A second look that agrees or does not."""

    def __init__(self, *, agreed: bool) -> None:
        self.verdict = Verdict(agreed, "the second look heard something else")

    def agrees(
        self, _hypothesis: Hypothesis, _sure: float, _audio: Samples, _phrases: Sequence[str]
    ) -> Verdict:
        return self.verdict


class Careful:
    """A second look that believes what is sure."""

    def agrees(
        self, _hypothesis: Hypothesis, sure: float, _audio: Samples, _phrases: Sequence[str]
    ) -> Verdict:
        return Verdict(sure > 0.9, f"{sure:.2f} is not sure enough")


class Knower:
    """A second look that agrees with one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def agrees(
        self, hypothesis: Hypothesis, _sure: float, _audio: Samples, _phrases: Sequence[str]
    ) -> Verdict:
        return Verdict(hypothesis.text == self.text, "it was not said")


@pytest.fixture(scope="module")
def english() -> Nlu:
    return nlu.load(Path(__file__).parents[1] / "intents/en")


@pytest.fixture(scope="module")
def speech() -> Samples:
    """One second of somebody speaking without a pause."""
    return speak("help calf cramp", "flite-slt")[to_samples(0.2) :][:RATE]


def room(duration: float) -> Samples:
    return quiet_room(np.zeros(to_samples(duration), np.int16), -65)


def hear(
    hearing: Hearing, audio: Samples, state: str = "idle"
) -> tuple[Intent | Unsure | Missed | None, float | None]:
    """Let it hear audio in a room; return the first meaning and when it came, in seconds."""
    for index in range(len(audio) // FRAME):
        meaning = hearing.process(audio[index * FRAME : (index + 1) * FRAME], state)
        if meaning is not None:
            return meaning, seconds((index + 1) * FRAME)
    return None, None


def kinds(events: list[Event]) -> list[str]:
    return [event.event for event in events]


QUIET = 1.0
"""Seconds in which it gets to know the room, before anything is said."""


def utterance(speech: Samples, after: float = 1.5) -> Samples:
    return np.concatenate([room(QUIET), quiet_room(speech, -65), room(after)])


def test_a_whole_command_is_answered_at_the_first_short_silence(english: Nlu, speech: Samples) -> None:
    events: list[Event] = []
    hearing = Hearing(
        Told((0.2, "help"), (0.8, "help calf cramp")), Doubter(agreed=True), english, events.append
    )
    meaning, at = hear(hearing, utterance(speech))
    assert isinstance(meaning, Intent)
    assert meaning.name == "Cramp"
    assert at == pytest.approx(QUIET + 1.3, abs=0.1)
    assert kinds(events)[0] == "speech_start"
    assert [event.text for event in events if isinstance(event, Partial)] == ["help", "help calf cramp"]
    (heard,) = (event for event in events if isinstance(event, Heard))
    assert (heard.text, heard.recogniser) == ("help calf cramp", "told")
    assert QUIET - 0.5 < heard.start < heard.end < QUIET + 0.5
    assert not hearing.speech


def test_a_pause_before_the_last_word_does_not_end_what_is_doubted(english: Nlu, speech: Samples) -> None:
    events: list[Event] = []
    told = Told((0.2, "cramp in my toe"), (2.0, "cramp in my leg"))
    hearing = Hearing(told, Knower("cramp in my leg"), english, events.append)
    pause = np.concatenate([speech, room(0.4), speech[: RATE // 2]])
    meaning, _ = hear(hearing, utterance(pause))
    assert isinstance(meaning, Intent)
    assert meaning.slots == {"muscle": "leg"}
    assert [kind for kind in kinds(events) if kind != "partial"] == ["speech_start", "speech_end", "heard"]


def test_what_may_still_go_on_is_heard_until_the_longer_silence(english: Nlu, speech: Samples) -> None:
    hearing = Hearing(Told((0.2, "help")), Doubter(agreed=True), english, lambda _event: None)
    meaning, at = hear(hearing, utterance(speech))
    assert isinstance(meaning, Intent)
    assert meaning.name == "Help"
    assert at == pytest.approx(QUIET + 1.7, abs=0.1)


def test_a_command_with_a_pause_in_it_is_one_command(english: Nlu, speech: Samples) -> None:
    recogniser = Told((0.2, "help"), (2.0, "help calf cramp"))
    events: list[Event] = []
    hearing = Hearing(recogniser, Doubter(agreed=True), english, events.append)
    said = np.concatenate(
        [room(QUIET), quiet_room(speech, -65), room(0.45), quiet_room(speech, -65), room(1.0)]
    )
    meaning, _ = hear(hearing, said)
    assert isinstance(meaning, Intent)
    assert meaning.name == "Cramp"
    assert kinds(events).count("speech_start") == 1


def test_what_the_second_look_does_not_hear_is_passed_over(english: Nlu, speech: Samples) -> None:
    events: list[Event] = []
    hearing = Hearing(Told((0.2, "help calf cramp")), Doubter(agreed=False), english, events.append)
    meaning, _ = hear(hearing, utterance(speech))
    assert meaning == Missed()
    (rejected,) = (event for event in events if isinstance(event, Rejected))
    assert rejected.reason == "the second look heard something else"


@pytest.mark.parametrize(("text", "meant"), [("stop", "Stop"), ("be quiet", None), ("skip", None)])
def test_stop_is_obeyed_without_a_second_look_and_nothing_else_is(
    english: Nlu, speech: Samples, text: str, meant: str | None
) -> None:
    hearing = Hearing(Told((0.2, text)), Doubter(agreed=False), english, lambda _event: None)
    meaning, _ = hear(hearing, utterance(speech), "guiding")
    assert getattr(meaning, "name", None) == meant


def test_a_stop_that_is_hardly_heard_is_looked_at_again(english: Nlu, speech: Samples) -> None:
    hearing = Hearing(
        Told((0.2, "stop"), sure=SURE - 0.01), Doubter(agreed=False), english, lambda _event: None
    )
    meaning, _ = hear(hearing, utterance(speech), "guiding")
    assert meaning == Missed()


@pytest.mark.parametrize(
    ("text", "length", "reason", "meaning"),
    [
        ("", 0.2, "no sentence", None),  # a knock
        ("[unk]", GRUNT - 0.01, "not a sentence", None),
        ("[unk] [unk]", GRUNT / 2 - 0.01, "not a sentence", None),
        ("[unk]", GRUNT + 0.01, "not a sentence", Missed()),
        ("[unk] [unk]", GRUNT / 2 + 0.01, "not a sentence", Missed()),
        ("up", GRUNT - 0.01, "not a sentence", None),
        ("has [unk]", GRUNT / 2 + 0.01, "not a sentence", Missed()),
    ],
)
def test_other_talk_is_passed_over_with_a_reason_and_a_grunt_is_no_talk(
    english: Nlu, speech: Samples, text: str, length: float, reason: str, meaning: Missed | None
) -> None:
    events: list[Event] = []
    hearing = Hearing(Told((0.2, text), length=length), Doubter(agreed=True), english, events.append)
    assert hear(hearing, utterance(speech))[0] == meaning
    (rejected,) = (event for event in events if isinstance(event, Rejected))
    assert reason in rejected.reason
    assert [kind for kind in kinds(events) if kind.startswith("speech")] == ["speech_start", "speech_end"]


def test_the_grammar_follows_the_state_and_what_was_said_so_far_is_heard_anew(
    english: Nlu, speech: Samples
) -> None:
    recogniser = Told((0.2, "stop"))
    hearing = Hearing(recogniser, Doubter(agreed=True), english, lambda _event: None)
    said = utterance(speech)
    half = to_samples(QUIET + 0.6) // FRAME * FRAME
    assert hear(hearing, said[:half], "guiding") == (None, None)
    before = recogniser.heard
    meaning, _ = hear(hearing, said[half:], "holding")
    assert isinstance(meaning, Intent)
    assert meaning.name == "Stop"
    assert before > 0
    assert [set(grammar) for grammar in recogniser.grammars] == [
        set(english.phrases("guiding")),
        set(english.phrases("holding")),
    ]


def test_silence_never_reaches_the_recogniser(english: Nlu) -> None:
    recogniser = Told((0.0, "help"))
    events: list[Event] = []
    hear(Hearing(recogniser, Doubter(agreed=True), english, events.append), np.zeros(10 * RATE, np.int16))
    assert recogniser.heard == 0
    assert events == []


def test_noise_without_end_is_not_listened_to_for_ever(english: Nlu) -> None:
    events: list[Event] = []
    speech = speak("a man went on and on about his holiday in the mountains and the snow", "flite-rms")
    endless = np.concatenate([quiet_room(speech, -65)] * 6)
    hear(Hearing(Told(), Doubter(agreed=True), english, events.append), endless)
    starts = [event.t for event in events if isinstance(event, SpeechStart)]
    ends = [event.t for event in events if isinstance(event, SpeechEnd)]
    assert ends
    assert all(end - start < 11 for start, end in zip(starts, ends, strict=False))


def torn(*phrases: tuple[str, float]) -> Hypothesis:
    """Return the first of these phrases, of which each is so likely, and the only thing sure of its words."""
    text, least = phrases[0]
    words = (Word(word, 0.1, 0.3, 1.0 if at else least) for at, word in enumerate(text.split()))
    return Hypothesis(tuple(words), "torn", dict(phrases))


@pytest.mark.parametrize(
    ("heard", "sure"),
    [
        (torn(("stop the timer", 0.5), ("stop my timer", 0.4)), 0.9),
        (torn(("stop the timer", 0.5), ("start a timer", 0.4)), 0.5),
        (torn(("stop the timer", 0.5), ("what is this", 0.4)), 0.5),
        (torn(("calf cramp", 0.5), ("cramp in my calf", 0.4)), 0.9),
        (torn(("calf cramp", 0.5), ("thigh cramp", 0.4)), 0.5),
    ],
)
def test_it_is_as_sure_of_a_meaning_as_of_all_that_has_it(
    english: Nlu, heard: Hypothesis, sure: float
) -> None:
    meaning = english.understand(heard.text, "idle")
    assert meaning is not None
    assert certainty(heard, meaning, english, "idle") == pytest.approx(sure)


def test_one_unsure_word_is_enough_to_be_unsure(english: Nlu) -> None:
    heard = Hypothesis((Word("calf", 0, 1, 1.0), Word("cramp", 1, 2, 0.2)), "told")
    meaning = english.understand("calf cramp", "idle")
    assert meaning is not None
    assert certainty(heard, meaning, english, "idle") == 0.2


def test_of_what_is_asked_about_it_is_no_surer_than_of_the_words(english: Nlu) -> None:
    meaning = english.understand("help", "idle")
    assert isinstance(meaning, Intent)
    heard = torn(("help", 0.2), ("help me", 0.7))
    assert certainty(heard, meaning, english, "idle") == pytest.approx(0.9)
    assert certainty(heard, Unsure(meaning, "a tie"), english, "idle") == 0.2


class Torn(Told):
    """A recogniser that cannot tell two phrases apart."""

    def finish(self) -> Hypothesis:
        self.heard = 0
        return torn(("stop the timer", 0.5), ("stop my timer", 0.49))


def test_the_second_look_is_told_how_sure_the_meaning_is(english: Nlu, speech: Samples) -> None:
    meaning, _ = hear(Hearing(Torn(), Careful(), english, lambda _event: None), utterance(speech))
    assert isinstance(meaning, Intent)
    assert meaning.name == "CancelTimer"
