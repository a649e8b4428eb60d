"""Training: a rough start on evenly cut sentences, then lattice-free MMI."""

import copy
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.batches import Batch, Batches
from training.files import whole
from training.network import Network, fast
from training.objective import everything, sentences
from training.progress import CONSOLE, track
from training.transcripts import SILENCE, PhoneGraph

__all__ = ["belongs", "bootstrap", "follow", "mutual_information", "normalise", "train"]

_WARM_UP = 200  # updates
_LAST_RATE = 0.03  # of the highest
_DECAY = 1e-3
_CLIP = 1.0
_OUTPUT_DECAY = 5e-4  # keeps the scores small, so that they mean log likelihoods and not shouting
_SAVE_EVERY = 120.0  # seconds
_AVERAGE = 0.003
"""How fast the kept network follows the trained one: an average over some 300 updates."""


def normalise(network: Network, batches: Batches) -> None:
    """Set the mean and deviation of the network's input."""
    block = np.concatenate(batches.sample(1000)).astype(np.float32)
    network.mean.copy_(torch.from_numpy(block.mean(0)))
    network.deviation.copy_(torch.from_numpy(block.std(0)))


def bootstrap(network: Network, batches: Batches, epochs: float, rate: float) -> None:
    """Teach the network roughly what the phones are, from sentences cut evenly where the sound is loud.

    A network that knows nothing would find every alignment as good as any other.
    """
    optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=_DECAY)
    total = max(1, round(epochs * len(batches)))
    device = network.mean.device
    network.train()
    for batch in track(islice(batches.stream(), total), "Rough start", total=total):
        with fast(device):
            outputs = network(batch.cepstra.to(device))
        labels = torch.full(outputs.shape[:2], -100)
        each = zip(labels, batch.graphs, batch.cepstra, batch.frames, strict=True)
        for row, graph, cepstra, frames in each:
            loudness = cepstra[network.context :: 3, 0][:frames].numpy()
            row[:frames] = torch.from_numpy(_evenly(graph, loudness))
        loss = functional.cross_entropy(
            outputs.float().flatten(0, 1), labels.flatten().to(device), ignore_index=-100
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's
        nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimiser.step()


def _evenly(graph: PhoneGraph, loudness: np.ndarray) -> np.ndarray:
    """Return the output of every frame if all phones of the sentence's first reading took the same time."""
    loud = np.flatnonzero(loudness >= (np.quantile(loudness, 0.1) + np.quantile(loudness, 0.95)) / 2)
    first, last = int(loud[0]), int(loud[-1]) + 1
    after: dict[int, int] = {}
    for source, target in graph.arcs:
        if graph.phones[target] != SILENCE:
            after.setdefault(source, target)
    state, phones = graph.initial[-1] if len(graph.initial) == 1 else graph.initial[1], list[int]()
    while True:
        phones.append(graph.phones[state])
        if state not in after:
            break
        state = after[state]
    if last - first < len(phones):
        first, last = 0, len(loudness)
    labels = np.full(len(loudness), 2 * SILENCE + 1)
    edges = np.linspace(first, last, len(phones) + 1).astype(int)
    for phone, begin, end in zip(phones, edges[:-1], edges[1:], strict=True):
        labels[begin:end] = 2 * phone + 1
        labels[begin] = 2 * phone
    return labels


@dataclass
class _State:
    """What is saved, so that a run can be taken up again."""

    network: Network
    average: Network
    optimiser: torch.optim.Optimizer
    update: int = 0

    def save(self, path: Path, run: str) -> None:
        with whole(path) as part:
            torch.save(
                {
                    "network": self.network.state_dict(),
                    "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                    "update": self.update,
                    "run": run,
                },
                part,
            )

    def load(self, path: Path) -> None:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.average.load_state_dict(saved["average"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.update = saved["update"]


def belongs(checkpoint: Path, run: str) -> bool:
    """Tell whether there is a checkpoint, and it is one of this run."""
    return checkpoint.exists() and torch.load(checkpoint, mmap=True, weights_only=True).get("run") == run


def train(  # noqa: PLR0913, PLR0917  # what it takes to train
    network: Network, batches: Batches, epochs: float, rate: float, checkpoint: Path, run: str
) -> Network:
    """Train by lattice-free MMI; return the averaged network.

    Args:
        network: where it begins; changed by this.
        batches: what it is trained on.
        epochs: how often it is trained on all of it.
        rate: the learning rate at its highest.
        checkpoint: goes on from it if there is one, which must be of this run (see `belongs`), and leaves one.
        run: what the run is called there.
    """
    device = network.mean.device
    optimiser = torch.optim.AdamW(network.parameters(), rate, weight_decay=_DECAY)
    state = _State(network, copy.deepcopy(network), optimiser)
    if checkpoint.exists():
        state.load(checkpoint)
    total, saved, shown = round(epochs * len(batches)), monotonic(), monotonic()
    bigrams = torch.from_numpy(batches.bigrams).to(device)
    gained, frames = 0.0, 0
    network.train()
    left = total - state.update
    for batch in track(islice(batches.stream(state.update), left), checkpoint.stem, left):
        part = state.update / total
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (state.update + 1) / _WARM_UP) * _LAST_RATE**part
        value, count = _update(network, batch, bigrams, optimiser)
        state.update += 1
        # The average starts from what it averages, not from the fresh network.
        follow(state.average, network, max(_AVERAGE, 1 / state.update))
        gained, frames = gained + value, frames + count
        if monotonic() - shown > 30:
            CONSOLE.print(f"  update {state.update} of {total}: {gained / frames:.4f} a frame")
            shown, gained, frames = monotonic(), 0.0, 0
        if monotonic() - saved > _SAVE_EVERY:
            saved = monotonic()
            state.save(checkpoint, run)
    state.save(checkpoint, run)
    return state.average


def _update(
    network: Network, batch: Batch, bigrams: Tensor, optimiser: torch.optim.Optimizer
) -> tuple[float, int]:
    """Take one step; return the objective and over how many frames it is."""
    loss, gained, frames = mutual_information(network, batch, bigrams)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # PyTorch's
    # One bad number would spread to all; a batch in a thousand may be left out.
    if nn.utils.clip_grad_norm_(network.parameters(), _CLIP).isfinite():
        optimiser.step()
    return gained, frames


def mutual_information(network: Network, batch: Batch, bigrams: Tensor) -> tuple[Tensor, float, int]:
    """Return what is to be made small, the objective as a number, and over how many frames it is."""
    device = bigrams.device
    frames = batch.frames.to(device)
    with fast(device):
        outputs = network(batch.cepstra.to(device))
    outputs = outputs.float()
    gain = sentences(outputs, frames, batch.sentences) - everything(outputs, frames, bigrams)
    live = torch.arange(outputs.shape[1], device=device) < frames[:, None]
    # A sentence that is this unlikely was written down wrongly, or is drowned in noise.
    sound = gain > -5.0 * frames
    total = int(frames.sum())
    size = (outputs.square().mean(2) * live).sum()
    gained = (gain * sound).sum()
    return (_OUTPUT_DECAY * size - gained) / total, float(gained.detach()), total


@torch.no_grad()
def follow(average: Network, network: Network, speed: float) -> None:
    """Move an average of networks towards the newest: 0 keeps it, 1 takes the newest."""
    for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(new, speed)
        else:
            kept.copy_(new)
