"""Guidance small enough to be read at a glance, and somebody to talk with it.

It has one of everything that real guidance is made of, so that correcting a sentence of the real one breaks no test
of the machine.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from voicecramp.dialogue import (
    Announce,
    Answer,
    Blank,
    Content,
    Cue,
    Cut,
    Dialogue,
    Hold,
    Insert,
    Keep,
    Past,
    Record,
    Say,
    Settings,
)
from voicecramp.dialogue.past import LastCramp, RunningTimer
from voicecramp.nlu import Intent, SlotValue, Unsure

__all__ = [
    "CALF",
    "DURATIONS",
    "FAINT",
    "FLOWS",
    "GONE_",
    "Kept",
    "Person",
    "content",
    "cut",
    "held",
    "hold",
    "kept",
    "said",
    "wording_file",
]

ENGLISH = Path(__file__).parents[2] / "intents/en"

STATEMENTS = """
relief:
  stretch-first: {refs: [1], says: "stretch it"}
"""

CALF = """
flow: calf
starts: Cramp
first: pull
episode: true
on:
  Gone: gone
  CannotReach: towel
steps:
  pull:
    say:
      - {id: calf-left, text: "Your left calf.", source: [], when: {side: left}}
      - {id: calf-right, text: "Your right calf.", source: [], when: {side: right}}
      - {id: calf-pull, text: "Pull your toes up.", source: [stretch-first]}
    then: hold
  hold:
    hold: usual
    coaching:
      - {id: calf-breathe, text: "Breathe out.", beyond: "it helps"}
      - {id: calf-keep, text: "Keep pulling.", source: [stretch-first]}
    tried: {id: calf-tried, text: "You pulled your toes up.", source: [stretch-first]}
    on: {StillCramping: {say: {id: calf-stay, text: "Stay with it.", source: []}}}
    then: ask
  ask:
    ask: {id: calf-let-go, text: "Has it let go?", source: []}
    answers: {Yes: gone, No: longer, StillCramping: longer}
    silence: longer
  longer:
    say: [{id: calf-longer, text: "Once more, and longer.", source: [stretch-first]}]
    then: hold-longer
  hold-longer:
    hold: longest
    tried: {id: calf-tried-longer, text: "You pulled them up again.", source: [stretch-first]}
    then: move
  move:
    rest: 15
    then: stubborn
  towel:
    say: [{id: calf-towel, text: "Take a towel.", beyond: "it reaches"}]
    tried: {id: calf-tried-towel, text: "You took a towel.", beyond: "it reaches"}
    then: hold
  stubborn:
    say: [{id: calf-stubborn, text: "It is a stubborn one.", source: []}]
    then: end
"""

FOOT = """
flow: foot
starts: Cramp
when: {muscle: foot}
first: back
episode: true
on: {Gone: gone}
steps:
  back:
    say: [{id: foot-back, text: "Pull your toes back.", source: [stretch-first]}]
    then: hold
  hold:
    hold: 20
    then: end
"""

GONE_ = """
flow: gone
first: good
steps:
  good:
    say:
      - {id: gone-good, text: "Good.", or: ["Well done.", "There."], source: []}
      - {id: gone-walk, text: "Walk a little.", source: [], when: {faint: ""}}
    then: end
"""

FAINT = """
flow: faint
starts: Faint
first: begin
aside: true
urgent: true
steps:
  begin:
    set: {faint: "yes"}
    then: down
  down:
    say: [{id: faint-down, text: "Lie down.", source: []}]
    then: ask
  ask:
    ask: {id: faint-passed, text: "Has it passed?", source: []}
    wait: 60
    answers: {Yes: passed, No: again}
    silence: again
  again:
    repeat: down
    times: 3
    then: call
  call:
    say: [{id: faint-call, text: "Call for help.", beyond: "it lasts"}]
    then: end
  passed:
    say: [{id: faint-good, text: "Good.", source: []}]
    then: return
"""

EMERGENCY = """
flow: emergency
starts: Emergency
first: call
urgent: true
steps:
  call:
    say: [{id: emergency-call, text: "Call emergency services now.", beyond: "it is one"}]
    then: end
"""

QUININE = """
flow: quinine
starts: Medicine
when: {medicine: quinine}
first: answer
aside: true
steps:
  answer:
    say: [{id: quinine-no, text: "No. It can do harm.", source: []}]
    then: return
