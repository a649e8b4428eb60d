"""The shape of guidance files: flows of steps that say, hold or ask, and what each line rests on."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Discriminator, Field, RootModel, Tag, model_validator

from voicecramp.datafile import Some, Strict
from voicecramp.dialogue.cues import Line
from voicecramp.nlu import SlotValue

__all__ = [
    "END",
    "RETURN",
    "AskStep",
    "Flow",
    "HoldStep",
    "Remark",
    "SayStep",
    "Statement",
    "Statements",
    "Step",
    "Wording",
]

END = "end"
"""The step name that ends the conversation."""

RETURN = "return"
"""The step name that goes back to where an aside interrupted, or ends where it interrupted nothing."""

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Target = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)?$",
        description="A step of this flow, `flow/step` of another, `end`, or `return`.",
    ),
]


class StepLine(Strict):
    """A line as the YAML gives it."""

    id: Id
    text: Annotated[str, Field(min_length=1)]
    source: Annotated[
        tuple[Id, ...] | None, Field(description="Statement ids it rests on; [] claims nothing clinical.")
    ] = None
    beyond: Annotated[str, Field(description="Why it is said although the source does not say it.")] = ""
    when: Annotated[
        dict[str, SlotValue], Field(description="Said only when these slots were heard, as {side: left}.")
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _accounts_for_itself(self) -> Self:
        if (self.source is None) == (not self.beyond):
            message = f"line '{self.id}' needs either `source:` (statement ids, [] for no claim) or `beyond:` with a reason"
            raise ValueError(message)
        return self

    @property
    def line(self) -> Line:
        """The line as a cue carries it."""
        return Line(self.id, self.text, self.source or (), self.beyond)


class Remark(Strict):
    """An answer given inside a step that goes on: a line, and nothing changes."""

    say: StepLine


Reaction = Target | Remark


class SayStep(Strict):
    """Lines spoken one after another."""

    say: Some[StepLine]
    then: Target
    on: Annotated[
        dict[str, Reaction], Field(description="Intents understood here besides the flow's own.")
    ] = Field(default_factory=dict)


class HoldStep(Strict):
    """A stretch that is counted down."""

    hold: Annotated[
        str | int,
        Field(description="Seconds, or `usual` or `longest`, which the configuration sets."),
    ]
    coaching: tuple[StepLine, ...] = ()
    then: Target
    on: dict[str, Reaction] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _length_is_known(self) -> Self:
        if not isinstance(self.hold, int) and self.hold not in {"usual", "longest"}:
            message = f"hold is '{self.hold}', expected `usual`, `longest` or a number of seconds"
            raise ValueError(message)
        return self


class AskStep(Strict):
    """A question, and what its answers lead to."""

    ask: StepLine
    answers: Annotated[dict[str, Target], Field(min_length=1)]
    silence: Annotated[Target, Field(description="Where silence leads, after the question was asked twice.")]
    wait: Annotated[
        float | None,
        Field(gt=0, le=600, description="Seconds an answer is waited for; else the configured ones."),
    ] = None
    on: dict[str, Reaction] = Field(default_factory=dict)


def _kind(step: object) -> str | None:
    # Names the one kind that is meant, so that a broken step gets one complaint and not three.
    if isinstance(step, dict):
        return next((kind for kind in ("say", "hold", "ask") if kind in step), None)
    return next((kind for kind in ("say", "hold", "ask") if hasattr(step, kind)), None)


Step = Annotated[
    Annotated[SayStep, Tag("say")] | Annotated[HoldStep, Tag("hold")] | Annotated[AskStep, Tag("ask")],
    Discriminator(
        _kind,
        custom_error_type="step",
        custom_error_message="a step has one of `say`, `hold` or `ask`",
    ),
]


class Flow(Strict):
    """One piece of guidance."""

    flow: Id
    starts: Annotated[str, Field(description="The intent that starts it from anywhere.")]
    when: Annotated[
        dict[str, SlotValue],
        Field(description="Slots with which it does; the flow without is for all others."),
    ] = Field(default_factory=dict)
    first: Id
    aside: Annotated[bool, Field(description="Returns to what it interrupted.")] = False
    urgent: Annotated[bool, Field(description="Interrupts other asides as well, and is never put off.")] = (
        False
    )
    on: dict[str, Reaction] = Field(default_factory=dict)
    steps: Annotated[dict[Id, Step], Field(min_length=1)]

    def lines(self) -> Iterator[StepLine]:
        """Every line of the flow, in the order of the file."""
        reactions = list(self.on.values())
        for step in self.steps.values():
            match step:
                case SayStep():
                    yield from step.say
                case HoldStep():
                    yield from step.coaching
                case AskStep():
                    yield step.ask
            reactions += step.on.values()
        yield from (reaction.say for reaction in reactions if isinstance(reaction, Remark))

    def targets(self) -> Iterator[tuple[str, str]]:
        """Every place a step or reaction leads to, with the name of what leads there."""
        for intent, reaction in self.on.items():
            if isinstance(reaction, str):
                yield f"on.{intent}", reaction
        for name, step in self.steps.items():
            for intent, reaction in step.on.items():
                if isinstance(reaction, str):
                    yield f"steps.{name}.on.{intent}", reaction
            if isinstance(step, AskStep):
                yield f"steps.{name}.silence", step.silence
                for intent, target in step.answers.items():
                    yield f"steps.{name}.answers.{intent}", target
            else:
                yield f"steps.{name}.then", step.then


class WordingLine(Strict):
    """What the assistant says about the conversation itself."""

    text: Annotated[str, Field(min_length=1)]
    source: tuple[Id, ...] = ()


class Wording(Strict):
    """The lines that belong to no flow. `{n}` stands for a number, `{label}` for what was perhaps said."""

    ready: WordingLine
    did_you_say: WordingLine
    paused: WordingLine
    stretch_again: WordingLine
    seconds_left: WordingLine
    hold_length: WordingLine
    loudest: WordingLine
    quietest: WordingLine

    def line(self, name: str, **values: SlotValue) -> Line:
        """Return the named line with its placeholders filled; the values become part of its id."""
        entry: WordingLine = getattr(self, name)
        suffix = "".join(f"-{str(value).replace(' ', '-')}" for value in values.values())
        return Line(name.replace("_", "-") + suffix, entry.text.format(**values), entry.source)


class Statement(Strict):
    """One thing the clinical source says."""

    refs: tuple[int, ...]
    says: str


class Statements(RootModel[dict[str, dict[Id, Statement]]]):
    """The clinical source, by heading."""
