"""Of all that an utterance may have been: the whole phrase that it most likely was, and how sure every word is."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicecramp.asr.recogniser import UNKNOWN, Word

__all__ = ["COUNT", "Alternative", "choose", "read_alternatives"]

COUNT = 50
"""How many to ask the engine for."""

_BEHIND = 6.0
"""Nats by which a whole phrase may be less likely than what is none: the engine also hears phrases mixed together,
"start did" for "stop it". Of 155 coffee orders 136 were right with 3, 141 with this; the lattice must be as deep
(`--lattice-beam` in the model's conf/model.conf), and deeper ones cost too much."""

_OVER_GARBAGE = 20.0
"""How many times likelier than all that has garbage in it such a phrase must be. An earlier model, without a choice,
heard 369 of 407 commands (synthetic voices in noisy rooms) and a command in 38 of 495 clips of other words; so chosen
392 and 55: what is chosen too often is for the second look."""


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
    """Return the words of the likeliest alternative, or of a whole phrase that is next to it and far above garbage.

    A word is as sure as all alternatives together that have it at its place.

    Args:
        alternatives: of one utterance, the likeliest first; at least one.
        phrases: the whole phrases that are listened for; a set, or whatever knows them.
    """
    top = alternatives[0].likelihood
    shares = [math.exp(one.likelihood - top) for one in alternatives]
    chosen = alternatives[0]
    if chosen.text not in phrases:
        garbage = sum(
            share
            for one, share in zip(alternatives, shares, strict=True)
            if not one.words or any(text == UNKNOWN for text, _, _ in one.words)
        )
        least = max(math.exp(-_BEHIND), _OVER_GARBAGE * garbage)
        likely = (one for one, share in zip(alternatives, shares, strict=True) if share >= least)
        chosen = next((one for one in likely if one.text in phrases), chosen)
    total = sum(shares)
    return tuple(
        Word(text, start, end, min(1.0, _share(text, (start + end) / 2, alternatives, shares) / total))
        for text, start, end in chosen.words
    )


def _share(text: str, middle: float, alternatives: Sequence[Alternative], shares: Sequence[float]) -> float:
    """Return what the alternatives that have this word at this moment are worth together."""
    return sum(
        share
        for one, share in zip(alternatives, shares, strict=True)
        if any(other == text and start <= middle <= end for other, start, end in one.words)
    )
