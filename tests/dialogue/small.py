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
    "DURATIONS",
    "Kept",
    "Person",
    "content",
    "cut",
    "flow",
    "held",
    "hold",
    "kept",
    "said",
    "wording_file",
]

ENGLISH = Path(__file__).parents[2] / "intents/en"

SMALL = Path(__file__).parent / "intents"
"""The guidance, a file a flow, with what each has of its own."""

DURATIONS = (30, 45, 60, 90, 1200)


def wording_file() -> Path:
    """What is said about the conversation itself, which the machine knows by name."""
    return ENGLISH / "wording.yaml"


def flow(name: str) -> str:
    """One flow of the small guidance, as it is written."""
    return (SMALL / f"en/guidance/{name}.yaml").read_text()


def content(folder: Path, *flows: str) -> Content:
    """Read the small guidance by way of an empty folder; or, in its place, flows that are given as they are written."""
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    shutil.copy(wording_file(), folder / "en")
    if flows:
        shutil.rmtree(folder / "en/guidance")
        (folder / "en/guidance").mkdir()
    for text in flows:
        name = text.split("flow: ")[1].splitlines()[0]
        (folder / f"en/guidance/{name}.yaml").write_text(text)
    return Content.load(folder / "en")


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

    keeping = True

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

    def mutter(self, name: str, held: float = 0.0, *, contrary: bool = False) -> tuple[Cue, ...]:
        """Say what is half understood, so many seconds into a hold; it may be the opposite."""
        return self._note(self.dialogue.doubted(Unsure(Intent(name), "weak", contrary), "this", held))

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