"""

MEDICINE = """
flow: medicine
starts: Medicine
first: answer
aside: true
steps:
  answer:
    say:
      - {id: medicine-first, text: "Stretching works better than anything there is to swallow.", source: []}
      - {id: medicine-second, text: "Nothing else is known to help in time.", source: []}
    then: return
"""

WHY = """
flow: why
starts: Why
first: salt
aside: true
steps:
  salt:
    say: [{id: why-salt, text: "It may be salt.", source: []}]
    then: more
  more:
    ask: {id: why-more, text: "More?", source: []}
    answers: {Yes: water, More: water, No: return}
    silence: return
  water:
    say: [{id: why-water, text: "It may be water.", source: []}]
    then: return
"""

RUB = """
flow: rub
starts: Massage
first: rub
aside: true
steps:
  rub:
    say: [{id: rub-rub, text: "Rub it.", source: []}]
    then: hold
  hold:
    hold: 20
    tried: {id: rub-tried, text: "You rubbed it.", source: []}
    on: {StillCramping: {say: {id: rub-on, text: "Rub on.", source: []}}}
    then: return
"""

DOCTOR = """
flow: doctor
starts: Doctor
first: swollen
aside: true
steps:
  swollen:
    ask: {id: doctor-swollen, text: "Is it swollen?", source: []}
    note: swollen
    answers: {Yes: summary/told, No: warm}
    silence: warm
  warm:
    ask: {id: doctor-warm, text: "Is it warm?", source: []}
    note: warm
    answers: {Yes: summary/told, No: summary/told, DontKnow: summary/told}
    silence: summary/told
"""

SUMMARY = """
flow: summary
starts: DoctorSummary
first: told
aside: true
steps:
  told:
    branch:
      - {when: {swollen: "yes"}, then: at-once}
      - {when: {swollen: ["no", unsure], warm: ["no", unsure]}, then: nothing}
      - {when: {often: "yes"}, then: often}
    then: unknown
  at-once:
    say: [{id: summary-at-once, text: "See a doctor at once.", source: []}]
    then: return
  nothing:
    say: [{id: summary-nothing, text: "Nothing looks bad.", source: []}]
    then: return
  often:
    say: [{id: summary-often, text: "They come often.", source: []}]
    then: return
  unknown:
    say: [{id: summary-unknown, text: "I know too little.", source: []}]
    then: return
"""

BEDTIME = """
flow: bedtime
starts: Bedtime
first: begin
steps:
  begin:
    set: {side: left}
    then: stretch
  stretch:
    say:
      - {id: bedtime-left, text: "The left one.", source: [], when: {side: left}}
      - {id: bedtime-right, text: "The right one.", source: [], when: {side: right}}
    then: hold
  hold:
    hold: 10
    then: rest
  rest:
    rest: 5
    then: count
  count:
    repeat: stretch
    times: 3
    then: sides
  sides:
    branch: [{when: {side: left}, then: to-right}]
    then: done
  to-right:
    set: {side: right}
    then: stretch
  done:
    say: [{id: bedtime-done, text: "Done.", source: []}]
    then: end
"""

SORE = """
flow: sore
starts: Sore
first: ask
steps:
  ask:
    ask: {id: sore-ask, text: "Shall I time the ice?", source: []}
    answers: {Yes: ice, No: end}
    silence: end
  ice:
    timer: ice
    minutes: 20
    then: told
  told:
    say: [{id: sore-told, text: "I will tell you.", source: []}]
    then: end
"""

TIMER = """
flow: timer
starts: AskTimer
first: ask
aside: true
steps:
  ask:
    ask: {id: timer-ask, text: "For how long?", source: []}
    answers: {SetTimer: return}
    choices: {id: timer-choices, text: "Say: ten minutes. Or: twenty.", source: []}
    silence: return
