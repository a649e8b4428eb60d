"""For every line of the guidance, a short conversation in which it is said, found by having as many as it takes."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from voicecramp.datafile import Strict
from voicecramp.dialogue import (
    Announce,
    Answer,
    Blank,
    Content,
    Cue,
    Dialogue,
    Hold,
    Insert,
    Say,
    Settings,
    State,
)
from voicecramp.dialogue.steps import AskStep
from voicecramp.nlu import Intent, Nlu, SlotValue
from voicecramp.nlu.phrases import Sentences
from voicecramp.rehearsal import Rehearsal

__all__ = ["Conversation", "Turn", "find", "have"]

Turn = str | int
"""A sentence; "" for silence; or a number: the next is said into so manyth of the steps that the last one led to."""

PASTS: Sequence[dict[str, str]] = ({}, {"often": "yes"}, {"diuretic": "yes"})
"""What the diary may know before it begins."""

LONGEST = 20
"""Turns after which a conversation is given up: the doctor's questions take twelve, with every "don't know"."""

INTERRUPTIONS = ("Faint",)
"""Said at any moment, besides what is waited for: feeling faint changes what is said ever after."""

PROBES = ("Tried", "Options")
"""Said at any moment as well, but nothing follows from them."""

WAITING = "Walk"
"""Said where something urgent puts everything else off."""


class Conversation(Strict):
    """What a person says, turn by turn; `past` is what the diary knew when it began."""

    turns: tuple[Turn, ...]
    past: dict[str, str] = Field(default_factory=dict)

    def __str__(self) -> str:
        """Every turn, and what the diary knew."""
        told = "".join(
            f"({turn})" if isinstance(turn, int) else f" “{turn}”" if turn else " …" for turn in self.turns
        )
        return told.strip() + "".join(f" [{name}: {value}]" for name, value in self.past.items())


@dataclass(frozen=True)
class Outcome:
    """What came of a conversation."""

    lines: tuple[str, ...]
    """The ids of the lines that were said."""
    passed: tuple[str, ...]
    """Where it stood while it went on by itself in the last turn, in order."""
    dialogue: Dialogue


class _Past(Blank):
    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts

    def facts(self, t: float) -> Mapping[str, str]:  # noqa: ARG002 - a protocol's
        return self._facts


class _Phrases:
    """Understands what it is told word for word, at once."""

    def __init__(self, sentences: Sentences) -> None:
        self._phrases = sentences.phrases

    def understand(self, text: str, state: str) -> Intent | None:
        return self._phrases[state].get(text)


def have(
    conversation: Conversation,
    nlu: Nlu | _Phrases,
    content: Content,
    slots: Mapping[str, Sequence[SlotValue]],
) -> Outcome:
    """Have a conversation by text, and tell what came of it."""
    past = _Past(conversation.past)
    dialogue = Dialogue(content, Settings(), past, slots)
    rehearsal = Rehearsal(nlu, dialogue, past.record)  # type: ignore[arg-type]  # _Phrases is all of Nlu that it uses
    lines: list[str] = []
    passed: list[str] = []
    turns = conversation.turns
    for index, turn in enumerate(turns):
        if isinstance(turn, int):
            continue
        until = turns[index + 1] if index + 1 < len(turns) else None
        passed = []
        for cue in rehearsal.say(turn) if turn else rehearsal.silence():
            if dialogue.state is State.GUIDING and dialogue.position not in passed:
                passed.append(dialogue.position)
            lines += _spoken(cue)
            if isinstance(until, int) and len(passed) >= until:
                break
    return Outcome(tuple(lines), tuple(passed), dialogue)


def find(content: Content, sentences: Sentences, wanted: Iterable[str]) -> Mapping[str, Conversation]:
    """Return a conversation for each of the wanted lines, by id, that some conversation comes to.

    Not every conversation is had: one that stands where others stood goes on only if it brings two things
    together that were not together before. So what depends on many answers at once may be missed, unless
    they are all the same. None goes on after its end: what only a second one comes to, because of what was
    answered in the first, is kept by hand.
    """
    missing = set(wanted)
    sayable, phrases = _Sayable(sentences), _Phrases(sentences)
    found: dict[str, Conversation] = {}
    for past in PASTS:
        seen: set[object] = set()
        coming = deque([Conversation(turns=(), past=past)])
        while coming and missing:
            before = coming.popleft()
            outcome = have(before, phrases, content, sentences.lists)
            for name in missing.intersection(outcome.lines):
                found[name] = before
            missing -= found.keys()
            if len(before.turns) >= LONGEST or (before.turns and outcome.dialogue.state is State.IDLE):
                continue
            coming += _into(before, outcome, seen)
            news = _standing(outcome.dialogue) - seen
            if news or len(set(before.turns[1:])) == 1:
                seen |= news
                turns = sayable.next(content, outcome.dialogue)
                coming += [Conversation(turns=(*before.turns, text), past=past) for text in turns]
    return found


def _into(before: Conversation, outcome: Outcome, seen: set[object]) -> Iterator[Conversation]:
    """Yield the conversations in which the next thing is said before a step is over that none was said into."""
    if not before.turns or isinstance(before.turns[-1], int):
        return
    for number, position in enumerate(outcome.passed, start=1):
        if ("into", position) not in seen:
            seen.add(("into", position))
            yield Conversation(turns=(*before.turns, number), past=before.past)


class _Sayable:
    """The shortest sentence for everything that can be meant, in each state."""

    def __init__(self, sentences: Sentences) -> None:
        self._texts: dict[str, dict[str, dict[str, str]]] = {state: {} for state in State}
        for state, phrases in sentences.phrases.items():
            for text, intent in sorted(phrases.items(), key=lambda one: (len(one[0]), one[0])):
                meanings = self._texts[state].setdefault(intent.name, {})
                meanings.setdefault(str(sorted(intent.slots.items())), text)

    def next(self, content: Content, dialogue: Dialogue) -> Iterator[str]:
        """Yield what may be said now: from idle whatever starts a flow, else what is waited for; and silence."""
        walk, texts = dialogue._walk, self._texts[dialogue.state]
        if walk.place is None:
            names: Iterable[str] = {flow.starts for flow in content.flows.values()}
        else:
            yield ""
            step, flow = walk.place.step, walk.place.flow
            answers = step.answers if isinstance(step, AskStep) else {}
            names = {*answers, *getattr(step, "on", {}), *flow.on, *INTERRUPTIONS, *PROBES}
            names |= {WAITING} if flow.put_off else set()
        for name in sorted(names):
            yield from texts.get(name, {}).values()


def _spoken(cue: Cue) -> Iterator[str]:
    match cue:
        case Say(line) | Insert(line) | Answer(line) | Announce(line):
            yield line.id
        case Hold(_, _, coaching):
            yield from (line.id for line in coaching)


def _standing(dialogue: Dialogue) -> set[object]:
    """Tell what is so at this moment, two things at a time: where it stands, with each fact."""
    walk = dialogue._walk
    where = dialogue.position, tuple(walk._rounds.values()), walk.place.asked if walk.place else 0
    facts = {*walk.facts.items(), *(("back to", (place.flow.flow, place.name)) for place in walk.interrupted)}
    return {(where, fact) for fact in (*facts, None)}
