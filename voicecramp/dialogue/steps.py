"""The shape of a step of guidance, and what each spoken line rests on."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from voicecramp.datafile import Some, Strict
from voicecramp.dialogue.cues import Line
from voicecramp.nlu import Intent, SlotValue

__all__ = [
    "END",
    "GONE",
    "RETURN",
    "AskStep",
    "BranchStep",
    "Condition",
    "HoldStep",
    "Id",
    "Meaning",
    "Reaction",
    "Reactions",
    "Remark",
    "RepeatStep",
    "RestStep",
    "SayStep",
    "SetStep",
    "Step",
    "StepLine",
    "TimerStep",
    "Way",
    "holds",
]

END = "end"
"""The target that ends the conversation."""

RETURN = "return"
"""The target that goes back to where an aside interrupted, or ends where it interrupted nothing."""

GONE = "gone"
"""The target for a cramp that has let go: the flow of this name, and so the episode will have ended."""

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Target = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)?$",
        description="A step of this flow, `flow/step` of another, `end`, `return`, or `gone`.",
    ),
]


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


Condition = Annotated[
    dict[
        str,
        Annotated[
            Some[SlotValue], BeforeValidator(_as_list, json_schema_input_type=SlotValue | Some[SlotValue])
        ],
    ],
    Field(
        description='Facts that must all be so, as {side: left}; a list: one of these; "": not known. Facts are what '
        "was said (side, muscle, ...), answers noted, what `set` set, and `often` and `diuretic`."
    ),
]


def holds(condition: Mapping[str, tuple[SlotValue, ...]], facts: Mapping[str, SlotValue]) -> bool:
    """Tell whether the facts meet a condition."""
    return all(facts.get(name, "") in values for name, values in condition.items())


class StepLine(Strict):
    """A line as the YAML gives it."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={"oneOf": [{"required": ["source"]}, {"required": ["beyond"]}]},
    )

    id: Id
    text: Annotated[str, Field(min_length=1)]
    others: Annotated[
        tuple[str, ...],
        Field(alias="or", description="Other wordings, taken in turn; never of an instruction or a number."),
    ] = ()
    source: Annotated[
        tuple[Id, ...] | None, Field(description="Statement ids it rests on; [] claims nothing clinical.")
    ] = None
    beyond: Annotated[str, Field(description="Why it is said although the source does not say it.")] = ""
    when: Condition = Field(default_factory=dict)

    @model_validator(mode="after")
    def _accounts_for_itself(self) -> Self:
        if (self.source is None) == (not self.beyond):
            message = f"line '{self.id}' needs either `source:` (statement ids, [] for no claim) or `beyond:` with a reason"
            raise ValueError(message)
        if braces := next((text for text in (self.text, *self.others) if "{" in text or "}" in text), None):
            message = f"nothing is filled in for braces in guidance: '{braces}'; write the words, and `when:` if they depend"
            raise ValueError(message)
        return self

    @property
    def wordings(self) -> tuple[Line, ...]:
        """The line as cues carry it, in each of its wordings; those after the first have a number in their id."""
        ids = (self.id, *(f"{self.id}-{number}" for number, _ in enumerate(self.others, start=2)))
        return tuple(
            Line(name, text, self.source or (), self.beyond)
            for name, text in zip(ids, (self.text, *self.others), strict=True)
        )

    @property
    def line(self) -> Line:
        """The line in its first wording."""
        return self.wordings[0]


class Remark(Strict):
    """An answer given inside a step that goes on: a line, and nothing changes."""

    say: StepLine


def _reaction(value: object) -> str:
    # As with steps: one complaint, about what was meant.
    return "target" if isinstance(value, str) else "remark"


Reaction = Annotated[
    Annotated[Target, Tag("target")] | Annotated[Remark, Tag("remark")], Discriminator(_reaction)
]
Reactions = Annotated[
    dict[str, Reaction], Field(description="Intents understood here, and what they lead to or are told.")
]


class SayStep(Strict):
    """Lines spoken one after another."""

    say: Some[StepLine]
    tried: Annotated[
        StepLine | None, Field(description='What is told of it on "what have I tried", once it is all said.')
    ] = None
    then: Target
    on: Reactions = Field(default_factory=dict)


class HoldStep(Strict):
    """A stretch that is counted down."""

    hold: Annotated[
        str | int,
        Field(description="Seconds, or `usual` or `longest`, which the person sets."),
    ]
    coaching: tuple[StepLine, ...] = ()
    tried: Annotated[
        StepLine | None, Field(description='What is told of it on "what have I tried", once it was held.')
    ] = None
    then: Target
    on: Reactions = Field(default_factory=dict)

    @model_validator(mode="after")
    def _length_is_known(self) -> Self:
        if not isinstance(self.hold, int) and self.hold not in {"usual", "longest"}:
            message = f"hold is '{self.hold}', expected `usual`, `longest` or a number of seconds"
            raise ValueError(message)
        if isinstance(self.hold, int) and self.hold < 1:
            message = f"hold is {self.hold}, expected at least one second"
            raise ValueError(message)
        return self


