"""What the synthetic voices say: commands, coffee orders, what people read, and words in any order."""

import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.coffee import random_order
from training.corpus import normalise
from training.lexicon import Lexicon

__all__ = ["MADE", "is_file", "read_sentences", "sentences"]

MADE = frozenset({"orders", "common", "rare"})
"""Kinds of sentences that are made up of words."""


def read_sentences(path: Path) -> list[str]:
    """Return the sentences of a text file: one a line, # comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    plain = (normalise(line.partition("#")[0]) for line in lines)
    return [sentence for sentence in plain if sentence]


def sentences(
    count: int,
    mix: Mapping[str, float],
    texts: Mapping[str, Sequence[str]],
    lexicon: Lexicon,
    random_: random.Random,
) -> list[str]:
    """Return `count` sentences to be said.

    Args:
        count: how many.
        mix: the shares of `commands`, of which two may be said in a row, `orders` (of coffee), `common` words of the
            lexicon in any order (drawn by the square root of their frequency), `rare` ones (drawn evenly, so that rare
            sounds come up), of a text file's lines, two to six in a row (`numbers.txt`), and of what is said in a source.
        texts: the commands, and the sentences of those files and sources, by the names that `mix` has.
        lexicon: all words.
        random_: decides.
    """
    words = list(lexicon.pronunciations)
    weights = [math.exp(lexicon.log_probability[word] / 2) for word in words]

    def one(kind: str) -> str:
        match kind:
            case "commands":
                return " ".join(random_.choices(texts[kind], k=1 if random_.random() < 0.5 else 2))
            case "orders":
                return random_order(random_)
            case "common":
                return " ".join(random_.choices(words, weights, k=random_.randint(3, 8)))
            case "rare":
                return " ".join(random_.choices(words, k=random_.randint(3, 8)))
        if is_file(kind):
            return " ".join(random_.choices(texts[kind], k=random_.randint(2, 6)))
        return random_.choice(texts[kind])

    return [one(kind) for kind in random_.choices(list(mix), list(mix.values()), k=count)]


def is_file(kind: str) -> bool:
    """Whether a kind of sentence is a text file's lines."""
    return kind.endswith(".txt")
