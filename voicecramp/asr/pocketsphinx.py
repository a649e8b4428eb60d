"""The PocketSphinx engine with a grammar made at run time; its English model comes inside its package."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from pocketsphinx import Decoder

from voicecramp.asr.recogniser import Hypothesis, Word, find_unknown
from voicecramp.asr.whole import WholeUtterances
from voicecramp.frames import Samples

__all__ = ["PocketSphinxRecogniser"]

_FRAME_RATE = 100
"""Feature frames a second in the model."""

_GRAMMAR = "phrases"
"""What the one grammar of a decoder is called."""

_VARIANT = re.compile(r"\(\d+\)$")
"""What the dictionary appends to the second and further pronunciations of a word."""

_FILLER = "<[+"
"""What the names of silences and noises begin with; no phrase's word does."""


class PocketSphinxRecogniser:
    """PocketSphinx, listening for whole phrases and nothing else.

    It decodes when the utterance is over, all of it at once (see WholeUtterances for why). Therefore `accept`
    never has anything to say.

    A closed grammar hears a phrase in everything. Where the sound ends in the middle of a phrase, the words so
    far are the answer.
    """

    name = "pocketsphinx"

    def __init__(self) -> None:
        self._decoder = Decoder(lm=None, loglevel="FATAL")
        self._utterances = WholeUtterances(self._decoder)
        self._listening = False
        self._sound: list[Samples] = []

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Take these phrases as the grammar; those with unknown words are left out (see `unknown_words`)."""
        self._sound.clear()
        transitions = _tree([phrase.split() for phrase in phrases if all(map(self._knows, phrase.split()))])
        self._listening = bool(transitions)
        if self._listening:
            final = max(end for _, end, *_ in transitions)
            self._decoder.add_fsg(_GRAMMAR, self._decoder.create_fsg(_GRAMMAR, 0, final, transitions))

    def unknown_words(self, phrases: Sequence[str]) -> Mapping[str, str]:
        """Return the words that the dictionary lacks, each with the first phrase it stands in."""
        return find_unknown(self._knows, phrases)

    def accept(self, samples: Samples) -> str:
        """Hear more of the current utterance; nothing is decoded yet, so it sounds like nothing so far."""
        self._sound.append(samples)
        return ""

    def finish(self) -> Hypothesis:
        """End the utterance and decode it."""
        sound = np.concatenate([np.empty(0, dtype=np.int16), *self._sound])
        self._sound.clear()
        if not (self._listening and len(sound)):
            return Hypothesis((), self.name)
        self._utterances.decode(sound, _GRAMMAR)
        if self._decoder.hyp() is None:
            return Hypothesis((), self.name)
        words = tuple(
            Word(
                _VARIANT.sub("", segment.word),
                segment.start_frame / _FRAME_RATE,
                (segment.end_frame + 1) / _FRAME_RATE,
                min(1.0, segment.prob),  # the posterior is a little above 1 where it is certain
            )
            for segment in self._decoder.seg()
            if segment.word[0] not in _FILLER
        )
        return Hypothesis(words, self.name)

    def _knows(self, word: str) -> bool:
        return self._decoder.lookup_word(word) is not None


def _tree(phrases: Sequence[Sequence[str]]) -> list[tuple[int, int, float] | tuple[int, int, float, str]]:
    """Return the transitions of a prefix tree from state 0 to the highest state, every branch equally likely."""
    states: dict[tuple[int, str], int] = {}
    ends = set()
    for words in phrases:
        state = 0
        for word in words:
            state = states.setdefault((state, word), len(states) + 1)
        if words:
            ends.add(state)
    final = len(states) + 1
    return [
        *((start, end, 1.0, word) for (start, word), end in states.items()),
        *((end, final, 1.0) for end in sorted(ends)),
    ]
