"""What every recogniser promises, and what it answers with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from voicecramp.frames import Samples

__all__ = ["UNKNOWN", "Hypothesis", "Recogniser", "Word", "find_unknown"]

UNKNOWN = "[unk]"
"""The word that stands for sounds which are in no phrase."""


@dataclass(frozen=True)
class Word:
    """A word and where it was heard."""

    text: str
    start: float
    """Seconds from the first sample of the utterance."""
    end: float
    """Seconds from the first sample of the utterance."""
    confidence: float
    """0 to 1: with Vosk about how often it is right then (see `alternatives`), with PocketSphinx the engine's posterior."""


@dataclass(frozen=True)
class Hypothesis:
    """What an engine believes was said in one utterance."""

    words: tuple[Word, ...]
    """Empty when nothing in the grammar was heard. Garbage is a word `[unk]`."""
    recogniser: str
    """The engine's name: `vosk` or `pocketsphinx`."""
    phrases: Mapping[str, float] = field(default_factory=dict)
    """The whole phrases that it may have been, each with how likely, 0 to 1 in all; empty where the engine does not tell."""

    @property
    def text(self) -> str:
        """The words with single spaces between, garbage included."""
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean of the words' confidences; 0 for nothing heard."""
        return sum(word.confidence for word in self.words) / len(self.words) if self.words else 0.0

    @property
    def least(self) -> float:
        """The confidence of the least certain word; 0 for nothing heard."""
        return min((word.confidence for word in self.words), default=0.0)


class Recogniser(Protocol):
    """An engine with a closed grammar. One utterance at a time; knows no clock and no thread."""

    name: str
    """`vosk` or `pocketsphinx`."""

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Take these whole phrases as the grammar, from the next utterance on; drops the current one."""

    def unknown_words(self, phrases: Sequence[str]) -> Mapping[str, str]:
        """Return the words the engine cannot hear, each with the first phrase it stands in.

        `listen_for` leaves phrases with such words out of the grammar.
        """

    def accept(self, samples: Samples) -> str:
        """Hear more of the current utterance (any number of samples); return what it sounds like so far."""

    def finish(self) -> Hypothesis:
        """End the utterance. The next `accept` begins a new one."""


def find_unknown(knows: Callable[[str], bool], phrases: Sequence[str]) -> dict[str, str]:
    """Return the words an engine does not know, each with the first phrase it stands in."""
    found: dict[str, str] = {}
    for phrase in phrases:
        for word in phrase.split():
            if not knows(word):
                found.setdefault(word, phrase)
    return found
