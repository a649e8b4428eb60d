"""Lattice-free maximum mutual information: the sentence against everything that could have been said.

Both terms are sums over all paths through a hidden Markov model whose states are phones: a path enters a
phone with the phone's first-frame output and stays with its further-frames output. The gradients are the
posteriors of the forward-backward algorithm, written out: autograd would keep a graph of every frame.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.transcripts import PhoneGraph

__all__ = ["Sentences", "everything", "sentences"]

NEVER = -1e4
"""The log probability of what cannot be; finite, so that differences stay numbers."""
LEAST = -30.0
"""No output counts as further below a frame's best: the products of the recursion stay within single precision."""


def everything(outputs: Tensor, frames: Tensor, bigrams: Tensor) -> Tensor:
    """Return the log likelihood of the sound under any sequence of phones.

    Args:
        outputs: float32 (batch, time, 2 * phones).
        frames: int64 (batch,), how many of the times are the utterance's.
        bigrams: (phones + 1, phones + 1), see `phone_bigrams`.
    """
    if outputs.is_cuda:
        from training import kernels  # noqa: PLC0415  # PyTorch brings Triton only where it brings CUDA

        return kernels.everything(outputs, frames, bigrams)
    total: Tensor = _Everything.apply(outputs, frames, bigrams)  # type: ignore[no-untyped-call]  # PyTorch's
    return total


