"""The sums of `objective` on a graphics processor: a program for each utterance, from its first frame to its last and back.

PyTorch's own operations take a launch for each of some thirty steps a frame, which is most of an update's time there.
"""

from collections.abc import Sequence
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

from training.objective import LEAST, NEVER

__all__ = ["everything", "sentences"]


class _Given(torch.autograd.Function):
    """Likelihoods whose gradient, the posteriors, was computed with them."""

    @staticmethod
    def forward(ctx: Any, _outputs: Tensor, total: Tensor, posterior: Tensor) -> Tensor:
        ctx.save_for_backward(posterior)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (posterior,) = ctx.saved_tensors
        return posterior * gradient[:, None, None], None, None


def everything(outputs: Tensor, frames: Tensor, bigrams: Tensor) -> Tensor:
    """Return what `objective.everything` does."""
    scores = outputs.detach().contiguous()
    batch, times, width = scores.shape
    phones = width // 2
    follow, begin, end = (
        part.exp().contiguous() for part in (bigrams[:-1, :-1], bigrams[-1, :-1], bigrams[:-1, -1])
    )
    alpha = scores.new_zeros(batch, times + 1, phones)  # the first row is before the first frame
    entered, scale = scores.new_empty(batch, times, phones), scores.new_empty(batch, times)
    total, posterior = scores.new_empty(batch), torch.zeros_like(scores)
    _everything[(batch,)](
        scores, frames, follow, begin, end, alpha, entered, scale, total, posterior,
        times, phones, LEAST, BLOCK=triton.next_power_of_2(phones),
    )  # fmt: skip
    likelihoods: Tensor = _Given.apply(outputs, total, posterior)  # type: ignore[no-untyped-call]  # PyTorch's
    return likelihoods


@triton.jit
def _frame(places, real, least):
    """Return how likely each phone is entered and stayed in, against the likeliest of the frame, and its logarithm."""
    enter = tl.load(places, mask=real, other=-1e30)
    stay = tl.load(places + 1, mask=real, other=-1e30)
    peak = tl.maximum(tl.max(enter, 0), tl.max(stay, 0))
    enter = tl.where(real, tl.exp(tl.maximum(enter - peak, least)), 0.0)
    return enter, tl.where(real, tl.exp(tl.maximum(stay - peak, least)), 0.0), peak


@triton.jit
def _everything(
    outputs, frames, follow, begin, end, alpha, entered, scale, total, posterior,
    times, phones, least, BLOCK: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0)
    live = tl.load(frames + row)
    one = tl.arange(0, BLOCK)
    real = one < phones
    arcs = tl.load(
        follow + one[:, None] * phones + one[None, :], mask=real[:, None] & real[None, :], other=0.0
    )
    first = tl.load(begin + one, mask=real, other=0.0)
    last = tl.load(end + one, mask=real, other=0.0)
    current = tl.zeros([BLOCK], tl.float32)
    likelihood = 0.0
    for time in range(live):
        at = row * times + time
        enter, stay, peak = _frame(outputs + at * 2 * phones + 2 * one, real, least)
        come = tl.where(time > 0, tl.sum(current[:, None] * arcs, 0), first)
        came = come * enter
        moved = came + current * stay
        norm = tl.sum(moved, 0)
        current = moved / norm
        likelihood += tl.log(norm) + peak
        tl.store(alpha + (at + row + 1) * phones + one, current, mask=real)
        tl.store(entered + at * phones + one, came, mask=real)
        tl.store(scale + at, norm)
    over = tl.sum(current * last, 0)
    tl.store(total + row, likelihood + tl.log(over))
    beta = last / over
    tl.debug_barrier()  # what is read below was written by other threads
    for back in range(live):
        time = live - 1 - back
        at = row * times + time
        enter, stay, _ = _frame(outputs + at * 2 * phones + 2 * one, real, least)
        scaled = beta / tl.load(scale + at)
        came = tl.load(entered + at * phones + one, mask=real, other=0.0)
        before = tl.load(alpha + (at + row) * phones + one, mask=real, other=0.0)
        remain = stay * scaled
        tl.store(posterior + at * 2 * phones + 2 * one, came * scaled, mask=real)
        tl.store(posterior + at * 2 * phones + 2 * one + 1, before * remain, mask=real)
        beta = tl.sum(arcs * (enter * scaled)[None, :], 1) + remain


