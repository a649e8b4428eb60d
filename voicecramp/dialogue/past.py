"""What the dialogue asks of the past, whoever has kept it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from voicecramp.dialogue.records import Record

__all__ = ["Blank", "LastCramp", "Memory", "PartOfDay", "Past", "RunningTimer"]

PartOfDay = Literal["night", "morning", "afternoon", "evening"]
"""From midnight, 6, 12 and 18 o'clock on, by the clock on the wall."""


@dataclass(frozen=True)
class LastCramp:
    """When the last cramp was."""

    days: int
    """Nights between then and now by the calendar: 0 is today, 1 yesterday."""
    part: PartOfDay


@dataclass(frozen=True)
class RunningTimer:
    """A timer that was set and has not rung."""

    name: str
    due: float
    """Stream seconds at which it rings; 0 or less where that was while the assistant was off."""


class Past(Protocol):
    """Answers about what was kept. None of them raises: what cannot be read is told elsewhere and counts as nothing.

    `t` is stream time in seconds, the only clock the dialogue knows.
    """

    @property
    def keeping(self) -> bool:
        """Whether cramps, answers and notes are kept at all."""

    def cramps(self, t: float) -> int:
        """How many cramps began in the seven days before `t`."""

    def last(self, t: float) -> LastCramp | None:
        """The last cramp that began before the one that is going on."""

    def facts(self, t: float) -> Mapping[str, str]:
        """What guidance may depend on: `often: "yes"` from five cramps in seven days, `diuretic: "yes"`, once named."""

    def preferences(self) -> Mapping[str, str | int | float]:
        """Settings changed by voice, by the name of the field of `Settings`."""

    def timers(self) -> Sequence[RunningTimer]:
        """The timers that run as the stream begins."""


class Memory(Past, Protocol):
    """Whoever keeps what conversations leave behind."""

    def record(self, record: Record, t: float) -> None:
        """Keep something of stream second `t`; VoiceCrampError if it cannot be kept."""


class Blank:
    """A memory that keeps nothing."""

    keeping = False

    def record(self, record: Record, t: float) -> None:
        """Forget it."""

    def cramps(self, t: float) -> int:  # noqa: ARG002 - a protocol's
        """None."""
        return 0

    def last(self, t: float) -> LastCramp | None:  # noqa: ARG002
        """None."""
        return None

    def facts(self, t: float) -> Mapping[str, str]:  # noqa: ARG002
        """None."""
        return {}

    def preferences(self) -> Mapping[str, str | int | float]:
        """None."""
        return {}

    def timers(self) -> Sequence[RunningTimer]:
        """None."""
        return ()
