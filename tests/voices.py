"""Synthetic people who talk to the assistant; none of them has the voice it answers with."""

import os
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
import soundfile
import soxr

from voicecramp.frames import RATE, Samples, to_samples

__all__ = ["VOICES", "at_level", "concatenate", "give_up", "pause", "pronounce", "quiet_room", "speak"]

FULL_SCALE = 32768
"""The amplitude that 0 dBFS stands for."""


def give_up(reason: str) -> NoReturn:
    """End a test that lacks what it needs: a skip on somebody's machine, a failure where `CI` is set."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _flite(voice: str) -> Callable[[str, Path], list[str]]:
    return lambda text, wav: ["flite", "-voice", voice, "-t", text, "-o", str(wav)]


def _festival(voice: str) -> Callable[[str, Path], list[str]]:
    def command(text: str, wav: Path) -> list[str]:
        source = wav.with_suffix(".txt")
        source.write_text(text, encoding="ascii")
        return ["text2wave", "-eval", f"({voice})", "-o", str(wav), str(source)]

    return command


def _espeak(voice: str, words_a_minute: int) -> Callable[[str, Path], list[str]]:
    return lambda text, wav: ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "-w", str(wav), text]


_COMMANDS: dict[str, Callable[[str, Path], list[str]]] = {
    "flite-slt": _flite("slt"),
    "flite-rms": _flite("rms"),
    "flite-kal16": _flite("kal16"),
    "flite-awb": _flite("awb"),
    "festival-kal": _festival("voice_kal_diphone"),
    "espeak-gb-f3": _espeak("en-gb+f3", 140),
    "espeak-rp-f2": _espeak("en-gb-x-rp+f2", 165),
    "espeak-us-m7": _espeak("en-us+m7", 130),
    "espeak-us-f4": _espeak("en-us+f4", 185),
    "espeak-scotland-m3": _espeak("en-gb-scotland+m3", 150),
}

VOICES = tuple(_COMMANDS)
"""Every voice by name: men and women, American and British, slow and hasty, three ways of making speech."""


@cache
def speak(text: str, voice: str) -> Samples:
    """Return `text` as said by `voice` of VOICES, at the voice's own level.

    The array is shared by everybody who asks and cannot be written to. Ends the test (see `give_up`)
    where the voice's program is not installed.
    """
    return _record(lambda wav: _COMMANDS[voice](text, wav))


def pronounce(phones: str, voice: str) -> Samples:
    """Return what is written in phones of ARPAbet, "HH EH L P", as said by `voice` of flite's; else like `speak`."""
    said = " ".join(["pau", *phones.lower().split(), "pau"])
    return _record(lambda wav: ["flite", "-voice", voice, "-p", said, "-o", str(wav)])


def _record(say: Callable[[Path], list[str]]) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder, "speech.wav")
        command = say(wav)
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=60)
        except FileNotFoundError:
            give_up(f"{command[0]} is not installed; ./scripts/test installs it")
        sound, rate = soundfile.read(wav, dtype="int16")
    if not sound.any():
        raise RuntimeError(f"{' '.join(command)} made no sound")
    samples: Samples = soxr.resample(sound, rate, RATE)
    samples.setflags(write=False)
    return samples


def pause(seconds: float) -> Samples:
    """Return silence, exact zeros."""
    return np.zeros(to_samples(seconds), dtype=np.int16)


def concatenate(*parts: Samples) -> Samples:
    """Return the parts one after another."""
    return np.concatenate(parts)


def at_level(samples: Samples, dbfs: float) -> Samples:
    """Return the sound with its root mean square at `dbfs` (below 0); peaks beyond full scale are clipped."""
    loudness = np.sqrt(np.mean(np.square(samples, dtype=np.float64)))
    return _to_int16(samples * (FULL_SCALE * 10 ** (dbfs / 20) / loudness))


def quiet_room(samples: Samples, level: float = -65.0) -> Samples:
    """Return the sound with white noise of `level` dBFS (root mean square) under it, the same every time."""
    noise = np.random.default_rng(1).normal(0, FULL_SCALE * 10 ** (level / 20), len(samples))
    return _to_int16(samples + noise)


def _to_int16(sound: np.ndarray) -> Samples:
    return np.clip(np.rint(sound), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
