"""Commands that mean the same everywhere: stopping, pausing, asking again, timers, the diary's questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from voicecramp.dialogue import recall
from voicecramp.dialogue.content import Content
from voicecramp.dialogue.cues import Answer, Cut, Insert, Keep, Line, Listen, Say
from voicecramp.dialogue.past import Past
from voicecramp.dialogue.place import Place, is_brief
from voicecramp.dialogue.records import Noted
from voicecramp.dialogue.steps import AskStep, HoldStep, SayStep, SetStep
from voicecramp.dialogue.timers import Timers
from voicecramp.dialogue.walk import PAUSE_SECONDS, Cues, Walk
from voicecramp.dialogue.wording import Wording
from voicecramp.nlu import Intent

__all__ = ["COMMANDS", "Talk", "reply"]


@dataclass(frozen=True)
class Talk:
    """What a command may look at and change."""

    content: Content
    walk: Walk
    timers: Timers
    past: Past

    @property
    def wording(self) -> Wording:
        """The lines that belong to no flow."""
        return self.content.wording

    def choices(self, step: AskStep, *, first: bool) -> Line:
        """What can be answered to a question; put differently after the first time."""
        if step.choices:
            return step.choices.line
        return self.wording.line("yes_or_no" if first else "two_choices")


def reply(talk: Talk, lines: Sequence[Line], here: Place | None) -> Cues:
    """Answer, and go on where the conversation was: in a hold without stopping it, where that is short."""
    if talk.walk.paused:
        return (Cut(), *map(Say, lines), Listen(PAUSE_SECONDS))
    if here is None:
        return (Cut(), *map(Say, lines))
    if not talk.walk.holding:
        return (Cut(), *map(Say, lines), *talk.walk.resume(here))
    if is_brief(lines):
        return tuple(map(Answer, lines))
    return (Cut(), Say(talk.wording.line("let_go")), *map(Say, lines), *talk.walk.resume(here))


def _stop(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    return (Cut(), *talk.walk.leave(here), *talk.walk.end("stopped"))


def _good_night(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    if talk.walk.place is None:
        return (Cut(),)  # it may be said to somebody else
    line = talk.wording.line("welcome" if intent.name == "ThankYou" else "good_night")
    if intent.name == "ThankYou" and (talk.walk.place.flow.urgent or talk.walk.holding):
        # Thanks send nobody away who may need an ambulance, and let go of no stretch.
        return reply(talk, (line,), here)
    return (*_stop(talk, intent, here), Say(line))


def _pause(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    if here is None or talk.walk.paused:
        return ()
    return (Cut(), *talk.walk.pause(here))


def _carry_on(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    if here is None or not here.paused:
        return ()
    return (Cut(), *talk.walk.resume(replace(here, paused=False)))


def _repeat(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    return (Cut(), *_once_more(talk, here)) if here else ()


def _start_again(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    if here is None:
        return ()
    left = talk.walk.leave(here)  # it was held as far as that
    whole = replace(here, left=here.total, held=0.0)
    if here.paused and "stretch" in intent.slots:
        return (Cut(), *left, *talk.walk.pause(whole))
    return (Cut(), *left, *_once_more(talk, whole))


def _once_more(talk: Talk, here: Place) -> Cues:
    """Say what is said here, and before what is left of a hold, or where help is waited for, what to do."""
    before = talk.walk.instructions.get(here.flow.flow)
    again: Cues = ()
    waits = isinstance(here.step, HoldStep) or (here.flow.urgent and not isinstance(here.step, SayStep))
    if waits and before and isinstance(before.step, SayStep):
        again = tuple(map(Say, talk.walk.spoken(before.step.say)))
    return (*again, *talk.walk.play(here))


def _skip(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    if here is None:
        return ()
    step = here.step
    return (Cut(), *talk.walk.go(step.silence if isinstance(step, AskStep) else step.then, here))


def _how_long(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    if here is None or here.flow.aside:
        return ()
    if isinstance(here.step, HoldStep):
        left = talk.wording.line("seconds_left", n=max(1, here.left))
        return (Insert(left),) if talk.walk.holding else reply(talk, (left,), here)
    if not here.flow.episode or (hold := _explained(here)) is None:
        return _repeat(talk, intent, here)  # nothing is held there, so no length is told
    return reply(talk, (talk.wording.line("hold_length", n=talk.walk.settings.length(hold)),), here)


def _explained(here: Place) -> HoldStep | None:
    """Return the hold that is being explained, if one is."""
    step = here.step
    while isinstance(step, SayStep | SetStep) and step.then in here.flow.steps:
        step = here.flow.steps[step.then]
    return step if isinstance(step, HoldStep) else None


def _options(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    if here and here.flow.urgent:
        return _repeat(talk, intent, here)  # "What do I do now?" is no wish for commands then
    if here and not talk.walk.paused and isinstance(here.step, AskStep):
        return reply(talk, (talk.choices(here.step, first=True),), here)
    cramp = here is None or here.paused or here.flow.episode
    return reply(talk, (talk.wording.line(f"options_{talk.walk.state}" if cramp else "options_other"),), here)


def _correct(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    if here is None or here.flow.urgent:
        return ()
    if isinstance(here.step, AskStep) and here.step.note:
        return _options(talk, intent, here)  # it is about what was asked, and not about the cramp
    if not any(place.flow.episode for place in (here, *talk.walk.interrupted)):
        return ()
    facts = talk.walk.facts
    slots = {name: intent.slots.get(name, facts.get(name, "")) for name in ("muscle", "side")}
    other = "other" in intent.slots
    if other:
        slots["side"] = {"left": "right", "right": "left"}.get(str(slots["side"]), "")
    slots = {name: value for name, value in slots.items() if value}
    flow = talk.content.started_by(Intent("Cramp", slots))
    if flow is None:
        return ()
    line = talk.wording.line("other_leg" if other and "side" not in slots else "all_right")
    cut, *cues = talk.walk.start(flow, slots, here)
    return (cut, Say(line), *cues)


def _set_timer(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    name, seconds = str(intent.slots.get("timer", "")), int(intent.slots.get("duration", 0))
    if not seconds:
        return ()  # no sentence means it; a timer of no length would ring at once
    if here and "bare" in intent.slots:
        return ()  # nobody asked for a length
    kept = talk.timers.set(name, seconds, talk.walk.t)
    return (*kept, *reply(talk, talk.timers.describe(name, seconds), here))


def _time_left(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    return reply(talk, talk.timers.left(str(intent.slots.get("timer", "")), talk.walk.t), here)


def _cancel_timer(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    lines, kept = talk.timers.cancel(str(intent.slots.get("timer", "")), talk.walk.t)
    return (*kept, *reply(talk, lines, here))


def _how_many(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    return reply(talk, recall.how_many(talk.past, talk.walk.t, talk.wording), here)


def _last_cramp(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    return reply(talk, recall.last_cramp(talk.past, talk.walk.t, talk.wording), here)


def _note(talk: Talk, intent: Intent, here: Place | None) -> Cues:
    if not talk.past.keeping:
        return reply(talk, (talk.wording.line("not_noted"),), here)
    noted = Keep(Noted(str(intent.slots.get("note", "")).replace("-", " ")))
    return (noted, *reply(talk, (talk.wording.line("noted"),), here))


def _tried(talk: Talk, _intent: Intent, here: Place | None) -> Cues:
    going_on = [(place.tried, place.seconds) for place in (*talk.walk.interrupted, here) if place]
    return reply(talk, talk.walk.tried.told(going_on), here)


COMMANDS: Mapping[str, Callable[[Talk, Intent, Place | None], Cues]] = {
    "Stop": _stop,
    "GoodNight": _good_night,
    "ThankYou": _good_night,
    "Pause": _pause,
    "CarryOn": _carry_on,
    "Repeat": _repeat,
    "StartAgain": _start_again,
    "Skip": _skip,
    "HowLong": _how_long,
    "Options": _options,
    "Correct": _correct,
    "SetTimer": _set_timer,
    "TimeLeft": _time_left,
    "CancelTimer": _cancel_timer,
    "HowMany": _how_many,
    "LastCramp": _last_cramp,
    "Note": _note,
    "Tried": _tried,
}
