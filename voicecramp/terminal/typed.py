"""The same conversation by text: what would be said, without a sound."""

from collections.abc import Iterable, Iterator

from rich.text import Text

from voicecramp.dialogue import Cue, Dialogue, Gain, Hold, Insert, Listen, Say, State
from voicecramp.nlu import Intent, Nlu, Unsure

__all__ = ["converse"]

INTO_A_HOLD = 5.0
"""Seconds of a hold that have been done when the next sentence is typed into it."""


def converse(nlu: Nlu, dialogue: Dialogue, sentences: Iterable[str]) -> Iterator[Text]:
    """Yield the conversation line by line.

    Each sentence is said when the one before has been answered: at a question, or five seconds into a hold.
    An empty one is silence: the hold runs to its end, the question goes unanswered. After the last, it
    plays on to the next question or hold.
    """
    held = 0.0
    for sentence in sentences:
        if sentence.strip():
            yield Text.assemble(("you         ", "bold cyan"), sentence)
            meaning = nlu.understand(sentence, dialogue.state)
            yield _understood(meaning, sentence, dialogue.state)
            if meaning is None:
                continue
            if isinstance(meaning, Unsure):
                cues = dialogue.doubted(meaning, nlu.label(meaning.best))
            else:
                cues = dialogue.heard(meaning, held)
        else:
            yield Text.assemble(("you         ", "bold cyan"), ("(silence)", "dim"))
            cues = dialogue.done()
        yield from _shown(cues)
        # What only goes on talking is played out; a hold, a question or the end waits for the next sentence.
        while dialogue.state is State.GUIDING:
            yield from _shown(dialogue.done())
        held = INTO_A_HOLD if dialogue.state is State.HOLDING else 0.0


def _understood(meaning: Intent | Unsure | None, sentence: str, state: str) -> Text:
    match meaning:
        case Intent(name, slots, score):
            given = "".join(f" {slot}={value}" for slot, value in slots.items())
            return Text(f"understood  {name}{given} (score {score:.0f}, {state})", "dim")
        case Unsure(best, reason):
            return Text(f"unsure      {best.name}? ({reason}, {state})", "dim")
    return Text(f"passed over {sentence!r} is not a sentence known here ({state})", "yellow")


def _shown(cues: Iterable[Cue]) -> Iterator[Text]:
    for cue in cues:
        match cue:
            case Say(line) | Insert(line):
                rests = ", ".join(line.source) or (f"beyond: {line.beyond}" if line.beyond else "")
                yield Text.assemble(
                    ("says        ", "bold magenta"), line.text, (f"  [{rests}]" if rests else "", "dim")
                )
            case Hold(left, counts, coaching):
                numbers = " ".join(map(str, counts))
                yield Text.assemble(("holds       ", "magenta"), f"{left} s, counting {numbers}")
                for line in coaching:
                    rests = ", ".join(line.source) or f"beyond: {line.beyond}"
                    yield Text.assemble(("  coaches   ", "magenta"), line.text, (f"  [{rests}]", "dim"))
            case Listen(seconds):
                yield Text(f"listens     up to {seconds:g} s", "dim")
            case Gain(decibels):
                yield Text(f"volume      {decibels:g} dB", "dim")
