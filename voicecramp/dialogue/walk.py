"""Where the conversation is in the guidance, and every step it can take from there."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from voicecramp.dialogue.content import Content
from voicecramp.dialogue.cues import Answer, Cue, Cut, Hold, Keep, Line, Listen, Say
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.past import Past
from voicecramp.dialogue.place import Place, State, is_brief
from voicecramp.dialogue.recall import Tried
from voicecramp.dialogue.records import Answered, Corrected, Ending, EpisodeBegan, EpisodeEnded, Held
from voicecramp.dialogue.settings import Settings
from voicecramp.dialogue.steps import (
    END,
    GONE,
    RETURN,
    AskStep,
    BranchStep,
    HoldStep,
    RepeatStep,
    RestStep,
    SayStep,
    SetStep,
    StepLine,
    TimerStep,
    holds,
)
from voicecramp.dialogue.timers import Timers
from voicecramp.nlu import SlotValue

__all__ = ["PAUSE_SECONDS", "Cues", "Walk"]

PAUSE_SECONDS = 300.0
"""How long a pause waits for "carry on" before the conversation ends: long enough to fetch ice and come back."""

REMEMBERED = 3600.0
"""Seconds for which answers, and that somebody felt faint, count after a conversation: as long as it is one night's
trouble; tomorrow's is another."""

Cues = tuple[Cue, ...]


