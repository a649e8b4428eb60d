"""The model in models/ still does what its card says, on a fixed sample; PyTorch is not needed."""

import json
import random
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import vosk
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from voices import concatenate, pause, quiet_room, speak

from voicecramp.asr.alternatives import COUNT
from voicecramp.asr.recogniser import Hypothesis
from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.frames import RATE
from voicecramp.models import read_manifest
from voicecramp.nlu.phrases import read

INTENTS = Path(__file__).resolve().parents[2] / "intents" / "en"
FOLDER = Path(__file__).resolve().parents[2] / "models" / "voicecramp-en"
COMMANDS = (
    "help calf cramp",
    "my calf is cramping",
    "cramp in my leg",
    "stop",
    "pause",
    "carry on",
    "it's gone",
    "still cramping",
    "should i see a doctor",
    "i feel faint",
    "i can't reach my foot",
    "how long",
    "louder",
)
# Of the voices that tests have, these are the ones that no model was trained on.
UNHEARD = ("flite-rms", "espeak-us-f4")

SPOKEN_APART = ("my left calf is cramping", "i can't reach my foot")


@pytest.fixture(scope="module")
def model() -> vosk.Model:
    vosk.SetLogLevel(-1)
    return vosk.Model(str(FOLDER))


@pytest.fixture(scope="module")
def recogniser() -> VoskRecogniser:
    return VoskRecogniser(FOLDER)


def hear(recogniser: VoskRecogniser, sound: np.ndarray) -> Hypothesis:
    recogniser.accept(sound)
    return recogniser.finish()


def recording(path: Path) -> np.ndarray:
    sound, rate = soundfile.read(path, dtype="int16")
    return quiet_room(soxr.resample(sound, rate, 16_000), -80)


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_it_is_small_and_says_what_it_is() -> None:
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    assert size <= 10_000_000
    assert read_manifest(FOLDER.parent).models[FOLDER.name].size_mb == pytest.approx(size / 1e6, abs=0.06)
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for said in ("CC BY-SA 4.0", "WUW Corpus II", "Making it again", "Limits"):
        assert said in card


def test_it_knows_the_words_of_commands(model: vosk.Model) -> None:
    words = {word for command in COMMANDS for word in command.split()}
    assert [word for word in sorted(words) if model.vosk_model_find_word(word) < 0] == []


def test_it_knows_every_word_that_is_listened_for(model: vosk.Model) -> None:
    phrases = {phrase for texts in read(INTENTS).phrases.values() for phrase in texts}
    words = {word for phrase in phrases for word in phrase.split()}
    unknown = [word for word in sorted(words) if model.vosk_model_find_word(word) < 0]
    assert unknown == [], "scripts/train --words teaches it new words in seconds"


@pytest.mark.parametrize("voice", UNHEARD)
def test_unheard_voices(recogniser: VoskRecogniser, voice: str) -> None:
    recogniser.listen_for(COMMANDS)
    heard = {command: hear(recogniser, quiet_room(speak(command, voice))).text for command in COMMANDS}
    # 11 and 13 of 13 when this was written.
    assert sum(heard[command] == command for command in COMMANDS) >= len(COMMANDS) - 2, heard


@pytest.mark.parametrize("voice", UNHEARD)
@pytest.mark.parametrize("phrase", SPOKEN_APART)
def test_words_are_told_where_they_were_said(recogniser: VoskRecogniser, phrase: str, voice: str) -> None:
    recogniser.listen_for([*COMMANDS, *SPOKEN_APART])
    parts, said, at = [pause(0.4)], list[tuple[float, float]](), 0.4
    for word in phrase.split():
        sound = speak(word, voice)
        parts += [sound, pause(0.3)]
        first, last = audible(sound)
        said.append((at + first, at + last))
        at += len(sound) / RATE + 0.3
    heard = hear(recogniser, quiet_room(concatenate(*parts)))
    assert heard.text == phrase
    off = [
        abs(told - true)
        for word, places in zip(heard.words, said, strict=True)
        for told, true in zip((word.start, word.end), places, strict=True)
    ]
    # What is silent in the end of "left" belongs to it all the same.
    assert np.median(off) <= 0.05
    assert max(off) <= 0.2


def audible(sound: np.ndarray) -> tuple[float, float]:
    """Return the seconds between which a word is to be heard."""
    loudness = np.convolve(np.abs(sound.astype(float)), np.ones(160) / 160, "same")
    loud = np.flatnonzero(loudness > 0.05 * loudness.max())
    return loud[0] / RATE, loud[-1] / RATE


def test_sessions_on_the_telephone_that_it_never_heard(recogniser: VoskRecogniser, shared: Path) -> None:
    folder = shared / "speech"
    every = rows(folder / "phone.jsonl")
    unheard = set(sorted({row["speaker"] for row in every})[::10])
    chosen = random.Random(1)  # noqa: S311  # nothing here is a secret
    texts = sorted({row["text"] for row in every if len(row["text"].split()) > 3})
    sentences = [text for text in texts if not recogniser.unknown_words([text])]
    sample = chosen.sample(
        [row for row in every if row["speaker"] in unheard and row["text"] in sentences], 40
    )
    right = 0
    for row in sample:
        others = [text for text in chosen.sample(sentences, 20) if text != row["text"]]
        offered = [row["text"], *others]
        recogniser.listen_for(offered)
        heard = hear(recogniser, recording(folder / row["file"])).text
        right += process.extractOne(heard, offered, scorer=Levenshtein.distance)[0] == row["text"]
    # 39 when this was written.
    assert right >= 38


def test_other_words_are_no_commands(recogniser: VoskRecogniser, shared: Path) -> None:
    folder = shared / "speech"
    unheard = [row for row in rows(folder / "other.jsonl") if zlib.crc32(row["file"].encode()) % 2 == 1]
    recogniser.listen_for(COMMANDS)
    heard = [hear(recogniser, recording(folder / row["file"])).text for row in unheard[::3]]
    # None of 101 when this was written.
    assert sum(text in COMMANDS for text in heard) <= 1


_MEMORY = """
import re, sys
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
before = peak()
import json, vosk
vosk.SetLogLevel(-1)
recogniser = vosk.KaldiRecognizer(vosk.Model(sys.argv[1]), 16000, sys.stdin.buffer.readline().decode())
recogniser.SetWords(True)
recogniser.SetMaxAlternatives(int(sys.argv[2]))
recogniser.AcceptWaveform(sys.stdin.buffer.read())
recogniser.FinalResult()
print((peak() - before) / 1024)
"""


def test_it_needs_little_memory() -> None:
    phrases = [*read(INTENTS).phrases["idle"], "[unk]"]
    sound = quiet_room(speak("help calf cramp", UNHEARD[0]))
    printed = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(FOLDER), str(COUNT)],
        input=json.dumps(phrases).encode()
        + b"\n"
        + sound.tobytes(),  # an argument has room for no more than 128 KiB
        check=True,
        capture_output=True,
    ).stdout
    # MiB over Python without anything, all that Vosk imports included.
    assert float(printed) <= 60
