"""Slower or faster speech at the same pitch, with Debian's libsonic, which espeak-ng itself uses for it."""

import ctypes
from ctypes import POINTER, c_float, c_int, c_int16, c_void_p
from functools import cache

import numpy as np

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples
from voicecramp.tts.trim import audible

__all__ = ["at_pace", "load"]

_LIBRARY = "libsonic.so.0"


@cache
def load(name: str = _LIBRARY) -> ctypes.CDLL:
    """Load the library and declare what is used of it.

    Raises:
        VoiceCrampError: It is not installed.
    """
    try:
        library = ctypes.CDLL(name)
    except OSError as error:
        raise VoiceCrampError(
            f"{name} is not installed, and without it speech cannot be made slower or faster: "
            "apt install libsonic0"
        ) from error
    samples = POINTER(c_int16)
    library.sonicCreateStream.argtypes = [c_int, c_int]
    library.sonicCreateStream.restype = c_void_p
    library.sonicDestroyStream.argtypes = [c_void_p]
    library.sonicDestroyStream.restype = None
    library.sonicSetSpeed.argtypes = [c_void_p, c_float]
    library.sonicSetSpeed.restype = None
    library.sonicWriteShortToStream.argtypes = [c_void_p, samples, c_int]
    library.sonicFlushStream.argtypes = [c_void_p]
    library.sonicSamplesAvailable.argtypes = [c_void_p]
    library.sonicReadShortFromStream.argtypes = [c_void_p, samples, c_int]
    return library


def at_pace(clip: Samples, factor: float) -> Samples:
    """Return a clip spoken slower or faster; the same call gives the same samples, bit for bit.

    Args:
        clip: int16, shape (n,), n > 0.
        factor: 1 gives the clip itself, 0.5 one twice as long, 2 one half as long.

    Returns:
        int16, shape (m,), m > 0 and about n / factor; the first and the last sample are audible where any is.

    Raises:
        ValueError: If the factor is not more than 0.
        VoiceCrampError: libsonic is not installed.
    """
    if not factor > 0:
        raise ValueError(f"a pace must be more than 0, not {factor}")
    if factor == 1:
        return clip
    library = load()
    stream = library.sonicCreateStream(RATE, 1)
    if not stream:
        raise MemoryError
    try:
        library.sonicSetSpeed(stream, factor)
        source = np.ascontiguousarray(clip)
        if not (
            library.sonicWriteShortToStream(stream, _pointer(source), len(source))
            and library.sonicFlushStream(stream)
        ):
            raise MemoryError
        paced = np.empty(library.sonicSamplesAvailable(stream), np.int16)
        library.sonicReadShortFromStream(stream, _pointer(paced), len(paced))
    finally:
        library.sonicDestroyStream(stream)
    return audible(paced) if len(paced) else clip  # of some ten samples nothing may be left


def _pointer(samples: Samples) -> "ctypes._Pointer[c_int16]":
    return samples.ctypes.data_as(POINTER(c_int16))
