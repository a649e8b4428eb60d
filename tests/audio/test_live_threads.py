"""The threads of the rim, with a sound library that does what the test says."""

import threading
from collections.abc import Callable

import numpy as np
import pytest
from fake_sounddevice import MICROPHONE, SPEAKER, Assistant, FakeSoundDevice

from voicecramp.audio.live import DeviceLostError, Statistics, run_live
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, Samples

SILENCE = np.zeros(FRAME, np.int16)


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
