"""What a sentence was understood to mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Intent", "SlotValue", "Unsure"]

SlotValue = str | int | float


@dataclass(frozen=True)
class Intent:
    """One thing a person may want."""

    name: str
    """As in the sentence files: `Cramp`, `Stop`, `No`."""
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    """`{"side": "left"}`; only those that were said."""
    score: float = 100.0
    """0 to 100: how near the text is to a sentence of the templates; 100 is exact."""
    text: str = ""
    """The sentence it was matched to."""


@dataclass(frozen=True)
class Unsure:
    """Near enough to something to ask, too far to act on."""

    best: Intent
    """What to ask about: "Did you say ...?"."""
    reason: str
    """For the log: a weak match, or a tie and with what."""
    contrary: bool = False
    """What was said may mean the opposite: a word that decides was added or lost, or what is urgent was denied."""
