"""What the person has chosen, and what it makes of a hold."""

from dataclasses import dataclass

from voicecramp.dialogue.cues import Hold
from voicecramp.dialogue.guidance import HoldStep

__all__ = ["Settings"]

ABOVE = 15
"""Seconds between numbers above the highest that is counted: every quarter of a minute."""


@dataclass(frozen=True)
class Settings:
    """How long, how often and how loud."""

    hold: int = 30
    """Seconds of a usual hold."""
    longest: int = 60
    """Seconds of the longest hold."""
    counts: tuple[int, ...] = (30, 25, 20, 15, *range(10, 0, -1))
    """Seconds left at which the number is spoken; empty for a silent hold."""
    answer: float = 6.0
    """Seconds a question waits for its answer."""
    gain: float = -6.0
    """Decibels to begin with; leaves room for "louder"."""

    def length(self, step: HoldStep) -> int:
        """Seconds that a step is held from its beginning."""
        match step.hold:
            case "usual":
                return self.hold
            case "longest":
                return self.longest
            case seconds:
                return int(seconds)

    def cue(self, step: HoldStep, left: int) -> Hold:
        """What is left of a hold, with its numbers and the coaching of that part."""
        counts = set(self.counts)
        if counts:
            # The first number is always spoken, so that it is known how long.
            counts |= {left, *range(max(counts) + ABOVE, left, ABOVE)}
        total, lines = self.length(step), len(step.coaching)
        shares = [total * (1 - (index + 0.5) / lines) for index in range(lines)]
        coaching = tuple(entry.line for entry, due in zip(step.coaching, shares, strict=True) if due <= left)
        return Hold(left, tuple(sorted((n for n in counts if n <= left), reverse=True)), coaching)
