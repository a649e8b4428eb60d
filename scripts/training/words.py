"""New words for a model that is trained already: its graph is written anew, its network stays as it is.

The network knows phones, not words, so a word costs nothing but its place in the graph. What must be there:
the words that the model has, and those of the settings' sentences. No recordings and no PyTorch are needed.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from training import lexicon
from training.graph import write_graph
from training.settings import LexiconSettings, load_settings
from training.texts import read_all
from training.transcripts import UNKNOWN

__all__ = ["add_words", "known_words"]

_SETTINGS = Path(__file__).with_name("en.toml")
_MODELS = Path(__file__).parents[2] / "models"


def known_words(folder: Path) -> set[str]:
    """Return the words of the model in a folder."""
    lines = (folder / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines} - {"<eps>", UNKNOWN}


def add_words(folder: Path, base: Path, settings: LexiconSettings) -> list[str]:
    """Teach the model in `folder` the words of the settings' sentences; return those that are new to it.

    Args:
        folder: the model's. Its graph is replaced only by one that is whole, and only if a word is new.
        base: what the paths in the settings are relative to.
        settings: which sentences.
    """
    known = known_words(folder)
    sentences = read_all(base, settings.sentences)
    new = {word for sentence in sentences for word in sentence.split()} - known
    if new:
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            write_graph(Path(temporary), lexicon.build(settings.size, known | new))
            shutil.copytree(Path(temporary, "graph"), folder / "graph", dirs_exist_ok=True)
    return sorted(new)


def main(
    settings: Annotated[Path, typer.Argument(help="The settings of the model's recipe.")] = _SETTINGS,
    models: Annotated[Path, typer.Option(help="Where the model's folder is.")] = _MODELS,
) -> None:
    """Teach the model the words of its settings' sentences that it does not know yet. Nothing is trained."""
    loaded = load_settings(settings)
    new = add_words(models / loaded.name, loaded.folder, loaded.lexicon)
    typer.echo(f"New words: {', '.join(new)}." if new else "It knows every word.")


if __name__ == "__main__":
    typer.run(main)
