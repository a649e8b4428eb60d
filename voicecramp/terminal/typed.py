"""The same conversation by text: what would be said, without a sound."""

import re
from collections.abc import Iterable, Iterator

from rich.text import Text

from voicecramp.dialogue import (
    Announce,
    Answer,
    Cue,
    Gain,
    Hold,
    Insert,
    Keep,
    Line,
    Listen,
    Pace,
    Say,
)
from voicecramp.nlu import Intent, Unsure
from voicecramp.rehearsal import Rehearsal

__all__ = ["converse"]


def converse(rehearsal: Rehearsal, sentences: Iterable[str]) -> Iterator[Text]:
    """Yield the conversation line by line; an empty sentence is silence."""
    for sentence in sentences:
        state = rehearsal.state
        if sentence.strip():
            yield Text.assemble(("you         ", "bold cyan"), sentence)
            cues = rehearsal.say(sentence)
            first = next(cues, None)  # understood before anything is answered
            yield _understood(rehearsal.meaning, sentence, state)
            if first is not None:
                yield from _shown(first)
        else:
            yield Text.assemble(("you         ", "bold cyan"), ("(silence)", "dim"))
            cues = rehearsal.silence()
        for cue in cues:
            yield from _shown(cue)


def _understood(meaning: Intent | Unsure | None, sentence: str, state: str) -> Text:
    match meaning:
        case Intent(name, slots, score):
            given = "".join(f" {slot}={value}" for slot, value in slots.items())
            return Text(f"understood  {name}{given} (score {score:.0f}, {state})", "dim")
        case Unsure(best, reason):
            return Text(f"unsure      {best.name}? ({reason}, {state})", "dim")
    return Text(f"passed over {sentence!r} is not a sentence known here ({state})", "yellow")


def _shown(cue: Cue) -> Iterator[Text]:
    match cue:
        case Say(line) | Insert(line) | Answer(line):
            yield Text.assemble(("says        ", "bold magenta"), line.text, (_rests(line), "dim"))
        case Announce(line):
            yield Text.assemble(("announces   ", "bold magenta"), line.text)
        case Hold(left, counts, coaching):
            numbers = f"counting {' '.join(map(str, counts))}" if counts else "without counting"
            yield Text.assemble(("holds       ", "magenta"), f"{left} s, {numbers}")
            for line in coaching:
                yield Text.assemble(("  coaches   ", "magenta"), line.text, (_rests(line), "dim"))
        case Listen(seconds):
            yield Text(f"listens     up to {seconds:g} s", "dim")
        case Gain(decibels):
            yield Text(f"volume      {decibels:g} dB", "dim")
        case Pace(factor):
            yield Text(f"pace        {factor:g}", "dim")
        case Keep(record):
            name = re.sub(r"\B(?=[A-Z])", " ", type(record).__name__).lower()
            values = " ".join(f"{key}={value}" for key, value in vars(record).items() if value != "")
            yield Text(f"keeps       {name} {values}", "dim")


def _rests(line: Line) -> str:
    rests = ", ".join(line.source) or (f"beyond: {line.beyond}" if line.beyond else "")
    return f"  [{rests}]" if rests else ""