def sentences(outputs: Tensor, frames: Tensor, graphs: Sequence[Tensor]) -> Tensor:
    """Return what `objective.sentences` does; `graphs` are the arrays of its `Sentences`."""
    scores = outputs.detach().contiguous()
    phones, initial, final, before, weights_before, after, weights_after = (
        one.contiguous() for one in graphs
    )
    batch, times, width = scores.shape
    size = phones.shape[1]
    alpha = scores.new_full((batch, times + 1, size), 2 * NEVER)  # the first row is before the first frame
    entered = scores.new_empty(batch, times, size)
    total, posterior = scores.new_empty(batch), torch.zeros_like(scores)
    _sentences[(batch,)](
        scores, frames, phones, initial, final, before, weights_before, after, weights_after,
        alpha, entered, total, posterior, times, width, size, before.shape[2], after.shape[2], NEVER,
        BLOCK=triton.next_power_of_2(size),
        BEFORE=triton.next_power_of_2(before.shape[2]),
        AFTER=triton.next_power_of_2(after.shape[2]),
    )  # fmt: skip
    likelihoods: Tensor = _Given.apply(outputs, total, posterior)  # type: ignore[no-untyped-call]  # PyTorch's
    return likelihoods


@triton.jit
def _join(values):
    """Return the logarithm of the sum over the second axis."""
    peak = tl.max(values, 1)
    return peak + tl.log(tl.sum(tl.exp(values - peak[:, None]), 1))


@triton.jit
def _either(one, other):
    peak = tl.maximum(one, other)
    return peak + tl.log(tl.exp(one - peak) + tl.exp(other - peak))


@triton.jit
def _sentences(
    outputs, frames, phones, initial, final, before, weights_before, after, weights_after,
    alpha, entered, total, posterior, times, width, size, befores, afters, never,
    BLOCK: tl.constexpr, BEFORE: tl.constexpr, AFTER: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0)
    live = tl.load(frames + row)
    one = tl.arange(0, BLOCK)
    real = one < size
    phone = tl.load(phones + row * size + one, mask=real, other=0)
    many = tl.arange(0, BEFORE)[None, :]
    asked = real[:, None] & (many < befores)
    place = (row * size + one)[:, None] * befores + many
    prior = tl.load(before + place, mask=asked, other=size)
    prior_weight = tl.load(weights_before + place, mask=asked, other=never)
    linked = asked & (prior < size)
    enter = tl.load(outputs + row * times * width + 2 * phone, mask=real, other=never)
    current = tl.load(initial + row * size + one, mask=real, other=never) + enter
    start = row * times * size
    past = row * (times + 1) * size
    tl.store(alpha + past + size + one, current, mask=real)
    tl.store(entered + start + one, current, mask=real)
    for time in range(1, live):
        tl.debug_barrier()  # states read what other threads wrote
        out = outputs + (row * times + time) * width + 2 * phone
        enter = tl.load(out, mask=real, other=never)
        stay = tl.load(out + 1, mask=real, other=never)
        come = tl.load(alpha + past + time * size + prior, mask=linked, other=never) + prior_weight
        came = _join(come) + enter
        current = _either(came, current + stay)
        tl.store(entered + start + time * size + one, came, mask=real)
        tl.store(alpha + past + (time + 1) * size + one, current, mask=real)
    beta = tl.load(final + row * size + one, mask=real, other=never)
    ends = tl.where(real, current + beta, 2 * never)
    likelihood = tl.max(ends, 0) + tl.log(tl.sum(tl.exp(ends - tl.max(ends, 0)), 0))
    tl.store(total + row, likelihood)
    many = tl.arange(0, AFTER)[None, :]
    asked = real[:, None] & (many < afters)
    place = (row * size + one)[:, None] * afters + many
    later = tl.load(after + place, mask=asked, other=size)
    later_weight = tl.load(weights_after + place, mask=asked, other=never)
    linked = asked & (later < size)
    for back in range(live):
        time = live - 1 - back
        out = (row * times + time) * width + 2 * phone
        enter = tl.load(outputs + out, mask=real, other=never)
        stay = tl.load(outputs + out + 1, mask=real, other=never)
        at = start + time * size
        came = tl.load(entered + at + one, mask=real, other=2 * never)
        earlier = tl.load(alpha + past + time * size + one, mask=real, other=2 * never)
        tl.atomic_add(posterior + out, tl.exp(came + beta - likelihood), mask=real)
        tl.atomic_add(posterior + out + 1, tl.exp(earlier + stay + beta - likelihood), mask=real)
        # The place of what has been used takes what is handed back.
        tl.debug_barrier()
        tl.store(entered + at + one, enter + beta, mask=real)
        tl.debug_barrier()
        go = tl.load(entered + at + later, mask=linked, other=never) + later_weight
        beta = _either(_join(go), stay + beta)
