"""What the engines are asked, as far as no engine is needed to tell."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optional import need

need("pyroomacoustics", "scripts/train installs it")

from training import coffee  # noqa: E402  # after all is known to be there
from training.corpus import RATE  # noqa: E402
from training.engines import Paths  # noqa: E402
from training.evaluation import _every_order, _rumble  # noqa: E402

PATHS = _every_order()


def can_be_said(paths: Paths, text: str) -> bool:
    states = {0}
    for word in text.split():
        states = {after for before, after, _, said in paths.arcs if before in states and said == word}
    return 1 in states


@given(st.integers())
def test_every_order_can_be_said(seed: int) -> None:
    assert can_be_said(PATHS, coffee.random_order(random.Random(seed)))


@pytest.mark.parametrize(
    "text",
    ["", "latte", "can i get a", "can i get a latte with", "make me a mocha iced mocha", "i want milk"],
)
def test_what_nobody_would_order_cannot_be_said(text: str) -> None:
    assert not can_be_said(PATHS, text)


def test_phrases_lead_from_every_source_to_every_target_and_share_no_middle() -> None:
    paths = Paths(4)
    paths.add([0, 2], [1, 3], ["a b", "c", "a d"])
    paths.add([3], [1], ["e"])
    for text in ("a b", "c", "a d", "a b e", "c e"):
        assert can_be_said(paths, text)
    for text in ("a", "b", "a c", "e", "c e e"):
        assert not can_be_said(paths, text)
    assert len({state for arc in paths.arcs for state in arc[:2]}) == 6


def test_the_noise_of_a_house_is_as_loud_at_its_ends_as_between() -> None:
    """Or most of what is measured as its loudness is in moments when nobody speaks."""
    power = np.mean([_rumble(RATE, np.random.default_rng(seed)) ** 2 for seed in range(100)], axis=0)
    edge = RATE // 100
    assert power[:edge].mean() == pytest.approx(power.mean(), rel=0.2)
    assert power[-edge:].mean() == pytest.approx(power.mean(), rel=0.2)
