"""Noises of a house, made from nothing: what hums, hisses, clinks, drips, plays and talks behind the voice.

No recording of noise is used, so that any noise may be tested with. What matters is that no two are alike: a
network that has heard ten thousand unlike noises takes the next one for one more of them.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy import fft, signal

from training.corpus import RATE

__all__ = ["noise", "tilted"]

_TALK = 0.25  # how often people are the noise
_VOICES = (1, 6)
_ECHO = 0.5  # how often a noise is in a room of its own, and not at the microphone
_EVENTS = 0.65  # how often something happens besides the steady noise
_EVENT_LEVEL = (-5.0, 15.0)  # dB, what happens against what is steady, over the whole utterance
_SWELLS = 0.25  # how often the whole swells and fades: passing cars, waves, a tap turned


def noise(
    length: int,
    voices: Sequence[np.ndarray],
    rooms: Sequence[np.ndarray],
    random: np.random.Generator,
) -> np.ndarray:
    """Return `length` samples of some noise, of no particular level.

    Args:
        length: samples at 16 kHz.
        voices: recordings of people, to be talking behind; there may be none.
        rooms: impulse responses; there may be none.
        random: chooses everything.
    """
    sound = _steady(length, random)
    if len(voices) > 0 and random.random() < _TALK:
        sound = _over(sound, _talk(length, voices, random), random.uniform(0.0, 25.0))
    if random.random() < _EVENTS:
        event = _HAPPENINGS[int(random.integers(len(_HAPPENINGS)))](length, random)
        sound = _over(sound, event, random.uniform(*_EVENT_LEVEL))
    if len(rooms) > 0 and random.random() < _ECHO:
        sound = signal.oaconvolve(sound, rooms[int(random.integers(len(rooms)))])[:length]
    if random.random() < _SWELLS:
        sound = sound * _swell(length, random)
    return sound


def tilted(bins: int, random: np.random.Generator, spread: float) -> np.ndarray:
    """Return a smooth random frequency response in dB, finer where hearing is."""
    return np.interp(np.linspace(0, 1, bins) ** 0.5, np.linspace(0, 1, 7), random.normal(0, spread, 7))


def _over(sound: np.ndarray, other: np.ndarray, decibels: float) -> np.ndarray:
    """Return both, the other this much louder."""
    mixed: np.ndarray = sound / (sound.std() + 1e-12) + other / (other.std() + 1e-12) * 10 ** (decibels / 20)
    return mixed


def _steady(length: int, random: np.random.Generator) -> np.ndarray:
    """From white to brown: hiss, a fan, traffic; any frequency response; sometimes a hum."""
    size = fft.next_fast_len(length, real=True)
    spectrum = fft.rfft(random.standard_normal(size, dtype=np.float32))
    spectrum /= (np.arange(len(spectrum), dtype=np.float32) + 20) ** np.float32(random.uniform(0.0, 1.3))
    if random.random() < 0.5:
        spectrum *= (10 ** (tilted(len(spectrum), random, 6.0) / 20)).astype(np.float32)
    sound: np.ndarray = fft.irfft(spectrum, size)[:length]
    sound /= sound.std() + 1e-12
    if random.random() < 0.2:
        time, base = np.arange(length) / RATE, random.uniform(45, 400)
        sound += sum(random.uniform(0, 0.7) * np.sin(2 * np.pi * base * k * time) for k in range(1, 6))
    return sound


def _talk(length: int, voices: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    total = np.zeros(length)
    for _ in range(random.integers(*_VOICES)):
        voice = voices[int(random.integers(len(voices)))]
        voice = np.roll(np.resize(voice, length), random.integers(length))
        total += voice / (voice.std() + 1e-6) * 10 ** random.uniform(-0.5, 0)
    return total


def _swell(length: int, random: np.random.Generator) -> np.ndarray:
    swell = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, 8), random.normal(0, 8, 8))
    gain: np.ndarray = 10 ** (swell / 20)
    return gain


def _scattered(
    length: int, each: Callable[[np.random.Generator], np.ndarray], rate: float, random: np.random.Generator
) -> np.ndarray:
    """Return sounds at random times, `rate` of them a second, each of its own loudness."""
    total = np.zeros(length)
    for _ in range(1 + random.poisson(rate * length / RATE)):
        one = each(random) * 10 ** random.uniform(-1.0, 0.0)
        at = int(random.integers(length))
        part = total[at : at + len(one)]
        part += one[: len(part)]
    return total


def _knocks(length: int, random: np.random.Generator) -> np.ndarray:
    """Knocks, rustling, bedclothes: bursts of hiss with a resonance."""

    def knock(random: np.random.Generator) -> np.ndarray:
        last = int(RATE * random.uniform(0.01, 0.3))
        burst = random.standard_normal(last) * np.exp(-5 * np.arange(last) / last)
        pole = 1 - 10 ** random.uniform(-3.0, -0.3)
        angle = 2 * np.pi * random.uniform(150, 6000) / RATE
        burst = signal.lfilter([1.0], [1.0, -2 * pole * np.cos(angle), pole**2], burst)
        sound: np.ndarray = burst / (burst.std() + 1e-12)
        return sound

    return _scattered(length, knock, random.uniform(0.3, 6.0), random)


def _clinks(length: int, random: np.random.Generator) -> np.ndarray:
    """Cups, keys, coins: struck things ring in some modes, the high ones dying first."""
    things = []
    for _ in range(random.integers(1, 4)):
        lowest = 10 ** random.uniform(2.5, 3.6)  # Hz
        modes = lowest * np.cumprod(np.r_[1.0, random.uniform(1.1, 2.0, random.integers(2, 8))])
        things.append((modes[modes < RATE / 2], 10 ** random.uniform(-2.0, -0.3)))

    def clink(random: np.random.Generator) -> np.ndarray:
        modes, decay = things[int(random.integers(len(things)))]
        time = np.arange(int(RATE * min(0.5, 4 * decay))) / RATE
        loud = random.uniform(0.1, 1.0, len(modes))[:, None]
        ring = np.exp(-time / decay * (modes / modes[0])[:, None] ** 0.5)
        sound: np.ndarray = (loud * ring * np.sin(2 * np.pi * modes[:, None] * time)).sum(0)
        return sound

    return _scattered(length, clink, random.uniform(0.5, 8.0), random)


def _drops(length: int, random: np.random.Generator) -> np.ndarray:
    """Water, from a dripping tap to a running one: short tones that rise."""

    def drop(random: np.random.Generator) -> np.ndarray:
        last = int(RATE * random.uniform(0.005, 0.05))
        time = np.arange(last) / RATE
        begin, rise = random.uniform(400, 4000), random.uniform(0, 20_000)
        sound: np.ndarray = np.sin(2 * np.pi * (begin + rise * time) * time) * np.exp(-4 * time / time[-1])
        return sound

    return _scattered(length, drop, 10 ** random.uniform(0.3, 2.3), random)


def _motor(length: int, random: np.random.Generator) -> np.ndarray:
    """A pump, a shaver, a mixer: harmonics of a wavering pitch."""
    waver = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, 12), random.normal(0, 0.03, 12))
    phase = 2 * np.pi * np.cumsum(random.uniform(40, 300) * (1 + waver)) / RATE
    harmonics = random.integers(4, 20)
    loud = random.uniform(0, 1, harmonics) / np.arange(1, harmonics + 1) ** random.uniform(0, 1)
    sound: np.ndarray = sum(
        (amount * np.sin(k * phase) for k, amount in enumerate(loud, start=1)), np.zeros(length)
    )
    return sound


def _tune(length: int, random: np.random.Generator) -> np.ndarray:
    """A radio, a telephone: notes with harmonics, some at a time."""
    scale = 110 * 2 ** (random.choice(36, 8) / 12)

    def note(random: np.random.Generator) -> np.ndarray:
        time = np.arange(int(RATE * random.uniform(0.1, 0.8))) / RATE
        pitch, fall = scale[int(random.integers(len(scale)))], random.uniform(1, 10)
        parts = (random.uniform(0, 1) / k * np.sin(2 * np.pi * pitch * k * time) for k in range(1, 6))
        sound: np.ndarray = sum(parts, np.zeros(len(time))) * np.exp(-fall * time)
        return sound

    return _scattered(length, note, random.uniform(2.0, 8.0), random)


_HAPPENINGS = (_knocks, _clinks, _drops, _motor, _tune)
