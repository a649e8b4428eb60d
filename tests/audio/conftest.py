"""What the tests of the rim may ask for."""

import sys
from collections.abc import Callable, Iterator

import pytest
from fake_sounddevice import FakeSoundDevice
from soundcard import SoundCard, soundcard


@pytest.fixture
def card() -> Iterator[SoundCard]:
    """A sound card of the test's own."""
    with soundcard() as started:
        yield started


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeSoundDevice], None]:
    """Put a sound library of the test's own in the place of the real one."""

    def put(library: FakeSoundDevice) -> None:
        monkeypatch.setitem(sys.modules, "sounddevice", library)  # type: ignore[arg-type]  # a stand-in

    return put
