"""Where the two halves of the filter meet: one schedules clips, the other takes the next 20 ms to play."""

import math
import threading
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voicecramp.frames import FRAME, RATE, Samples

__all__ = ["FADE", "Interruption", "Placement", "Silenced", "Timeline"]

FADE = RATE * 30 // 1000
"""Samples from a cut to silence: 30 ms. Silent before the second frame after it is over, yet some three
periods of a man's voice long, so that a cut is heard as an ending and not as a click."""

GAIN_RAMP = RATE * 50 // 1000
"""Samples over which a new gain takes hold: 50 ms, too slow to click, too quick to be heard as a swell."""

_FADE_OUT = ((1.0 + np.cos(np.pi * np.arange(1, FADE + 1) / FADE)) / 2.0).astype(np.float64)
_LOWEST, _HIGHEST = np.iinfo(np.int16).min, np.iinfo(np.int16).max


@dataclass(frozen=True)
class Placement:
    """A clip and where on the timeline it sounds."""

    id: str
    start: int
    """The sample at which the clip's first sample leaves."""
    end: int
    """One past the clip's last sample."""


@dataclass(frozen=True)
class Interruption:
    """A clip that was cut while it sounded."""

    placement: Placement
    """Where it would have sounded, had it been let."""
    at: int
    """The sample from which it is silent."""


@dataclass(frozen=True)
class Silenced:
    """What a cut did."""

    interrupted: tuple[Interruption, ...]
    """What was sounding, in order of start."""
    dropped: tuple[Placement, ...]
    """What had not begun and now never will, in order of start."""


@dataclass(frozen=True)
class _Clip:
    placement: Placement
    samples: Samples
    fade_from: int | None = None


@dataclass(frozen=True)
class _Gain:
    """A move from one factor to another that begins at a sample and takes GAIN_RAMP."""

    before: float
    after: float
    since: int

    def at(self, first: int) -> NDArray[np.float64]:
        """Return the factors of the frame that begins at `first`; the last of a move is exactly `after`."""
        progress = np.minimum((np.arange(1, FRAME + 1) + (first - self.since)) / GAIN_RAMP, 1.0)
        return self.before * (1.0 - progress) + self.after * progress

    def settled(self, first: int) -> bool:
        return self.before == self.after or first >= self.since + GAIN_RAMP


