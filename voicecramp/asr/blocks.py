"""Sound cut into pieces of one length, however it arrives, so that a decoder's answer depends on the sound alone."""

from collections.abc import Iterator

import numpy as np

from voicecramp.frames import Samples, to_samples

__all__ = ["BLOCK", "Blocks"]

BLOCK = to_samples(0.1)
"""Samples given to an engine at a time. Both engines answer a little differently when the same sound is cut
differently; what is heard so far is at most this much behind."""


class Blocks:
    """Collects samples and gives them back in blocks."""

    def __init__(self) -> None:
        self._pending: Samples = np.empty(0, dtype=np.int16)

    def add(self, samples: Samples) -> Iterator[Samples]:
        """Yield the blocks, shape (BLOCK,), that `samples` complete."""
        sound = np.concatenate([self._pending, samples])
        whole = len(sound) - len(sound) % BLOCK
        self._pending = sound[whole:]
        yield from sound[:whole].reshape(-1, BLOCK)

    def rest(self) -> Samples:
        """Return what no block was full enough for, shape (n,) with n < BLOCK, and begin anew."""
        rest, self._pending = self._pending, np.empty(0, dtype=np.int16)
        return rest
