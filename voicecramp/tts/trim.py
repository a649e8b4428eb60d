"""From what the engine gave to a clip: checked, resampled, at the loudness of all others, trimmed to the sample."""

import io
import wave

import numpy as np
import soxr
from numpy.typing import NDArray

from voicecramp.frames import RATE, Samples

__all__ = ["AUDIBLE", "CEILING", "LEVEL", "VERSION", "BrokenClipError", "audible", "make_clip"]

VERSION = 1
"""Part of every clip's key in the cache: one more whenever the same WAV file would give another clip."""

_FULL = 32_768.0

LEVEL = _FULL * 10 ** (-20 / 20)
"""Root mean square of every clip where it is speech: -20 dB of full scale. Speech of espeak-ng peaks 12 to 18 dB
above its root mean square (measured on 72 words and sentences at 80 to 450 words a minute), so this is about
the most at which nothing has to be turned down. Equal peaks instead would leave clips 6 dB apart in loudness."""

CEILING = _FULL * 10 ** (-1 / 20)
"""No sample is beyond this: 1 dB of headroom. A clip that would be is turned down as a whole."""

AUDIBLE = 104
"""The first and the last sample of a clip are at least this far from 0: -50 dB of full scale, 30 dB below LEVEL.
Speech at the bedside has about 60 dB, a bedroom at night about 30 (the World Health Organisation's guideline for
sleep), so what is softer is lost in the room."""

_END_PAUSE = 0.1
"""Seconds of perfect silence in which every whole utterance ends: espeak-ng's pause at the end of a clause, 0.39 s
at 150 words a minute, 0.14 s at 250. A truncated clip ends in speech, or in the silence of a stop: 0.07 s."""

_LETTERS_A_SECOND = 0.22
"""No speech has more letters a second than this for each word a minute: twice what was measured."""


class BrokenClipError(Exception):
    """The engine lost some or all of it, as pyttsx3 now and then does; the message says how it shows."""


def make_clip(wav: bytes, text: str, rate: int) -> Samples:
    """Turn the engine's WAV file of a text into a clip.

    Args:
        wav: A WAV file: mono, 16 bits.
        text: What it should say.
        rate: Words a minute at which it should say it.

    Returns:
        int16, shape (n,), n > 0, read-only, at RATE. The first and the last sample are AUDIBLE.

    Raises:
        BrokenClipError: If it is no such file, is truncated, silent, or too short for the text.
    """
    raw, source_rate = _read(wav)
    sounding = np.flatnonzero(raw)
    if not len(sounding):
        raise BrokenClipError("it is silent")
    if len(raw) - 1 - sounding[-1] < _END_PAUSE * source_rate:
        raise BrokenClipError("it breaks off")
    letters = sum(character.isalnum() for character in text)
    if sounding[-1] - sounding[0] < letters / (_LETTERS_A_SECOND * rate) * source_rate:
        raise BrokenClipError("it is too short for its text")

    speech = soxr.resample(raw.astype(np.float64), source_rate, RATE)
    factor = min(LEVEL / _active_rms(speech), CEILING / np.abs(speech).max())
    return audible(np.rint(speech * factor).astype(np.int16))


def audible(sound: Samples) -> Samples:
    """Return a sound from its first AUDIBLE sample to its last, read-only; whole where there is none."""
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) >= AUDIBLE)
    clip: Samples = (sound[loud[0] : loud[-1] + 1] if len(loud) else sound).copy()
    clip.setflags(write=False)
    return clip


def _read(wav: bytes) -> tuple[Samples, int]:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            shape = (file.getnchannels(), file.getsampwidth())
            frames, rate = file.getnframes(), file.getframerate()
            content = file.readframes(frames)
    except (wave.Error, EOFError) as error:
        raise BrokenClipError(f"it is not a WAV file ({error})") from error
    if shape != (1, 2):
        raise BrokenClipError(f"it has {shape[0]} channels of {8 * shape[1]} bits")
    if len(content) != 2 * frames:
        raise BrokenClipError("it is truncated")
    return np.frombuffer(content, dtype="<i2"), rate


def _active_rms(speech: NDArray[np.float64]) -> float:
    """Return the root mean square of the 10 ms blocks within 20 dB of the loudest: of speech, not of pauses."""
    block = RATE // 100
    padded = np.pad(speech, (0, -len(speech) % block)).reshape(-1, block)
    powers = np.mean(padded**2, axis=1)
    return float(np.sqrt(np.mean(powers[powers >= powers.max() / 100])))
