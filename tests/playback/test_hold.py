"""How a hold is laid out: counts to the sample, everything else around them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.frames import RATE, to_samples
from voicecramp.playback import HoldPlan, plan_hold
from voicecramp.playback.hold import PAUSE

COUNTS = (30, 25, 20, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
NUMBERS = dict.fromkeys(range(1, 61), to_samples(0.6))


@st.composite
def plans(draw: st.DrawFn) -> tuple[HoldPlan, int, list[int], int, list[int]]:
    left = draw(st.integers(1, 90))
    counts = sorted(draw(st.sets(st.integers(1, left))), reverse=True)
    start = draw(st.integers(0, 10**7))
    lengths = {value: draw(st.integers(1, RATE)) for value in counts}
    coaching = draw(st.lists(st.integers(1, 8 * RATE), max_size=8))
    return plan_hold(left, counts, start, lengths, coaching), left, counts, start, coaching


def spans(plan: HoldPlan) -> list[tuple[int, int]]:
    spoken = [
        *((one.start, one.end) for one in plan.counts),
        *((one.start, one.end) for one in plan.coaching),
    ]
    return sorted([*spoken, *plan.reserved])


@given(plans())
def test_every_number_starts_on_its_second_to_the_sample(
    drawn: tuple[HoldPlan, int, list[int], int, list[int]],
) -> None:
    plan, left, counts, start, _ = drawn
    assert [one.value for one in plan.counts] == counts
    assert all(one.start == start + (left - one.value) * RATE for one in plan.counts)
    assert (plan.start, plan.end) == (start, start + left * RATE)


@given(plans())
def test_coaching_is_said_once_in_order_or_left_out(
    drawn: tuple[HoldPlan, int, list[int], int, list[int]],
) -> None:
    plan, _, _, _, lengths = drawn
    said = [one.index for one in plan.coaching]
    assert said == sorted(said)
    assert sorted([*said, *plan.left_out]) == list(range(len(lengths)))
    assert all(one.end - one.start == lengths[one.index] for one in plan.coaching)
    assert [one.start for one in plan.coaching] == sorted(one.start for one in plan.coaching)


@given(plans(), st.lists(st.tuples(st.integers(0, 90 * RATE), st.integers(1, 4 * RATE)), max_size=4))
def test_nothing_touches_anything_else(
    drawn: tuple[HoldPlan, int, list[int], int, list[int]], inserts: list[tuple[int, int]]
) -> None:
    plan, left, counts, start, _ = drawn
    free = {(one.start, one.end) for one in plan.counts}
    for after, length in inserts:
        now = start + after
        at = plan.gap(now, length)
        if at is not None:
            assert at >= now
            plan = plan.reserve(at, length)
            assert plan.gap(at, length) != at
    everything = spans(plan)
    assert all(plan.start <= begin and end <= plan.end for begin, end in everything)
    for (begin, end), (after_begin, after_end) in pairwise(everything):
        both_counts = (begin, end) in free and (after_begin, after_end) in free
        assert after_begin - end >= (0 if both_counts else PAUSE)
    assert len(plan.counts) == len(counts)
    assert plan.end == start + left * RATE


@given(plans(), st.integers(0, 90 * RATE), st.integers(1, 6 * RATE))
def test_a_gap_is_the_first_there_is(
    drawn: tuple[HoldPlan, int, list[int], int, list[int]], after: int, length: int
) -> None:
    plan, _, _, start, _ = drawn

    def fits(at: int) -> bool:
        inside = plan.start + PAUSE <= at and at + length <= plan.end - PAUSE
        return inside and all(at + length + PAUSE <= begin or end + PAUSE <= at for begin, end in spans(plan))

    now = start + after
    # The first place is at `now` or right behind something: nothing between can be earlier.
    places = [now, plan.start + PAUSE, *(end + PAUSE for _, end in spans(plan))]
    assert plan.gap(now, length) == min((at for at in places if at >= now and fits(at)), default=None)


@given(plans(), st.lists(st.tuples(st.integers(-RATE, 90 * RATE), st.integers(1, 8 * RATE)), max_size=4))
def test_what_is_interjected_stands_alone_and_moves_nothing(
    drawn: tuple[HoldPlan, int, list[int], int, list[int]], interjections: list[tuple[int, int]]
) -> None:
    plan, _, _, start, _ = drawn
    for after, length in interjections:
        now = start + after
        found = plan.interject(now, length)
        if found is None:
            continue
        at, new = found
        assert at >= now
        assert (at, at + length) in new.reserved
        assert set(plan.reserved) < set(new.reserved)
        assert set(new.counts) <= set(plan.counts)
        assert set(new.coaching) <= set(plan.coaching)
        assert (new.start, new.end) == (plan.start, plan.end)
        for one in {*plan.counts, *plan.coaching}:
            far = one.end + PAUSE <= at or at + length + PAUSE <= one.start
            assert far == (one in {*new.counts, *new.coaching}), (
                "whatever is in its way gives way, and nothing else"
            )
            assert far or one.start >= now, "what has begun is heard out"
        assert all(
            end + PAUSE <= at or at + length + PAUSE <= begin or begin == at for begin, end in new.reserved
        )
        assert at + length + PAUSE <= new.end
        plan = new


@given(plans(), st.integers(-RATE, 90 * RATE), st.integers(1, 6 * RATE))
def test_an_interjection_is_as_soon_as_can_be(
    drawn: tuple[HoldPlan, int, list[int], int, list[int]], after: int, length: int
) -> None:
    plan, _, _, start, _ = drawn
    now = start + after
    sounding = [end for begin, end in spans(plan) if begin < now < end + PAUSE]
    soonest = max([now, *(end + PAUSE for end in sounding)])
    found = plan.interject(now, length)
    if soonest + length + PAUSE <= plan.end:
        assert found is not None
        assert found[0] == soonest
    else:
        assert found is None


def test_an_answer_waits_for_the_number_and_costs_the_next_ones() -> None:
    plan = plan_hold(10, COUNTS[4:], 0, NUMBERS, [])
    found = plan.interject(to_samples(0.1), to_samples(2.0))
    assert found is not None
    at, new = found
    assert at == NUMBERS[10] + PAUSE  # over at 2.85 s, so that even the number at 3 s is too close
    assert [one.value for one in new.counts] == [10, 6, 5, 4, 3, 2, 1]


def test_after_an_interjection_before_the_hold_inserts_still_wait_for_its_start() -> None:
    plan = plan_hold(10, (5,), RATE, NUMBERS, [])
    found = plan.interject(0, RATE // 4)
    assert found is not None
    assert found[0] == 0
    assert found[1].gap(0, RATE // 4) == RATE + PAUSE


def test_three_lines_are_spread_over_a_hold_of_thirty_seconds() -> None:
    plan = plan_hold(30, COUNTS, 0, NUMBERS, [to_samples(2.0)] * 3)
    middles = [(one.start + one.end) / 2 / RATE for one in plan.coaching]
    assert plan.left_out == ()
    # Room is from 0.85 s to 19.75 s; a sixth, a half and five sixths of it, or beside the number there.
    assert middles == pytest.approx([3.65, 8.75, 16.95], abs=1.0)


def test_lines_without_counts_are_spread_evenly() -> None:
    plan = plan_hold(40, (), 0, {}, [to_samples(3.0)] * 4)
    starts = [one.start for one in plan.coaching]
    steps = [later - earlier for earlier, later in pairwise(starts)]
    assert max(steps) - min(steps) <= 1
    assert steps[0] == pytest.approx(10 * RATE, rel=0.02)


def test_as_many_lines_as_just_fit_all_find_room() -> None:
    just = 5 * RATE - NUMBERS[30] - 2 * PAUSE
    plan = plan_hold(30, COUNTS, 0, NUMBERS, [just] * 4)
    assert [one.start for one in plan.coaching] == [k * 5 * RATE + NUMBERS[30] + PAUSE for k in range(4)]
    assert plan_hold(30, COUNTS, 0, NUMBERS, [just + 1] * 4).left_out == (0, 1, 2, 3)
    assert plan_hold(30, COUNTS, 0, NUMBERS, [just] * 5).left_out == (4,)


def test_a_line_too_long_for_any_room_does_not_keep_out_the_next() -> None:
    plan = plan_hold(30, COUNTS, 0, NUMBERS, [RATE, 6 * RATE, RATE])
    assert [one.index for one in plan.coaching] == [0, 2]
    assert plan.left_out == (1,)


def test_nothing_is_inserted_where_every_second_is_counted() -> None:
    plan = plan_hold(10, COUNTS[4:], 0, NUMBERS, [])
    assert plan.gap(0, 1) is None


def test_a_number_longer_than_its_second_is_named() -> None:
    lengths = {**NUMBERS, 7: RATE + 1}
    with pytest.raises(ValueError, match="the number 7 takes 16001 samples and 1 s are free"):
        plan_hold(30, COUNTS, 0, lengths, [])
    plan_hold(30, COUNTS, 0, {**NUMBERS, 7: RATE}, [])
    with pytest.raises(ValueError, match="the number 1 takes"):
        plan_hold(1, (1,), 0, {1: RATE + 1}, [])


@pytest.mark.parametrize(
    ("left", "counts", "start", "coaching", "what"),
    [
        (0, (), 0, [], "must last"),
        (-5, (), 0, [], "must last"),
        (30, (), -1, [], "must last"),
        (30, (31,), 0, [], "between 30 and 1"),
        (30, (1, 0), 0, [], "between 30 and 1"),
        (30, (10, 20), 0, [], "must fall"),
        (30, (10, 10), 0, [], "must fall"),
        (60, (30, 0, -30), 0, [], "between 60 and 1"),
        (30, (), 0, [0], "must have samples"),
        (30, (), 0, [100, -1], "must have samples"),
    ],
)
def test_odd_input_is_refused(
    left: int, counts: tuple[int, ...], start: int, coaching: list[int], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        plan_hold(left, counts, start, NUMBERS, coaching)


def test_a_number_without_a_clip_is_named() -> None:
    with pytest.raises(ValueError, match="the number 61 has no clip"):
        plan_hold(90, (61,), 0, NUMBERS, [])


def test_what_does_not_fit_cannot_be_reserved() -> None:
    plan = plan_hold(30, COUNTS, 0, NUMBERS, [])
    with pytest.raises(ValueError, match="do not fit"):
        plan.reserve(0, RATE)
    with pytest.raises(ValueError, match="must have samples"):
        plan.gap(0, 0)
    with pytest.raises(ValueError, match="must have samples"):
        plan.interject(0, 0)
