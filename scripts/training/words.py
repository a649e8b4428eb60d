"""Which words a model must know, and new ones for a model that is trained already.

The network knows phones, not words, so a word costs nothing but its place in the graph, which is written anew:
no recordings are needed for it, and no PyTorch.
"""

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from training import lexicon
from training.files import put_in_place
from training.graph import write_graph
from training.lexicon import UNKNOWN, Dictionary, Lexicon, Pronunciation
from training.settings import LexiconSettings, load_settings
from training.texts import read_sentences
from voicecramp.errors import VoiceCrampError
from voicecramp.nlu.phrases import read

__all__ = ["Needed", "add_words", "known_words", "needed", "with_ways"]

_SETTINGS = Path(__file__).with_name("en.toml")
_MODELS = Path(__file__).parents[2] / "models"
_TREE = "HCLr.fst"
"""Of a graph's files the one that has all words, with every way to say them."""


@dataclass(frozen=True)
class Needed:
    """What a model must know however rare it is."""

    words: frozenset[str]
    pronunciations: Mapping[str, tuple[Pronunciation, ...]]
    """Ways to say words that the dictionary lacks."""


def needed(base: Path, settings: LexiconSettings) -> Needed:
    """Return the words of the settings' sentences; paths in the settings are relative to `base`.

    Raises `VoiceCrampError` where a sentence is one of the settings' `others` too, and would be heard as neither.
    """
    sentences = [sentence for name in settings.sentences for sentence in read_sentences(base / name)]
    pronunciations: Mapping[str, Sequence[str]] = settings.pronunciations
    if settings.intents:
        intents = read(base / settings.intents)
        sentences += [phrase for phrases in intents.phrases.values() for phrase in phrases]
        pronunciations = {**pronunciations, **intents.pronunciations}
    if both := sorted({*settings.others} & {*sentences}):
        raise VoiceCrampError(
            f"[lexicon] others has '{both[0]}', which is a command as well and would be as likely `[unk]`: take it out."
        )
    words = frozenset(word for sentence in sentences for word in sentence.split())
    split = {word: tuple(tuple(way.split()) for way in ways) for word, ways in pronunciations.items()}
    return Needed(words, split)


def with_ways(
    language: Dictionary, settings: LexiconSettings, every: Collection[str], wanted: Needed
) -> Lexicon:
    """Return the lexicon of the settings, in which is `every` word that is named, with all ways to say what is `wanted`."""
    others = {word for phrase in settings.others for word in phrase.split()}
    clear = lexicon.build(language, settings.size, {*every, *others}, wanted.pronunciations)
    return lexicon.rejecting(lexicon.slurred(clear, wanted.words, settings.slurred), settings.others)


def known_words(folder: Path) -> set[str]:
    """Return the words of the model in a folder."""
    lines = (folder / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines} - {"<eps>", UNKNOWN}


def add_words(folder: Path, base: Path, settings: LexiconSettings) -> tuple[list[str], bool]:
    """Teach the model in `folder` the words it needs, and every way to say them.

    Its graph is replaced only by one that is whole, and only by another; its network stays as it is.

    Returns:
        The words that are new to it, and whether its graph is: new words or not, some may be said in new ways.
    """
    known, wanted = known_words(folder), needed(base, settings)
    language = lexicon.dictionary(base, settings.dictionary)
    words = with_ways(language, settings, known | wanted.words, wanted)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        write_graph(Path(temporary), words, language.phones)
        before, after = folder / "graph", Path(temporary, "graph")
        changed = (before / _TREE).read_bytes() != (after / _TREE).read_bytes()
        if changed:
            put_in_place(after, before)
    return sorted(words.pronunciations.keys() - known), changed


def main(
    settings: Annotated[Path, typer.Argument(help="The settings of the model's recipe.")] = _SETTINGS,
    models: Annotated[Path, typer.Option(help="Where the model's folder is.")] = _MODELS,
) -> None:
    """Teach the model the words of its settings' sentences, and the ways to say them, that it does not know yet.

    Nothing is trained.
    """
    try:
        loaded = load_settings(settings)
        new, changed = add_words(models / loaded.name, loaded.folder, loaded.lexicon)
    except VoiceCrampError as error:  # in the settings or the intents
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    if new:
        typer.echo(f"New words: {', '.join(new)}.")
    elif changed:
        typer.echo("No new words, but new ways to say some.")
    else:
        typer.echo("It knows every word.")


if __name__ == "__main__":
    typer.run(main)
