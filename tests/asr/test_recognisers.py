from pathlib import Path

import numpy as np
import pytest
from pocketsphinx import Decoder
from voices import VOICES, concatenate, pause, quiet_room, speak

from voicecramp.asr import Hypothesis, Recogniser
from voicecramp.asr.pocketsphinx import PocketSphinxRecogniser, _graph
from voicecramp.asr.recogniser import Word
from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.frames import FRAME, Samples, seconds

PHRASES = (
    "help calf cramp",
    "my left calf is cramping",
    "should i see a doctor",
    "i feel faint",
    "leg cramp",
)


def said(text: str, voice: str = "flite-slt") -> Samples:
    return quiet_room(concatenate(pause(0.3), speak(text, voice), pause(0.3)))


def hear(recogniser: Recogniser, sound: Samples, piece: int = FRAME) -> Hypothesis:
    for at in range(0, len(sound), piece):
        recogniser.accept(sound[at : at + piece])
    return recogniser.finish()


@pytest.mark.parametrize("voice", VOICES)
def test_hears_what_each_voice_says(recogniser: Recogniser, voice: str) -> None:
    recogniser.listen_for(PHRASES)
    heard = [hear(recogniser, said(phrase, voice)).text for phrase in PHRASES]
    right = sum(text == phrase for text, phrase in zip(heard, PHRASES, strict=True))
    assert right >= len(PHRASES) - 1, heard


