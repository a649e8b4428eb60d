"""The second look where PocketSphinx is alone: the same engine, free to hear everyday words instead of a phrase."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pocketsphinx import Decoder
from rapidfuzz import fuzz

from voicecramp.asr.pocketsphinx import teach
from voicecramp.asr.recogniser import Hypothesis
from voicecramp.asr.second_look import Verdict
from voicecramp.asr.whole import WholeUtterances
from voicecramp.frames import Samples

__all__ = ["EverydayWords", "arpa"]

_WORDS = 1500
"""Everyday words that compete with the phrases. Of 211 clips of other people's words the closed grammar alone heard
a command in 35; with this many beside it 2 stood, with 300 (and phrases likelier) 5. More cost time."""

_ALIKE = 70.0
"""How alike the two hearings must be, 0 to 100 (rapidfuzz). At 60, 5 of those 211 stood."""

_PHRASE = 0.9
"""How likely it is, to begin with, that one of the phrases is said and not something else."""

_ON = 0.95
"""How likely it is that a phrase goes on as it should."""

_END = 0.1
"""How likely it is that talk ends after any of its words."""

_RARE = 1e-6
"""The least that a word of the phrases counts in everyday talk."""


class EverydayWords:
    """Listens again with a language model of the phrases and of everyday words beside them.

    On all 631 clips of other people's words the closed grammar heard a command in 91, and 4 stood. Of 86 synthetic
    commands (10 voices; clean, noise, reverberation) it heard 79, and 68 stood. The engine's full language model
    costs ten times as much and confirmed only half of those heard: it hardly expects a cramp.
    """

    def __init__(self, pronunciations: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take ways to say words that the engine's dictionary lacks, in the phones of ARPAbet."""
        self._decoder = Decoder(loglevel="FATAL")
        teach(self._decoder, pronunciations or {})
        self._utterances = WholeUtterances(self._decoder)
        self._everyday = _most_likely(self._decoder)
        self._searches: dict[tuple[str, ...], str] = {}

    def agrees(
        self,
        hypothesis: Hypothesis,
        sure: float,  # noqa: ARG002  # PocketSphinx is as sure of what was never said
        audio: Samples,
        phrases: Sequence[str],
    ) -> Verdict:
        """Compare the closed and the open hearing."""
        self._utterances.decode(audio, self._search(tuple(phrases)))
        heard = self._decoder.hyp()
        text = heard.hypstr if heard else ""
        alike = fuzz.ratio(hypothesis.text, text)
        reason = f'among everyday words it was "{text}", {alike:.0f} % alike; {_ALIKE:.0f} % needed'
        return Verdict(alike >= _ALIKE, reason)

    def _search(self, phrases: tuple[str, ...]) -> str:
        if phrases not in self._searches:
            name = f"phrases-{len(self._searches)}"
            words = {word for phrase in phrases for word in phrase.split()}
            unknown = {word for word in words if self._decoder.lookup_word(word) is None}
            known = [phrase for phrase in phrases if unknown.isdisjoint(phrase.split())]
            with TemporaryDirectory() as folder:
                file = Path(folder, "phrases.arpa")
                file.write_text(arpa(known, self._everyday), encoding="utf-8")
                self._decoder.add_lm_file(name, str(file))
            self._searches[phrases] = name
        return self._searches[phrases]


def _most_likely(decoder: Decoder) -> dict[str, float]:
    """Return the likeliest words of the engine's own language model, each with how likely it is."""
    model, logarithms = decoder.get_lm("_default"), decoder.get_logmath()
    lines = Path(decoder.config["dict"]).read_text(encoding="utf-8").splitlines()
    words = (line.split()[0] for line in lines if line)
    likely = {word: model.prob([word]) for word in words if "(" not in word}
    return {word: logarithms.exp(likely[word]) for word in sorted(likely, key=likely.__getitem__)[-_WORDS:]}


def arpa(phrases: Sequence[str], everyday: Mapping[str, float]) -> str:
    """Return a bigram language model in the ARPA format.

    Args:
        phrases: What may be said, in lower case; each as likely as the others.
        everyday: Other words, with how likely each is in other people's talk, up to any factor.
    """
    after: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase in phrases:
        words = ["<s>", *phrase.split(), "</s>"]
        for word, follower in pairwise(words):
            after[word][follower] += 1
    total = sum(everyday.values())
    single = {word: (1 - _END) * likely / total for word, likely in everyday.items()}
    for word in after.keys() - {"<s>"}:
        single[word] = max(single.get(word, 0.0), _RARE)
    single["</s>"] = _END
    unigrams = [f"-99 <s> {math.log10(1 - _PHRASE):.4f}"]
    for word, likely in sorted(single.items()):
        back_off = math.log10(1 - _ON) if word in after else 0.0
        unigrams.append(f"{math.log10(likely):.4f} {word} {back_off:.4f}")
    bigrams = []
    for word, followers in sorted(after.items()):
        share = (_PHRASE if word == "<s>" else _ON) / followers.total()
        bigrams += [
            f"{math.log10(share * count):.4f} {word} {follower}"
            for follower, count in sorted(followers.items())
        ]
    counts = [f"ngram 1={len(unigrams)}", f"ngram 2={len(bigrams)}"]
    parts = ["\\data\\", *counts, "", "\\1-grams:", *unigrams, "", "\\2-grams:", *bigrams, "", "\\end\\", ""]
    return "\n".join(parts)
