"""The output for words in no grammar: learnt, to mean the same in a quiet room and on a bad telephone.

It is one output beside the trained network's last layer, in competition with the phones' log posteriors: lower
than those of the words that were said, higher than those of any command that was not. It is fitted on recordings:
the sentence itself must win over garbage, whole or for a word of it, and garbage must win over commands that
nobody said, even those that match only a part of what was said.
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
from training.objective import Sentences, sentences
from training.progress import CONSOLE, track
from training.settings import GarbageSettings
from training.transcripts import UNKNOWN, PhoneGraph, Pronouncer, shortest

__all__ = ["Garbage", "fit", "settle"]

_START = -3.0  # a soft maximum over all phones less this a frame did well, before anything was learnt
_BATCH = 24
_RATE, _LAST_RATE = 3e-3, 0.1  # the second is a share of the first
_DECAY = 1e-4
_WORDS = 9.0
"""What leaving a phrase for garbage and coming back costs in a grammar of a hundred phrases."""
_TRIED = 4
"""Wrong commands tried on every recording; the likeliest teaches the most."""
_HOLES = 2
"""Ways tried to take a word or two of a sentence for garbage; again the likeliest teaches the most."""
_SCALE = 4.0
"""Nats of difference that count as sure; smooths the choice."""
_SETTLED_ON = 1000
"""Sentences by which its level is set."""
_BIASES = (-2.0, 3.0)  # nats a frame
_HALVINGS = 7  # to a twenty-fifth of a nat


class Garbage(nn.Module):
    """The garbage output: a small layer over what the network's last layer sees and what it says."""

    def __init__(self, width: int, units: int) -> None:
        """Begin with the same output for all frames.

        Args:
            width: of what the network's last layer sees.
            units: of the layer in between.
        """
        super().__init__()
        self.first = nn.Linear(width + OUTPUTS, units)
        self.last = nn.Linear(units, 1)
        nn.init.zeros_(self.last.weight)
        nn.init.constant_(self.last.bias, _START)

    def forward(self, hidden: Tensor, phones: Tensor) -> Tensor:
        """Return log likelihoods (..., 1) for (..., width) of `Network.hidden` and (..., OUTPUTS) log posteriors."""
        score: Tensor = self.last(functional.relu(self.first(torch.cat([hidden, phones], -1))))
        return score


def fit(
    network: Network, examples: Sequence[Example], commands: Sequence[str], how: GarbageSettings, seed: int
) -> Garbage:
    """Return the garbage output fitted on these examples, transcribed or not."""
    pronouncer, generator = Pronouncer(), random.Random(seed)
    torch.manual_seed(seed)
    network.eval()
    garbage = Garbage(network.last.in_features, how.units)
    optimiser = torch.optim.Adam(garbage.parameters(), _RATE, weight_decay=_DECAY)
    unknown = pronouncer.graph([UNKNOWN])
    rivals = {
        words: pronouncer.graph([UNKNOWN, *words.split(), UNKNOWN], optional=UNKNOWN) for words in commands
    }
    right = wrong = count = 0.0
    for update in track(range(how.updates), "Garbage"):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * _LAST_RATE ** (update / how.updates)
        batch = generator.sample(examples, _BATCH)
        texts = [example.utterance.text for example in batch]
        cepstra, frames = collate([example.features for example in batch], network.context)
        with torch.no_grad():
            hidden = network.hidden(cepstra)
            phones = network.last(hidden).log_softmax(2)
        score = garbage(hidden, phones)
        outputs = torch.cat([phones, score, score], 2)
        others = [[rivals[_other(text, commands, generator)] for text in texts] for _ in range(_TRIED)]
        nothing, *other = _scores(outputs, frames, [[unknown] * len(batch), *others])
        margin = (torch.stack(other).amax(0) - _WORDS - nothing) / _SCALE
        loss = functional.softplus(margin).mean()
        wrong += float((margin > 0).float().mean())
        said = [_said(text, pronouncer, frames[k]) for k, text in enumerate(texts)]
        known = [k for k, graph in enumerate(said) if graph is not None]
        if known:
            holed = [
                [pronouncer.graph(_with_a_hole(texts[k].split(), generator)) for k in known]
                for _ in range(_HOLES)
            ]
            graphs = [[graph for graph in said if graph is not None], *holed]
            true, *partly = _scores(outputs[known], frames[known], graphs)
            rival = torch.maximum(nothing[known], torch.stack(partly).amax(0) - _WORDS)
            margin = (true - rival) / _SCALE
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
    spoken = [example for example in examples if example.utterance.text]
    chosen = random.Random(seed).sample(spoken, min(_SETTLED_ON, len(spoken)))
    return settle(garbage.eval(), network, chosen, how.lost)


@torch.no_grad()
def settle(garbage: Garbage, network: Network, examples: Sequence[Example], lost: float) -> Garbage:
    """Return the garbage output, raised or lowered until it wins over this share of the sentences that were said.

    What is learnt ends somewhere between silence and speech, in one run here and in the next there.
    """
    pronouncer = Pronouncer()
    unknown = pronouncer.graph([UNKNOWN])
    parts = []
    for at in range(0, len(examples), _BATCH):
        batch = examples[at : at + _BATCH]
        cepstra, frames = collate([example.features for example in batch], network.context)
        said = [_said(one.utterance.text, pronouncer, frames[k]) for k, one in enumerate(batch)]
        known = [k for k, graph in enumerate(said) if graph is not None]
        if known:
            hidden = network.hidden(cepstra)[known]
            phones = network.last(hidden).log_softmax(2)
            score = garbage(hidden, phones)
            graphs = [graph for graph in said if graph is not None]
            (true,) = _scores(torch.cat([phones, score, score], 2), frames[known], [graphs])
            parts.append((phones, score, frames[known], true))

    def share(bias: float) -> float:
        won = []
        for phones, score, frames, true in parts:
            outputs = torch.cat([phones, score + bias, score + bias], 2)
            (nothing,) = _scores(outputs, frames, [[unknown] * len(true)])
            won.append(nothing > true)
        return float(torch.cat(won).float().mean())

    low, high = _BIASES
    for _ in track(range(_HALVINGS), "Level of garbage"):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) < lost else (low, middle)
    garbage.last.bias.add_((low + high) / 2)
    return garbage


def _scores(outputs: Tensor, frames: Tensor, graphs: Sequence[Sequence[PhoneGraph]]) -> list[Tensor]:
    """Return, for every row of graphs, the log likelihood of each recording under its graph.

    All phone sequences are alike. The rows are worked out together, so that time is gone through once for all.
    """
    size, rows = outputs.shape[2] // 2 + 1, len(graphs)
    every = Sentences([graph for row in graphs for graph in row], np.zeros((size, size), np.float32))
    return list(sentences(outputs.repeat(rows, 1, 1), frames.repeat(rows), every).view(rows, -1))


def _said(text: str, pronouncer: Pronouncer, frames: Tensor) -> PhoneGraph | None:
    if not text:
        return None
    try:
        graph = pronouncer.graph(text.split())
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
