"""A copy is changed only in what the settings ask for."""

import numpy as np
import pytest
from optional import need

need("pyroomacoustics", "scripts/train installs it")

from training.augment import Augmenter  # noqa: E402  # after all is known to be there
from training.corpus import RATE  # noqa: E402
from training.settings import AugmentSettings  # noqa: E402

SPEECH = (np.sin(np.arange(RATE) * 0.1) * np.hanning(RATE) + 0.3 * np.sin(np.arange(RATE) * 0.9)).astype(
    np.float32
)
NOTHING = dict.fromkeys(AugmentSettings.model_fields, 0) | {"rooms": 1}


def copies(**asked: float) -> np.ndarray:
    """Return twenty copies, in rows."""
    augmenter = Augmenter(AugmentSettings.model_validate(NOTHING | asked), [], [])
    return np.array([augmenter(SPEECH, np.random.default_rng(seed))[0] for seed in range(20)])


def likeness(made: np.ndarray) -> np.ndarray:
    """Return the correlation of each copy with the speech."""
    return np.array([np.corrcoef(copy, SPEECH)[0, 1] for copy in made])


def test_without_anything_it_is_the_same_speech_equally_loud() -> None:
    made = copies()
    assert np.abs(made).max(1) == pytest.approx(10 ** (-10 / 20), abs=1e-4)
    assert (likeness(made) > 0.9999).all()


def test_the_level_is_another_each_time() -> None:
    made = copies(level=1)
    loudest = 20 * np.log10(np.abs(made).max(1))
    assert loudest.min() < -25
    assert loudest.max() > -8
    assert (likeness(made) > 0.999).all()


def test_a_microphone_changes_the_spectrum_and_not_the_level() -> None:
    made = copies(colour=1)
    assert np.abs(made).max(1) == pytest.approx(10 ** (-10 / 20), abs=1e-4)
    assert np.median(likeness(made)) < 0.999