class Timeline:
    """Clips on a timeline counted in samples, mixed 320 at a time.

    One thread may schedule while another renders: every method takes one small lock, which `render` holds
    for some tens of microseconds and the others for less. Nothing but the order of calls decides what comes
    out, so the same calls give the same samples, bit for bit.

        timeline = Timeline()
        timeline.play(clip, at=None, id="hello")
        speaker.write(timeline.render())
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._clips: list[_Clip] = []
        self._gain = _Gain(1.0, 1.0, 0)

    @property
    def now(self) -> int:
        """Samples rendered so far; the index of the next one to be rendered."""
        return self._now  # an int is read whole, no lock is needed

    def play(self, clip: Samples, at: int | None, id: str) -> Placement:  # noqa: A002 - what events call it
        """Schedule a clip, mixed with whatever else sounds then.

        Args:
            clip: int16, shape (n,), n > 0. Kept, not copied: leave it as it is.
            at: The sample at which it starts; None for the next one to be rendered. One already past is
                somebody's mistake: the clip then starts at the next one, so that no word loses its head.
            id: What to call it in what comes back.

        Returns:
            Where it really sounds.

        Raises:
            ValueError: If the clip is empty or is not mono int16.
        """
        _check(clip, id)
        with self._lock:
            return self._add(clip, self._now if at is None else max(at, self._now), id)

    def play_instead(
        self,
        others: Collection[Placement],
        clip: Samples,
        at: int,
        id: str,  # noqa: A002 - as of `play`
    ) -> Placement | None:
        """Schedule a clip in place of others that have not begun: exactly so, or not at all.

        Args:
            others: What is taken off the timeline; may be none.
            clip: As `play` takes it.
            at: The sample at which it starts.
            id: As `play` takes it.

        Returns:
            Where it sounds; None if `at` is past, or one of the others has begun or is not there: then nothing
            has changed, and it is to be planned anew from `now`.

        Raises:
            ValueError: If the clip is empty or is not mono int16.
        """
        _check(clip, id)
        with self._lock:
            coming = {one.placement for one in self._clips if one.placement.start >= self._now}
            if at < self._now or not coming.issuperset(others):
                return None
            self._clips = [one for one in self._clips if one.placement not in others]
            return self._add(clip, at, id)

    def _add(self, clip: Samples, start: int, id: str) -> Placement:  # noqa: A002
        placement = Placement(id, start, start + len(clip))
        self._clips.append(_Clip(placement, clip))
        return placement

    def cut(self) -> Silenced:
        """Fade out what sounds, over FADE from the next sample on, and drop what has not begun.

        What an earlier cut is still fading out goes on fading and is not told of again.
        """
        interrupted: list[Interruption] = []
        dropped: list[Placement] = []
        with self._lock:
            now, clips, self._clips = self._now, self._clips, []
            for clip in clips:
                if clip.placement.start >= now:
                    dropped.append(clip.placement)
                    continue
                if clip.fade_from is None:
                    interrupted.append(Interruption(clip.placement, min(now + FADE, clip.placement.end)))
                    clip = replace(clip, fade_from=now)  # noqa: PLW2901 - the same clip, now fading
                self._clips.append(clip)
        return Silenced(
            tuple(sorted(interrupted, key=lambda one: one.placement.start)),
            tuple(sorted(dropped, key=lambda one: one.start)),
        )

    def gain(self, decibels: float) -> None:
        """Set how loud everything is from the next sample on, reached over GAIN_RAMP.

        Args:
            decibels: Relative to the clips as they are; at most 0, at which they come out sample for sample.

        Raises:
            ValueError: If it is above 0 or not finite.
        """
        if not (math.isfinite(decibels) and decibels <= 0):
            raise ValueError(f"a gain must be finite and at most 0 dB, not {decibels}")
        with self._lock:
            before = float(self._gain.at(self._now - 1)[0])
            self._gain = _Gain(before, 10.0 ** (decibels / 20.0), self._now)

    def render(self) -> Samples:
        """Take the next frame for the speaker.

        Returns:
            int16, shape (FRAME,), new each time; sums beyond the range of int16 are held at its ends.
        """
        with self._lock:
            first, end = self._now, self._now + FRAME
            mix = np.zeros(FRAME, dtype=np.int32)
            for clip in self._clips:
                _mix_in(mix, first, clip)
            if not self._gain.settled(first) or self._gain.after != 1.0:
                mix = np.rint(mix * self._gain.at(first)).astype(np.int32)
            self._clips = [clip for clip in self._clips if _silent_from(clip) > end]
            self._now = end
        return np.clip(mix, _LOWEST, _HIGHEST).astype(np.int16)


def _check(clip: Samples, id: str) -> None:  # noqa: A002
    if clip.dtype != np.int16 or clip.ndim != 1 or not len(clip):
        raise ValueError(f"clip {id} must be int16 of shape (n,), n > 0, not {clip.dtype} of {clip.shape}")


def _silent_from(clip: _Clip) -> int:
    end = clip.placement.end
    return end if clip.fade_from is None else min(end, clip.fade_from + FADE)


def _mix_in(mix: NDArray[np.int32], first: int, clip: _Clip) -> None:
    """Add the part of a clip that lies in the frame that begins at `first`."""
    start = max(first, clip.placement.start)
    end = min(first + FRAME, _silent_from(clip))
    if start >= end:
        return
    origin = clip.placement.start
    part = clip.samples[start - origin : end - origin]
    if clip.fade_from is not None:
        curve = _FADE_OUT[start - clip.fade_from : end - clip.fade_from]
        mix[start - first : end - first] += np.rint(part * curve).astype(np.int32)
    else:
        mix[start - first : end - first] += part
