"""What is spoken when during a hold: every number on its second, everything else around them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from voicecramp.frames import RATE

__all__ = ["PAUSE", "Coaching", "Count", "HoldPlan", "plan_hold"]

PAUSE = RATE * 250 // 1000
"""Samples of silence kept between a line and anything else spoken in a hold: 250 ms, the shortest that is
usually counted as a pause in speech, so that a number always stands alone."""


@dataclass(frozen=True)
class Count:
    """A number and where it sounds."""

    value: int
    """Seconds left at its start."""
    start: int
    end: int
    """One past its last sample."""


@dataclass(frozen=True)
class Coaching:
    """A coaching line and where it sounds."""

    index: int
    """Which of the lines that were given."""
    start: int
    end: int
    """One past its last sample."""


_Span = tuple[int, int]


@dataclass(frozen=True)
class HoldPlan:
    """A hold laid out in samples of the timeline. Never changes: to reserve a gap gives a new plan."""

    start: int
    end: int
    """The sample at which no seconds are left."""
    counts: tuple[Count, ...]
    """In order of time, each start exact."""
    coaching: tuple[Coaching, ...]
    """In order of time, which is the order they were given in."""
    left_out: tuple[int, ...]
    """The coaching lines that fit nowhere, by index."""
    reserved: tuple[_Span, ...] = ()
    """What inserted lines have taken since: (start, end), in order of time."""

    @property
    def starts(self) -> frozenset[int]:
        """The samples at which numbers and coaching start."""
        return frozenset(start for start, _ in self._spoken())

    def gap(self, now: int, length: int) -> int | None:
        """Find where a line may be inserted: the first start, not before `now`, with PAUSE around it.

        Args:
            now: The earliest sample.
            length: Samples of the line, more than 0.

        Returns:
            The start, or None where it fits nowhere before the hold ends.

        Raises:
            ValueError: If the length is not more than 0.
        """
        if length <= 0:
            raise ValueError(f"a line must have samples, not {length}")
        gaps = _gaps(self.start, self.end, (*self._spoken(), *self.reserved))
        return _earliest(gaps, now, length)

    def reserve(self, start: int, length: int) -> "HoldPlan":
        """Return the plan with a gap taken by an inserted line.

        Raises:
            ValueError: If something is spoken there, or it lies outside the hold.
        """
        if self.gap(start, length) != start:
            raise ValueError(f"{length} samples at {start} do not fit into the hold")
        return replace(self, reserved=tuple(sorted((*self.reserved, (start, start + length)))))

    def interject(self, now: int, length: int) -> "tuple[int, HoldPlan] | None":
        """Speak a line as soon as whatever has begun by `now` is over; what it leaves no PAUSE around gives way.

        Numbers and coaching give way, inserted lines do not.

        Args:
            now: The earliest sample; may lie before the hold's start, where nothing else sounds from then on.
            length: Samples of the line, more than 0.

        Returns:
            The start, and the plan with the line in and without what gave way; None where the line would not
            be over before the hold is.

        Raises:
            ValueError: If the length is not more than 0.
        """
        if length <= 0:
            raise ValueError(f"a line must have samples, not {length}")
        begun = [span for span in self._spoken() if span[0] < now]
        start = _earliest(_gaps(now - PAUSE, self.end, (*begun, *self.reserved)), now, length)
        if start is None:
            return None
        end = start + length

        def stays(one: Count | Coaching) -> bool:
            return one.end + PAUSE <= start or end + PAUSE <= one.start

        plan = replace(
            self,
            counts=tuple(filter(stays, self.counts)),
            coaching=tuple(filter(stays, self.coaching)),
            reserved=tuple(sorted((*self.reserved, (start, end)))),
        )
        return start, plan

    def _spoken(self) -> list[_Span]:
        counts = [(one.start, one.end) for one in self.counts]
        return counts + [(one.start, one.end) for one in self.coaching]


def plan_hold(
    left: int,
    counts: Sequence[int],
    start: int,
    number_lengths: Mapping[int, int],
    coaching_lengths: Sequence[int],
) -> HoldPlan:
    """Lay out a hold: each number starts exactly on its second, coaching is spread over what room is left.

    Args:
        left: Seconds to hold from `start`, more than 0.
        counts: Seconds left at which the number is spoken: from `left` at most down to 1 at least, falling.
        start: The sample at which the hold begins.
        number_lengths: Samples of each number's clip.
        coaching_lengths: Samples of each coaching line's clip. Lines keep their order and are spread evenly;
            where not all fit, earlier ones go first.

    Raises:
        ValueError: If an argument is out of its range, or a number would still sound when the next is due or
            the hold is over.
    """
    if left <= 0 or start < 0:
        raise ValueError(f"a hold must last and begin on the timeline, not {left} s from sample {start}")
    if any(length <= 0 for length in coaching_lengths):
        raise ValueError("a coaching line must have samples")
    end = start + left * RATE
    spoken = _place_counts(left, counts, end, number_lengths)
    coaching = _place_coaching(_gaps(start, end, [(one.start, one.end) for one in spoken]), coaching_lengths)
    placed = {one.index for one in coaching}
    left_out = tuple(index for index in range(len(coaching_lengths)) if index not in placed)
    return HoldPlan(start, end, spoken, coaching, left_out)


def _place_counts(
    left: int, values: Sequence[int], end: int, lengths: Mapping[int, int]
) -> tuple[Count, ...]:
    if any(later >= earlier for earlier, later in pairwise(values)):
        raise ValueError(f"counts must fall, not {list(values)}")
    if values and not (values[0] <= left and values[-1] >= 1):
        raise ValueError(f"counts must lie between {left} and 1, not {list(values)}")
    placed: list[Count] = []
    for value, following in pairwise((*values, 0)):
        length = lengths.get(value, 0)
        if length <= 0:
            raise ValueError(f"the number {value} has no clip")
        if length > (value - following) * RATE:
            raise ValueError(f"the number {value} takes {length} samples and {value - following} s are free")
        begin = end - value * RATE
        placed.append(Count(value, begin, begin + length))
    return tuple(placed)


def _gaps(start: int, end: int, taken: Iterable[_Span]) -> list[_Span]:
    """Return where something may sound between start and end: a PAUSE away from whatever else does.

    A PAUSE is also kept from both ends of the hold: other lines are spoken right before and after it.
    """
    gaps: list[_Span] = []
    free_from = start + PAUSE
    for begin, finish in sorted(taken):
        gaps.append((free_from, begin - PAUSE))
        free_from = max(free_from, finish + PAUSE)
    gaps.append((free_from, end - PAUSE))
    return gaps


def _earliest(gaps: Iterable[_Span], after: int, length: int) -> int | None:
    for begin, end in gaps:
        start = max(begin, after)
        if start + length <= end:
            return start
    return None


def _latest(gaps: Sequence[_Span], before: int, length: int) -> int:
    """Return the last start from which `length` samples fit and are over at `before`; one must exist."""
    return next(
        min(end, before) - length for begin, end in reversed(gaps) if min(end, before) - length >= begin
    )


def _nearest(gaps: Iterable[_Span], bounds: _Span, length: int, target: int) -> int:
    """Return the start nearest to target, between the bounds, where `length` samples fit; one must exist."""
    starts = ((max(begin, bounds[0]), min(end - length, bounds[1])) for begin, end in gaps)
    candidates = [min(max(target, first), last) for first, last in starts if first <= last]
    return min(candidates, key=lambda start: abs(start - target))


def _place_coaching(gaps: Sequence[_Span], lengths: Sequence[int]) -> tuple[Coaching, ...]:
    kept: list[Coaching] = []  # as early as each can be: this decides which fit
    for index, length in enumerate(lengths):
        start = _earliest(gaps, kept[-1].end + PAUSE if kept else 0, length)
        if start is not None:
            kept.append(Coaching(index, start, start + length))
    if not kept:
        return ()

    latest: list[int] = []  # as late as each can be without pushing out those after it
    before = gaps[-1][1]
    for one in reversed(kept):
        latest.append(_latest(gaps, before, one.end - one.start))
        before = latest[-1] - PAUSE
    latest.reverse()

    # Evenly: each of n lines in the middle of its nth part of the room, or as near to it as it fits.
    first = kept[0].start
    room = latest[-1] + (kept[-1].end - kept[-1].start) - first
    placed: list[Coaching] = []
    for order, (one, last) in enumerate(zip(kept, latest, strict=True)):
        length = one.end - one.start
        target = first + room * (2 * order + 1) // (2 * len(kept)) - length // 2
        free_from = placed[-1].end + PAUSE if placed else first
        start = _nearest(gaps, (free_from, last), length, target)
        placed.append(Coaching(one.index, start, start + length))
    return tuple(placed)
