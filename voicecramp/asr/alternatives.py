"""Of all that an utterance may have been: the whole phrase that it most likely was, and how sure that is."""

import math
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicecramp.asr.recogniser import UNKNOWN, Word

__all__ = ["COUNT", "Alternative", "choose", "read_alternatives", "whole_phrases"]

COUNT = 50
"""How many to ask the engine for."""

_BEHIND = 6.0
"""Nats by which a whole phrase may be less likely than what is none: the engine also hears phrases mixed together,
"start did" for "stop it". Of 155 coffee orders 136 were right with 3, 141 with this; the lattice must be as deep
(`--lattice-beam` in the model's conf/model.conf), and deeper ones cost too much."""

_MIXED = 0.1
"""What phrases mixed together count for, in how sure a word is, beside a whole phrase that sounds as likely: hardly anybody
says them, but they are what other people's words sound like. Of 1, 0.1 and 0.01 the one with which most nearly that share
of the answers is right (the model's card has the plot)."""


@dataclass(frozen=True)
class Alternative:
    """One of the things that may have been said."""

    words: tuple[tuple[str, float, float], ...]
    """Every word with its start and end, in seconds from the first sample of the utterance."""
    likelihood: float
    """Natural logarithm, up to a constant that all alternatives of an utterance share."""

    @property
    def text(self) -> str:
        """The words with single spaces between, garbage included."""
        return " ".join(text for text, _, _ in self.words)

    @property
    def garbage(self) -> bool:
        """Whether there is garbage in it, or nothing at all."""
        return not self.words or any(text == UNKNOWN for text, _, _ in self.words)


def read_alternatives(answer: Mapping[str, Any]) -> list[Alternative]:
    """Return the alternatives, the likeliest first, from Vosk's answer to `SetMaxAlternatives` and `SetWords`."""
    return [
        Alternative(
            tuple((word["word"], word["start"], word["end"]) for word in row.get("result", ())),
            row["confidence"],
        )
        for row in answer["alternatives"]
    ]


def choose(alternatives: Sequence[Alternative], phrases: Container[str]) -> tuple[Word, ...]:
    """Return the words of the likeliest whole phrase, or of the likeliest alternative where none is likely enough.

    A whole phrase must be likelier than all together that has garbage in it.

    A word is as sure as all alternatives together that have it at its place; how often it is right then, the model's
    card tells.

    Args:
        alternatives: of one utterance, the likeliest first; at least one.
        phrases: the whole phrases that are listened for; a set, or whatever knows them.
    """
    top = alternatives[0].likelihood
    shares = [math.exp(one.likelihood - top) for one in alternatives]
    garbage = sum(share for share, one in zip(shares, alternatives, strict=True) if one.garbage)

    def possible(one: Alternative, share: float) -> bool:
        return one.text in phrases and not one.garbage and share >= max(math.exp(-_BEHIND), garbage)

    whole = (one for one, share in zip(alternatives, shares, strict=True) if possible(one, share))
    other = (one for one in alternatives if one.garbage or one.text not in phrases)
    chosen = next(whole, None) or next(other)
    counted = _count(alternatives, phrases)
    return tuple(
        Word(text, start, end, min(1.0, _share(text, (start + end) / 2, alternatives, counted)))
        for text, start, end in chosen.words
    )


def whole_phrases(alternatives: Sequence[Alternative], phrases: Container[str]) -> dict[str, float]:
    """Return how likely each whole phrase is among the alternatives, which are as for `choose`: 0 to 1 in all."""
    found = defaultdict[str, float](float)  # the engine may give the same words twice, at other times
    for one, share in zip(alternatives, _count(alternatives, phrases), strict=True):
        if one.text in phrases and not one.garbage:
            found[one.text] += share
    return found


def _count(alternatives: Sequence[Alternative], phrases: Container[str]) -> list[float]:
    """Return how likely each alternative is, 1 in all."""
    top = alternatives[0].likelihood
    shares = [
        math.exp(one.likelihood - top) * (1.0 if one.garbage or one.text in phrases else _MIXED)
        for one in alternatives
    ]
    total = sum(shares)
    return [share / total for share in shares]


def _share(text: str, middle: float, alternatives: Sequence[Alternative], shares: Sequence[float]) -> float:
    """Return what the alternatives that have this word at this moment are worth together."""
    return sum(
        share
        for one, share in zip(alternatives, shares, strict=True)
        if any(other == text and start <= middle <= end for other, start, end in one.words)
    )
