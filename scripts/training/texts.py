"""What the synthetic voices say: commands, orders, prompts, numbers, and words in any order."""

import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.coffee import random_order
from training.corpus import normalise
from training.lexicon import Lexicon

__all__ = ["read_sentences", "sentences"]

_UNITS = tuple("one two three four five six seven eight nine".split(" "))
_TEENS = tuple("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" "))
_TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split(" "))
_PAIRS = tuple(f"{ten} {unit}" for ten in _TENS for unit in _UNITS)
NUMBERS = ("zero", "oh", *_UNITS, *_TEENS, *_TENS, *_PAIRS, "hundred")
"""The numbers that people count and hold for."""


def read_sentences(path: Path) -> list[str]:
    """Return the sentences of a text file: one a line, # comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    plain = (normalise(line.partition("#")[0]) for line in lines)
    return [sentence for sentence in plain if sentence]


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
