"""What the person has chosen, and what it makes of a hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, get_args

from voicecramp.dialogue.cues import Hold, Line
from voicecramp.dialogue.steps import HoldStep
from voicecramp.nlu import SlotValue

__all__ = ["LONGEST_HOLD", "SHORTEST_HOLD", "Counting", "Settings"]

Counting = Literal["usual", "every", "less", "none"]
"""How a hold is counted: as configured, every second, only the tens and the end, or not at all."""

SHORTEST_HOLD, LONGEST_HOLD = 30, 60
"""Seconds that a stretch is held at least and at most: the source's `hold-30-60`."""

ABOVE = 15
"""Seconds between numbers above the highest that is counted: every quarter of a minute."""

_LESS = (30, 20, 10, 5, 3, 2, 1)
"""Enough to know how long it still is, with room to breathe between."""


@dataclass(frozen=True)
class Settings:
    """How long, how often, how loud and how quickly."""

    hold: int = 30
    """Seconds of a usual hold."""
    longest: int = 60
    """Seconds of the longest hold."""
    counts: tuple[int, ...] = (30, 25, 20, 15, *range(10, 0, -1))
    """Seconds left at which the number is spoken where counting is as usual; empty for a silent hold."""
    answer: float = 6.0
    """Seconds a question waits for its answer."""
    gain: float = -6.0
    """Decibels to begin with; leaves room for "louder"."""
    pace: float = 1.0
    """How quickly it speaks; 2 is twice as fast."""
    counting: Counting = "usual"

    def with_preferences(self, preferences: Mapping[str, SlotValue]) -> "Settings":
        """Take over what was changed by voice; what is no longer a setting, or out of its range, is passed over."""
        known = {field.name for field in fields(self)}
        checks = {
            "hold": lambda value: isinstance(value, int) and SHORTEST_HOLD <= value <= LONGEST_HOLD,
            "gain": lambda value: isinstance(value, int | float) and -40 <= value <= 0,
            "pace": lambda value: isinstance(value, int | float) and 0.5 <= value <= 2,
            "counting": lambda value: value in get_args(Counting),
        }
        good = {
            name: value
            for name, value in preferences.items()
            if name in known & checks.keys() and checks[name](value)
        }
        changed: Settings = replace(self, **good)  # type: ignore[arg-type]  # checked above
        return replace(changed, longest=max(changed.longest, changed.hold))

    def length(self, step: HoldStep) -> int:
        """Seconds that a step is held from its beginning."""
        match step.hold:
            case "usual":
                return self.hold
            case "longest":
                return self.longest
            case seconds:
                return int(seconds)

    def cue(self, total: int, left: int, coaching: Sequence[Line]) -> Hold:
        """What is left of a hold of `total` seconds, with its numbers and the coaching of that part."""
        counts = set(self._numbers())
        if counts:
            # The first number is always spoken, so that it is known how long.
            counts |= {left, *range(max(counts) + ABOVE, left, ABOVE)}
        shares = [total * (1 - (index + 0.5) / len(coaching)) for index in range(len(coaching))]
        due = tuple(line for line, when in zip(coaching, shares, strict=True) if when <= left)
        return Hold(left, tuple(sorted((n for n in counts if n <= left), reverse=True)), due)

    def _numbers(self) -> tuple[int, ...]:
        match self.counting:
            case "every":
                return tuple(range(LONGEST_HOLD, 0, -1))
            case "less":
                return _LESS
            case "none":
                return ()
            case _:
                return self.counts
