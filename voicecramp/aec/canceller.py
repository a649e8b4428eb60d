"""The echo canceller: nothing to do while nothing plays, otherwise subtract, then quieten what is left."""

import numpy as np

from voicecramp.aec.gate import ResidualGate
from voicecramp.aec.speexdsp import LinearCanceller
from voicecramp.frames import FRAME, Samples

__all__ = ["EchoCanceller"]

_TAIL = 8192
"""Samples (512 ms) between a sound leaving the speaker's buffer and the end of its echo: up to 350 ms of
latency in the devices, the rest for the room. Half of it fails at 350 ms."""


class EchoCanceller:
    """Takes the assistant's own voice out of the microphone.

    What it learns of the room is kept from one sentence to the next; in a room it does not know yet it
    still hears itself now and then during the first ten seconds that it speaks. While nothing has been
    played for longer than the longest echo, the microphone passes unchanged.
    """

    def __init__(self) -> None:
        self._linear = LinearCanceller(_TAIL)
        self._gate = ResidualGate()
        self._active = 0
        self.lowering = False
        """Whether the latest frame was but residue, and lowered: nobody speaks in it, and the room is louder than it."""

    def process(self, mic: Samples, played: Samples) -> Samples:
        """Clean one frame.

        Args:
            mic: What the microphone heard, shape (320,).
            played: What the speaker played meanwhile, or before it; its echo may come up to 512 ms later.

        Returns:
            The same frame without the echo, shape (320,), not delayed, and never louder.
        """
        if played.any():
            self._active = _TAIL // FRAME + 1
        elif self._active == 0:
            self.lowering = False
            return mic
        else:
            self._active -= 1
        clean = self._linear.process(np.ascontiguousarray(mic), np.ascontiguousarray(played))
        if _energy(clean) > _energy(mic):
            # An echo that is not there was subtracted: a voice of its own making, out of which words are heard.
            clean = mic
        lowered = self._gate.process(mic, clean)
        self.lowering = self._gate.lowering
        return lowered


def _energy(frame: Samples) -> float:
    wide = frame.astype(np.float32)
    return float(wide @ wide)
