"""What a sentence may sound like, as a graph of phones, and how phones follow each other in general."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.lexicon import Dictionary, Pronunciation

__all__ = ["SILENCE", "PhoneGraph", "Pronouncer", "phone_bigrams", "shortest"]

SILENCE = 0
"""The number of silence among the sounds; phone k of the dictionary is k + 1."""
_VARIANTS = 3
"""Pronunciations of a word that are tried; a fourth is always rare."""


@dataclass(frozen=True)
class PhoneGraph:
    """All ways to say one sentence: states are phones, silence between words may be left out."""

    phones: tuple[int, ...]
    """The phone of every state, in an order in which arcs only go forward."""
    arcs: tuple[tuple[int, int], ...]
    """Pairs of states that may follow each other, besides a state following itself."""
    initial: tuple[int, ...]
    final: tuple[int, ...]


class Pronouncer:
    """Turns sentences into phone graphs: as a model says its words, else as the dictionary does."""

    def __init__(self, dictionary: Dictionary, model: Mapping[str, tuple[Pronunciation, ...]]) -> None:
        """Take the dictionary, and the words of a model, each with every way to say it."""
        self.sounds = 1 + len(dictionary.phones)
        """How many there are: silence and every phone."""
        self._dictionary, self._known = dictionary, dict(model)
        self._number = {phone: number for number, phone in enumerate(dictionary.phones, start=1)}

    def ways(self, word: str) -> tuple[Pronunciation, ...]:
        """Return the pronunciations of a word. Raises `ValueError` where there is none."""
        if word not in self._known:
            self._known[word] = self._dictionary.say(word)
        return self._known[word][:_VARIANTS]

    def graph(self, words: Sequence[str]) -> PhoneGraph:
        """Return the graph of a sentence."""
        start = -1
        phones, arcs, initial = [SILENCE], list[tuple[int, int]](), [0]
        before = [start, 0]  # the states that the next word may follow

        def add(phone: int, previous: Sequence[int]) -> int:
            state = len(phones)
            phones.append(phone)
            arcs.extend((other, state) for other in previous if other != start)
            if start in previous:
                initial.append(state)
            return state

        for word in words:
            ends = []
            for way in self.ways(word):
                previous = before
                for phone in way:
                    previous = [add(self._number[phone], previous)]
                ends += previous
            silence = add(SILENCE, ends)
            before = [*ends, silence]
        return PhoneGraph(tuple(phones), tuple(arcs), tuple(initial), tuple(s for s in before if s != start))


def shortest(graph: PhoneGraph) -> int:
    """Return the number of frames that the sentence takes at the least: one a phone."""
    least = dict.fromkeys(graph.initial, 1)
    for source, target in sorted(graph.arcs, key=lambda arc: arc[1]):
        if source in least:
            least[target] = min(least.get(target, len(graph.phones)), least[source] + 1)
    return min(least[state] for state in graph.final)


def phone_bigrams(graphs: Mapping[PhoneGraph, int], sounds: int) -> np.ndarray:
    """Return log probabilities of sound following sound, in graphs of which each was said so many times.

    Returns:
        float32 (sounds + 1, sounds + 1); the last row is what begins a sentence, the last column its end.
        A tenth of the weight is spread evenly, so that words nobody said stay possible.
    """
    edge = sounds
    counts = np.full((edge + 1, edge + 1), 0.05)
    for graph, times in graphs.items():
        for source, target in graph.arcs:
            # Between words, half of the weight is on going straight on: people pause now and then.
            pair = graph.phones[source], graph.phones[target]
            counts[pair] += (0.3 if SILENCE in pair else 1.0) * times
        for state in graph.initial:
            counts[edge, graph.phones[state]] += times
        for state in graph.final:
            counts[graph.phones[state], edge] += times
    share = counts / counts.sum(axis=1, keepdims=True)
    share = 0.9 * share + 0.1 / (edge + 1)
    share[edge, edge] = 1e-6
    bigrams: np.ndarray = np.log(share / share.sum(axis=1, keepdims=True)).astype(np.float32)
    return bigrams
