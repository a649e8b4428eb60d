"""Quieten what the echo canceller leaves over, and leave alone whoever speaks over it."""

import numpy as np

from voicecramp.frames import FRAME, Samples

__all__ = ["ResidualGate"]

_RESIDUE = 10 ** (-15 / 10)
"""What is left of an echo is at least 15 dB below the loudest just removed; what is louder is somebody."""

_MEMORY = 0.99
"""A frame: the echo's level fades by 2.2 dB a second at most, so that soft syllables do not open the gate."""

_SMOOTHING = 0.6
"""A frame: the level of what is left is taken over 50 ms, so that a click does not open the gate."""

_HOLD = 15
"""Frames (0.3 s) for which the gate stays open: words have gaps and soft ends."""

_CLOSED = 0.03
"""Gain of the closed gate: -30 dB, too soft for the speech detector. Set by hand on 255 simulated cases of double talk:
223 commands heard and 23 utterances of its own voice; at -20 dB 234 and 40. Real rooms were not measured."""


class ResidualGate:
    """Lowers frames in which nothing but the residue of an echo can be heard.

    It compares what is left with what the canceller took away, so it never closes on speech where there
    was no echo to take away.
    """

    def __init__(self) -> None:
        self._echo = 0.0
        self._left = 0.0
        self._open = _HOLD
        self._gain = 1.0
        self.lowering = False
        """Whether the latest frame was lowered, all of it or a part."""

    def process(self, mic: Samples, clean: Samples) -> Samples:
        """Return the canceller's frame `clean`, lowered if it is but residue of `mic`; both of shape (320,)."""
        left = clean.astype(np.float32)
        echo = mic.astype(np.float32) - left
        self._echo = max(_MEMORY * self._echo, float(echo @ echo))
        self._left += (1 - _SMOOTHING) * (float(left @ left) - self._left)
        self._open = _HOLD if self._left >= _RESIDUE * self._echo else self._open - 1
        before, self._gain = self._gain, 1.0 if self._open > 0 else _CLOSED
        self.lowering = min(before, self._gain) < 1.0
        if not self.lowering:
            return clean
        ramp = np.linspace(before, self._gain, FRAME, dtype=np.float32)
        lowered: Samples = np.rint(left * ramp).astype(np.int16)
        return lowered
