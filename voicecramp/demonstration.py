"""A conversation for machines without a microphone: somebody else's voice asks for help, and is helped."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import platformdirs
import soxr
from numpy.typing import NDArray

from voicecramp.frames import RATE, Samples, to_samples
from voicecramp.tts import Voice, render

__all__ = ["recording", "result_path"]

_PERSON = Voice(language="en-us", rate=160)
_PITCH = 1.05
"""Played this much quicker and so higher: not the voice that answers, and one that both recognisers hear well
(of eight accents of espeak-ng, PocketSphinx alone is sure of this one)."""

_SCRIPT = ((4.0, "help, calf cramp"), (17.0, "it's gone"))
"""What the person says, and the seconds of silence before it: time for "Ready" to be said, and for ten counted
seconds of the stretch."""

_LEVEL = 0.5
"""Of the clip's own: somebody an arm's length away."""

_ROOM = 15.0
"""Amplitude of the room's own noise, of 32,768: a quiet bedroom. No microphone hears nothing at all."""


def recording(cache: Path, progress: Callable[[int, int], None]) -> Samples:
    """Return what the microphone would have heard: int16, shape (n,), the same every time."""
    spoken = render([text for _, text in _SCRIPT], _PERSON, cache, progress)
    parts: list[NDArray[np.float32]] = []
    for silence, text in _SCRIPT:
        higher = soxr.resample(spoken[text].astype(np.float32), RATE * _PITCH, RATE)
        parts += [np.zeros(to_samples(silence), np.float32), higher * _LEVEL]
    clean = np.concatenate(parts)
    room = np.random.default_rng(0).normal(0, _ROOM, len(clean))
    return np.clip(clean + room, -32768, 32767).astype(np.int16)


def result_path() -> Path:
    """Where the conversation is written, left what it heard, right what it said; the folder is made."""
    folder = platformdirs.user_data_path("voicecramp")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "demonstration.wav"
