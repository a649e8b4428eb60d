"""The unit everything is counted in: 20 ms of sound, and the sample as the only clock."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["FRAME", "RATE", "Samples", "seconds", "to_samples"]

RATE = 16_000
"""Samples a second, everywhere inside: what both recognisers were trained at."""

FRAME = 320
"""Samples in a frame: 20 ms, one of the three lengths the WebRTC voice detector takes."""

Samples = NDArray[np.int16]
"""Mono sound at RATE: int16, shape (n,). A frame is Samples of shape (FRAME,)."""


def seconds(samples: int) -> float:
    """Turn a count of samples into seconds of stream time."""
    return samples / RATE


def to_samples(duration: float) -> int:
    """Turn seconds into the nearest count of samples."""
    return round(duration * RATE)
