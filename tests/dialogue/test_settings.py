"""What was chosen, and what it makes of a hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.dialogue import Line, Settings
from voicecramp.dialogue.steps import HoldStep
from voicecramp.nlu import SlotValue


def step(hold: str | int) -> HoldStep:
    return HoldStep.model_validate({"hold": hold, "then": "end"})


def test_a_step_is_held_as_long_as_it_or_the_person_says() -> None:
    settings = Settings(hold=40, longest=50)
    assert [settings.length(step(hold)) for hold in ("usual", "longest", 10)] == [40, 50, 10]


@pytest.mark.parametrize(
    "bad",
    [
        {"hold": 29},
        {"hold": 61},
        {"hold": "45"},
        {"hold": 45.0},
        {"gain": 1.0},
        {"gain": -41},
        {"pace": 0.1},
        {"pace": "slow"},
        {"counting": "backwards"},
        {"answer": 3.0},
        {"unheard_of": 1},
    ],
)
def test_what_was_kept_and_is_no_longer_good_is_passed_over(bad: dict[str, SlotValue]) -> None:
    assert Settings().with_preferences(bad) == Settings()


def test_what_is_good_is_taken_beside_what_is_not() -> None:
    changed = Settings(longest=40).with_preferences({"hold": 45, "gain": 3.0, "counting": "less"})
    assert (changed.hold, changed.longest, changed.gain, changed.counting) == (45, 45, -6.0, "less")


LINES = tuple(Line(f"line-{n}", f"Line {n}.") for n in range(4))


def test_coaching_that_is_due_later_is_said_in_what_is_left() -> None:
    due = [Settings().cue(30, left, LINES[:2]).coaching for left in (30, 22, 8)]
    assert due == [LINES[:2], LINES[1:2], LINES[1:2]]
    assert Settings().cue(30, 7, LINES[:2]).coaching == ()


@given(
    st.integers(1, 120),
    st.floats(0, 1),
    st.sampled_from(["usual", "every", "less", "none"]),
    st.integers(0, 4),
)
def test_every_hold_is_counted_down_in_order_from_its_beginning(
    total: int, share: float, counting: str, coached: int
) -> None:
    left = max(1, round(total * share))
    cue = Settings().with_preferences({"counting": counting}).cue(total, left, LINES[:coached])
    assert cue.left == left
    assert list(cue.counts) == sorted(set(cue.counts), reverse=True)
    assert all(1 <= count <= left for count in cue.counts)
    assert (counting == "none") == (cue.counts == ())
    assert counting == "none" or cue.counts[0] == left, "nobody knows how long it will be"
    assert all(first - second <= 15 for first, second in zip(cue.counts, cue.counts[1:], strict=False))
    assert cue.coaching == LINES[:coached][len(LINES[:coached]) - len(cue.coaching) :]
