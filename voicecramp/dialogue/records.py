"""What a conversation leaves behind. The dialogue tells it as it happens; whoever keeps it decides how."""

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Answered",
    "Corrected",
    "Ending",
    "EpisodeBegan",
    "EpisodeEnded",
    "Held",
    "Noted",
    "Preferred",
    "Record",
    "TimerGone",
    "TimerSet",
]

Ending = Literal["gone", "stopped", "unresolved"]
"""How a cramp's episode ended: it let go; the person stopped; the guidance ran out, or nobody answered."""


@dataclass(frozen=True)
class EpisodeBegan:
    """Somebody has a cramp."""

    muscle: str
    """As in the list of `_common.yaml`: `calf`, `leg` (which muscle was not said), ..."""
    side: str
    """`left`, `right`, `both`; empty where it was not said."""


@dataclass(frozen=True)
class Corrected:
    """It is another muscle, or another leg, than was understood."""

    muscle: str
    side: str


@dataclass(frozen=True)
class Held:
    """A stretch was held, to its end or until it was let go."""

    step: str
    """`flow/step` of the guidance."""
    seconds: int
    """How long it was really held; more than 0."""


@dataclass(frozen=True)
class EpisodeEnded:
    """The cramp is over, or it is no longer talked about."""

    how: Ending


@dataclass(frozen=True)
class Answered:
    """A question that the guidance notes was answered."""

    question: str
    """The name under which the guidance notes it: `swollen`."""
    answer: str
    """`yes`, `no` or `unsure`."""


@dataclass(frozen=True)
class Noted:
    """Something the person wants written down."""

    text: str


@dataclass(frozen=True)
class Preferred:
    """A setting changed by voice, to be remembered."""

    name: str
    """A field of `Settings`."""
    value: str | int | float


@dataclass(frozen=True)
class TimerSet:
    """A timer began to run; one of the same name is replaced."""

    name: str
    seconds: int


@dataclass(frozen=True)
class TimerGone:
    """A timer rang or was cancelled."""

    name: str


Record = EpisodeBegan | Corrected | Held | EpisodeEnded | Answered | Noted | Preferred | TimerSet | TimerGone
