"""The threads of the rim, with a sound library that does what the test says."""

import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicecramp.audio.devices import Device, Kind
from voicecramp.audio.live import Statistics, run_live
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, Samples

MICROPHONE = Device(Kind.MICROPHONE, 0, "mic", "ALSA", 1, 16_000.0, default=True)
SPEAKER = Device(Kind.SPEAKER, 1, "spk", "ALSA", 1, 16_000.0, default=True)
SILENCE = np.zeros(FRAME, np.int16)


class FakeSoundDevice:
    """A sound library whose only stream exchanges `frames` frames at once when it is started.

    Microphone frame k holds k + 1 in every sample; what comes out is in `played`.
    """

    class PortAudioError(Exception):
        pass

    def __init__(self, frames: int, *, then: Callable[[], None] = lambda: None, refuses: str = "") -> None:
        self.frames = frames
        self.then = then
        self.refuses = refuses
        self.played: list[Samples] = []
        self.options: dict[str, Any] = {}
        self.closed = False

    def Stream(self, **options: Any) -> "FakeSoundDevice":  # noqa: N802 - as sounddevice calls it
        if self.refuses:
            raise self.PortAudioError(self.refuses)
        self.options = options
        return self

    def start(self) -> None:
        for number in range(self.frames):
            mic = np.full((FRAME, 1), number + 1, np.int16)
            out = np.full((FRAME, 1), -1, np.int16)
            flags = SimpleNamespace(output_underflow=number == 1, input_overflow=False)
            self.options["callback"](mic, out, FRAME, None, flags)
            mic[:] = 0  # the library takes its memory back
            self.played.append(out[:, 0])
        self.then()

    def abort(self) -> None:
        self.options["finished_callback"]()

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeSoundDevice], None]:
    def put(library: FakeSoundDevice) -> None:
        monkeypatch.setitem(sys.modules, "sounddevice", library)  # type: ignore[arg-type]

    return put


class Assistant:
    """Says the number of the frame it is asked for, from 1, and remembers what it is told."""

    over = True  # with a microphone that must not end the run

    def __init__(self) -> None:
        self.go = threading.Event()
        self.told: list[tuple[int, int]] = []
        self.said = 0

    def process(self, mic: Samples, played: Samples) -> None:
        self.go.wait()
        assert (mic == mic[0]).all()
        self.told.append((int(mic[0]), int(played[0])))

    def render(self) -> Samples:
        self.said += 1
        return np.full(FRAME, self.said, np.int16)


def test_each_frame_is_heard_with_what_was_played_before_it(use: Callable[[FakeSoundDevice], None]) -> None:
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
    assert library.closed


def test_what_waits_too_long_is_replaced_by_silence(use: Callable[[FakeSoundDevice], None]) -> None:
    assistant = Assistant()
    use(FakeSoundDevice(300, then=assistant.go.set))
    troubles: list[str] = []
    statistics = run_live(assistant, MICROPHONE, SPEAKER, max_seconds=6, on_trouble=troubles.append)
    heard = [mic for mic, _ in assistant.told]
    assert len(heard) == 300  # the assistant's clock is right again
    assert heard[-250:] == list(range(51, 301))
    assert heard.count(0) == statistics.unheard
    assert statistics.unheard in {49, 50}  # the worker may have had the first in hand
    assert troubles == [f"Recognition is too slow: {statistics.unheard * 0.02:.2f} s went unheard."]
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
