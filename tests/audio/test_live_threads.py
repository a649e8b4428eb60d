"""The threads of the rim, with a sound library that does what the test says."""

import math
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from queue import Empty
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicecramp.audio.devices import Device, Kind
from voicecramp.audio.live import DeviceLostError, Statistics, _End, _Session, run_live
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, Samples

MICROPHONE = Device(Kind.MICROPHONE, 0, "mic", "ALSA", 1, 16_000.0, default=True)
SPEAKER = Device(Kind.SPEAKER, 1, "spk", "ALSA", 1, 16_000.0, default=True)
SILENCE = np.zeros(FRAME, np.int16)


class FakeSoundDevice:
    """A sound library whose streams each exchange `frames` frames at once when they are started.

    Microphone frame k holds k + 1 in every sample; what comes out is in `played`. The first `die` streams
    end by themselves after their frames. `after` is called with the count of frames after each.
    """

    class PortAudioError(Exception):
        pass

    def __init__(
        self, frames: int, *, after: Callable[[int], None] = lambda _: None, refuses: str = "", die: int = 0
    ) -> None:
        self.frames = frames
        self.after = after
        self.refuses = refuses
        self.die = die
        self.looks = 0
        self.number = 0
        self.played: list[Samples] = []
        self.options: dict[str, Any] = {}
        self.closed = False

    def Stream(self, **options: Any) -> "FakeSoundDevice":  # noqa: N802 - as sounddevice calls it
        if self.refuses:
            raise self.PortAudioError(self.refuses)
        self.options = options
        return self

    def start(self) -> None:
        for _ in range(self.frames):
            number = self.number
            self.number += 1
            mic = np.full((FRAME, 1), number + 1, np.int16)
            out = np.full((FRAME, 1), -1, np.int16)
            flags = SimpleNamespace(output_underflow=number == 1, input_overflow=False)
            self.options["callback"](mic, out, FRAME, None, flags)
            mic[:] = 0  # the library takes its memory back
            self.played.append(out[:, 0])
            self.after(self.number)
        if self.die > 0:
            self.options["finished_callback"]()

    def _terminate(self) -> None:
        assert self.closed

    def _initialize(self) -> None:
        self.looks += 1
        if self.looks == 1:
            raise self.PortAudioError("no device at all")

    def abort(self) -> None:
        if self.die <= 0:
            self.options["finished_callback"]()

    def close(self) -> None:
        self.die -= 1
        self.closed = True


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeSoundDevice], None]:
    def put(library: FakeSoundDevice) -> None:
        monkeypatch.setitem(sys.modules, "sounddevice", library)  # type: ignore[arg-type]  # a stand-in

    return put


class Assistant:
    """Says the number of the frame it is asked for, from 1, and remembers what it is told."""

    over = True  # with a microphone that must not end the run

    def __init__(self) -> None:
        self.began = threading.Event()
        self.go = threading.Event()
        self.told: list[tuple[int, int]] = []
        self.asleep: list[tuple[int, float]] = []
        self.said = 0

    def slept(self, seconds: float) -> None:
        self.asleep.append((len(self.told), seconds))

    def process(self, mic: Samples, played: Samples) -> None:
        self.began.set()
        self.go.wait()
        assert (mic == mic[0]).all()
        self.told.append((int(mic[0]), int(played[0])))

    def render(self) -> Samples:
        self.said += 1
        return np.full(FRAME, self.said, np.int16)


