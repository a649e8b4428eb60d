"""A sound library that does what a test says, and an assistant that tells which frames it was given."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from voicecramp.audio.devices import Device, Kind
from voicecramp.frames import FRAME, Samples

__all__ = ["MICROPHONE", "SPEAKER", "Assistant", "FakeSoundDevice"]

MICROPHONE = Device(Kind.MICROPHONE, 0, "mic", "ALSA", 1, 16_000.0, default=True)
SPEAKER = Device(Kind.SPEAKER, 1, "spk", "ALSA", 1, 16_000.0, default=True)


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
