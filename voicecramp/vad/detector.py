"""Is this frame speech? The WebRTC detector, believed only for sound that stands out from the room."""

import math
from collections import deque

import numpy as np
import webrtcvad

from voicecramp.frames import RATE, Samples

__all__ = ["SpeechDetector"]

_MODE = 3
"""How strict the WebRTC detector is, 0 to 3. The strictest: the pre-roll gives back what it is late for."""

_GAIN = 8
"""What the WebRTC detector is given is this much (18 dB) louder: by itself it is deaf to speech whose peaks
reach -40 dBFS. Loud speech clips, which does not make it less like speech."""

_AUDIBLE = 6.0**2
"""Mean square below which nothing is speech. Speech whose peaks reach -40 dBFS has about 40**2."""

_ABOVE_FLOOR = 10 ** (12 / 10)
"""Speech is at least 12 dB above the quietest moment of the room: steady noise never is, clatter seldom."""

_ABOVE_STEADY = 10 ** (8 / 10)
"""Or 8 dB above the middle of the quietest half second, if that is less: in a fan's hiss, which hardly has a quieter moment,
speech is rarely louder."""

_FLOOR_BLOCK = 25
"""Frames (0.5 s) of which the quietest is kept as one candidate for the room's level."""

_FLOOR_BLOCKS = 6
"""The room is as loud as its quietest moment in this many blocks (3 s): speech has gaps sooner."""


_START_UP = 5
"""Frames (0.1 s) for which the WebRTC detector calls every steady noise speech, until it has a measure of it."""

_FIRST_LOOK = 10
"""Frames (0.2 s) after which the room's level is first believed: until then all sound stands out, so that whoever
speaks from the very first sample is heard, and a little later its own noise no longer does."""


_OFFSET_FRAMES = 50
"""Frames (1 s) over which the microphone's offset is averaged: many times as long as a wave of speech. Cheap ones have
one, and it is not noise: with 1 % of full scale, and a room that is quiet, whatever is spoken softly would drown in it."""


class SpeechDetector:
    """Tells speech from silence and steady noise; costs almost nothing, and nothing more in silence."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self.energy = 0.0
        """Mean square of the latest frame, without the microphone's offset."""
        self._vad = webrtcvad.Vad(_MODE)
        self._offset: float | None = None
        self._quietest: deque[float] = deque(maxlen=_FLOOR_BLOCKS)
        self._middles: deque[float] = deque(maxlen=_FLOOR_BLOCKS)
        self._floor = self._steady = math.inf  # what is quietest of these blocks, and of their middles
        self._block: list[float] = []
        self._lowest = math.inf  # of the block under way

    def is_speech(self, frame: Samples) -> bool:
        """Judge one frame, shape (320,), given all those before it."""
        wide = frame.astype(np.float32)
        mean = float(np.add.reduce(wide)) / len(wide)  # `mean()` takes four times as long, all night
        self._offset = mean if self._offset is None else self._offset + (mean - self._offset) / _OFFSET_FRAMES
        wide -= self._offset
        self.energy = energy = float(wide @ wide) / len(frame)
        # No more is compared than must be, all night.
        self._block.append(energy)
        self._lowest = min(self._lowest, energy)
        floor = min(self._floor, self._lowest) if self._quietest or len(self._block) > _FIRST_LOOK else 0.0
        if len(self._block) == _FLOOR_BLOCK:
            self._end_block()
        if energy < max(_AUDIBLE, min(self._steady, floor * _ABOVE_FLOOR)):
            return False
        loud = np.clip(wide * _GAIN, -32768, 32767).astype(np.int16)
        speech = bool(self._vad.is_speech(loud.tobytes(), RATE))
        starting = not self._quietest and len(self._block) <= _START_UP
        return speech and not starting

    def _end_block(self) -> None:
        self._block.sort()
        self._quietest.append(self._block[0])
        self._middles.append(self._block[_FLOOR_BLOCK // 2])
        self._floor, self._steady = min(self._quietest), min(self._middles) * _ABOVE_STEADY
        self._block.clear()
        self._lowest = math.inf
