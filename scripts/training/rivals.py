"""The commands that a recording is most easily taken for, though nobody said them in it."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from training.batches import collate
from training.dataset import Example
from training.network import Network
from training.objective import NEVER, Sentences, everything, sentences
from training.progress import track
from training.transcripts import SILENCE, PhoneGraph, Pronouncer

__all__ = ["Contest", "contests", "free_likelihood", "likelihood"]

_LONGEST = 480
"""Frames of the longest recording that is used: nobody's command takes five seconds."""
_RECORDINGS = 500
"""Recordings of every source; each is asked for all commands, 30 ms of work."""
_RIVALS = 4


@dataclass(frozen=True)
class Contest:
    """A recording for whose words some commands compete."""

    copies: Sequence[Example]
    """The recording, augmented in several ways."""
    said: PhoneGraph | None
    """Its words, where they are known."""
    rivals: Sequence[PhoneGraph]
    """Commands that nobody said in it, the likeliest first; at least one."""
    close: float
    """By how many nats the first of them beats garbage."""


def contests(  # noqa: PLR0913, PLR0917  # what decides a contest
    network: Network,
    garbage: nn.Module,
    examples: Iterable[Example],
    commands: Sequence[str],
    pronouncer: Pronouncer,
    generator: random.Random,
) -> list[list[Contest]]:
    """Return contests for some recordings of each source, the closest first.

    They are judged by what the network hears in one of the recording's copies, and by garbage as it is.
    """
    copies: dict[str, dict[str, list[Example]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        if len(example.features) <= _LONGEST:
            copies[example.utterance.source][example.utterance.path].append(example)
    chosen = {
        source: generator.sample(list(by_path.values()), min(_RECORDINGS, len(by_path)))
        for source, by_path in copies.items()
    }
    network.eval()
    found = [
        list(_contests(network, garbage, track(some, f"Rivals, {source}"), commands, pronouncer))
        for source, some in chosen.items()
    ]
    return [sorted(some, key=lambda one: -one.close) for some in found if some]


@torch.no_grad()
def _contests(
    network: Network,
    garbage: nn.Module,
    chosen: Iterable[Sequence[Example]],
    commands: Sequence[str],
    pronouncer: Pronouncer,
) -> Iterator[Contest]:
    graphs = [pronouncer.graph(command.split()) for command in commands]
    batch = _alike(graphs, pronouncer.sounds)
    for copies in chosen:
        text = copies[0].utterance.text
        cepstra, frames = collate([copies[0].features], network.context)
        phones = network(cepstra.to(network.mean.device)).log_softmax(2)
        nothing = float(free_likelihood(phones, garbage(phones), frames))
        likely = sentences(
            phones.expand(len(graphs), -1, -1), frames.expand(len(graphs)).to(phones.device), batch
        )
        order = likely.argsort(descending=True).tolist()
        others = [number for number in order if not _within(commands[number], text)]
        if others:
            rivals = [graphs[number] for number in others[:_RIVALS]]
            yield Contest(copies, _said(text, pronouncer), rivals, float(likely[others[0]]) - nothing)


def likelihood(phones: Tensor, frames: Tensor, graphs: Sequence[PhoneGraph]) -> Tensor:
    """Return how likely recordings are, each under its graph; as unlikely as can be where that takes longer.

    Args:
        phones: log posteriors (recordings, time, 2 * sounds).
        frames: how many of the times are each recording's.
        graphs: as many as there are recordings.
    """
    return sentences(phones, frames.to(phones.device), _alike(graphs, phones.shape[2] // 2))


def _alike(graphs: Sequence[PhoneGraph], sounds: int) -> Sentences:
    """Return the graphs as a batch in which every sound follows every other at no cost."""
    return Sentences(graphs, np.zeros((1 + sounds, 1 + sounds), np.float32))


def free_likelihood(phones: Tensor, garbage: Tensor, frames: Tensor) -> Tensor:
    """Return how likely recordings are as any row of phones, with silence before and after it, as in the graph.

    Args:
        phones: log posteriors (recordings, time, 2 * sounds).
        garbage: the same as garbage has them.
        frames: how many of the times are each recording's.
    """
    silence = phones[:, :, 2 * SILENCE : 2 * SILENCE + 2]
    outputs = torch.cat([garbage, silence, silence], 2)
    return everything(
        outputs, frames.to(outputs.device), torch.from_numpy(_free(garbage.shape[2] // 2)).to(outputs.device)
    )


@cache
def _free(count: int) -> np.ndarray:
    """Return bigrams of garbage's sounds, the silence before them and that after: nats (edge last, as in batches)."""
    before, after, edge = count, count + 1, count + 2
    bigrams = np.full((edge + 1, edge + 1), NEVER, np.float32)
    bigrams[:count, :count] = 0.0
    for first in (edge, before):
        bigrams[first, :count] = 0.0
    for last in (edge, after):
        bigrams[:count, last] = 0.0
    # Garbage neither begins nor ends with a pause of its own.
    bigrams[[edge, before], SILENCE] = bigrams[SILENCE, [edge, after]] = NEVER
    bigrams[edge, before] = bigrams[after, edge] = 0.0
    return bigrams


def _within(command: str, text: str) -> bool:
    """Whether one stands in the other: then neither is wrong."""
    return bool(text) and (f" {command} " in f" {text} " or f" {text} " in f" {command} ")


def _said(text: str, pronouncer: Pronouncer) -> PhoneGraph | None:
    try:
        return pronouncer.graph(text.split()) if text else None
    except ValueError:  # a word that nobody can say
        return None