class Walk:
    """One person's way through the guidance. Every move returns the cues that perform it."""

    def __init__(self, content: Content, settings: Settings, past: Past, timers: Timers) -> None:
        self.settings = settings
        self.t = 0.0
        """Stream time in seconds, as of the last turn."""
        self.place: Place | None = None
        self.interrupted: tuple[Place, ...] = ()
        """Where an aside goes back to."""
        self.instructions: dict[str, Place] = {}
        """For each flow the last step that said what to do, for "repeat" in a hold."""
        self.tried = Tried(content.wording)
        self.facts: Mapping[str, SlotValue] = {}
        """What was said, answered and set since the conversation began, and what lasts of the one before."""
        self._content = content
        self._past = past
        self._timers = timers
        self._ended = 0.0  # stream time at which the last conversation ended
        self._ending: Ending | None = None  # how the episode that goes on would end if it ended now
        self._limb_before: Mapping[str, SlotValue] = {}  # muscle and side of the last episode, as far as said
        self._rounds: Counter[tuple[str, str]] = Counter()  # of every repeat step under way
        self._ahead = ""  # what answers the next question before it is put
        self._answers = frozenset(name for flow in content.flows.values() for name in flow.noted)
        self._spoken: Counter[str] = Counter()  # how often a line with several wordings was said

    @property
    def state(self) -> State:
        """What kind of moment this is."""
        if self.paused:
            return State.PAUSED
        if self.place is None:
            return State.IDLE
        match self.place.step:
            case HoldStep():
                return State.HOLDING
            case AskStep():
                return State.ASKING
        return State.GUIDING

    @property
    def paused(self) -> bool:
        """Whether the conversation waits for "carry on"."""
        return self.place is not None and self.place.paused

    @property
    def holding(self) -> bool:
        """Whether a hold is being counted."""
        return self.state is State.HOLDING

    def here(self, held: float) -> Place | None:
        """This place after so many seconds of its hold; whole ones, so that nothing is held too long."""
        if self.place is None or not self.holding:
            return self.place
        left = max(0, math.floor(self.place.left - held))
        return replace(self.place, left=left, held=self.place.held + held)

    def completed(self, slots: Mapping[str, SlotValue]) -> Mapping[str, SlotValue]:
        """Return the slots with the muscle and the side that were meant: of the cramp before, where that has come back.

        "My leg" is no other muscle than the one that was named.
        """
        if self.place is None and "again" in slots and self.t - self._ended <= REMEMBERED:
            return {**self._limb_before, **slots}
        if self.place and slots.get("muscle") == "leg" and "muscle" in self.facts:
            return {**slots, "muscle": self.facts["muscle"]}
        return slots

    def start(self, flow: Flow, slots: Mapping[str, SlotValue], here: Place | None) -> Cues:
        """Begin a flow; an aside remembers where it interrupts, be it another aside.

        But an aside that the same intent starts is not gone back to: "at night" answers "Do they come at night?".
        """
        old = self.place is None and self.t - self._ended > REMEMBERED
        # What is asked anew is forgotten, but not what was told as so: a sign of a clot stands until it is denied.
        facts = {} if old else {k: v for k, v in self.facts.items() if k not in flow.noted or v == "yes"}
        holding = self.holding
        self._forget_rounds(flow)
        if flow.aside:
            self.facts = {**facts, **slots}
            first = flow.steps[flow.first]
            if here and holding and not flow.urgent and isinstance(first, SayStep) and first.then == RETURN:
                lines = self.spoken(first.say)
                if is_brief(lines):
                    return tuple(Answer(line) for line in lines)
            opening: Cues = (Cut(),)
            if here and holding and not flow.urgent:
                opening += (Say(self._content.wording.line("let_go")),)
            places = (*self.interrupted, *([here] if here else []))
            self.interrupted = tuple(place for place in places if place.flow.starts != flow.starts)
            return (*opening, *self.enter(flow, flow.first))
        left = (*self.leave(here), *self._abandon())
        self._rounds.clear()
        self.facts = {**(facts if self._ending else self._lasting(facts)), **slots}
        corrected: Cues = ()
        if flow.episode and self._ending and {"muscle", "side"} & slots.keys():
            corrected = (Keep(Corrected(*self._limb())),)
        return (Cut(), *left, *corrected, *self.enter(flow, flow.first))

    def go(self, target: str, here: Place) -> Cues:
        """Follow `target`, as it is named in the flow of `here`, which is over."""
        left = self.leave(here)
        if target == END:
            return (*left, *self.end())
        if target == RETURN:
            back = self.interrupted[-1] if self.interrupted else None
            self.interrupted = self.interrupted[:-1]
            return (*left, *self.resume(back))
        if target == GONE:
            if self._ending:
                self._ending = "gone"
            target = f"{GONE}/{self._content.flows[GONE].first}"
        other, _, name = target.rpartition("/")
        flow = self._content.flows[other] if other else here.flow
        if flow is not here.flow:
            self._forget_rounds(flow)
        if self.interrupted and not flow.aside:
            # An aside that leads on instead of returning: what it interrupted is over.
            left += self._abandon()
        return (*left, *self.enter(flow, name))

    def on(self) -> Cues:
        """Go on from the step that has played out."""
        assert self.place is not None  # noqa: S101 - what has played out was somewhere
        here = replace(self.place, left=0, held=self.place.held + self.place.left)
        step, self._ahead = here.step, here.ahead
        if isinstance(step, SayStep):  # else whoever cannot do it would be told that it was tried
            self.tried.did(here.tried)
        return self.go(step.silence if isinstance(step, AskStep) else step.then, here)

    def enter(self, flow: Flow, name: str) -> Cues:
        """Come to a step: perform it, or follow it at once where it is a silent one."""
        begun = self._begin_episode() if flow.episode else ()
        step, here = flow.steps[name], Place(flow, name)
        if isinstance(step, BranchStep | RepeatStep | SetStep | TimerStep):
            return (*begun, *self._pass(step, here))
        if isinstance(step, HoldStep):
            total = self.settings.length(step)
            here = replace(here, total=total, left=total)
        return (*begun, *self.play(here))

    def _pass(self, step: BranchStep | RepeatStep | SetStep | TimerStep, here: Place) -> Cues:
        """Follow a silent step."""
        match step:
            case BranchStep():
                facts = {**self._past.facts(self.t), **self.facts}
                return self.go(
                    next((way.then for way in step.branch if holds(way.when, facts)), step.then), here
                )
            case RepeatStep():
                round_ = here.flow.flow, here.name
                self._rounds[round_] += 1
                if self._rounds[round_] < step.times:
                    return self.go(step.repeat, here)
                del self._rounds[round_]
            case SetStep():
                self.facts = {**self.facts, **step.set}
                answered = self._answers.intersection(step.set)
                kept = tuple(Keep(Answered(name, str(step.set[name]))) for name in sorted(answered))
                return (*kept, *self.go(step.then, here))
            case TimerStep():
                kept = self._timers.set(step.timer, 60 * step.minutes, self.t)
                return (*kept, *self.go(step.then, here))
        return self.go(step.then, here)

    def play(self, place: Place) -> Cues:
        """Make `place` current and perform its step from the beginning, or the rest of its hold."""
        place = replace(place, paused=False, ahead="")
        ahead, self._ahead = self._ahead, ""
        self.place = place
        match place.step:
            case SayStep() as step:
                lines = self.spoken(step.say)
                if not lines:
                    return self.go(step.then, place)
                self.instructions[place.flow.flow] = place
                return tuple(Say(line) for line in lines)
            case HoldStep() as step:
                return (self._hold(step, place),) if place.left else self.go(step.then, place)
            case RestStep() as step:
                return (Listen(step.rest),)
            case AskStep() as step if ahead in step.answers:
                return self.go(step.answers[ahead], place)
            case AskStep() as step:
                return self.ask(replace(place, asked=0), step)
        raise AssertionError("silent steps are never played")

    def ask(self, place: Place, step: AskStep) -> Cues:
        """Put a question, once more."""
        self.place = replace(place, asked=place.asked + 1)
        return (*map(Say, self.spoken([step.ask])), Listen(step.wait or self.settings.answer))

    def pause(self, place: Place) -> Cues:
        """Wait at a place until it is told to carry on."""
        self.place = replace(place, paused=True)
        return (Say(self._content.wording.line("paused")), Listen(PAUSE_SECONDS))

    def resume(self, place: Place | None) -> Cues:
        """Go back to where the conversation was interrupted."""
        if place is None:
            return self.end()
        if place.paused:
            return self.pause(place)
        cues = self.play(place)
        if isinstance(place.step, HoldStep) and place.left:
            return (Say(self._content.wording.line("stretch_again")), *cues)
        return cues

    def end(self, ending: Ending | None = None) -> Cues:
        """End the conversation, and the episode with it: as it stands, or as it is told here."""
        left = self._abandon()
        how = "gone" if self._ending == "gone" else ending or self._ending
        ended: Cues = (Keep(EpisodeEnded(how)),) if how and self._ending else ()
        if self._ending:
            self._limb_before = {k: v for k, v in self.facts.items() if k in {"muscle", "side"}}
        if self.place:
            self._ended, self.facts = self.t, self._lasting(self.facts)
        self.place = self._ending = None
        self.instructions.clear()
        self._rounds.clear()
        return (*left, *ended)

    def spoken(self, entries: Iterable[StepLine]) -> tuple[Line, ...]:
        """The lines that fit the facts, each in the wording whose turn it is."""
        facts = {**self._past.facts(self.t), **self.facts}
        said = []
        for entry in entries:
            if holds(entry.when, facts):
                wordings = entry.wordings
                said.append(wordings[self._spoken[entry.id] % len(wordings)])
                self._spoken[entry.id] += len(wordings) > 1
        return tuple(said)

    def _hold(self, step: HoldStep, place: Place) -> Hold:
        coaching = self.spoken(step.coaching)
        return self.settings.cue(place.total, place.left, coaching)

    def leave_to(self, back: Place, here: Place) -> Cues:
        """Drop the aside and whatever it interrupted down to `back`, which goes on."""
        index = self.interrupted.index(back)
        dropped, self.interrupted = self.interrupted[index + 1 :], self.interrupted[:index]
        return tuple(cue for place in (*dropped, here) for cue in self.leave(place))

    def _abandon(self) -> Cues:
        """Leave for good every place that an aside interrupted."""
        places, self.interrupted = self.interrupted, ()
        return tuple(cue for place in places for cue in self.leave(place))

    def leave(self, here: Place | None) -> Cues:
        """Note what was done at a place that is left for good."""
        if here is None or not isinstance(here.step, HoldStep) or not here.seconds:
            return ()
        self.tried.did(here.tried, here.seconds)
        return (Keep(Held(f"{here.flow.flow}/{here.name}", here.seconds)),)

    def _begin_episode(self) -> Cues:
        before, self._ending = self._ending, "unresolved"
        if before:
            return ()
        self.tried.forget()
        return (Keep(EpisodeBegan(*self._limb())),)

    def _lasting(self, facts: Mapping[str, SlotValue]) -> Mapping[str, SlotValue]:
        lasting = {name for flow in self._content.flows.values() for name in flow.lasting}
        return {name: fact for name, fact in facts.items() if name in lasting}

    def _forget_rounds(self, flow: Flow) -> None:
        """Let a flow that is come to anew repeat as often as it says, however it was left the last time."""
        for round_ in [one for one in self._rounds if one[0] == flow.flow]:
            del self._rounds[round_]

    def _limb(self) -> tuple[str, str]:
        return str(self.facts.get("muscle", "leg")), str(self.facts.get("side", ""))
