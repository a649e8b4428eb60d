"""Devices that are pulled out and come back, stay away, hang or never worked; with a sound library of the test's own."""

import math
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from queue import Empty
from types import SimpleNamespace

import pytest
from fake_sounddevice import MICROPHONE, SPEAKER, Assistant, FakeSoundDevice

from voicecramp.audio.devices import Device
from voicecramp.audio.live import DeviceLostError, _End, _Session, run_live
from voicecramp.errors import VoiceCrampError

FOUND_MICROPHONE, FOUND_SPEAKER = replace(MICROPHONE, index=5), replace(SPEAKER, index=7)
"""Where the devices are after they were plugged in again."""


def pulled_out() -> FakeSoundDevice:
    """Devices that are lost after 60 frames, and cannot be opened until the test says so."""
    library = FakeSoundDevice(60, die=1)
    library.after = lambda frames: setattr(library, "refuses", "Device unavailable" if frames == 60 else "")
    return library


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing between two looks for lost devices."""
    monkeypatch.setattr("voicecramp.audio.live._AGAIN", 0.0)


@pytest.mark.usefixtures("at_once")
def test_devices_that_were_lost_are_waited_for(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    assistant.go.set()
    library = pulled_out()
    use(library)

    def find() -> tuple[Device, Device]:
        if library.looks < 3:
            raise VoiceCrampError("No microphone was found.")
        library.refuses = ""
        return FOUND_MICROPHONE, FOUND_SPEAKER

    troubles: list[str] = []
    statistics = run_live(
        assistant, MICROPHONE, SPEAKER, find=find, max_seconds=2.4, on_trouble=troubles.append
    )
    assert [mic for mic, _ in assistant.told] == list(range(1, 121))  # as if nothing had been between
    assert statistics.unheard == 0
    assert library.options["device"] == (5, 7)
    assert library.looks == 3
    assert troubles == [
        "The microphone or the speaker was lost: plug it in again, and within a minute this goes on.",
        "The microphone and the speaker are back.",
    ]


@pytest.mark.usefixtures("at_once")
def test_that_devices_are_back_is_told_though_the_next_stream_dies_at_once(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = Assistant()
    assistant.go.set()
    library = pulled_out()
    use(library)

    start = library.start

    def die() -> None:
        monkeypatch.setattr(library, "start", start)
        library.options["finished_callback"]()

    def find() -> tuple[Device, Device]:
        library.refuses = ""
        monkeypatch.setattr(library, "start", die)
        return FOUND_MICROPHONE, FOUND_SPEAKER

    troubles: list[str] = []
    run_live(assistant, MICROPHONE, SPEAKER, find=find, max_seconds=2.4, on_trouble=troubles.append)
    assert troubles[1:] == ["The microphone and the speaker are back."]


@pytest.mark.usefixtures("at_once")
def test_devices_that_never_worked_are_not_waited_for(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    assistant.go.set()
    library = FakeSoundDevice(5, die=100)
    use(library)
    with pytest.raises(DeviceLostError, match="stop as soon as they are started"):
        run_live(
            assistant, MICROPHONE, SPEAKER, find=lambda: (MICROPHONE, SPEAKER), on_trouble=lambda _: None
        )
    assert library.looks == 0


@pytest.mark.usefixtures("at_once")
def test_whoever_waits_for_devices_may_end_it(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    assistant.go.set()
    library = pulled_out()
    use(library)

    def find() -> tuple[Device, Device]:
        if library.looks == 2:
            signal.raise_signal(signal.SIGTERM)
        raise VoiceCrampError("No microphone was found.")

    statistics = run_live(assistant, MICROPHONE, SPEAKER, find=find, on_trouble=lambda _: None)
    assert statistics.blocks == 60


def test_before_the_first_frame_nobody_was_away(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine has been on for a long time when the first stream dies at once."""
    assistant = Assistant()
    assistant.go.set()
    library = FakeSoundDevice(0, die=1)
    library.close = lambda: (setattr(library, "frames", 60), setattr(library, "die", 0))  # type: ignore[method-assign]  # the next one lives
    use(library)
    monkeypatch.setattr("voicecramp.audio.live.time", SimpleNamespace(monotonic=lambda: 1e6))
    run_live(assistant, MICROPHONE, SPEAKER, max_seconds=1.2, on_trouble=lambda _: None)
    assert [seconds for _, seconds in assistant.asleep] == [0]


@pytest.mark.usefixtures("at_once")
def test_how_long_they_were_away_is_told(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Timers count the time of the stream, which stands still meanwhile."""
    assistant = Assistant()
    assistant.go.set()
    library = pulled_out()
    use(library)
    now = 1000.0
    monkeypatch.setattr("voicecramp.audio.live.time", SimpleNamespace(monotonic=lambda: now))

    def find() -> tuple[Device, Device]:
        nonlocal now
        now += 40.0
        library.refuses = ""
        return FOUND_MICROPHONE, FOUND_SPEAKER

    library.looks = 1
    run_live(assistant, MICROPHONE, SPEAKER, find=find, max_seconds=2.4, on_trouble=lambda _: None)
    [(frames, seconds)] = assistant.asleep
    assert seconds == 40
    assert frames <= 60


def test_devices_that_stay_away_are_looked_for_ever_less_often(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look costs memory that PortAudio never gives back."""
    library = FakeSoundDevice(60, die=1)
    library.closed = True
    use(library)
    waits: list[float] = []

    def get(timeout: float) -> object:
        waits.append(timeout)
        if len(waits) == 8:
            return _End.GOOD
        raise Empty

    def find() -> tuple[Device, Device]:
        raise VoiceCrampError("No microphone was found.")

    session = _Session(Assistant(), MICROPHONE, SPEAKER, find, math.inf, None, lambda _: None)
    monkeypatch.setattr(session, "end", SimpleNamespace(get=get))
    assert session._find_again(find, 2.0) is None
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_devices_that_are_found_and_do_not_work_are_looked_for_ever_less_often_too(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeSoundDevice(60, die=1)
    library.after = lambda frames: setattr(library, "refuses", "Device unavailable" if frames == 60 else "")
    use(library)
    waits: list[float] = []

    def find_again(_find: object, wait: float) -> tuple[Device, Device] | None:
        waits.append(wait)
        return None if len(waits) == 4 else (FOUND_MICROPHONE, FOUND_SPEAKER)

    session = _Session(
        Assistant(), MICROPHONE, SPEAKER, lambda: (MICROPHONE, SPEAKER), math.inf, None, lambda _: None
    )
    monkeypatch.setattr(session, "_find_again", find_again)
    session._play()
    assert waits == [2, 4, 8, 16]


@pytest.mark.usefixtures("at_once")
def test_a_driver_that_hangs_is_given_up(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecramp.audio.devices._LOOKING", 0.0)
    assistant = Assistant()
    assistant.go.set()
    library = pulled_out()
    use(library)
    hanging = threading.Event()
    monkeypatch.setattr(library, "_terminate", hanging.wait)
    with pytest.raises(DeviceLostError, match="cannot be opened"):
        run_live(
            assistant, MICROPHONE, SPEAKER, find=lambda: (MICROPHONE, SPEAKER), on_trouble=lambda _: None
        )
    hanging.set()