class _Everything(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, outputs: Tensor, frames: Tensor, bigrams: Tensor) -> Tensor:
        batch, times, width = outputs.shape
        follow, begin, end = bigrams[:-1, :-1].exp(), bigrams[-1, :-1].exp(), bigrams[:-1, -1].exp()
        peak = outputs.amax(2, keepdim=True)
        likelihood = (
            (outputs - peak)
            .clamp(min=LEAST)
            .exp()
            .view(batch, times, width // 2, 2)
            .permute(3, 1, 0, 2)
            .contiguous()
        )
        enter, stay = likelihood[0], likelihood[1]
        live = (torch.arange(times, device=outputs.device)[:, None] < frames)[:, :, None]
        alpha, entered = torch.empty_like(enter), torch.empty_like(enter)
        scale = torch.ones(times, batch, 1, device=outputs.device)
        current = torch.zeros_like(enter[0])
        for time in range(times):
            come = current @ follow if time else begin.expand_as(current)
            entered[time] = come * enter[time]
            moved = entered[time] + current * stay[time]
            scale[time] = moved.sum(1, keepdim=True)
            current = torch.where(live[time], moved / scale[time], current)
            alpha[time] = current
        last = (current * end).sum(1)
        ctx.save_for_backward(alpha, entered, scale, enter, stay, live, follow, end)
        sums = torch.where(live, scale.log() + peak.transpose(0, 1), 0.0).sum((0, 2))
        return sums + last.log()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        alpha, entered, scale, enter, stay, live, follow, end = ctx.saved_tensors
        times, batch, phones = alpha.shape
        posterior = torch.zeros(times, batch, phones, 2, device=alpha.device)
        beta, back = end.expand(batch, phones) / (alpha[-1] * end).sum(1, keepdim=True), follow.T.contiguous()
        for time in reversed(range(times)):
            scaled = beta / scale[time]
            on, remain = enter[time] * scaled, stay[time] * scaled
            posterior[time, :, :, 0] = entered[time] * scaled
            if time:
                posterior[time, :, :, 1] = alpha[time - 1] * remain
                beta = torch.where(live[time], on @ back + remain, beta)
        posterior *= live[:, :, :, None]
        flat = posterior.transpose(0, 1).reshape(batch, times, 2 * phones)
        return flat * gradient[:, None, None], None, None


class Sentences:
    """The phone graphs of a batch as tensors."""

    def __init__(self, graphs: Sequence[PhoneGraph], bigrams: np.ndarray) -> None:
        size = max(len(graph.phones) for graph in graphs)
        edge = len(bigrams) - 1
        self.phones = np.zeros((len(graphs), size), np.int64)
        self.initial, self.final = np.full((2, len(graphs), size), NEVER, np.float32)
        for number, graph in enumerate(graphs):
            phones = np.array(graph.phones)
            self.phones[number, : len(phones)] = phones
            self.initial[number, list(graph.initial)] = bigrams[edge, phones[list(graph.initial)]]
            self.final[number, list(graph.final)] = bigrams[phones[list(graph.final)], edge]
        self.before = _neighbours([[(b, a) for a, b in graph.arcs] for graph in graphs], size)
        self.after = _neighbours([list(graph.arcs) for graph in graphs], size)
        self.weights_before = self._weights(self.before, bigrams, forward=True)
        self.weights_after = self._weights(self.after, bigrams, forward=False)

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """What `sentences` takes of them, in its order."""
        return (
            self.phones, self.initial, self.final, self.before, self.weights_before, self.after, self.weights_after,
        )  # fmt: skip

    def _weights(self, neighbours: np.ndarray, bigrams: np.ndarray, *, forward: bool) -> np.ndarray:
        batch = len(neighbours)
        padded = np.concatenate([self.phones, np.zeros((batch, 1), np.int64)], axis=1)
        other = np.take_along_axis(padded, neighbours.reshape(batch, -1), 1).reshape(neighbours.shape)
        own = np.broadcast_to(self.phones[:, :, None], neighbours.shape)
        weights = bigrams[other, own] if forward else bigrams[own, other]
        return np.where(neighbours == self.phones.shape[1], np.float32(NEVER), weights)


def _neighbours(lists: Sequence[Sequence[tuple[int, int]]], size: int) -> np.ndarray:
    """Return (batch, size, most): the second states of pairs by their first; `size` where there is none."""
    count = np.zeros((len(lists), size), np.int64)
    for number, pairs in enumerate(lists):
        for state, _ in pairs:
            count[number, state] += 1
    table = np.full((len(lists), size, max(1, count.max())), size)
    count[:] = 0
    for number, pairs in enumerate(lists):
        for state, other in pairs:
            table[number, state, count[number, state]] = other
            count[number, state] += 1
    return table


def sentences(outputs: Tensor, frames: Tensor, batch: Sentences) -> Tensor:
    """Return the log likelihood of the sound under each utterance's own sentence.

    `outputs` and `frames` are as in `everything`.
    """
    tensors = [torch.from_numpy(array).to(outputs.device) for array in batch.arrays]
    if outputs.is_cuda:
        from training import kernels  # noqa: PLC0415  # as above

        return kernels.sentences(outputs, frames, tensors)
    total: Tensor = _Sentences.apply(outputs, frames, *tensors)  # type: ignore[no-untyped-call]  # PyTorch's
    return total


class _Sentences(torch.autograd.Function):
    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917  # autograd takes tensors one by one
        ctx: Any, outputs: Tensor, frames: Tensor, phones: Tensor, initial: Tensor, final: Tensor,
        before: Tensor, weights_before: Tensor, after: Tensor, weights_after: Tensor,
    ) -> Tensor:  # fmt: skip
        batch, times, ctx.width = outputs.shape
        size = phones.shape[1]
        index = phones[:, None, :].expand(batch, times, size)
        enter = outputs.gather(2, 2 * index).transpose(0, 1).contiguous()
        stay = outputs.gather(2, 2 * index + 1).transpose(0, 1).contiguous()
        live = torch.arange(times, device=outputs.device)[:, None, None] < frames[:, None]
        entered, alpha = torch.empty_like(enter), torch.empty_like(enter)
        flat, nothing = before.flatten(1), torch.full((batch, 1), NEVER, device=outputs.device)
        current = alpha[0] = entered[0] = initial + enter[0]
        for time in range(1, times):
            come = torch.cat([current, nothing], 1).gather(1, flat).view_as(before) + weights_before
            entered[time] = come.logsumexp(2) + enter[time]
            current = torch.where(live[time], torch.logaddexp(entered[time], current + stay[time]), current)
            alpha[time] = current
        total = (current + final).logsumexp(1)
        ctx.save_for_backward(alpha, entered, enter, stay, live, phones, final, after, weights_after, total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        alpha, entered, enter, stay, live, phones, final, after, weights_after, total = ctx.saved_tensors
        times, batch, size = alpha.shape
        flat, nothing = after.flatten(1), torch.full((batch, 1), NEVER, device=alpha.device)
        betas = torch.empty_like(alpha)
        beta = betas[-1] = final
        for time in reversed(range(1, times)):
            go = torch.cat([enter[time] + beta, nothing], 1).gather(1, flat).view_as(after) + weights_after
            beta = torch.where(live[time], torch.logaddexp(go.logsumexp(2), stay[time] + beta), beta)
            betas[time - 1] = beta
        rest = betas - total[:, None]
        posterior = torch.zeros(batch, times, size, 2, device=alpha.device)
        posterior[..., 0] = ((entered + rest).exp() * live).transpose(0, 1)
        posterior[:, 1:, :, 1] = ((alpha[:-1] + stay[1:] + rest[1:]).exp() * live[1:]).transpose(0, 1)
        outputs = torch.zeros(batch, times, ctx.width, device=alpha.device)
        index = phones[:, None, :].expand(batch, times, size)
        outputs.scatter_add_(2, 2 * index, posterior[..., 0])
        outputs.scatter_add_(2, 2 * index + 1, posterior[..., 1])
        return outputs * gradient[:, None, None], *([None] * 8)
