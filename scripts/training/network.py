"""The acoustic network: a factored time-delay network, cepstra in, log likelihoods every 30 ms out."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.features import CEPSTRA
from training.settings import NetworkSettings

__all__ = ["BYPASS", "INPUT", "OFFSET", "STRIDE", "Network", "fast"]

INPUT = 9
"""Frames that the first layer sees: four on either side of its own."""
STRIDE = 3
"""Input frames to one output frame."""
OFFSET = 3
"""How far apart, in input frames, the two halves are that every later layer joins."""
BYPASS = 0.66
"""How much of a block's input is added to its output, so that gradients reach the first layers."""


def fast(device: torch.device) -> torch.autocast:
    """Return what a network is to be trained in: matrix products of bfloat16, where they are faster.

    A processor that has no such products imitates them, seventy times as slowly as single precision (measured on
    one with AVX2 and no AVX-512).
    """
    able = device.type != "cpu" or torch.backends.cpu.get_cpu_capability() == "AVX512"
    return torch.autocast(device.type, torch.bfloat16, enabled=able)


class Network(nn.Module):
    """Per block: a bottleneck seeing two times, a layer seeing two of the bottleneck, ReLU, norm, bypass.

    Convolutions are written as concatenation and `Linear`, which is several times faster on a processor. Silence and
    every phone have an output for their first frame (even) and one for all further ones (odd).
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, settings: NetworkSettings, sounds: int) -> None:
        """Make a fresh one of this shape, for so many sounds."""
        super().__init__()
        width, bottleneck, blocks = settings.width, settings.bottleneck, settings.blocks
        self.register_buffer("mean", torch.zeros(CEPSTRA))
        self.register_buffer("deviation", torch.ones(CEPSTRA))
        self.first = nn.Linear(INPUT * CEPSTRA, width)
        self.down = nn.ModuleList(nn.Linear(2 * width, bottleneck, bias=False) for _ in range(blocks))
        self.up = nn.ModuleList(nn.Linear(2 * bottleneck, width) for _ in range(blocks))
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in range(1 + blocks))
        self.last = nn.Linear(width, 2 * sounds)

    @property
    def context(self) -> int:
        """Input frames that must stand before the first and after the last; repeat the edge."""
        return INPUT // 2 + OFFSET * len(self.down)

    def hidden(self, cepstra: Tensor) -> Tensor:
        """Return what the last layer sees: (batch, ceil(frames / STRIDE), width).

        Args:
            cepstra: (batch, context + frames + context, CEPSTRA).
        """
        windows = ((cepstra - self.mean) / self.deviation).unfold(1, INPUT, STRIDE)
        x = self._activate(self.first(windows.transpose(2, 3).flatten(2)), 0)
        for number, (down, up) in enumerate(zip(self.down, self.up, strict=True), start=1):
            y = down(torch.cat([x[:, :-1], x[:, 1:]], 2))
            y = self._activate(up(torch.cat([y[:, :-1], y[:, 1:]], 2)), number)
            x = y + BYPASS * x[:, 1:-1]
        return x

    def forward(self, cepstra: Tensor) -> Tensor:
        """Return scaled log likelihoods (batch, output frames, 2 * sounds) of what `hidden` takes."""
        scores: Tensor = self.last(self.hidden(cepstra))
        return scores

    def _activate(self, x: Tensor, number: int) -> Tensor:
        # The affine, ReLU, norm order of Kaldi, so that the norm folds into one scale and offset.
        normed: Tensor = self.norms[number](functional.relu(x).flatten(0, 1))
        return normed.view_as(x)
