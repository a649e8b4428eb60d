"""How sure it is of what was said and of other people's words that it takes for ours, by the number of words.

What the bounds of the second look were chosen by.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from false_alarms import PROJECT, commands, recordings
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table
from voices import VOICES

from voicecramp import resources
from voicecramp.asr import Recogniser, choose
from voicecramp.frames import Samples
from voicecramp.hearing import certainty
from voicecramp.nlu import Intent, Nlu, Unsure, load

STATES = ("idle", "holding", "asking")
BOUNDS = (0.5, 0.7, 0.9, 0.95, 0.97, 0.98, 0.99)
WHOLE = 3
"""Words from which on only a whole phrase is believed without a second look."""
MANY = 4
"""Words from which on there is no telling apart."""


def taken(
    recogniser: Recogniser, sound: Samples, nlu: Nlu, state: str
) -> tuple[Intent | Unsure, int, float] | None:
    """Return what a clip is taken for, with its words, `MANY` at most, and how sure that is; None: for nothing.

    Three words or more count where they are a whole phrase: without the second look nothing less is believed.
    """
    recogniser.accept(sound)
    hypothesis = recogniser.finish()
    meaning, words = nlu.understand(hypothesis.text, state), len(hypothesis.words)
    if meaning is None or (words >= WHOLE and hypothesis.text not in nlu.phrases(state)):
        return None
    return meaning, min(MANY, words), certainty(hypothesis, meaning, nlu, state)


def means(meaning: Intent | Unsure | None) -> tuple[object, ...] | None:
    """Return what makes two hypotheses the same to the dialogue; None where it would ask what was said."""
    return (meaning.name, meaning.slots) if isinstance(meaning, Intent) else None


def spoken(phrases: Sequence[str], clips: int) -> Iterator[tuple[str, Samples]]:
    """Give about as many clips of phrases of each length: most are long, and there is most doubt about short ones."""
    for words in range(1, MANY + 1):
        such = [phrase for phrase in phrases if min(MANY, len(phrase.split())) == words]
        for _, _, phrase, sound in commands(such, max(1, len(such) * len(VOICES) // clips)):
            yield phrase, sound


def main(
    shared: Annotated[Path, typer.Option(help="The folder of recordings.")] = PROJECT.parent / "shared",
    others: Annotated[str, typer.Option(help="The sets of other people's words.")] = "other phone",
    engine: Annotated[str, typer.Option(help="vosk or pocketsphinx.")] = "vosk",
    every: Annotated[int, typer.Option(help="Hear only each nth recording.")] = 1,
    clips: Annotated[int, typer.Option(help="Say about so many phrases of each length.")] = 300,
) -> None:
    """Print how many of each are at least so sure."""
    nlu = load(resources.intents() / "en")
    choice = choose(resources.models(), engine, pronunciations=nlu.pronunciations())
    columns = ("", "of", "words", "taken", *map(str, BOUNDS))
    table = Table(*columns, title=choice.why, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    clips_of_others = [clip for name in others.split() for clip in recordings(shared, name, every)]
    for state in STATES:
        phrases = frozenset(nlu.phrases(state))
        theirs = [sound for text, sound in clips_of_others if text.lower() not in phrases]
        choice.recogniser.listen_for(sorted(phrases))
        lost = choice.recogniser.unknown_words(sorted(phrases))
        said = list(spoken(sorted(one for one in phrases if not lost.keys() & set(one.split())), clips))
        ours, foreign = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
        for phrase, sound in track(said, f"{state}: ours", transient=True):
            heard = taken(choice.recogniser, sound, nlu, state)
            if heard and (meant := means(heard[0])) and meant == means(nlu.understand(phrase, state)):
                ours[heard[1]].append(heard[2])
        for sound in track(theirs, f"{state}: others", transient=True):
            if heard := taken(choice.recogniser, sound, nlu, state):
                foreign[heard[1]].append(heard[2])
        for whose, number, found in (("ours", len(said), ours), ("others", len(theirs), foreign)):
            for words in sorted(found):
                sure = (sum(least >= bound for least in found[words]) for bound in BOUNDS)
                many = f"{words}+" if words == MANY else f"{words}"
                table.add_row(f"{state}: {whose}", f"{number}", many, f"{len(found[words])}", *map(str, sure))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
