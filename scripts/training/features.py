"""Mel-frequency cepstra, to the number what the engine computes from conf/mfcc.conf."""

from functools import cache

import numpy as np
from scipy import fft

from training.corpus import RATE

__all__ = ["CEPSTRA", "CONFIGURATION", "HOP", "mfcc", "without_bands"]

CEPSTRA = 40
"""Numbers a frame; as many as there are mel bands, so that nothing is lost."""
HOP = 160
"""Samples from frame to frame: 10 ms."""
_WINDOW = 400  # 25 ms
_SIZE = 512
_LOW, _HIGH = 20.0, 7600.0  # Hz
_PREEMPHASIS = 0.97
_LIFTER = 22.0
_FLOOR = float(np.finfo(np.float32).eps)

CONFIGURATION = (
    "--use-energy=false\n"
    f"--sample-frequency={RATE}\n"
    f"--num-mel-bins={CEPSTRA}\n"
    f"--num-ceps={CEPSTRA}\n"
    f"--low-freq={_LOW:g}\n"
    f"--high-freq={_HIGH - RATE / 2:g}\n"
    "--dither=0.0\n"
)
"""The text of conf/mfcc.conf."""


def _mel(frequency: np.ndarray | float) -> np.ndarray:
    return 1127.0 * np.log1p(np.asarray(frequency) / 700.0)


@cache
def _bank(warp: float) -> np.ndarray:
    """Return the mel filters (bins, bands); `warp` stretches the frequencies below 4.8 kHz."""
    edges = np.linspace(_mel(_LOW), _mel(_HIGH), CEPSTRA + 2)
    frequency = np.arange(_SIZE // 2 + 1) * RATE / _SIZE
    knee = 4800.0 / max(warp, 1.0)
    beyond = warp * knee + (RATE / 2 - warp * knee) * (frequency - knee) / (RATE / 2 - knee)
    mel = _mel(np.where(frequency <= knee, warp * frequency, beyond))[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    filters = np.minimum((mel - left) / (centre - left), (right - mel) / (right - centre)).clip(min=0.0)
    filters[-1] = 0.0  # the engine has no bin at half the sampling rate
    bank: np.ndarray = filters.astype(np.float32)
    return bank


@cache
def _cosines() -> np.ndarray:
    band, cepstrum = np.arange(CEPSTRA)[:, None] + 0.5, np.arange(CEPSTRA)
    table = np.sqrt(2 / CEPSTRA) * np.cos(np.pi / CEPSTRA * band * cepstrum)
    table[:, 0] = np.sqrt(1 / CEPSTRA)
    lifter = 1 + _LIFTER / 2 * np.sin(np.pi * cepstrum / _LIFTER)
    lifted: np.ndarray = (table * lifter).astype(np.float32)
    return lifted


@cache
def without_bands(first: int, count: int) -> np.ndarray:
    """Return the matrix that flattens some mel bands: float32 (CEPSTRA, CEPSTRA), for what deviates from the mean."""
    kept = np.ones(CEPSTRA)
    kept[first : first + count] = 0.0
    table = _cosines().astype(np.float64)
    matrix: np.ndarray = ((np.linalg.inv(table) * kept) @ table).astype(np.float32)
    return matrix


_POVEY = ((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / (_WINDOW - 1))) ** 0.85).astype(np.float32)


def mfcc(sound: np.ndarray, warp: float = 1.0) -> np.ndarray:
    """Return the features of a sound.

    Args:
        sound: float32 samples from -1 to 1, at 16 kHz, at least 25 ms of them.
        warp: above 1 raises, below 1 lowers the resonances of the voice; 1 is what the engine does.

    Returns:
        float32 (frames, CEPSTRA), a frame every 10 ms.
    """
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::HOP].astype(np.float32) * 32768
    frames -= frames.mean(axis=1, keepdims=True)
    frames[:, 1:] -= _PREEMPHASIS * frames[:, :-1].copy()
    frames[:, 0] *= 1 - _PREEMPHASIS
    spectrum = fft.rfft(frames * _POVEY, _SIZE)
    power = spectrum.real**2 + spectrum.imag**2
    cepstra: np.ndarray = np.log(np.maximum(power @ _bank(warp), _FLOOR)) @ _cosines()
    return cepstra
