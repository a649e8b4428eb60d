import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import soundfile
from voices import concatenate, pause, pronounce, quiet_room, speak

from voicecramp import resources
from voicecramp.asr import Choice, Hypothesis, Word, choose
from voicecramp.asr.second_look import OtherEngine
from voicecramp.frames import RATE, Samples
from voicecramp.nlu import load

PHRASES = ("help", "leg cramp", "help calf cramp", "my calf is cramping", "should i see a doctor")


class Parrot:
    """A recogniser that hears what it is told to."""

    name = "parrot"

    def __init__(self, text: str) -> None:
        self._text = text

    def listen_for(self, phrases: Sequence[str]) -> None:
        self._listening_for = phrases

    def unknown_words(self, phrases: Sequence[str]) -> Mapping[str, str]:
        return dict.fromkeys((), phrases[0])

    def accept(self, samples: Samples) -> str:
        return self._text if len(samples) else ""

    def finish(self) -> Hypothesis:
        return Hypothesis(hypothesis(self._text, 1.0).words, self.name)


def hypothesis(text: str, confidence: float) -> Hypothesis:
    words = tuple(Word(word, at, at + 1.0, confidence) for at, word in enumerate(text.split()))
    return Hypothesis(words, "vosk")


@pytest.mark.parametrize(
    ("first", "confidence", "second", "agreed"),
    [
        ("my calf is cramping", 0.69, "leg cramp", False),
        ("my calf is cramping", 0.2, "my calf is cramping", True),
        ("my calf is cramping", 0.2, "my calf cramping", True),
        ("my calf is cramping", 0.2, "leg cramp", False),
        ("my calf is cramping", 0.2, "", False),
        ("help calf cramp", 0.94, "leg cramp", False),
        ("help calf cramp", 0.94, "help calf cramp", True),
        ("leg cramp", 0.98, "", True),
        ("leg cramp", 0.98, "should i", True),
        ("leg cramp", 0.98, "should i see a doctor", False),
        ("help", 0.96, "", False),
        ("help", 1.0, "", True),
        ("help", 1.0, "leg cramp", False),
    ],
)
def test_the_less_sure_the_first_the_more_the_other_must_agree(
    first: str, confidence: float, second: str, agreed: bool
) -> None:
    verdict = OtherEngine(Parrot(second)).agrees(hypothesis(first, confidence), confidence, pause(1), PHRASES)
    assert verdict.agreed is agreed
    assert f'parrot heard "{second}"' in verdict.reason


class Deaf(Parrot):
    def accept(self, samples: Samples) -> str:
        raise AssertionError(f"nobody need hear {len(samples)} samples again")


def test_a_whole_phrase_of_some_words_needs_no_second_look() -> None:
    for heard in (hypothesis("my calf is cramping", 0.7), hypothesis("help calf cramp", 0.95)):
        verdict = OtherEngine(Deaf("leg cramp")).agrees(heard, heard.least, pause(1), PHRASES)
        assert verdict.agreed
        assert verdict.reason == "vosk is sure enough of a whole phrase"


def test_what_is_no_whole_phrase_needs_a_second_look_however_sure() -> None:
    assert (
        not OtherEngine(Parrot("leg cramp"))
        .agrees(hypothesis("my foot is cramping", 1.0), 1.0, pause(1), PHRASES)
        .agreed
    )


