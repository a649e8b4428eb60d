"""A second look at what was heard: a closed grammar hears a command in everything, so it alone is never believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz

from voicecramp.asr.recogniser import Hypothesis, Recogniser
from voicecramp.frames import Samples

__all__ = ["OtherEngine", "Verdict", "Verifier"]


@dataclass(frozen=True)
class Verdict:
    """Whether the second look confirms the first, and why."""

    agreed: bool
    reason: str
    """A short clause for the log."""


class Verifier(Protocol):
    """Looks at an utterance again once the first look made it a command."""

    def agrees(self, hypothesis: Hypothesis, audio: Samples, phrases: Sequence[str]) -> Verdict:
        """Say whether `hypothesis`, heard in `audio` (the utterance, shape (n,)) among `phrases`, is to be believed."""


_ENOUGH = 70.0
"""How alike the two must be, from 0 to 100."""


class OtherEngine:
    """Listens to the utterance again with another engine and the same grammar: the two err independently."""

    def __init__(self, engine: Recogniser) -> None:
        self._engine = engine
        self._phrases: Sequence[str] = ()

    def agrees(self, hypothesis: Hypothesis, audio: Samples, phrases: Sequence[str]) -> Verdict:
        """Compare what the two engines heard."""
        if self._phrases != phrases:
            self._engine.listen_for(phrases)
            self._phrases = phrases
        self._engine.accept(audio)
        other = self._engine.finish()
        alike = fuzz.ratio(hypothesis.text, other.text)
        return Verdict(
            alike >= _ENOUGH,
            f'{other.recogniser} heard "{other.text}", {alike:.0f} % alike, {_ENOUGH:.0f} needed',
        )
