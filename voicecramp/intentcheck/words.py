"""Words that cannot be heard."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from voicecramp.datafile import Place, load, places
from voicecramp.intentcheck.material import Finding, Material
from voicecramp.nlu.schema import Common, SentenceFile

__all__ = ["UnknownWords", "unknown_words"]

UnknownWords = Callable[[Sequence[str]], Mapping[str, str]]
"""Returns the words of phrases that a recogniser cannot hear, each with a phrase it stands in."""


def unknown_words(material: Material, recogniser: UnknownWords) -> Iterator[Finding]:
    """Find words that the recogniser does not know."""
    phrases = {
        text: intent.name
        for understood in material.sentences.phrases.values()
        for text, intent in understood.items()
    }
    for word, phrase in recogniser(sorted(phrases)).items():
        path, where = _written(material, word, phrases[phrase])
        what = f"the recogniser does not know the word '{word}', so it cannot hear '{phrase}'; use another"
        yield Finding(path, where, what)


def _written(material: Material, word: str, intent: str) -> tuple[Path, Place]:
    """Find where a word is written: in its intent's file, or in what all files share."""
    own, shared = material.sentences.files[intent], material.folder / "_common.yaml"
    whole = re.compile(rf"(?<![\w'])({re.escape(word)})(?![\w'])", re.IGNORECASE)
    for path, data in ((own, load(own, SentenceFile)), (shared, load(shared, Common))):
        for place, text in places(data, str):
            if whole.search(text) and "labels" not in place:
                return path, place
    return own, ("intents", intent)