def test_each_frame_is_heard_with_what_was_played_before_it(
    use: Callable[[FakeSoundDevice], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assistant = Assistant()
    assistant.go.set()
    library = FakeSoundDevice(5)
    use(library)
    pairs: list[tuple[int, int]] = []
    statistics = run_live(
        assistant,
        MICROPHONE,
        SPEAKER,
        max_seconds=0.1,
        on_frame=lambda heard, said: pairs.append((int(heard[0]), int(said[0]))),
    )
    assert assistant.told == [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)]
    assert pairs == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert [int(frame[0]) for frame in library.played] == [1, 2, 3, 4, 5]
    assert (statistics.blocks, statistics.underruns, statistics.unheard) == (5, 1, 0)
    assert str(statistics) in caplog.messages
    assert library.closed


def test_what_waits_too_long_is_replaced_by_silence(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()

    def after(frames: int) -> None:
        if frames == 1:
            assistant.began.wait()  # it has the first in hand
        if frames == 300:
            assistant.go.set()

    use(FakeSoundDevice(300, after=after))
    troubles: list[str] = []
    statistics = run_live(assistant, MICROPHONE, SPEAKER, max_seconds=6, on_trouble=troubles.append)
    heard = [mic for mic, _ in assistant.told]
    assert len(heard) == 300  # the assistant's clock is right again
    assert heard == [1, *[0] * 49, *range(51, 301)]
    assert statistics.unheard == 49
    assert troubles == ["Recognition is too slow: 0.98 s went unheard."]
    assert (statistics.blocks, statistics.longest_queue) == (300, 250)


class ParticularError(Exception):
    pass


@pytest.mark.parametrize("where", ["process", "render"])
def test_an_error_of_the_assistant_reaches_the_caller(
    use: Callable[[FakeSoundDevice], None], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fail(*_: Samples) -> Samples:
        raise ParticularError

    assistant = Assistant()
    monkeypatch.setattr(assistant, where, fail)
    library = FakeSoundDevice(3)
    use(library)
    with pytest.raises(ParticularError):
        run_live(assistant, MICROPHONE, SPEAKER)
    assert library.closed
    if where == "render":
        assert not np.concatenate(library.played).any()  # silence, not what was in the memory before


def test_a_busy_device(use: Callable[[FakeSoundDevice], None]) -> None:
    use(FakeSoundDevice(0, refuses="Device unavailable [PaErrorCode -9985]"))
    with pytest.raises(
        VoiceCrampError,
        match=r'"mic" or the speaker "spk" cannot be opened \(Device unavailable .* close other',
    ):
        run_live(Assistant(), MICROPHONE, SPEAKER)


def test_a_stream_that_dies_is_replaced(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    assistant.go.set()
    use(FakeSoundDevice(5, die=2))
    troubles: list[str] = []
    statistics = run_live(assistant, MICROPHONE, SPEAKER, max_seconds=0.3, on_trouble=troubles.append)
    assert [mic for mic, _ in assistant.told] == list(range(1, 16))
    assert statistics.blocks == 15
    assert troubles == ["The sound devices stopped and were started again."] * 2


def test_nothing_that_is_to_be_told_is_dropped_with_what_waits_too_long(
    use: Callable[[FakeSoundDevice], None],
) -> None:
    assistant = Assistant()

    def after(frames: int) -> None:
        if frames == 1:
            assistant.began.wait()  # it has the first in hand
        if frames == 600:
            assistant.go.set()

    use(FakeSoundDevice(300, after=after, die=1))
    troubles: list[str] = []
    statistics = run_live(assistant, MICROPHONE, SPEAKER, max_seconds=12, on_trouble=troubles.append)
    assert statistics.unheard == 349
    assert troubles == [
        "The sound devices stopped and were started again.",
        "Recognition is too slow: 6.98 s went unheard.",
    ]


def test_streams_that_always_die_are_given_up(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    assistant.go.set()
    use(FakeSoundDevice(5, die=100))
    with pytest.raises(DeviceLostError, match="stop as soon as they are started"):
        run_live(assistant, MICROPHONE, SPEAKER, on_trouble=lambda _: None)


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


def test_runs_outside_the_main_thread(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    assistant.go.set()
    use(FakeSoundDevice(5))
    results: list[Statistics] = []
    thread = threading.Thread(
        target=lambda: results.append(run_live(assistant, MICROPHONE, SPEAKER, max_seconds=0.1))
    )
    thread.start()
    thread.join()
    assert results[0].blocks == 5