"""

FLOWS = (
    CALF,
    FOOT,
    GONE_,
    FAINT,
    EMERGENCY,
    QUININE,
    MEDICINE,
    WHY,
    RUB,
    DOCTOR,
    SUMMARY,
    BEDTIME,
    SORE,
    TIMER,
)
DURATIONS = (30, 45, 60, 90, 1200)


def wording_file() -> Path:
    """What is said about the conversation itself, which the machine knows by name."""
    return ENGLISH / "wording.yaml"


def content(folder: Path, flows: Sequence[str] = FLOWS) -> Content:
    """Write flows into an empty folder, as guidance is kept, and read them."""
    english = folder / "en"
    (english / "guidance").mkdir(parents=True)
    (folder / "statements.yaml").write_text(STATEMENTS)
    shutil.copy(wording_file(), english)
    for flow in flows:
        name = flow.split("flow: ")[1].splitlines()[0]
        (english / "guidance" / f"{name}.yaml").write_text(flow)
    return Content.load(english)


class Kept(Blank):
    """A past that is what a test says it was."""

    def __init__(
        self,
        cramps: int = 0,
        last: LastCramp | None = None,
        facts: Mapping[str, str] | None = None,
        preferences: Mapping[str, str | int | float] | None = None,
        timers: Sequence[RunningTimer] = (),
    ) -> None:
        self._cramps, self._last, self._timers = cramps, last, timers
        self._facts, self._preferences = facts or {}, preferences or {}

    def cramps(self, t: float) -> int:  # noqa: ARG002
        return self._cramps

    def last(self, t: float) -> LastCramp | None:  # noqa: ARG002
        return self._last

    def facts(self, t: float) -> Mapping[str, str]:  # noqa: ARG002
        return self._facts

    def preferences(self) -> Mapping[str, str | int | float]:
        return self._preferences

    def timers(self) -> Sequence[RunningTimer]:
        return self._timers


class Person:
    """Talks with a dialogue; seconds pass only where a test says so."""

    def __init__(self, content: Content, past: Past | None = None, settings: Settings | None = None) -> None:
        slots: Mapping[str, Sequence[SlotValue]] = {"duration": DURATIONS, "timer": ("tea",)}
        self.dialogue = Dialogue(content, settings or Settings(), past, slots)
        self.t = 0.0
        self.records: list[Record] = []

    def say(self, name: str, held: float = 0.0, **slots: SlotValue) -> tuple[Cue, ...]:
        """Say something, so many seconds into a hold."""
        return self._note(self.dialogue.heard(Intent(name, slots), self.t, held))

    def silence(self, times: int = 1) -> tuple[Cue, ...]:
        """Let everything play out, once or more often; return what comes last."""
        cues: tuple[Cue, ...] = ()
        for _ in range(times):
            cues = self._note(self.dialogue.done(self.t))
        return cues

    def mumble(self) -> tuple[Cue, ...]:
        """Say what is not understood."""
        return self._note(self.dialogue.missed(self.t))

    def mutter(self, name: str) -> tuple[Cue, ...]:
        """Say what is half understood."""
        return self._note(self.dialogue.doubted(Unsure(Intent(name), "weak"), "this"))

    def wait(self, seconds: float) -> tuple[Cue, ...]:
        """Let time pass for the timers."""
        self.t += seconds
        return self._note(self.dialogue.tick(self.t))

    def to_the_end(self) -> list[str]:
        """Say nothing until it is idle; return the ids of what is said."""
        spoken: list[str] = []
        for _ in range(100):
            if self.at == "idle":
                return spoken
            spoken += said(self.silence())
        raise AssertionError(f"silence does not end it: {self.at}")

    @property
    def at(self) -> str:
        """Where the conversation stands: `holding calf/hold`."""
        return self.dialogue.position

    def _note(self, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        self.records += kept(cues)
        return cues


def said(cues: Sequence[Cue]) -> list[str]:
    """The ids of the lines that are spoken, in order."""
    return [cue.line.id for cue in cues if isinstance(cue, Say | Insert | Answer | Announce)]


def kept(cues: Sequence[Cue]) -> list[Record]:
    """What is to be remembered."""
    return [cue.record for cue in cues if isinstance(cue, Keep)]


def hold(cues: Sequence[Cue]) -> Hold:
    """The one hold that is begun or taken up again."""
    (found,) = (cue for cue in cues if isinstance(cue, Hold))
    return found


def held(records: Sequence[Record], step: str) -> list[int]:
    """The seconds that are told of a step."""
    return [record.seconds for record in records if getattr(record, "step", "") == step]


def cut(cues: Sequence[Cue]) -> bool:
    """Whether what was being said falls silent first."""
    return isinstance(next((cue for cue in cues if not isinstance(cue, Keep)), None), Cut)
