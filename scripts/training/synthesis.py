"""Synthetic speech: by espeak-ng with its variants, flite and festival."""

import random
import subprocess
import tempfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from training.corpus import RATE, Utterance, load, write_recording
from training.settings import Speaker, VoiceSettings
from voicecramp.errors import VoiceCrampError

__all__ = ["Phones", "say", "slur", "speak", "speakers"]

_QUIET = 0.1
"""Seconds of silence added before and after."""
_PAUSE = "pau"
"""What flite calls silence."""


class Phones(str):
    """What is to be said, as flite's phones with spaces between."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Tell it from the same said as words."""
        return f"Phones({super().__repr__()})"


def slur(text: str, speaker: Speaker, endings: Collection[str]) -> Phones | None:
    """Return a sentence as one of flite's voices says it, with some words' last phones left out; None if it has none such.

    Args:
        text: the sentence.
        speaker: who says it.
        endings: of the words, each some phones of ARPAbet with spaces between.
    """
    ends = tuple(f" {ending.lower()}" for ending in endings)
    words = [_phones(word, speaker.voice) for word in text.split()]
    shorter = [word.rpartition(" ")[0] if word.endswith(ends) else word for word in words]
    return None if shorter == words else Phones(" ".join([_PAUSE, *shorter, _PAUSE]))


@cache
def _phones(word: str, voice: str) -> str:
    told = subprocess.run(
        ["flite", "-voice", voice, "-ps", "-t", word, "-o", "none"],
        check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return " ".join(phone for phone in told.stdout.split() if phone != _PAUSE)


def speakers(random_: random.Random, voices: Sequence[VoiceSettings]) -> Iterator[Speaker]:
    """Yield speakers to train on, for ever: each program's as often as its share says, at any pace and pitch."""
    shares = [voice.share for voice in voices]
    while True:
        (one,), pace = random_.choices(voices, shares), random_.uniform(0.8, 1.2)
        name = random_.choice(one.names)
        if one.variants:
            name = f"{name}+{random_.choice(one.variants)}"
        yield Speaker(one.program, name, pace, random_.randint(20, 80))


def speak(text: str, speaker: Speaker) -> np.ndarray:
    """Return the sentence: float32 samples at 16 kHz, peak 0.6, a little silence around.

    Raises `VoiceCrampError` where the program has no such voice, or makes no sound, and `FileNotFoundError` where it is
    not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder, "speech.wav")
        done = subprocess.run(
            _command(text, speaker, wav), check=False, capture_output=True, text=True, timeout=120
        )
        if done.returncode or not wav.exists():
            told = done.stderr.strip().rpartition("\n")[2]
            raise VoiceCrampError(
                f"{speaker.program} does not speak with the voice '{speaker.voice}' ({told}): correct the settings."
            )
        sound = load(wav)
    peak = float(np.abs(sound).max(initial=0.0))
    if peak == 0.0:
        raise VoiceCrampError(
            f"{speaker.program} with the voice '{speaker.voice}' makes no sound of {text!r}."
        )
    return np.pad(sound * np.float32(0.6 / peak), int(_QUIET * RATE))


def _command(text: str, speaker: Speaker, wav: Path) -> list[str]:
    stretch = f"{1 / speaker.pace:.3f}"
    match speaker.program:
        case "espeak-ng":
            words_a_minute = str(round(155 * speaker.pace))
            return ["espeak-ng", "-v", speaker.voice, "-s", words_a_minute, "-p", str(speaker.pitch),
                    "-w", str(wav), text]  # fmt: skip
        case "flite":
            kind = "-p" if isinstance(text, Phones) else "-t"
            return ["flite", "-voice", speaker.voice, "--setf", f"duration_stretch={stretch}",
                    kind, text, "-o", str(wav)]  # fmt: skip
        case "festival":
            source = wav.with_suffix(".txt")
            source.write_text(text, encoding="utf-8")
            slower = f"(Parameter.set 'Duration_Stretch {stretch})"
            return ["text2wave", "-eval", f"(voice_{speaker.voice})", "-eval", slower,
                    "-o", str(wav), str(source)]  # fmt: skip


def say(
    texts: Sequence[str], voices: Sequence[VoiceSettings], folder: Path, random_: random.Random
) -> Iterator[Utterance]:
    """Have every sentence said by some speaker; yield them in order, written to `folder` as FLAC.

    A file that is there already is kept, so that a second run goes on where the first one stopped; its name tells
    what is said, and by whom.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs = list(zip(range(len(texts)), texts, speakers(random_, voices), strict=False))

    def one(job: tuple[int, str, Speaker]) -> Utterance:
        number, text, speaker = job
        path = folder / f"{number:05d}-{zlib.crc32(repr((text, speaker)).encode()):08x}.flac"
        if not path.exists():
            write_recording(path, speak(text, speaker))
        return Utterance(str(path), text, f"{speaker.program}-{speaker.voice}", "synthetic", held_out=False)

    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(one, jobs)
