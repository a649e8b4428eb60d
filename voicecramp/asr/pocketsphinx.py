"""The PocketSphinx engine with a grammar made at run time; its English model comes inside its package."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count

import numpy as np
from pocketsphinx import Decoder

from voicecramp.asr.recogniser import Hypothesis, Word, find_unknown
from voicecramp.asr.whole import WholeUtterances
from voicecramp.frames import Samples

__all__ = ["PocketSphinxRecogniser", "teach"]

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

    def __init__(self, pronunciations: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take ways to say words that its dictionary lacks, in the phones of ARPAbet."""
        self._decoder = Decoder(lm=None, loglevel="FATAL")
        teach(self._decoder, pronunciations or {})
        # Each word is looked up once: the engine never gives back the 32 bytes that a look costs, and there are thousands
        # of words in a grammar.
        self._knows = cache(lambda word: self._decoder.lookup_word(word) is not None)
        self._utterances = WholeUtterances(self._decoder)
        self._listening = False
        self._sound: list[Samples] = []

    def listen_for(self, phrases: Sequence[str]) -> None:
        """Take these phrases as the grammar; those with unknown words are left out (see `unknown_words`)."""
        self._sound.clear()
        known = [phrase.split() for phrase in phrases if all(map(self._knows, phrase.split()))]
        first, last, transitions = _graph(known)
        self._listening = bool(transitions)
        if self._listening:
            self._decoder.add_fsg(_GRAMMAR, self._decoder.create_fsg(_GRAMMAR, first, last, transitions))

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


def teach(decoder: Decoder, pronunciations: Mapping[str, Sequence[str]]) -> None:
    """Add ways to say words to a decoder's dictionary, in the phones of ARPAbet; those that it has stay there."""
    for word, ways in pronunciations.items():
        for way in ways:
            names = (f"{word}({number})" if number > 1 else word for number in count(1))
            decoder.add_word(next(name for name in names if decoder.lookup_word(name) is None), way, False)


_Tree = dict[str, "_Tree"]
"""What may follow, word by word; an empty word ends a phrase."""

_Transition = tuple[int, int, float] | tuple[int, int, float, str]


def _graph(phrases: Sequence[Sequence[str]]) -> tuple[int, int, list[_Transition]]:
    """Return the smallest graph of the phrases: its first and last state and its transitions, all equally likely.

    Beginnings are shared, and so are endings: fifty ways to say how long are there once, not once for each
    timer. Of the 4,000 phrases heard in a hold that leaves a fifth of the transitions of a tree.
    """
    tree: _Tree = {}
    for words in filter(None, phrases):
        branch = tree
        for word in words:
            branch = branch.setdefault(word, {})
        branch[""] = {}
    states: dict[tuple[tuple[str, int], ...], int] = {}

    def state(branch: _Tree) -> int:
        following = tuple(sorted((word, state(further)) for word, further in branch.items()))
        return states.setdefault(following, len(states))

    first, last = state(tree), 0  # the last, which nothing follows, is numbered first
    return (
        first,
        last,
        [
            (start, end, 1.0, word) if word else (start, end, 1.0)
            for following, start in states.items()
            for word, end in following
        ],
    )
