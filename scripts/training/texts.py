"""What the synthetic voices say: commands, orders, prompts, numbers, and words in any order."""

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from training.coffee import random_order
from training.corpus import normalise
from training.lexicon import Lexicon

__all__ = ["read_all", "read_sentences", "sentences"]

_UNITS = tuple("one two three four five six seven eight nine".split(" "))
_TEENS = tuple("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" "))
_TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split(" "))
_PAIRS = tuple(f"{ten} {unit}" for ten in _TENS for unit in _UNITS)
NUMBERS = ("zero", "oh", *_UNITS, *_TEENS, *_TENS, *_PAIRS, "hundred")
"""The numbers that people count and hold for."""


def read_sentences(path: Path) -> list[str]:
    """Return the sentences of a text file (one a line, # comments) or of a YAML file (every string).

    The brackets, bars and braces of sentence templates are dropped, so that a template gives its words.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix in {".yaml", ".yml"}:
        found = list(_strings(yaml.safe_load(text)))
    else:
        found = [line.partition("#")[0] for line in text.splitlines()]
    plain = (normalise(re.sub(r"\{[^}]*\}|<[^>]*>", " ", line)) for line in found)
    return [sentence for sentence in plain if sentence]


def read_all(base: Path, names: Iterable[str]) -> list[str]:
    """Return the sentences of files, and of all YAML files in folders, given relative to `base`."""
    paths = [base / name for name in names]
    files = [file for path in paths for file in (sorted(path.rglob("*.yaml")) if path.is_dir() else [path])]
    return [sentence for file in files for sentence in read_sentences(file)]


def _strings(node: object) -> Iterable[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def sentences(  # noqa: PLR0913, PLR0917  # what is said depends on all of this
    count: int,
    mix: Mapping[str, float],
    commands: Sequence[str],
    prompts: Sequence[str],
    lexicon: Lexicon,
    random_: random.Random,
) -> list[str]:
    """Return `count` sentences to be said.

    Args:
        count: how many.
        mix: the shares of `commands`, `orders` (of coffee), `prompts`, `numbers`, `common` words of the
            lexicon in any order (drawn by the square root of their frequency) and `rare` ones (drawn evenly,
            so that rare sounds come up).
        commands: what the model is for.
        prompts: what people were given to read.
        lexicon: all words.
        random_: decides.
    """
    words = list(lexicon.pronunciations)
    weights = [math.exp(lexicon.log_probability[word] / 2) for word in words]

    def one(kind: str) -> str:
        match kind:
            case "commands":
                return " ".join(random_.choices(commands, k=1 if random_.random() < 0.5 else 2))
            case "orders":
                return random_order(random_)
            case "prompts":
                return random_.choice(prompts)
            case "numbers":
                return " ".join(random_.choices(NUMBERS, k=random_.randint(2, 6)))
            case "common":
                return " ".join(random_.choices(words, weights, k=random_.randint(3, 8)))
            case "rare":
                return " ".join(random_.choices(words, k=random_.randint(3, 8)))
            case other:
                raise ValueError(f"no such kind of sentence: {other}")

    return [one(kind) for kind in random_.choices(list(mix), list(mix.values()), k=count)]
