"""Anybody, saying anything at any time to a dialogue, and somebody who watches what it promises."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from voicecramp.dialogue import (
    UNDERSTOOD,
    Announce,
    Answer,
    Content,
    Cue,
    Cut,
    Dialogue,
    Hold,
    Insert,
    Keep,
    Listen,
    Say,
    Settings,
)
from voicecramp.dialogue.records import EpisodeBegan, EpisodeEnded, Held, Record, TimerGone, TimerSet
from voicecramp.dialogue.steps import AskStep
from voicecramp.nlu import Intent, SlotValue, Unsure
from voicecramp.nlu.phrases import read

__all__ = ["CONTENT", "Turn", "Watched", "intents", "turns"]

ENGLISH = Path(__file__).parents[2] / "intents/en"
CONTENT = Content.load(ENGLISH)
"""What is really said."""

EXTRA: Mapping[str, Sequence[Mapping[str, SlotValue]]] = {
    "SetTimer": [{"duration": 5}, {"duration": 90, "timer": "tea"}, {"duration": 1200, "timer": "ice"}],
    "TimeLeft": [{"timer": "ice"}],
    "CancelTimer": [{"timer": "tea"}],
    "HoldFor": [{"length": seconds} for seconds in (10, 30, 45, 60, 90)],
    "CountStyle": [{"count": style} for style in ("every", "less", "none", "usual")],
    "Correct": [{"other": "leg"}, {"muscle": "foot"}, {"side": "left"}],
    "Cramp": [{"side": "both"}, {"side": "left", "muscle": "thigh"}],
    "Note": [{"note": "after-running"}],
    "Nonsense": [],
}
"""Slots that matter to the machine, whether or not a sentence has them by now."""


@cache
def intents() -> Mapping[str, Sequence[Mapping[str, SlotValue]]]:
    """Every intent that a sentence means, or that guidance or machine know, each with its slots."""
    known: dict[str, list[Mapping[str, SlotValue]]] = {name: [{}] for name in UNDERSTOOD | EXTRA.keys()}
    for name, slots in EXTRA.items():
        known[name] += slots
    for flow in CONTENT.flows.values():
        if flow.starts:
            known.setdefault(flow.starts, [{}]).append(flow.when)
        for where, _ in flow.reactions():
            known.setdefault(where.rpartition(".")[2], [{}])
        for step in flow.steps.values():
            for name in step.answers if isinstance(step, AskStep) else ():
                known.setdefault(name, [{}])
    for phrases in read(ENGLISH).phrases.values():
        for intent in phrases.values():
            if intent.slots not in known.setdefault(intent.name, [{}]):
                known[intent.name].append(intent.slots)
    return {name: known[name] for name in sorted(known)}


@dataclass(frozen=True)
class Turn:
    """One thing that happens."""

    what: Intent | Unsure | str
    """Something understood, or half so; `silence`, to the end of what is pending; `mumble`; `wait`."""
    after: float = 0.0
    """Seconds before it; 1 is the length of what is pending for a share of it."""


def _intents() -> st.SearchStrategy[Intent]:
    return st.sampled_from(sorted(intents())).flatmap(
        lambda name: st.builds(Intent, st.just(name), st.sampled_from(intents()[name]))
    )


@cache
def _answers() -> frozenset[str]:
    """What somebody says who stays with the matter."""
    steps = (step for flow in CONTENT.flows.values() for step in flow.steps.values())
    return frozenset(name for step in steps if isinstance(step, AskStep) for name in step.answers)


def turns(longest: int = 200, slowest: float = 75.0) -> st.SearchStrategy[list[Turn]]:
    """Conversations of up to so many turns, short and long ones alike, each up to so many seconds after another."""
    after = st.sampled_from([pause for pause in (0.0, 0.3, 1.0, 4.7, 12.0, 29.9, 75.0) if pause <= slowest])
    turn = st.one_of(
        st.builds(Turn, _intents(), after),
        st.builds(Turn, st.builds(Intent, st.sampled_from(sorted(_answers()))), after),
        st.builds(Turn, st.builds(Unsure, _intents(), st.just("weak")), after),
        st.just(Turn("silence")),
        st.just(Turn("silence")),
        st.builds(Turn, st.just("mumble"), after),
        st.builds(Turn, st.just("wait"), after),
    )
    lengths = st.sampled_from([size for size in (3, 10, 40, 200) if size <= longest])
    return lengths.flatmap(lambda size: st.lists(turn, min_size=size // 2, max_size=size))


class Watched:
    """A dialogue and what it promised so far. Holds take their time, silences too, talking takes none."""

    def __init__(self, settings: Settings | None = None) -> None:
        slots: dict[str, list[SlotValue]] = {}
        for several in intents().values():
            for one in several:
                for name, value in one.items():
                    slots.setdefault(name, []).append(value)
        self.dialogue = Dialogue(CONTENT, settings or Settings(), None, slots)
        self.speakable = {line.text for line in self.dialogue.lines()} | {self.dialogue.doubt("this").text}
        self.t = 0.0
        self.over: float | None = None  # when what is pending is over; None where nothing is
        self.hold: tuple[float, int] | None = None  # when the one that runs began, and its seconds
        self.held = 0.0
        self.told = 0
        self.records: list[Record] = []
        self.going = False  # whether an episode is
        self.timers: set[str] = set()

    def turn(self, turn: Turn) -> tuple[Cue, ...]:
        """Let something happen, and see that it keeps to what is promised."""
        for _ in range(50):  # what is over meanwhile is over first
            if self.over is None or self.t + turn.after < self.over:
                break
            self.silence()
        else:
            raise AssertionError("there is no end to what follows by itself")
        self.t += turn.after
        self.watch(self.dialogue.tick(self.t))
        match turn.what:
            case Intent() as intent:
                return self.watch(self.dialogue.heard(intent, self.t, self.held_now()))
            case Unsure() as unsure:
                return self.watch(self.dialogue.doubted(unsure, "this", self.held_now()))
            case "mumble":
                return self.watch(self.dialogue.missed(self.t))
            case "silence":
                self.silence()
        return ()

    def say(self, name: str) -> tuple[Cue, ...]:
        """Say one thing now."""
        return self.watch(self.dialogue.heard(Intent(name), self.t, self.held_now()))

    def silence(self) -> None:
        """Say nothing until what is pending is over."""
        if self.over is None:
            return
        self.t = max(self.t, self.over)
        self.watch(self.dialogue.tick(self.t))
        self.over = None
        self.let_go()
        self.watch(self.dialogue.done(self.t))

    def held_now(self) -> float:
        """Seconds that the hold that runs has been held."""
        if self.hold is None:
            return 0.0
        began, left = self.hold
        return min(self.t - began, left)

    def let_go(self) -> None:
        """The hold is over."""
        self.held += self.held_now()
        self.hold = None

    def watch(self, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        """See that each cue can be performed after those before it."""
        for cue in cues:
            match cue:
                case Cut():
                    self.over = None
                    self.let_go()
                case Say(line):
                    assert line.text in self.speakable
                    assert self.hold is None, f"{line.id} would be said only when the hold is over"
                    self.over = self.t
                case Answer(line) | Insert(line):
                    assert line.text in self.speakable
                    assert self.hold, f"{line.id} is for a hold, and none runs"
                case Announce(line):
                    assert line.text in self.speakable
                case Hold():
                    self.watch_hold(cue)
                case Listen(seconds):
                    assert self.hold is None
                    assert 0 < seconds <= 600
                    self.over = self.t + seconds
                case Keep(record):
                    self.keep(record)
        state = self.dialogue.state
        assert state == "idle" or self.over is not None, f"nothing would ever follow {self.dialogue.position}"
        assert not self.dialogue.position.startswith("holding") or self.hold, "it counts what nobody holds"
        assert self.told <= math.floor(self.held + self.held_now() + 1e-6), "more is told than was held"
        if state == "idle":
            assert not self.going, "the conversation is over, and the cramp is still going on"
        return cues

    def watch_hold(self, hold: Hold) -> None:
        """See that a hold is one."""
        assert self.hold is None, "two holds at once"
        assert 1 <= hold.left <= self.dialogue.longest_hold
        assert list(hold.counts) == sorted(set(hold.counts), reverse=True)
        assert all(1 <= count <= hold.left for count in hold.counts)
        assert {line.text for line in hold.coaching} <= self.speakable
        self.hold, self.over = (self.t, hold.left), self.t + hold.left

    def keep(self, record: Record) -> None:
        """See that what is to be remembered follows from what was."""
        self.records.append(record)
        match record:
            case EpisodeBegan():
                assert not self.going, "a cramp began before the one before it had ended"
                self.going = True
            case EpisodeEnded():
                assert self.going, "a cramp ended that had not begun"
                self.going = False
            case Held(_, seconds):
                assert 1 <= seconds <= self.dialogue.longest_hold
                self.told += seconds
            case TimerSet(name, seconds):
                assert seconds > 0
                self.timers.add(name)
            case TimerGone(name):
                assert name in self.timers, "it rang twice"
                self.timers.remove(name)
