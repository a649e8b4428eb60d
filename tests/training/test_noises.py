"""Noises made from nothing: there is something, and hardly ever the same."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optional import need

need("scipy", "scripts/train installs it")

from training import noises  # noqa: E402  # after scipy is known to be there
from training.noises import noise  # noqa: E402

VOICES = [np.sin(np.arange(9000) / 7).astype(np.float32)]
ROOMS = [np.array([1.0, 0.0, 0.3], np.float32)]


@settings(max_examples=30)
@given(st.integers(400, 60_000), st.integers(0, 2**32 - 1), st.booleans())
def test_any_length_has_a_noise_that_is_a_signal(length: int, seed: int, bare: bool) -> None:
    voices, rooms = ([], []) if bare else (VOICES, ROOMS)
    made = noise(length, voices, rooms, np.random.default_rng(seed))
    assert made.shape == (length,)
    assert np.isfinite(made).all()
    assert made.std() > 0
    assert (made == noise(length, voices, rooms, np.random.default_rng(seed))).all()


def test_hardly_two_noises_have_the_same_spectrum() -> None:
    random = np.random.default_rng(3)
    spectra = [np.abs(np.fft.rfft(noise(16_000, VOICES, ROOMS, random)))[:8000] for _ in range(40)]
    bands = np.log([spectrum.reshape(20, 400).mean(1) for spectrum in spectra])
    bands -= bands.mean(1, keepdims=True)
    apart = np.abs(bands[:, None] - bands[None]).mean(2)[~np.eye(40, dtype=bool)]
    assert np.quantile(apart, 0.1) > np.log(10 ** (1 / 20))  # a decibel, in the mean over all bands


@pytest.mark.parametrize("happening", noises._HAPPENINGS)
def test_what_happens_is_heard_within_four_seconds(
    happening: Callable[[int, np.random.Generator], np.ndarray],
) -> None:
    for seed in range(10):
        made = happening(64_000, np.random.default_rng(seed))
        assert made.shape == (64_000,)
        assert np.isfinite(made).all()
        assert np.abs(made).max() > 0
