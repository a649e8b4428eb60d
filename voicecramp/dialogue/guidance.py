"""The shape of a guidance file: a flow of steps."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from voicecramp.datafile import Strict
from voicecramp.dialogue.steps import (
    AskStep,
    BranchStep,
    HoldStep,
    Id,
    Reaction,
    Reactions,
    Remark,
    RepeatStep,
    RestStep,
    SayStep,
    SetStep,
    Step,
    StepLine,
)
from voicecramp.nlu import SlotValue

__all__ = ["Flow"]


class Flow(Strict):
    """One piece of guidance."""

    flow: Id
    starts: Annotated[
        str, Field(description="The intent that starts it from anywhere; none: others lead to it.")
    ] = ""
    when: Annotated[
        dict[str, SlotValue],
        Field(description="Slots with which it does; the flow without is for all others."),
    ] = Field(default_factory=dict)
    examples: Annotated[
        tuple[str, ...], Field(description="Some of what people say to start it; sentences/ has the rest.")
    ] = ()
    first: Id
    aside: Annotated[bool, Field(description="Returns to what it interrupted.")] = False
    urgent: Annotated[bool, Field(description="Interrupts other asides as well, and is never put off.")] = (
        False
    )
    put_off: Annotated[
        Remark | None,
        Field(description="What an urgent flow tells whoever asks for something that has to wait."),
    ] = None
    episode: Annotated[bool, Field(description="A cramp goes on here; the diary notes it.")] = False
    on: Reactions = Field(default_factory=dict)
    steps: Annotated[dict[Id, Step], Field(min_length=1)]

    def reactions(self) -> Iterator[tuple[str, Reaction]]:
        """Every reaction of the flow and its steps, with the name of where it stands."""
        yield from ((f"on.{intent}", reaction) for intent, reaction in self.on.items())
        for name, step in self.steps.items():
            if isinstance(step, SayStep | HoldStep | RestStep | AskStep):
                yield from ((f"steps.{name}.on.{intent}", reaction) for intent, reaction in step.on.items())

    def lines(self) -> Iterator[StepLine]:
        """Every line of the flow, in the order of the file."""
        for step in self.steps.values():
            match step:
                case SayStep():
                    yield from step.say
                case HoldStep():
                    yield from step.coaching
                case AskStep():
                    yield step.ask
                    yield from [step.choices] if step.choices else []
            if isinstance(step, SayStep | HoldStep) and step.tried:
                yield step.tried
        yield from [self.put_off.say] if self.put_off else []
        yield from (reaction.say for _, reaction in self.reactions() if isinstance(reaction, Remark))

    def targets(self) -> Iterator[tuple[str, str]]:
        """Every place a step or reaction leads to, with the name of what leads there."""
        yield from ((where, to) for where, to in self.reactions() if isinstance(to, str))
        for name, step in self.steps.items():
            match step:
                case AskStep():
                    yield f"steps.{name}.silence", step.silence
                    yield from ((f"steps.{name}.answers.{intent}", to) for intent, to in step.answers.items())
                case BranchStep():
                    yield from ((f"steps.{name}.branch[{i}]", way.then) for i, way in enumerate(step.branch))
                    yield f"steps.{name}.then", step.then
                case RepeatStep():
                    yield f"steps.{name}.repeat", step.repeat
                    yield f"steps.{name}.then", step.then
                case _:
                    yield f"steps.{name}.then", step.then

    @property
    def noted(self) -> frozenset[str]:
        """The facts that the questions of this flow note."""
        return frozenset(step.note for step in self.steps.values() if isinstance(step, AskStep) and step.note)

    @property
    def lasting(self) -> frozenset[str]:
        """The facts that outlast a conversation: answers, to tell again what they mean, and what an urgent flow sets."""
        steps = (step for step in self.steps.values() if isinstance(step, SetStep) and self.urgent)
        return self.noted.union(*(step.set for step in steps))
