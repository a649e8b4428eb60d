"""What lies between a mouth and a microphone: rooms, noises, telephones, other throats, other speeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyroomacoustics
from scipy import fft, signal

from training import noises
from training.corpus import RATE
from training.settings import AugmentSettings

__all__ = ["Augmenter", "simulate_rooms"]

_SPEEDS = (0.88, 1.14)  # with pitch, as a tape; a sleepy voice is slow and low
_WARPS = (0.92, 1.08)  # other throats; wider, together with the speeds, makes one vowel into another
_WARP_STEP = 0.04  # so that the filters are made only once
_SNR = (-5.0, 28.0)
"""dB, speech to noise over the utterance; loudest against loudest, as the benchmark has it, is 5 dB more."""
_WALL = 0.15  # metres that a microphone keeps from it
_LEVEL = (-36.0, -1.0)  # dBFS of the loudest sample
_USUAL_LEVEL = -10.0  # dBFS; the sources' medians lie between -14 and -6


@dataclass(frozen=True)
class Augmenter:
    """Makes one recording into many."""

    settings: AugmentSettings
    rooms: Sequence[np.ndarray]
    """Impulse responses, the direct sound at the first sample."""
    babble: Sequence[np.ndarray]
    """Recordings of other people, to be talking behind."""

    def __call__(self, sound: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, float]:
        """Return a changed copy of the sound and how much its frequency axis is to be warped (see `mfcc`)."""
        how = self.settings
        if random.random() < how.speed:
            sound = _at_speed(sound, random.uniform(*_SPEEDS))
        length = len(sound)
        if random.random() < how.room:
            sound = signal.oaconvolve(sound, self.rooms[int(random.integers(len(self.rooms)))])[:length]
        if random.random() < how.colour:
            sound = _coloured(sound, random)
        if random.random() < how.noise:
            noise = noises.noise(length, self.babble, self.rooms, random)
            louder = (_power(sound) / _power(noise)) ** 0.5
            sound = sound + noise * louder * 10 ** (-random.uniform(*_SNR) / 20)
        else:
            # Rooms are never digitally silent; without this the features' logarithm runs away.
            hiss = np.float32(10 ** random.uniform(-5.0, -3.8))
            sound = sound + random.standard_normal(length, np.float32) * hiss
        if random.random() < how.clip:
            sound = np.clip(sound, *(np.array((-1, 1)) * np.abs(sound).max() * random.uniform(0.1, 0.6)))
        if random.random() < how.band:
            sound = _narrowed(sound, random)
        level = random.uniform(*_LEVEL) if random.random() < how.level else _USUAL_LEVEL
        sound = sound / (np.abs(sound).max() + 1e-9) * 10 ** (level / 20)
        if random.random() < how.codec:
            sound = _encoded(sound)
        warp = 1.0
        if random.random() < how.warp:
            warp = round(random.uniform(*_WARPS) / _WARP_STEP) * _WARP_STEP
        # What comes of it is what a 16-bit microphone would have given.
        return (np.rint(sound * 32767) / 32768).astype(np.float32), warp


def simulate_rooms(
    count: int, random: np.random.Generator, distance: float | None = None
) -> list[np.ndarray]:
    """Return impulse responses from mouth to microphone in `count` bedrooms, by the image method.

    `distance` is in metres, at most what fits into a bedroom; without it every room has its own.
    """
    found = []
    for _ in range(count):
        size, mouth, microphone = _places(random, distance)
        decay = random.uniform(0.12, 0.7)  # seconds; beds and curtains damp, bare rooms ring
        try:
            absorption, order = pyroomacoustics.inverse_sabine(decay, size)
        except ValueError:  # so large a room cannot be so dead
            absorption, order = 0.7, 10
        room = pyroomacoustics.ShoeBox(
            size, fs=RATE, materials=pyroomacoustics.Material(absorption), max_order=min(order, 17)
        )
        room.add_source(mouth)
        room.add_microphone(microphone)
        room.compute_rir()
        response = np.asarray(room.rir[0][0])
        response = response[np.abs(response).argmax() :][: int(0.8 * RATE)]
        found.append((response / np.abs(response).max()).astype(np.float32))
    return found


def _places(random: np.random.Generator, distance: float | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a bedroom's size, and where mouth and microphone are in it, in metres."""
    while True:
        size = random.uniform((2.5, 2.5, 2.2), (6.0, 6.0, 3.0))
        mouth = random.uniform((0.3, 0.3, 0.5), size - (0.3, 0.3, 0.6))
        metres = random.uniform(0.3, 3.5) if distance is None else distance
        direction = random.normal(size=3) * (1, 1, 0.3)
        microphone = mouth + direction * metres / np.linalg.norm(direction)
        # Brought back into the room it would be nearer than it is said to be.
        if (microphone >= _WALL).all() and (microphone <= size - _WALL).all():
            return size, mouth, microphone


def _power(sound: np.ndarray) -> float:
    return float(np.mean(np.square(sound, dtype=np.float64))) + 1e-12


def _at_speed(sound: np.ndarray, speed: float) -> np.ndarray:
    """Return the sound played faster and higher, or slower and lower."""
    count = round(len(sound) / speed)
    places = np.linspace(0, len(sound) - 1, count)
    played: np.ndarray = np.interp(places, np.arange(len(sound)), sound).astype(np.float32)
    return played


def _coloured(sound: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the sound through some microphone's frequency response."""
    size = fft.next_fast_len(len(sound), real=True)
    gain = (10 ** (noises.tilted(size // 2 + 1, random, 4.0) / 20)).astype(np.float32)
    heard: np.ndarray = fft.irfft(fft.rfft(sound, size) * gain, size)[: len(sound)]
    return heard


def _narrowed(sound: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the sound without its lowest or highest frequencies: telephones, laptops, blankets."""
    low, high = random.uniform(60, 350), random.uniform(3000, 7500)
    kind = random.random()
    if kind < 0.6:
        sections = signal.butter(4, high, "lowpass", fs=RATE, output="sos")
    elif kind < 0.75:
        sections = signal.butter(2, low, "highpass", fs=RATE, output="sos")
    else:
        sections = signal.butter(4, (low, high), "bandpass", fs=RATE, output="sos")
    narrow: np.ndarray = signal.sosfilt(sections, sound)
    return narrow


def _encoded(sound: np.ndarray) -> np.ndarray:
    """Return the sound as telephones carry it: mu-law, 8 kHz (Opus is slow to encode)."""
    narrow = signal.resample_poly(sound, 1, 2)
    law = np.rint(np.sign(narrow) * np.log1p(255 * np.abs(narrow).clip(max=1)) / np.log(256) * 127) / 127
    narrow = np.sign(law) * np.expm1(np.abs(law) * np.log(256)) / 255
    wide: np.ndarray = signal.resample_poly(narrow, 2, 1)[: len(sound)]
    return wide
