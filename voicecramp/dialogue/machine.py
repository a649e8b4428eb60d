"""The conversation: what is done about everything that is heard, and about the passing of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from voicecramp.dialogue import preferences, recall
from voicecramp.dialogue.commands import COMMANDS, Talk, reply
from voicecramp.dialogue.content import Content
from voicecramp.dialogue.cues import Answer, Cut, Gain, Insert, Keep, Line, Listen, Pace, Say
from voicecramp.dialogue.past import Blank, Past
from voicecramp.dialogue.place import Place, State
from voicecramp.dialogue.records import Answered
from voicecramp.dialogue.settings import LONGEST_HOLD, Settings
from voicecramp.dialogue.steps import AskStep, HoldStep, Reaction, Remark, TimerStep
from voicecramp.dialogue.timers import Timers
from voicecramp.dialogue.walk import Cues, Walk
from voicecramp.nlu import Intent, SlotValue, Unsure

__all__ = ["UNDERSTOOD", "Dialogue"]

MISSED_AT_MOST = 2
"""How often an answer that was not understood is asked for again: the third time it goes on with what is safe."""

DOUBTED_FOR = 10.0
"""Seconds of a hold for which "Did you say ...?" waits: to be asked between the counts, and to be answered."""

AHEAD = 10
"""Seconds to the end of a hold from which on "still cramping" answers the question that follows: so late it is no news
that the stretch goes on, numbers leave no room to say so, and to be asked for it right afterwards is not to be heard."""

_NOTED = {"Yes": "yes", "No": "no", "DontKnow": "unsure"}
"""What answers become as facts."""

UNDERSTOOD = frozenset({*COMMANDS, *preferences.REQUESTS, *_NOTED})
"""The intents that need no guidance to be answered: commands, changes of settings, and answers to any question."""

_ANSWERS = {*_NOTED, "More"}
"""What means nothing without the question it answers."""


class Dialogue:
    """One person's conversation.

    `heard`, `doubted`, `missed`, `done` and `tick` return the cues to play next. Cues follow what is still
    playing unless they begin with `Cut`. No sequence of calls raises or holds longer than the guidance says.
    Stream time `t` is in seconds and never runs backwards.
    """

    def __init__(
        self,
        content: Content,
        settings: Settings,
        past: Past | None = None,
        slots: Mapping[str, Sequence[SlotValue]] | None = None,
    ) -> None:
        """Args: what can be said; what was set; what is known of the past; every value of each slot, for timers."""
        self._content = content
        self._wording = content.wording
        self._past = past or Blank()
        slots = slots or {}
        steps = [step for flow in content.flows.values() for step in flow.steps.values()]
        timed = [step for step in steps if isinstance(step, TimerStep)]
        names = sorted({*map(str, slots.get("timer", ())), *(step.timer for step in timed)})
        durations = [*map(int, slots.get("duration", ())), *(60 * step.minutes for step in timed)]
        self._timers = Timers(content.wording, self._past.timers(), names, durations)
        settings = settings.with_preferences(self._past.preferences())
        self._walk = Walk(content, settings, self._past, self._timers)
        self._talk = Talk(content, self._walk, self._timers, self._past)
        self._doubtful: Intent | None = None  # "Did you say ...?" has been asked about this
        self._doubted = 0.0  # and at this stream time

    @property
    def state(self) -> State:
        """What kind of moment this is."""
        return State.ASKING if self._doubtful and not self._walk.paused else self._walk.state

    @property
    def position(self) -> str:
        """The state, and inside guidance the flow and step: `holding calf/hold-first`."""
        place = self._walk.place
        return f"{self.state} {place.flow.flow}/{place.name}" if place else str(self.state)

    @property
    def next_timer(self) -> float | None:
        """The stream second at which the next timer rings; None where none runs."""
        return self._timers.next

    def lines(self) -> Iterator[Line]:
        """Every line it can ever say, but for the questions about what was perhaps said."""
        for flow in self._content.flows.values():
            for entry in flow.lines():
                yield from entry.wordings
        yield from self._wording.plain()
        yield from (self._wording.line("seconds_left", n=n) for n in range(1, self.longest_hold + 1))
        yield from preferences.lines(self._walk.settings, self._wording)
        yield from recall.lines(self._wording)
        yield from self._timers.lines()

    @property
    def longest_hold(self) -> int:
        """Seconds of the longest hold there can be, which is also the highest number counted."""
        steps = (step for flow in self._content.flows.values() for step in flow.steps.values())
        fixed = (step.hold for step in steps if isinstance(step, HoldStep) and isinstance(step.hold, int))
        return max(LONGEST_HOLD, self._walk.settings.longest, *fixed)

    def doubt(self, label: str) -> Line:
        """The question whether `label` was said."""
        return self._wording.line("did_you_say", label=label)

    def begin(self) -> Cues:
        """What to set before anything is said."""
        settings = self._walk.settings
        return (Gain(settings.gain), *([Pace(settings.pace)] if settings.pace != 1 else []))

    def greet(self) -> Cues:
        """The first words, said when it begins to listen."""
        return (Say(self._wording.line("ready")),)

    def heard(self, intent: Intent, t: float, held: float = 0.0) -> Cues:
        """Act on what was understood.

        Args:
            intent: What the person wants.
            t: Stream time in seconds.
            held: Seconds of the running hold that have been done; 0 where none runs.
        """
        self._walk.t = t
        doubtful, self._doubtful = self._doubtful, None
        here = self._walk.here(held)
        if doubtful and intent.name == "Yes":
            return self.heard(doubtful, t, held)
        if doubtful and intent.name == "No":
            return () if self._walk.holding else (Cut(), *self._walk.resume(here))
        if here and isinstance(here.step, AskStep):
            intent = here.step.meant(intent)
        if here and self._first_things_first(intent, here):
            return self._react(here.flow.put_off, here) if here.flow.put_off else ()
        return self._follow(intent, here)

    def _follow(self, intent: Intent, here: Place | None) -> Cues:
        reaction = self._reaction(intent, here)
        intent = replace(intent, slots=self._walk.completed(intent.slots))
        if reaction:
            # An answer tells more than that it is one: which muscle it is, or that somebody cannot stand.
            self._walk.facts = {**self._walk.facts, **intent.slots}
        if command := COMMANDS.get(intent.name):
            if here is None or not isinstance(reaction, str):
                return command(self._talk, intent, here) or self.missed(self._walk.t)
            self._walk.place = replace(here, paused=False)
            # And it completes what was asked for: the name of the timer, and now its length.
            whole = replace(intent, slots=self._walk.facts)
            return (*(command(self._talk, whole, None) or (Cut(),)), *self._walk.go(reaction, here))
        if reaction and here:
            if self._walk.holding and self._walk.place and here.left <= AHEAD:
                self._walk.place = replace(self._walk.place, ahead=intent.name)
            return self._answered(intent, here) + self._react(reaction, here)
        if flow := self._content.started_by(intent):
            return self._walk.start(flow, intent.slots, here)
        if change := preferences.changes(intent, self._walk.settings, self._wording):
            return self._change(change, here)
        return self._react_in_aside(intent, here)

    def doubted(self, unsure: Unsure, label: str, held: float = 0.0) -> Cues:
        """Ask whether this is what was said; a running hold goes on meanwhile, of which `held` seconds have been done.

        What is urgent is not asked about while somebody is being helped: silence would send them back to a stretch. But
        "I can breathe" is no "I can't breathe".
        """
        here = self._walk.place
        flow = self._content.started_by(unsure.best)
        if here and flow and flow.urgent and not unsure.contrary:
            return self.heard(unsure.best, self._walk.t, held)
        if self._walk.paused:  # nothing is asked then
            return ()
        if here and self._first_things_first(unsure.best, here):
            return ()
        self._doubtful, self._doubted = unsure.best, self._walk.t
        line = self.doubt(label)
        if self._walk.holding:
            return (Answer(line),)
        return (Cut(), Say(line), Listen(self._walk.settings.answer))

    def missed(self, t: float) -> Cues:
        """An answer was not understood: say so and what can be said, then offer two choices, then go on."""
        self._walk.t = t
        here = self._walk.place
        if here is None or self._walk.paused or self._doubtful or not isinstance(step := here.step, AskStep):
            return ()
        here = replace(here, missed=here.missed + 1)
        if here.missed > MISSED_AT_MOST:
            return (Cut(), Say(self._wording.line("going_on")), *self._walk.go(step.silence, here))
        first = here.missed == 1
        lines = (*([self._wording.line("missed")] if first else []), self._talk.choices(step, first=first))
        self._walk.place = here
        return (
            Cut(),
            *map(Say, lines),
            Listen(step.wait or self._walk.settings.answer),
        )

    def done(self, t: float) -> Cues:
        """All cues have played out and, after `Listen`, nothing was answered."""
        self._walk.t = t
        if self._walk.paused:
            return (*self._walk.leave(self._walk.place), *self._walk.end())
        here = self._walk.place
        if self._doubtful:
            self._doubtful = None
            if not self._walk.holding:
                return self._walk.resume(here)
        if here is None:
            return ()
        if isinstance(here.step, AskStep) and here.asked < here.step.times:
            return self._walk.ask(here, here.step)
        return self._walk.on()

    def tick(self, t: float) -> Cues:
        """Time passes; announce the timers that are due."""
        self._walk.t = t
        if self._walk.holding and t - self._doubted > DOUBTED_FOR:
            self._doubtful = None
        return self._timers.tick(t)

    def slept(self, seconds: float) -> None:
        """Know that so many seconds passed that are not in stream time: no timer rings later for it."""
        self._timers.slept(seconds)

    # -- what an intent meets

    def _first_things_first(self, intent: Intent, here: Place) -> bool:
        """Whether an intent has to wait: nothing puts off sitting down when faint."""
        if not here.flow.urgent:
            return False
        flow = self._content.started_by(intent)
        return flow is not None and not flow.urgent and self._reaction(intent, here) is None

    @staticmethod
    def _reaction(intent: Intent, here: Place | None) -> Reaction | None:
        """What the step, or else the flow, makes of an intent."""
        if here is None:
            return None
        step = here.step
        answers: Mapping[str, Reaction] = step.answers if isinstance(step, AskStep) else {}
        return (
            answers.get(intent.name)
            or getattr(step, "on", {}).get(intent.name)
            or here.flow.on.get(intent.name)
        )

    def _react(self, reaction: Reaction, here: Place) -> Cues:
        if isinstance(reaction, Remark):
            (line,) = self._walk.spoken([reaction.say]) or (reaction.say.line,)
            if self._walk.holding:
                return (Insert(line),)
            if here.paused:
                return reply(self._talk, (line,), here)
            return (Cut(), Say(line), *self._walk.play(here))
        return (Cut(), *self._walk.go(reaction, here))

    def _react_in_aside(self, intent: Intent, here: Place | None) -> Cues:
        """Without an answer of its own: what an aside interrupted may know it, and not to know is an answer too."""
        if here and intent.name == "DontKnow" and isinstance(here.step, AskStep):
            return self._answered(intent, here) + self._react(here.step.silence, here)
        if here and intent.name in _ANSWERS:  # to what was asked last, if anything was
            return self.missed(self._walk.t)
        if here and not here.flow.urgent:
            # "It's gone", said into an aside, is about what the aside interrupted.
            for back in reversed(self._walk.interrupted):
                if reaction := self._reaction(intent, back):
                    return (*self._walk.leave_to(back, here), *self._react(reaction, back))
        return self.missed(self._walk.t)  # no answer to what was asked, if anything was

    def _answered(self, intent: Intent, here: Place) -> Cues:
        """Note the answer to a question."""
        note = here.step.note if isinstance(here.step, AskStep) else None
        answer = _NOTED.get(intent.name)
        if note is None or answer is None:
            return ()
        if answer == "unsure" and self._walk.facts.get(note) == "yes":
            return ()  # what was told stands until it is denied
        self._walk.facts = {**self._walk.facts, note: answer}
        return (Keep(Answered(note, answer)),)

    def _change(self, change: preferences.Change, here: Place | None) -> Cues:
        before, self._walk.settings = self._walk.settings, change.settings
        # The hold that runs is the one that is meant, unless the guidance says how long it is.
        step = here.step if here else None
        total = here.total if here else 0
        if isinstance(step, HoldStep) and not isinstance(step.hold, int):
            total = change.hold or total
        recounted = change.settings.counting != before.counting
        if here and self._walk.holding and (recounted or total != here.total):
            here = replace(here, total=total, left=max(0, here.left + total - here.total))
            said = [Say(change.line)] if change.line else []
            return (Cut(), *change.cues, *said, *self._walk.play(here))
        if change.line is None:
            return change.cues
        return (*change.cues, *reply(self._talk, (change.line,), here))
