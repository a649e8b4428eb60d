"""The output for words in no grammar: learnt, to mean the same in a quiet room and on a bad telephone.

It is one linear output of the trained network's last layer, in competition with the phones' log posteriors:
lower than those of the words that were said, higher than those of any command that was not. It is fitted on
recordings: the sentence itself must win over garbage, whole or for a word of it, and garbage must win over
commands that nobody said, even those that match only a part of what was said.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.batches import collate
from training.dataset import Example
from training.network import Network
from training.objective import Sentences, sentences
from training.progress import CONSOLE, track
from training.transcripts import UNKNOWN, PhoneGraph, Pronouncer, shortest

__all__ = ["Garbage", "fit"]

_START = -3.0  # a soft maximum over all phones less this a frame did well, before anything was learnt
_BATCH = 24
_DECAY = 1e-4
_WORDS = 9.0
"""What leaving a phrase for garbage and coming back costs in a grammar of a hundred phrases."""
_TRIED = 4
"""Wrong commands tried on every recording; the likeliest teaches the most."""
_HOLES = 2
"""Ways tried to take a word or two of a sentence for garbage; again the likeliest teaches the most."""
_SCALE = 4.0
"""Nats of difference that count as sure; smooths the choice."""


@dataclass(frozen=True)
class Garbage:
    """weights @ hidden + bias is the garbage output, a log likelihood a frame."""

    weights: np.ndarray
    """float32 (width,)."""
    bias: float


def fit(
    network: Network, examples: Sequence[Example], commands: Sequence[str], updates: int, seed: int
) -> Garbage:
    """Return the garbage output fitted on these examples, transcribed or not."""
    pronouncer, generator = Pronouncer(), random.Random(seed)
    network.eval()
    layer = nn.Linear(network.last.in_features, 1)
    nn.init.zeros_(layer.weight)
    nn.init.constant_(layer.bias, _START)
    optimiser = torch.optim.Adam(layer.parameters(), 3e-3, weight_decay=_DECAY)
    right = wrong = count = 0.0
    for update in track(range(updates), "Garbage"):
        batch = generator.sample(examples, _BATCH)
        cepstra, frames = collate([example.features for example in batch], network.context)
        with torch.no_grad():
            hidden = network.hidden(cepstra)
            phones = network.last(hidden).log_softmax(2)
        score = layer(hidden)
        outputs = torch.cat([phones, score, score], 2)
        garbage = _score(outputs, frames, [pronouncer.graph([UNKNOWN])] * len(batch))
        said = [_said(example, pronouncer, frames[k]) for k, example in enumerate(batch)]
        known = torch.tensor([graph is not None for graph in said])
        loss = torch.zeros(())
        if known.any():
            graphs = [graph for graph in said if graph is not None]
            true = _score(outputs[known], frames[known], graphs)
            texts = [example.utterance.text for example, graph in zip(batch, said, strict=True) if graph]
            partly = []
            for _ in range(_HOLES):
                holed = [pronouncer.graph(_with_a_hole(text.split(), generator)) for text in texts]
                partly.append(_score(outputs[known], frames[known], holed) - _WORDS)
            margin = (true - torch.stack([garbage[known], *partly]).amax(0)) / _SCALE
            loss = loss + functional.softplus(-margin).mean()
            right += float((margin > 0).float().mean())
        rivals = []
        for _ in range(_TRIED):
            chosen = [_other(example.utterance.text, commands, generator) for example in batch]
            graphs = [
                pronouncer.graph([UNKNOWN, *words.split(), UNKNOWN], optional=UNKNOWN) for words in chosen
            ]
            rivals.append(_score(outputs, frames, graphs))
        margin = (torch.stack(rivals).amax(0) - _WORDS - garbage) / _SCALE
        loss = loss + functional.softplus(margin).mean()
        wrong += float((margin > 0).float().mean())
        count += 1
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's
        optimiser.step()
        if update % 50 == 49:
            CONSOLE.print(
                f"  sentences above garbage {right / count:.3f}, other commands above it {wrong / count:.3f}"
            )
            right = wrong = count = 0.0
    return Garbage(layer.weight.detach().numpy()[0].copy(), float(layer.bias.detach()))


def _score(outputs: Tensor, frames: Tensor, graphs: Sequence[PhoneGraph]) -> Tensor:
    """Return the log likelihood of every graph, all phone sequences being alike."""
    size = outputs.shape[2] // 2 + 1
    return sentences(outputs, frames, Sentences(graphs, np.zeros((size, size), np.float32)))


def _said(example: Example, pronouncer: Pronouncer, frames: Tensor) -> PhoneGraph | None:
    if not example.utterance.text:
        return None
    try:
        graph = pronouncer.graph(example.utterance.text.split())
    except ValueError:  # a word that nobody can say
        return None
    return graph if shortest(graph) <= frames else None


def _with_a_hole(words: list[str], generator: random.Random) -> list[str]:
    """Return the words with one or two of them, next to each other, taken for garbage.

    Short words more often than long ones: they are what garbage swallows.
    """
    at = generator.choices(range(len(words)), [1 / len(word) for word in words])[0]
    return [*words[:at], UNKNOWN, *words[at + generator.randint(1, 2) :]]


def _other(text: str, commands: Sequence[str], generator: random.Random) -> str:
    """Return a command that does not stand in the text."""
    while True:
        command = generator.choice(commands)
        if f" {command} " not in f" {text} ":
            return command
