"""Where an utterance begins and where it ends, counted in frames."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from voicecramp.frames import FRAME, Samples, to_samples
from voicecramp.vad.detector import SpeechDetector

__all__ = ["END_SILENCE", "MAX_UTTERANCE", "TRY_SILENCE", "Segment", "Segmenter"]

TRY_SILENCE = to_samples(0.3) // FRAME
"""Frames of silence after which to ask what was said: most pauses within a command are shorter."""

END_SILENCE = to_samples(0.7) // FRAME
"""Frames of silence that end an utterance for certain: longer than a comma."""

MAX_UTTERANCE = to_samples(10.0) // FRAME
"""Frames after which an utterance ends whatever follows: the longest command takes half as long, and what
goes on for longer is a television or a fan, which must not be listened to for ever."""

_PRE_ROLL = to_samples(0.3) // FRAME
"""Frames given to the recogniser from before the onset: soft first sounds escape the detector."""

_ONSET_WINDOW = 6
_ONSET_SPEECH = 4
"""Speech has begun when 4 of 6 frames (80 of 120 ms) are speech: shorter than "ow", longer than a click."""

_BELOW_PEAK = 10 ** (-12 / 10)
"""Within an utterance, what is 12 dB below its loudest frame counts as silence: speech rises above that
several times a second, and without it a noisy kitchen would never let an utterance end."""

_PEAK_MEMORY = 0.977
"""A frame: the loudest frame fades by 5 dB a second, so that a door slammed is not a measure for long."""


@dataclass(frozen=True)
class Segment:
    """One frame's worth of an utterance."""

    samples: Samples
    """What the recogniser must hear now: this frame, and at the start the pre-roll before it. Shape (n,)."""
    started: bool
    """True for the first segment of an utterance."""
    silence: int
    """Frames since the last speech frame; 0 while they speak."""
    ended: bool
    """True for the last segment: silent for END_SILENCE, or MAX_UTTERANCE is reached."""


class Segmenter:
    """Cuts a stream of frames into utterances; knows no clock but the frames."""

    def __init__(self) -> None:
        self._detector = SpeechDetector()
        self.reset()

    def reset(self) -> None:
        """Forget everything, the level of the room included."""
        self._detector.reset()
        self._recent: deque[Samples] = deque(maxlen=_PRE_ROLL + _ONSET_WINDOW)
        self.end()

    def end(self) -> None:
        """End the utterance now: what was said has been understood before the silence was long enough."""
        self._recent.clear()  # what has been heard belongs to this utterance, and not to the next one too
        self._length = 0  # in frames since the start; 0: nobody speaks
        self._silence = 0
        self._peak = 0.0
        self._onset: deque[bool] = deque(maxlen=_ONSET_WINDOW)

    def process(self, frame: Samples, *, lowered: bool = False) -> Segment | None:
        """Take the next frame, shape (320,); None while nobody speaks.

        A frame that was `lowered`, as residue of an echo, is silence, and the room's level is not learned from it: it would
        seem as quiet, and when the echo is over its own noise would stand out for seconds.
        """
        speech = not lowered and self._detector.is_speech(frame)
        energy = 0.0 if lowered else self._detector.energy
        self._recent.append(frame)
        self._peak = max(self._peak * _PEAK_MEMORY, energy)
        if self._length == 0:
            self._onset.append(speech)
            if sum(self._onset) < _ONSET_SPEECH:
                return None
            self._length = 1
            self._silence = 0
            self._peak = energy  # a knock just before is no measure of who speaks now
            return Segment(np.concatenate(self._recent), started=True, silence=0, ended=False)
        speech = speech and energy > self._peak * _BELOW_PEAK
        self._length += 1
        self._silence = 0 if speech else self._silence + 1
        segment = Segment(
            frame,
            started=False,
            silence=self._silence,
            ended=self._silence >= END_SILENCE or self._length >= MAX_UTTERANCE,
        )
        if segment.ended:
            self.end()
        return segment
