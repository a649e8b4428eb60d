"""Debian's libspeexdsp, as far as echo cancellation needs it."""

import ctypes
from ctypes import POINTER, byref, c_int, c_int16, c_int32, c_void_p
from functools import cache
from weakref import finalize

import numpy as np

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, RATE, Samples

__all__ = ["LinearCanceller", "load"]

_LIBRARY = "libspeexdsp.so.1"

_SET_SAMPLING_RATE = 24  # SPEEX_ECHO_SET_SAMPLING_RATE


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
            f"The echo canceller {name} is not installed, and without it the assistant would hear itself: "
            "apt install libspeexdsp1"
        ) from error
    samples = POINTER(c_int16)
    library.speex_echo_state_init.argtypes = [c_int, c_int]
    library.speex_echo_state_init.restype = c_void_p
    library.speex_echo_state_destroy.argtypes = [c_void_p]
    library.speex_echo_state_destroy.restype = None
    library.speex_echo_ctl.argtypes = [c_void_p, c_int, c_void_p]
    library.speex_echo_ctl.restype = c_int
    library.speex_echo_cancellation.argtypes = [c_void_p, samples, samples, samples]
    library.speex_echo_cancellation.restype = None
    return library


class LinearCanceller:
    """An adaptive filter that learns the room and subtracts what it predicts. Adds no delay."""

    def __init__(self, taps: int) -> None:
        library = load()
        self._cancel = library.speex_echo_cancellation
        self._state = c_void_p(library.speex_echo_state_init(FRAME, taps))
        finalize(self, library.speex_echo_state_destroy, self._state)
        library.speex_echo_ctl(self._state, _SET_SAMPLING_RATE, byref(c_int32(RATE)))

    def process(self, mic: Samples, played: Samples) -> Samples:
        """Return the microphone's frame without the echo of what has been played."""
        clean = np.empty(FRAME, np.int16)
        self._cancel(self._state, _pointer(mic), _pointer(played), _pointer(clean))
        return clean


def _pointer(frame: Samples) -> "ctypes._Pointer[c_int16]":
    return frame.ctypes.data_as(POINTER(c_int16))
