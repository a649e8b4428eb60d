"""The same conversation by text: what would be said, without a sound."""

from collections.abc import Callable, Iterable, Iterator

from rich.text import Text

from voicecramp.dialogue import (
    Announce,
    Answer,
    Cue,
    Dialogue,
    Gain,
    Hold,
    Insert,
    Keep,
    Line,
    Listen,
    Pace,
    Record,
    Say,
    State,
)
from voicecramp.nlu import Intent, Nlu, Unsure

__all__ = ["converse"]

INTO_A_HOLD = 5.0
"""Seconds of a hold that have been done when the next sentence is typed into it."""

Keeper = Callable[[Record, float], None]
"""Keeps what is to be kept, with its stream second."""


class _Clock:
    """Stream time as a conversation by text has it: holds and waiting take their time, talking none."""

    def __init__(self, keep: Keeper) -> None:
        self.t = 0.0
        self._keep = keep
        self._takes = 0.0  # seconds until what was cued last is over, if nobody speaks

    def perform(self, cues: Iterable[Cue]) -> Iterator[Text]:
        """Show cues, and keep what they give to keep."""
        self._takes = 0.0
        for cue in cues:
            match cue:
                case Keep(record):
                    self._keep(record, self.t)
                case Hold():
                    self._takes += cue.left
                case Listen(seconds):
                    self._takes += seconds
            yield from _shown(cue)

    def silence(self, dialogue: Dialogue) -> Iterator[Text]:
        """Let time pass, until what is under way is over or, where nothing is, the next timer rings."""
        idle = dialogue.state is State.IDLE
        self.t = max(self.t, dialogue.next_timer or 0.0) if idle else self.t + self._takes
        rung = dialogue.tick(self.t)
        yield from self.perform([*rung, *dialogue.done(self.t)])


def converse(nlu: Nlu, dialogue: Dialogue, keep: Keeper, sentences: Iterable[str]) -> Iterator[Text]:
    """Yield the conversation line by line.

    Each sentence is said when the one before has been answered: at a question, or five seconds into a hold.
    An empty one is silence: the hold runs to its end, the question goes unanswered; where nothing goes on,
    the next timer rings. After the last, it plays on to the next question or hold.
    """
    clock = _Clock(keep)
    for sentence in sentences:
        if sentence.strip():
            yield Text.assemble(("you         ", "bold cyan"), sentence)
            meaning = nlu.understand(sentence, dialogue.state)
            yield _understood(meaning, sentence, dialogue.state)
            held = INTO_A_HOLD if dialogue.state is State.HOLDING else 0.0
            clock.t += held
            if meaning is None:
                cues = dialogue.missed(clock.t)
            elif isinstance(meaning, Unsure):
                cues = dialogue.doubted(meaning, nlu.label(meaning.best))
            else:
                cues = dialogue.heard(meaning, clock.t, held)
            yield from clock.perform(cues)
        else:
            yield Text.assemble(("you         ", "bold cyan"), ("(silence)", "dim"))
            yield from clock.silence(dialogue)
        # What only goes on talking is played out; a hold, a question or the end waits for the next sentence.
        while dialogue.state is State.GUIDING:
            yield from clock.silence(dialogue)


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
            yield Text(f"keeps       {record}", "dim")


def _rests(line: Line) -> str:
    rests = ", ".join(line.source) or (f"beyond: {line.beyond}" if line.beyond else "")
    return f"  [{rests}]" if rests else ""