class RestStep(Strict):
    """Silence, in which everything is heard."""

    rest: Annotated[float, Field(gt=0, le=600, description="Seconds.")]
    then: Target
    on: Reactions = Field(default_factory=dict)


_Answer = Literal["Yes", "No", "DontKnow"]


class Meaning(Strict):
    """What an intent answers, if these were its slots."""

    when: Condition
    answer: Annotated[_Answer, Field(alias="as")]


class AskStep(Strict):
    """A question, and what its answers lead to."""

    ask: StepLine
    answers: Annotated[dict[str, Target], Field(min_length=1)]
    means: Annotated[
        dict[str, _Answer | Meaning],
        Field(
            description='Other intents that answer it, and as what: `Correct`, "the left one", as `Yes`; or '
            "`{when: {side: left}, as: Yes}`, only with these slots."
        ),
    ] = Field(default_factory=dict)
    silence: Annotated[
        Target, Field(description="Where silence leads, after the question was asked `times`.")
    ]
    times: Annotated[
        int, Field(ge=1, le=3, description="How often it is put before silence is the answer.")
    ] = 2
    wait: Annotated[
        float | None,
        Field(gt=0, le=600, description="Seconds an answer is waited for; else the configured ones."),
    ] = None
    note: Annotated[
        Id | None,
        Field(description="The fact that the answer becomes: yes, no or unsure; the diary keeps it."),
    ] = None
    choices: Annotated[
        StepLine | None,
        Field(description="What can be said, told when an answer was not understood; not for yes or no."),
    ] = None
    on: Reactions = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if self.choices is None and not {"Yes", "No"} <= self.answers.keys():
            message = "a question that Yes and No do not answer needs `choices:`, what can be said"
            raise ValueError(message)
        means = (one.answer if isinstance(one, Meaning) else one for one in self.means.values())
        if lost := [answer for answer in means if answer not in self.answers]:
            message = f"`means:` has '{lost[0]}', which `answers:` lacks"
            raise ValueError(message)
        return self

    def meant(self, intent: Intent) -> Intent:
        """Return the answer that an intent stands for here; itself where it stands for none."""
        match self.means.get(intent.name):
            case Meaning() as meaning:
                return Intent(meaning.answer) if holds(meaning.when, intent.slots) else intent
            case None:
                return intent
            case answer:
                return Intent(answer)


class Way(Strict):
    """One way on, and when it is taken."""

    when: Condition
    then: Target


class BranchStep(Strict):
    """The first way whose condition holds; silent."""

    branch: Some[Way]
    then: Annotated[Target, Field(description="Where it goes when none holds.")]


class RepeatStep(Strict):
    """Back to an earlier step, until what lies between was done so many times; silent."""

    repeat: Target
    times: Annotated[int, Field(ge=2, le=20, description="How often in all, the first time included.")]
    then: Target


class SetStep(Strict):
    """Facts that are so from here on; silent."""

    set: Annotated[dict[str, SlotValue], Field(min_length=1)]
    then: Target


class TimerStep(Strict):
    """Starts a timer that runs beside everything else; silent."""

    timer: Annotated[str, Field(description="Its name, as in the list `timer` of _common.yaml.")]
    minutes: Annotated[int, Field(ge=1, le=120)]
    then: Target


_KINDS = ("say", "hold", "rest", "ask", "branch", "repeat", "set", "timer")


def _kind(step: object) -> str | None:
    # Names the one kind that is meant, so that a broken step gets one complaint and not eight.
    if isinstance(step, dict):
        return next((kind for kind in _KINDS if kind in step), None)
    fields = getattr(type(step), "__annotations__", ())  # what is not one of the classes above has none
    return next((kind for kind in _KINDS if kind in fields), None)


Step = Annotated[
    Annotated[SayStep, Tag("say")]
    | Annotated[HoldStep, Tag("hold")]
    | Annotated[RestStep, Tag("rest")]
    | Annotated[AskStep, Tag("ask")]
    | Annotated[BranchStep, Tag("branch")]
    | Annotated[RepeatStep, Tag("repeat")]
    | Annotated[SetStep, Tag("set")]
    | Annotated[TimerStep, Tag("timer")],
    Discriminator(
        _kind,
        custom_error_type="step",
        custom_error_message=f"a step with one of {', '.join(f'`{kind}`' for kind in _KINDS)}",
    ),
]
