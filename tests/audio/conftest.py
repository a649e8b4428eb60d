"""What the tests of the rim may ask for."""

from collections.abc import Iterator

import pytest
from soundcard import SoundCard, soundcard


@pytest.fixture
def card() -> Iterator[SoundCard]:
    """A sound card of the test's own."""
    with soundcard() as started:
        yield started