def test_words_have_times_inside_the_sound_in_order_and_confidences(recogniser: Recogniser) -> None:
    recogniser.listen_for(PHRASES)
    sound = said("my left calf is cramping")
    heard = hear(recogniser, sound)
    assert heard.recogniser == recogniser.name
    assert heard.text == "my left calf is cramping"
    edges = [edge for word in heard.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert 0.2 < edges[0] < 0.6
    assert seconds(len(sound)) - 0.6 < edges[-1] <= seconds(len(sound))
    assert all(word.start < word.end and 0 < word.confidence <= 1 for word in heard.words)


@pytest.mark.parametrize("piece", [1, 333, 1600, 16_000, 1_000_000])
def test_how_the_sound_is_cut_changes_nothing(recogniser: Recogniser, piece: int) -> None:
    recogniser.listen_for(PHRASES)
    sound = said("help calf cramp", "espeak-us-m7")[: 16_001 if piece == 1 else None]
    assert hear(recogniser, sound, piece) == hear(recogniser, sound)


def test_pocketsphinx_is_asked_about_each_word_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question costs it memory that it never gives back."""
    asked: list[str] = []

    class Asked(Decoder):
        def lookup_word(self, word: str) -> str | None:
            asked.append(word)
            found: str | None = super().lookup_word(word)
            return found

    monkeypatch.setattr("voicecramp.asr.pocketsphinx.Decoder", Asked)
    recogniser = PocketSphinxRecogniser()
    for _ in range(3):
        recogniser.listen_for([*PHRASES, "help calf cramp now"])
        recogniser.unknown_words(PHRASES)
    assert "cramp" in asked
    assert len(asked) == len(set(asked))


def test_what_was_heard_before_changes_nothing(recogniser: Recogniser) -> None:
    recogniser.listen_for(PHRASES)
    first = hear(recogniser, said("help calf cramp"))
    hear(recogniser, said("i feel faint", "flite-rms"))
    assert hear(recogniser, said("help calf cramp")) == first


def test_sound_heard_again_after_finish_gives_the_same_and_goes_on(recogniser: Recogniser) -> None:
    recogniser.listen_for(PHRASES)
    whole = said("my left calf is cramping")
    part = len(whole) // 2
    hear(recogniser, whole[:part])
    recogniser.accept(whole[:part])
    recogniser.accept(whole[part:])
    assert recogniser.finish().text == "my left calf is cramping"


def test_new_phrases_in_the_middle_of_an_utterance_drop_it(recogniser: Recogniser) -> None:
    recogniser.listen_for(["leg cramp"])
    recogniser.accept(said("leg cramp"))
    recogniser.listen_for(PHRASES)
    assert recogniser.finish().words == ()
    assert hear(recogniser, said("i feel faint")).text == "i feel faint"


def test_only_what_it_listens_for_is_heard(recogniser: Recogniser) -> None:
    recogniser.listen_for(["leg cramp"])
    assert set(hear(recogniser, said("should i see a doctor")).text.split()) <= {"leg", "cramp", "[unk]"}


def test_vosk_hears_an_utterance_again_where_garbage_took_only_a_short_word(model: Path) -> None:
    vosk = VoskRecogniser(model)
    vosk.listen_for(["i feel faint", "stop"])
    sound = said("i feel faint")

    def heard(garbage: float) -> str:
        words = (
            Word("[unk]", 0.3, 0.3 + garbage, 0.9),
            Word("feel", 0.7, 0.9, 0.9),
            Word("faint", 0.9, 1.3, 0.9),
        )
        return vosk._without_slivers(Hypothesis(words, "vosk"), sound).text

    assert heard(0.2) == "i feel faint"
    assert heard(0.5) == "[unk] feel faint"  # that was more than "i"
    vosk.listen_for(["do i feel fine", "stop"])
    assert heard(0.2) == "[unk] feel faint"  # nothing like it is listened for


def test_unknown_words_are_named_with_their_phrase(recogniser: Recogniser) -> None:
    phrases = ["leg cramp", "xyzzy in my leg", "leg xyzzy", "<eps>"]
    assert recogniser.unknown_words(phrases) == {"xyzzy": "xyzzy in my leg", "<eps>": "<eps>"}


def test_phrases_with_unknown_words_are_left_out(recogniser: Recogniser) -> None:
    recogniser.listen_for(["xyzzy in my leg", "<eps>", "leg cramp"])
    assert hear(recogniser, said("leg cramp")).text == "leg cramp"


@pytest.mark.parametrize("phrases", [[], ["xyzzy"], [""]])
def test_hears_nothing_when_there_is_nothing_to_listen_for(
    recogniser: Recogniser, phrases: list[str]
) -> None:
    recogniser.listen_for(phrases)
    assert hear(recogniser, said("leg cramp")).words == ()


@pytest.mark.parametrize("length", [0, 1, 319, 16_000])
def test_silence_however_short_is_no_words(recogniser: Recogniser, length: int) -> None:
    recogniser.listen_for(PHRASES)
    assert hear(recogniser, np.zeros(length, dtype=np.int16)).words == ()


def test_finish_without_sound_is_no_words(recogniser: Recogniser) -> None:
    recogniser.listen_for(PHRASES)
    assert recogniser.finish() == Hypothesis((), recogniser.name)


def test_pocketsphinx_learns_words_and_keeps_those_it_has() -> None:
    plain = PocketSphinxRecogniser()
    taught = PocketSphinxRecogniser({"baclofen": ["B AE K L AH F EH N"], "leg": ["B AE K"]})
    phrases = ["can i take baclofen", "leg cramp"]
    assert plain.unknown_words(phrases) == {"baclofen": "can i take baclofen"}
    assert taught.unknown_words(phrases) == {}
    taught.listen_for([*phrases, "can i take quinine"])
    assert hear(taught, said("can i take baclofen")).text == "can i take baclofen"
    assert hear(taught, said("leg cramp")).text == "leg cramp"


def test_pocketsphinx_shares_beginnings_and_endings() -> None:
    phrases = [
        "set a timer for ten minutes",
        "set an ice timer for ten minutes",
        "set a timer",
        "ten minutes",
    ]
    first, last, transitions = _graph([phrase.split() for phrase in phrases])

    def said_from(state: int) -> set[str]:
        if state == last:
            return {""}
        return {
            " ".join([*words, rest]).strip()
            for start, end, _, *words in transitions
            if start == state
            for rest in said_from(end)
        }

    assert said_from(first) == set(phrases)
    assert len(transitions) == 13  # of the 18 words and 4 ends of the four phrases
    assert _graph([]) == (0, 0, [])
    assert _graph([[]]) == (0, 0, [])
