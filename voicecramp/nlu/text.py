"""Text as the sentences are compared in: lower case, single spaces, no punctuation, garbage set apart."""

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["GARBAGE", "Utterance", "normalise"]

GARBAGE = "[unk]"
"""What a recogniser writes for sound that is none of the words it listens for."""

_WORD = re.compile(r"\[unk\]|[^\W_]+(?:'[^\W_]+)*")


def normalise(text: str) -> str:
    """Return the words alone: lower case, hyphens and punctuation as spaces, apostrophes straight."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(_WORD.findall(plain))


@dataclass(frozen=True)
class Utterance:
    """What was heard, with the garbage around it counted."""

    text: str
    """From the first real word to the last, normalised; garbage between them stays. Empty if all was garbage."""
    before: int
    """How many pieces of garbage came first: a moan, a breath, or somebody else's talk."""
    after: int
    """How many came last."""

    @classmethod
    def of(cls, text: str) -> "Utterance":
        """Normalise any text and set the garbage around it apart."""
        words = normalise(text).split()
        real = [index for index, word in enumerate(words) if word != GARBAGE]
        if not real:
            return cls("", len(words), 0)
        first, last = real[0], real[-1]
        return cls(" ".join(words[first : last + 1]), first, len(words) - 1 - last)
