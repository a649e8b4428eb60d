"""Examples in batches: of one length, padded, with their sentences as graphs."""

import logging
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training.dataset import Example
from training.features import CEPSTRA, without_bands
from training.network import STRIDE
from training.objective import Sentences
from training.transcripts import PhoneGraph, Pronouncer, phone_bigrams, shortest

__all__ = ["Batch", "Batches", "collate", "output_frames"]

_LOGGER = logging.getLogger(__name__)

_FRAMES = 14_000
"""Input frames in a batch: enough for fast matrix products, few enough for many updates."""
_LONGEST_MASK = 15  # frames, as of a knock or a cough
_WIDEST_MASK = 9  # mel bands, of 40
_LONGEST = 1500
"""Frames of the longest example that is used; 15 s, and few are longer."""
_STEP = 8
"""Output frames to which lengths are rounded up: a matrix product of a new shape is compiled before it is done."""


@dataclass(frozen=True)
class Batch:
    """Some examples together."""

    cepstra: Tensor
    """float32 (batch, context + frames + context, CEPSTRA), edges repeated."""
    frames: Tensor
    """int64 (batch,): output frames of each."""
    graphs: Sequence[PhoneGraph]
    sentences: Sentences


def output_frames(features: np.ndarray) -> int:
    """Return how many frames the network makes of these."""
    return -(-len(features) // STRIDE)


def _padded(frames: int) -> int:
    """Return how many output frames are computed where so many are wanted."""
    return -(-frames // _STEP) * _STEP


def collate(features: Sequence[np.ndarray], context: int) -> tuple[Tensor, Tensor]:
    """Return the padded cepstra and the numbers of output frames of some examples."""
    frames = [output_frames(one) for one in features]
    length = STRIDE * (_padded(max(frames)) - 1) + 1 + 2 * context
    padded = np.empty((len(features), length, CEPSTRA), np.float32)
    for row, one in zip(padded, features, strict=True):
        row[:context] = one[0]
        kept = one[: length - context]
        row[context : context + len(kept)] = kept
        row[context + len(kept) :] = one[-1]
    return torch.from_numpy(padded), torch.tensor(frames)


class Batches:
    """Epoch after epoch of batches, the same every time for the same seed."""

    def __init__(  # noqa: PLR0913, PLR0917  # what a batch is made of
        self,
        examples: Sequence[Example],
        pronouncer: Pronouncer,
        context: int,
        seed: int,
        masks: float,
        workers: int = 0,
    ) -> None:
        """Take what there is to train on.

        Args:
            examples: features and what is said in them.
            pronouncer: how that is said.
            context: frames that the network looks at on either side.
            seed: chooses the order and the masks.
            masks: the share of examples of which a short stretch is blotted out; as many lose some bands.
            workers: how many processes make batches while others are trained on; 0 to make them in between.
        """
        by_text = dict[str, PhoneGraph | None]()
        self.pronouncer, self._context, self._seed, self._masks = pronouncer, context, seed, masks
        self._workers = workers
        self._examples: list[tuple[Example, PhoneGraph]] = []
        for example in examples:
            text = example.utterance.text
            if text not in by_text:
                try:
                    by_text[text] = pronouncer.graph(text.split())
                except ValueError as error:
                    _LOGGER.warning("%r is left out: %s", text, error)
                    by_text[text] = None
            graph = by_text[text]
            # A phone needs a frame; what was said faster was written down wrongly.
            frames = output_frames(example.features)
            if graph and shortest(graph) <= frames and len(example.features) <= _LONGEST:
                self._examples.append((example, graph))
        self.bigrams = phone_bigrams(Counter(graph for _, graph in self._examples), pronouncer.sounds)
        lengths = np.array([_padded(output_frames(example.features)) for example, _ in self._examples])
        self._alike = {int(length): np.flatnonzero(lengths == length) for length in np.unique(lengths)}

    def sample(self, count: int) -> list[np.ndarray]:
        """Return the features of `count` examples, to take statistics of."""
        chosen = random.Random(self._seed).sample(range(len(self._examples)), min(count, len(self._examples)))
        return [self._examples[number][0].features for number in chosen]

    def __len__(self) -> int:
        """Return the batches of an epoch."""
        return len(self._plan(0))

    def stream(self, skip: int = 0) -> Iterator[Batch]:
        """Yield batches for ever, each epoch in its own random order, without the first `skip`."""
        yield from DataLoader(_Stream(self, skip), batch_size=None, num_workers=self._workers)

    def planned(self) -> Iterator[tuple[list[int], int]]:
        """Yield what is in every batch, and which epoch it is of."""
        return ((chosen, number) for number in count() for chosen in self._plan(number))

    def batch(self, chosen: list[int], number: int) -> Batch:
        """Return what `planned` has told of."""
        generator = random.Random(f"{self._seed} {number} {chosen[0]}")
        pairs = [self._examples[index] for index in chosen]
        cepstra, frames = collate([example.features for example, _ in pairs], self._context)
        for row in cepstra:
            if generator.random() < self._masks:
                at = generator.randrange(len(row))
                row[at : at + generator.randint(1, _LONGEST_MASK)] = row.mean(0)
            if generator.random() < self._masks:
                bands = generator.randint(1, _WIDEST_MASK)
                matrix = torch.from_numpy(without_bands(generator.randint(0, CEPSTRA - bands), bands))
                mean = row.mean(0)
                row.sub_(mean).copy_(row @ matrix).add_(mean)
        graphs = [graph for _, graph in pairs]
        return Batch(cepstra, frames, graphs, Sentences(graphs, self.bigrams))

    def _plan(self, number: int) -> list[list[int]]:
        """Return what makes up the batches of an epoch; those of one length are of two sizes at most."""
        generator = np.random.default_rng((self._seed, number))
        plan = list[list[int]]()
        for length, alike in self._alike.items():
            batches = -(-len(alike) * length * STRIDE // _FRAMES)
            plan += [part.tolist() for part in np.array_split(generator.permutation(alike), batches)]
        generator.shuffle(plan)
        return plan


class _Stream(IterableDataset[Batch]):
    """Batches one after the other, those of `planned` dealt out among the processes that make them."""

    def __init__(self, batches: Batches, skip: int) -> None:
        self._batches, self._skip = batches, skip

    def __iter__(self) -> Iterator[Batch]:
        own = get_worker_info()
        first, every = (own.id, own.num_workers) if own else (0, 1)
        for chosen, number in islice(self._batches.planned(), self._skip + first, None, every):
            yield self._batches.batch(chosen, number)
