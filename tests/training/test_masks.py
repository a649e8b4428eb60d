"""Bands are taken out of cepstra as out of the spectrum they were made of."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from optional import need

need("scipy", "scripts/train installs it")

from training.features import CEPSTRA, without_bands  # noqa: E402  # after scipy is known to be there


def table() -> np.ndarray:
    """The cosines that make log mel energies into cepstra, from the definition and not from the code under test."""
    band, cepstrum = np.arange(CEPSTRA)[:, None] + 0.5, np.arange(CEPSTRA)
    cosines = np.sqrt(2 / CEPSTRA) * np.cos(np.pi / CEPSTRA * band * cepstrum)
    cosines[:, 0] = np.sqrt(1 / CEPSTRA)
    return cosines * (1 + 11 * np.sin(np.pi * cepstrum / 22))


@given(st.integers(0, CEPSTRA - 1), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_masked_bands_deviate_no_more_and_the_others_as_before(first: int, count: int, seed: int) -> None:
    energies = np.random.default_rng(seed).normal(0, 3, (20, CEPSTRA))
    masked = energies @ table() @ without_bands(first, count) @ np.linalg.inv(table())
    wanted = energies.copy()
    wanted[:, first : first + count] = 0.0
    assert np.allclose(masked, wanted, atol=1e-3)
