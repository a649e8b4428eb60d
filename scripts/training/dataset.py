"""Features on disk: every recording in several augmented copies, made once, read by every training run."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from training.augment import Augmenter
from training.corpus import Utterance, load
from training.features import CEPSTRA, mfcc

__all__ = ["Example", "Features", "make_features", "read_features"]


@dataclass(frozen=True)
class Example:
    """One copy of one recording."""

    utterance: Utterance
    features: np.ndarray
    """float16 (frames, CEPSTRA); a window onto the file."""


class Features(Sequence[Example]):
    """The examples of one or more sources."""

    def __init__(self, examples: Iterable[Example]) -> None:
        self._examples = list(examples)

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, index: int) -> Example:  # type: ignore[override]  # no slices are taken
        return self._examples[index]

    @property
    def hours(self) -> float:
        """How much speech this is."""
        return sum(len(example.features) for example in self._examples) / 360_000


def make_features(
    name: Path, utterances: Sequence[Utterance], copies: int, augmenter: Augmenter, seed: int
) -> Iterator[int]:
    """Write `copies` of every utterance to NAME.f16 and NAME.jsonl, on all processors; yield after each.

    The files appear only when whole.
    """
    name.parent.mkdir(parents=True, exist_ok=True)
    one = partial(_copies, copies=copies, augmenter=augmenter)
    seeds = np.random.SeedSequence(seed).spawn(len(utterances))
    total, rows = 0, list[str]()
    raw = name.with_suffix(".part")
    with ProcessPoolExecutor(initializer=_alone) as pool, raw.open("wb") as file:
        for utterance, made in zip(utterances, pool.map(one, utterances, seeds, chunksize=8), strict=True):
            for features in made:
                file.write(features.tobytes())
                rows.append(json.dumps({"start": total, "frames": len(features), **asdict(utterance)}) + "\n")
                total += len(features)
            yield len(made)
    name.with_suffix(".jsonl").write_text("".join(rows), encoding="utf-8")
    raw.replace(name.with_suffix(".f16"))


def _alone() -> None:
    """Compute on one core: a process for each is at work, and threads would wait for each other."""
    threadpool_limits(1)


def _copies(
    utterance: Utterance, seed: np.random.SeedSequence, copies: int, augmenter: Augmenter
) -> list[np.ndarray]:
    random, sound = np.random.default_rng(seed), load(utterance.path)
    return [mfcc(*augmenter(sound, random)).astype(np.float16) for _ in range(copies)]


def read_features(name: Path) -> Iterator[Example]:
    """Yield what `make_features` wrote; the numbers stay on disk until they are used."""
    block = np.memmap(name.with_suffix(".f16"), np.float16, "r").reshape(-1, CEPSTRA)
    with name.with_suffix(".jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            start, frames = row.pop("start"), row.pop("frames")
            yield Example(Utterance(**row), block[start : start + frames])
