"""A second look at what was heard: a closed grammar hears a command in everything, so it alone is never believed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from rapidfuzz import fuzz

from voicecramp.asr.recogniser import Hypothesis, Recogniser
from voicecramp.frames import FRAME, Samples

__all__ = ["OtherEngine", "Verdict", "Verifier"]


@dataclass(frozen=True)
class Verdict:
    """Whether the second look confirms the first, and why."""

    agreed: bool
    reason: str
    """A short clause for the log."""


class Verifier(Protocol):
    """Looks at an utterance again once the first look made it a command."""

    def agrees(self, hypothesis: Hypothesis, sure: float, audio: Samples, phrases: Sequence[str]) -> Verdict:
        """Say whether a hypothesis is to be believed.

        Args:
            hypothesis: what the first look heard.
            sure: how sure that is of what was meant, 0 to 1.
            audio: the utterance, shape (n,).
            phrases: what was listened for.
        """


_ALIKE = 70.0
"""How alike the two must be, 0 to 100 (rapidfuzz), where the first is not sure of itself."""

_ALIKE_ENOUGH = 50.0
"""The same where it is sure, and the other heard another whole phrase."""

_SURE = 0.98
"""How sure the first look must be of what was meant not to need the other's word for it. Of 1,034 commands of two words that
Vosk understood 894 were as sure, and of 176 clips of other people's words that it took for two of ours 10 (this and what
follows: `scripts/bench certainty`)."""

_SURE_ALONE = 0.97
"""The same for a single word: 721 of 846 commands, 1 of 43 clips."""

_SURE_OF_THREE = 0.95
"""The same for a whole phrase of three words, which is then believed without a second look: 832 of 938 commands, 2 of 15
clips."""

_SURE_OF_MORE = 0.7
"""The same for a longer one: 895 of 918 commands, none of 3 clips."""

_SURE_IN_NOISE = 0.9
"""The same for one or two words in loud noise, where the other hears little; three are as good as more there. Of 90 commands
8 dB above white noise 89 are understood and 86 believed, of 631 clips of other people's words in it 1 (`scripts/bench
false_alarms`)."""

_UNLIKELY = 0.1
"""Below this nothing is believed, whatever the other heard: something else is ten times as likely. Commands are hardly ever
so unsure, and other people's words in noise, of which both may make the same, often are."""

_NOISY = 10 ** (20 / 10)
"""Noise is loud if the loudest tenth of the frames is less than 20 dB above the quietest tenth, which is the pause before
and after: speech 15 dB above white noise, and a little less above other noise."""


class OtherEngine:
    """Listens to the utterance again with another engine and the same grammar: the two err independently.

    What the first engine is unsure of needs the other's word for it. A word or two that it is sure of are believed
    unless the other heard a different phrase to its end: one that ends in the middle of a phrase has not understood,
    and has no opinion. A longer phrase that is heard whole is believed without asking, if it is sure enough; in loud
    noise, in which the other hears little, a short one is too.
    """

    def __init__(self, engine: Recogniser) -> None:
        self._engine = engine
        self._phrases: Sequence[str] = ()

    def agrees(self, hypothesis: Hypothesis, sure: float, audio: Samples, phrases: Sequence[str]) -> Verdict:
        """Compare what the two engines heard, if the first leaves room for doubt."""
        words = len(hypothesis.words)
        if sure < _UNLIKELY:
            return Verdict(False, f"{hypothesis.recogniser} hardly believes it itself")
        if hypothesis.text in phrases and sure >= _enough(words, _in_noise(audio)):
            return Verdict(True, f"{hypothesis.recogniser} is sure enough of a whole phrase")
        if self._phrases != phrases:
            self._engine.listen_for(phrases)
            self._phrases = phrases
        self._engine.accept(audio)
        other = self._engine.finish()
        alike = fuzz.ratio(hypothesis.text, other.text)
        heard = f'{other.recogniser} heard "{other.text}", {alike:.0f} % alike'
        if sure < (_SURE if words > 1 else _SURE_ALONE):
            return Verdict(alike >= _ALIKE, f"{heard}; {_ALIKE:.0f} % needed")
        if other.text in phrases:
            return Verdict(alike >= _ALIKE_ENOUGH, f"{heard}; {_ALIKE_ENOUGH:.0f} % needed")
        return Verdict(True, f"{heard}, but it is no whole phrase and {hypothesis.recogniser} is sure")


def _enough(words: int, in_noise: bool) -> float:
    """Return how sure the first look must be of so many words for a whole phrase of them to need no second one."""
    if words > 3 or (words == 3 and in_noise):
        return _SURE_OF_MORE
    if words == 3:
        return _SURE_OF_THREE
    return _SURE_IN_NOISE if in_noise else math.inf


def _in_noise(audio: Samples) -> bool:
    """Whether an utterance, shape (n,), hardly stands out from the noise around it."""
    frames = audio[: len(audio) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float32)
    if not len(frames):
        return False
    # Without the microphone's offset, which is no noise.
    quiet, loud = np.quantile(np.square(frames - frames.mean()).mean(1), (0.1, 0.9))
    return bool(loud < quiet * _NOISY)