def in_noise(sound: Samples, decibels: float) -> Samples:
    """Return a sound and a moment before and after it in white noise, so much louder than that in the mean."""
    wide = np.pad(sound.astype(np.float64), round(0.3 * RATE))
    loud = np.sqrt(np.mean(np.square(sound, dtype=np.float64))) * 10 ** (-decibels / 20)
    return np.clip(wide + np.random.default_rng(1).normal(0, loud, len(wide)), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize(("decibels", "asked"), [(10, False), (30, True)])
@pytest.mark.parametrize("offset", [0, 2000])
def test_in_noise_the_other_is_not_asked_if_the_first_is_rather_sure(
    decibels: float, asked: bool, offset: int
) -> None:
    sound = in_noise(speak("leg cramp", "flite-slt") // 4, decibels) + np.int16(offset)
    engine = OtherEngine(Parrot("should i see a doctor") if asked else Deaf(""))
    assert engine.agrees(hypothesis("leg cramp", 0.9), 0.9, sound, PHRASES).agreed is not asked
    assert not OtherEngine(Parrot("")).agrees(hypothesis("leg cramp", 0.89), 0.89, sound, PHRASES).agreed
    assert not OtherEngine(Parrot("")).agrees(hypothesis("leg doctor", 0.9), 0.9, sound, PHRASES).agreed
    assert engine.agrees(hypothesis("help calf cramp", 0.7), 0.7, sound, PHRASES).agreed is not asked


def test_what_the_first_hardly_believes_is_never_believed() -> None:
    verdict = OtherEngine(Deaf("")).agrees(hypothesis("leg cramp", 0.09), 0.09, pause(1), PHRASES)
    assert (verdict.agreed, verdict.reason) == (False, "vosk hardly believes it itself")


def test_next_to_nothing_is_no_noise() -> None:
    assert not OtherEngine(Parrot("")).agrees(hypothesis("leg cramp", 0.9), 0.9, pause(0.01), PHRASES).agreed


@pytest.mark.parametrize("voice", ["flite-slt", "espeak-us-f4"])
def test_a_short_command_stands_in_a_fan_s_noise(voice: str) -> None:
    choice = choose(resources.models(), "vosk")
    phrases = load(resources.intents() / "en").phrases("idle")
    sound = in_noise(speak("leg cramp", voice), 10)
    choice.recogniser.listen_for(phrases)
    choice.recogniser.accept(sound)
    heard = choice.recogniser.finish()
    assert heard.text == "leg cramp"
    assert choice.verifier.agrees(heard, heard.least, sound, phrases).agreed


@pytest.fixture(scope="module", params=["auto", "pocketsphinx"])
def choice(request: pytest.FixtureRequest, shared: Path) -> Choice:
    return choose(resources.models(), request.param, str(shared / "prototype-model/model"))


@pytest.fixture(scope="module")
def idle() -> tuple[str, ...]:
    return load(resources.intents() / "en").phrases("idle")


def believed(choice: Choice, sound: Samples, phrases: Sequence[str]) -> str | None:
    choice.recogniser.accept(sound)
    heard = choice.recogniser.finish()
    stands = heard.text in phrases and choice.verifier.agrees(heard, heard.least, sound, phrases).agreed
    return heard.text if stands else None


def test_of_other_words_at_most_one_clip_in_fifty_is_believed(
    choice: Choice, idle: tuple[str, ...], shared: Path
) -> None:
    lines = (shared / "speech/other.jsonl").read_text(encoding="utf-8").splitlines()
    clips = [
        clip for clip in map(json.loads, lines) if clip["seconds"] < 2.5
    ]  # the short ones: quick to hear
    choice.recogniser.listen_for(idle)
    wrong = []
    for clip in clips[:: len(clips) // 100]:
        sound, _ = soundfile.read(shared / "speech" / clip["file"], dtype="int16")
        wrong.append(believed(choice, sound, idle))
    assert len(wrong) >= 100
    assert sum(text is not None for text in wrong) <= len(wrong) / 50, [text for text in wrong if text]


def test_commands_are_believed(choice: Choice, idle: tuple[str, ...]) -> None:
    choice.recogniser.listen_for(idle)
    wanted = ("help calf cramp", "my calf is cramping", "should i see a doctor", "i have a cramp in my leg")
    sounds = {
        text: quiet_room(concatenate(pause(0.3), speak(text, "flite-slt"), pause(0.3))) for text in wanted
    }
    assert [believed(choice, sound, idle) for sound in sounds.values()] == list(sounds)


@pytest.mark.parametrize("engine", ["vosk", "pocketsphinx"])
def test_british_ways_to_say_a_word_are_believed(engine: Literal["vosk", "pocketsphinx"]) -> None:
    nlu = load(resources.intents() / "en")
    choice = choose(resources.models(), engine, pronunciations=nlu.pronunciations())
    idle = nlu.phrases("idle")
    choice.recogniser.listen_for(idle)
    said = {
        "i can't breathe": "AY K AA N T B R IY DH",
        "my calf is cramping": "M AY K AA F IH Z K R AE M P IH NG",
        "my calves are cramping": "M AY K AA V Z AA R K R AE M P IH NG",
    }
    sounds = [quiet_room(concatenate(pause(0.3), pronounce(way, "rms"), pause(0.3))) for way in said.values()]
    assert [believed(choice, sound, idle) for sound in sounds] == list(said)
