"""The conversation: a small state machine that walks through guidance written as data.

It knows no audio and no clock. The pipeline tells it what was heard, and when all its cues have played out.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from voicecramp.dialogue.content import Content
from voicecramp.dialogue.cues import Cue, Cut, Gain, Insert, Line, Listen, Say
from voicecramp.dialogue.guidance import END, RETURN, AskStep, Flow, HoldStep, Remark, SayStep, Step
from voicecramp.dialogue.settings import Settings
from voicecramp.nlu import Intent, SlotValue, Unsure

__all__ = ["Dialogue", "State"]

PAUSE_SECONDS = 300.0
"""How long a pause waits for "carry on" before the conversation ends: long enough to fetch ice and come back."""

GAIN_STEP = 6.0
"""Decibels for one "louder" or "quieter": plainly heard, and two of them are not yet a shout."""

ASKED_AT_MOST = 2
"""How often a question is put before silence counts as its answer: once more, in case it was not heard."""

QUIETEST = -30.0
"""Decibels below which speech is lost beside a fan; "quieter" stops here."""


class State(StrEnum):
    """What kind of moment the conversation is in; decides which sentences are listened for."""

    IDLE = "idle"
    GUIDING = "guiding"
    HOLDING = "holding"
    ASKING = "asking"
    PAUSED = "paused"


@dataclass(frozen=True)
class _Place:
    """Where in the guidance the conversation is."""

    flow: Flow
    name: str
    left: int
    """Seconds of the hold still to do from here; 0 where the step is no hold."""
    asked: int = 0
    """How often the question of this step has been asked."""

    @property
    def step(self) -> Step:
        return self.flow.steps[self.name]


Cues = tuple[Cue, ...]


class Dialogue:
    """One person's conversation.

    `heard` and `done` return the cues to play next. Cues follow what is still playing unless they begin
    with `Cut`. No sequence of calls raises or holds longer than the guidance says.
    """

    def __init__(self, content: Content, settings: Settings) -> None:
        self._content = content
        self._settings = settings
        self._gain = settings.gain
        self._place: _Place | None = None
        self._instruction: _Place | None = None  # the last step that said what to do, for "repeat" in a hold
        self._interrupted: _Place | None = None  # where an aside goes back to
        self._paused = False
        self._doubtful: Intent | None = None  # "Did you say ...?" has been asked about this
        self._slots: Mapping[str, SlotValue] = {}

    @property
    def state(self) -> State:
        """What kind of moment this is."""
        if self._paused:
            return State.PAUSED
        if self._doubtful:
            return State.ASKING
        if self._place is None:
            return State.IDLE
        match self._place.step:
            case HoldStep():
                return State.HOLDING
            case AskStep():
                return State.ASKING
        return State.GUIDING

    @property
    def position(self) -> str:
        """The state, and inside guidance the flow and step: `holding calf/hold-first`."""
        return f"{self.state} {self._place.flow.flow}/{self._place.name}" if self._place else str(self.state)

    def lines(self) -> Iterator[Line]:
        """Every line it can ever say, but for the questions about what was perhaps said."""
        wording = self._content.wording
        for flow in self._content.flows.values():
            yield from (entry.line for entry in flow.lines())
        for name in ("ready", "paused", "stretch_again", "loudest", "quietest"):
            yield wording.line(name)
        for seconds in range(1, self.longest_hold + 1):
            yield wording.line("seconds_left", n=seconds)
        yield wording.line("hold_length", n=self._settings.hold)

    def doubt(self, label: str) -> Line:
        """The question whether `label` was said."""
        return self._content.wording.line("did_you_say", label=label)

    def begin(self) -> Cues:
        """What to set before anything is said."""
        return (Gain(self._gain),)

    def greet(self) -> Cues:
        """The first words, said when it begins to listen."""
        return (Say(self._content.wording.line("ready")),)

    def heard(self, intent: Intent, held: float = 0.0) -> Cues:
        """Act on what was understood.

        Args:
            intent: What the person wants.
            held: Seconds of the running hold that have been done; 0 where none runs.
        """
        doubtful, self._doubtful = self._doubtful, None
        here = self._remaining(held)
        if doubtful and intent.name == "Yes":
            return self.heard(doubtful, held)
        if doubtful and intent.name == "No":
            return () if self._holding else self._resume(here)
        flow = self._content.started_by(intent)
        if flow:
            return self._start(flow, intent, here)
        command = _COMMANDS.get(intent.name)
        return command(self, here) if command else self._react(intent, here)

    def doubted(self, unsure: Unsure, label: str) -> Cues:
        """Ask whether this is what was said; a running hold goes on meanwhile."""
        if self._paused:
            return ()
        self._doubtful = unsure.best
        line = self.doubt(label)
        if self._holding:
            return (Insert(line),)
        return (Cut(), Say(line), Listen(self._settings.answer))

    def done(self) -> Cues:
        """All cues have played out and, after `Listen`, nothing was answered."""
        if self._paused:
            return self._end()
        if self._doubtful:
            self._doubtful = None
            if not self._holding:
                return self._resume(self._place)
        if self._place is None:
            return ()
        match self._place.step:
            case AskStep() as step:
                if self._place.asked < ASKED_AT_MOST:
                    return self._ask(self._place, step)
                return self._go(step.silence, self._place)
            case step:
                return self._go(step.then, self._place)

    # -- moving through the guidance

    @property
    def _holding(self) -> bool:
        """Whether a hold is being counted, whatever else is being asked meanwhile."""
        return not self._paused and self._place is not None and isinstance(self._place.step, HoldStep)

    def _remaining(self, held: float) -> _Place | None:
        """This place, with what is left of its hold; whole seconds, rounded so that nothing is held too long."""
        if self._place is None or not self._holding:
            return self._place
        return replace(self._place, left=max(0, math.floor(self._place.left - held)))

    def _start(self, flow: Flow, intent: Intent, here: _Place | None) -> Cues:
        if here and here.flow.urgent and not flow.urgent:
            return ()  # first things first: nothing puts off sitting down when faint
        if not flow.aside:
            self._interrupted = None
            self._slots = intent.slots
        elif here and not here.flow.aside:
            self._interrupted = here
        self._paused = False
        return (Cut(), *self._enter(flow, flow.first))

    def _go(self, target: str, here: _Place) -> Cues:
        """Follow `target`, as it is named in the flow of `here`."""
        if target == END:
            return self._end()
        if target == RETURN:
            back, self._interrupted = self._interrupted, None
            return self._resume(back)
        other, _, name = target.rpartition("/")
        return self._enter(self._content.flows[other] if other else here.flow, name)

    def _enter(self, flow: Flow, name: str) -> Cues:
        step = flow.steps[name]
        return self._play(
            _Place(flow, name, self._settings.length(step) if isinstance(step, HoldStep) else 0)
        )

    def _play(self, place: _Place) -> Cues:
        """Make `place` current and perform its step from the beginning, or the rest of its hold."""
        self._place = place
        match place.step:
            case SayStep() as step:
                self._instruction = place
                return tuple(Say(line) for line in self._spoken(step))
            case HoldStep() as step:
                return (self._settings.cue(step, place.left),) if place.left else self._go(step.then, place)
            case AskStep() as step:
                return self._ask(replace(place, asked=0), step)

    def _ask(self, place: _Place, step: AskStep) -> Cues:
        self._place = replace(place, asked=place.asked + 1)
        return (Say(step.ask.line), Listen(step.wait or self._settings.answer))

    def _resume(self, place: _Place | None) -> Cues:
        """Go back to where the conversation was interrupted."""
        if place is None:
            return self._end()
        cues = self._play(place)
        if isinstance(place.step, HoldStep) and place.left:
            return (Say(self._content.wording.line("stretch_again")), *cues)
        return cues

    def _end(self) -> Cues:
        self._place = self._instruction = self._interrupted = self._doubtful = None
        self._paused = False
        return ()

    def _react(self, intent: Intent, here: _Place | None) -> Cues:
        """What the step, or else the flow, makes of an intent; nothing, where neither expects it."""
        if here is None:
            return ()
        answers = here.step.answers if isinstance(here.step, AskStep) else {}
        reaction = answers.get(intent.name) or here.step.on.get(intent.name) or here.flow.on.get(intent.name)
        back = self._interrupted
        if reaction is None and back and not here.flow.urgent:
            # "It's gone", said into an aside, is about what the aside interrupted.
            reaction, here, self._interrupted = back.flow.on.get(intent.name), back, None
        if reaction is None:
            return ()
        if isinstance(reaction, Remark):
            if self._holding:
                return (Insert(reaction.say.line),)
            self._paused = False
            return (Cut(), Say(reaction.say.line), *self._play(here))
        self._paused = False
        return (Cut(), *self._go(reaction, here))

    # -- what the steps hold

    def _spoken(self, step: SayStep) -> tuple[Line, ...]:
        """The lines of a step that fit the slots heard."""
        return tuple(
            entry.line for entry in step.say if all(self._slots.get(k) == v for k, v in entry.when.items())
        )

    @property
    def longest_hold(self) -> int:
        """Seconds of the longest hold of any guidance, which is also the highest number counted."""
        steps = (step for flow in self._content.flows.values() for step in flow.steps.values())
        return max((self._settings.length(step) for step in steps if isinstance(step, HoldStep)), default=1)

    # -- commands that mean the same everywhere

    def _stop(self, here: _Place | None) -> Cues:
        return (Cut(), *self._end()) if here or self._paused else ()

    def _pause(self, here: _Place | None) -> Cues:
        if here is None or self._paused:
            return ()
        self._place, self._paused = here, True
        return (Cut(), Say(self._content.wording.line("paused")), Listen(PAUSE_SECONDS))

    def _carry_on(self, here: _Place | None) -> Cues:
        if not self._paused:
            return ()
        self._paused = False
        return (Cut(), *self._resume(here))

    def _repeat(self, here: _Place | None) -> Cues:
        if here is None:
            return ()
        self._paused = False
        again: Cues = ()
        if (
            isinstance(here.step, HoldStep)
            and self._instruction
            and isinstance(self._instruction.step, SayStep)
        ):
            again = tuple(Say(line) for line in self._spoken(self._instruction.step))
        return (Cut(), *again, *self._play(here))

    def _skip(self, here: _Place | None) -> Cues:
        if here is None:
            return ()
        self._paused = False
        step = here.step
        return (Cut(), *self._go(step.silence if isinstance(step, AskStep) else step.then, here))

    def _how_long(self, here: _Place | None) -> Cues:
        if here is None or here.flow.aside:
            return ()
        if not isinstance(here.step, HoldStep):
            self._paused = False
            return (
                Cut(),
                Say(self._content.wording.line("hold_length", n=self._settings.hold)),
                *self._play(here),
            )
        left = self._content.wording.line("seconds_left", n=max(1, here.left))
        return (Cut(), Say(left), Listen(PAUSE_SECONDS)) if self._paused else (Insert(left),)

    def _louder(self, here: _Place | None) -> Cues:
        return self._change_gain(GAIN_STEP, "loudest", here)

    def _quieter(self, here: _Place | None) -> Cues:
        return self._change_gain(-GAIN_STEP, "quietest", here)

    def _change_gain(self, step: float, limit: str, here: _Place | None) -> Cues:
        before, self._gain = self._gain, min(0.0, max(QUIETEST, self._gain + step))
        if self._gain != before or here is None or self._paused:
            return (Gain(self._gain),)
        line = self._content.wording.line(limit)
        return (Insert(line),) if self._holding else (Cut(), Say(line), *self._play(here))


_COMMANDS: Mapping[str, Callable[[Dialogue, _Place | None], Cues]] = {
    "Stop": Dialogue._stop,
    "Pause": Dialogue._pause,
    "CarryOn": Dialogue._carry_on,
    "Repeat": Dialogue._repeat,
    "Skip": Dialogue._skip,
    "HowLong": Dialogue._how_long,
    "Louder": Dialogue._louder,
    "Quieter": Dialogue._quieter,
}
