"""What kind of moment it is, and how far a step of the guidance has been gone through."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from voicecramp.dialogue.cues import Line
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.steps import HoldStep, SayStep, Step

__all__ = ["BRIEF", "Place", "State", "is_brief"]

BRIEF = 12
"""Words that may be spoken inside a hold without interrupting it: about five seconds."""


class State(StrEnum):
    """What kind of moment the conversation is in; decides which sentences are listened for."""

    IDLE = "idle"
    GUIDING = "guiding"
    HOLDING = "holding"
    ASKING = "asking"
    PAUSED = "paused"


@dataclass(frozen=True)
class Place:
    """A step of the guidance, and how far it has been gone through."""

    flow: Flow
    name: str
    total: int = 0
    """Seconds of the whole hold; 0 where the step is no hold."""
    left: int = 0
    """Seconds of the hold still to do from here."""
    held: float = 0.0
    """Seconds of it that were really held so far."""
    asked: int = 0
    """How often the question of this step has been asked."""
    missed: int = 0
    """How often an answer to it was not understood."""
    ahead: str = ""
    """The intent, if one was told in the last seconds of the hold, that answers the question which follows it."""
    paused: bool = False
    """Whether it waits for "carry on"."""

    @property
    def step(self) -> Step:
        """The step itself."""
        return self.flow.steps[self.name]

    @property
    def tried(self) -> Line | None:
        """What is told of the step on "what have I tried"."""
        step = self.step
        return step.tried.line if isinstance(step, SayStep | HoldStep) and step.tried else None

    @property
    def seconds(self) -> int:
        """Whole seconds of it that were really held."""
        return math.floor(self.held)


def is_brief(lines: Iterable[Line]) -> bool:
    """Whether lines can be spoken inside a hold."""
    return sum(len(line.text.split()) for line in lines) <= BRIEF
