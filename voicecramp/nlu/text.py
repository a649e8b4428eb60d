"""Text as the sentences are compared in: lower case, single spaces, no punctuation, numbers as words, garbage apart."""

import re
import unicodedata
from dataclasses import dataclass

from unicode_rbnf import RbnfEngine

__all__ = ["GARBAGE", "Utterance", "normalise"]

GARBAGE = "[unk]"
"""What a recogniser writes for sound that is none of the words it listens for."""

_WORD = re.compile(r"\[unk\]|[^\W_]+(?:'[^\W_]+)*")
_DIGITS = re.compile(r"\d+")
_NUMBERS = RbnfEngine.for_language("en")

_READ_OUT = 3
"""From so many digits on a number is read digit by digit, as telephone numbers are."""


def normalise(text: str) -> str:
    """Return the words alone: lower case, hyphens and punctuation as spaces, apostrophes straight, no digits."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(_WORD.findall(_DIGITS.sub(_in_words, plain)))


def _in_words(digits: re.Match[str]) -> str:
    """Write a number as it is spoken: in typing there are digits, in speech there are none."""
    parts = list(digits[0]) if len(digits[0]) >= _READ_OUT else [digits[0]]
    return f" {' '.join(_NUMBERS.format_number(int(part)).text for part in parts)} "


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
