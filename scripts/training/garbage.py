"""What words in no grammar cost: `[unk]` sounds like any row of phones, each of which costs something.

Commands cost nothing for their phones. So what was said wins over garbage if its phones are nearly those that the
network hears, and what nobody said loses: as many other phones fit the sound better than they cost. The costs are
fitted on recordings; they are numbers of the model, after the network, and mean the same in a quiet room and on a bad
telephone.
"""

import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.batches import collate
from training.dataset import Example
from training.network import OUTPUTS, Network
from training.objective import Sentences, everything, sentences
from training.progress import CONSOLE, track
from training.settings import GarbageSettings
from training.transcripts import PhoneGraph, Pronouncer, shortest

__all__ = ["Garbage", "fit"]

_START = 3.0  # nats for a phone: about one in twenty
_BATCH = 24
_RATE, _LAST_RATE = 0.05, 0.05  # the second is a share of the first
_TRIED = 4
"""Wrong commands tried on every recording; the likeliest teaches the most."""
_SCALE = 4.0
"""Nats of difference that count as sure; smooths the choice."""
_ALIKE = np.zeros((1 + OUTPUTS // 2, 1 + OUTPUTS // 2), np.float32)
"""Bigrams by which every phone follows every other at no cost."""


class Garbage(nn.Module):
    """The outputs for garbage: the network's own for every phone, less what they cost."""

    costs: Tensor

    def __init__(self) -> None:
        """Begin with the same cost for all phones, and none for staying in one."""
        super().__init__()
        self.costs = nn.Parameter(torch.tensor([_START, 0.0]).repeat(OUTPUTS // 2))

    def forward(self, phones: Tensor) -> Tensor:
        """Return log likelihoods (..., OUTPUTS) for as many log posteriors."""
        return phones - self.costs

    @torch.no_grad()
    def cheaper(self, nats: float) -> None:
        """Make garbage likelier by so much for each phone that is entered."""
        self.costs[::2] -= nats


def fit(
    network: Network, examples: Sequence[Example], commands: Sequence[str], how: GarbageSettings, seed: int
) -> Garbage:
    """Return the garbage outputs fitted on these examples, transcribed or not.

    The sentence that was said must win over garbage, and garbage over commands that nobody said.
    """
    pronouncer, generator = Pronouncer(), random.Random(seed)
    network.eval()
    garbage = Garbage()
    optimiser = torch.optim.Adam(garbage.parameters(), _RATE)
    graphs = {command: pronouncer.graph(command.split()) for command in commands}
    right = wrong = count = 0.0
    for update in track(range(how.updates), "Garbage"):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * _LAST_RATE ** (update / how.updates)
        batch = generator.sample(examples, _BATCH)
        texts = [example.utterance.text for example in batch]
        cepstra, frames = collate([example.features for example in batch], network.context)
        others = [[graphs[_other(text, commands, generator)] for text in texts] for _ in range(_TRIED)]
        with torch.no_grad():
            phones = network(cepstra).log_softmax(2)
            other = _scores(phones, frames, others).amax(0)
        nothing = everything(garbage(phones), frames, torch.from_numpy(_ALIKE))
        margin = (other - nothing) / _SCALE
        loss = functional.softplus(margin).mean()
        wrong += float((margin > 0).float().mean())
        said = [_said(text, pronouncer, frames[k]) for k, text in enumerate(texts)]
        known = [k for k, graph in enumerate(said) if graph is not None]
        if known:
            with torch.no_grad():
                (true,) = _scores(phones[known], frames[known], [[one for one in said if one is not None]])
            margin = (true - nothing[known]) / _SCALE
            loss = loss + functional.softplus(-margin).mean()
            right += float((margin > 0).float().mean())
        count += 1
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's
        optimiser.step()
        if update % 50 == 49:
            CONSOLE.print(
                f"  sentences above garbage {right / count:.3f}, other commands above it {wrong / count:.3f}"
            )
            right = wrong = count = 0.0
    return garbage.eval()


def _scores(outputs: Tensor, frames: Tensor, graphs: Sequence[Sequence[PhoneGraph]]) -> Tensor:
    """Return (rows, batch): for every row of graphs, the log likelihood of each recording under its graph.

    The rows are worked out together, so that time is gone through once for all. A
    sentence that takes longer than the recording is as unlikely as can be.
    """
    every = [graph for row in graphs for graph in row]
    rows = len(graphs)
    found = sentences(outputs.repeat(rows, 1, 1), frames.repeat(rows), Sentences(every, _ALIKE))
    return found.view(rows, -1)


def _said(text: str, pronouncer: Pronouncer, frames: Tensor) -> PhoneGraph | None:
    if not text:
        return None
    try:
        graph = pronouncer.graph(text.split())
    except ValueError:  # a word that nobody can say
        return None
    return graph if shortest(graph) <= frames else None


def _other(text: str, commands: Sequence[str], generator: random.Random) -> str:
    """Return a command that does not stand in the text."""
    while True:
        command = generator.choice(commands)
        if f" {command} " not in f" {text} ":
            return command
