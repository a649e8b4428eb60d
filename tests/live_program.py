"""A small product for the tests of live audio: `live_program.py PART FOLDER`, on the sound card of its environment.

It prints "ready" when it listens, "heard" in the pause after the whole QUESTION, "missed" in the pause after anything else
and, at its end, the statistics as JSON; what it heard and said, frame by frame, is then in FOLDER/heard.npy and
FOLDER/said.npy.
"""

import dataclasses
import json
import sys
import threading
from pathlib import Path

import numpy as np

from voicecramp.audio.devices import Device, Kind, choose
from voicecramp.audio.live import run_live
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, Samples

ANSWER = np.random.default_rng(1).integers(1, 9000, 100 * FRAME).astype(np.int16)
"""Two seconds without a zero, so that every sample that comes out is known for what it is."""

QUESTION = np.random.default_rng(2).integers(1, 9000, 50 * FRAME + 7).astype(np.int16)

PAUSE = 10
"""Frames of silence after which nothing more is said."""

SLOW = 260
"""Frames played while the slow part thinks about its first: more than may wait."""


class Assistant:
    """Says ANSWER once when it first hears anything."""

    def __init__(self) -> None:
        self.heard: list[Samples] = []
        self.said: list[Samples] = []
        self._left: list[Samples] = []
        self._answered = False
        self._last = np.zeros(0, np.int16)
        self._pause = PAUSE

    @property
    def over(self) -> bool:
        return self._answered and not self._left

    def slept(self, seconds: float) -> None:
        assert seconds > 0

    def process(self, mic: Samples, played: Samples) -> None:
        assert len(mic) == len(played) == FRAME
        if not self.heard:
            print("ready", flush=True)  # noqa: T201 - the test reads it
        self.heard.append(mic)
        self._last = np.append(self._last, mic[mic != 0])[-len(QUESTION) :]
        self._pause = 0 if mic.any() else self._pause + 1
        if self._pause == PAUSE:
            print("heard" if np.array_equal(self._last, QUESTION) else "missed", flush=True)  # noqa: T201 - likewise
        if mic.any() and not self._answered:
            self._left = list(ANSWER.reshape(-1, FRAME))
            self._answered = True

    def render(self) -> Samples:
        frame = self._left.pop(0) if self._left else np.zeros(FRAME, np.int16)
        self.said.append(frame)
        return frame


class SlowAssistant(Assistant):
    """Speaks from the beginning, and thinks about the first frame until SLOW have been played."""

    def __init__(self) -> None:
        super().__init__()
        self._enough = threading.Event()
        self._left = list(ANSWER.reshape(-1, FRAME))

    def process(self, mic: Samples, played: Samples) -> None:
        self._enough.wait()
        super().process(mic, played)

    def render(self) -> Samples:
        if len(self.said) == SLOW:
            self._enough.set()
        return super().render()


def found_again() -> tuple[Device, Device]:
    return choose(Kind.MICROPHONE, "va_mic").device, choose(Kind.SPEAKER, "va_spk").device


def main(part: str, folder: Path) -> None:
    assistant = SlowAssistant() if part == "slow" else Assistant()
    speaker = choose(Kind.SPEAKER, "va_spk").device
    microphone = QUESTION if part == "recording" else choose(Kind.MICROPHONE, "va_mic").device
    if part == "wait":
        print("chosen", flush=True)  # noqa: T201 - the test reads it
        sys.stdin.read()
    find = found_again if part == "patient" else None
    troubles: list[str] = []

    def tell(trouble: str) -> None:
        troubles.append(trouble)
        if find:
            print(trouble, flush=True)  # noqa: T201 - the test reads it

    statistics = run_live(assistant, microphone, speaker, find=find, on_trouble=tell)
    np.save(folder / "heard.npy", np.concatenate(assistant.heard))
    np.save(folder / "said.npy", np.concatenate(assistant.said))
    print(json.dumps(dataclasses.asdict(statistics) | {"troubles": troubles}))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except VoiceCrampError as error:
        sys.exit(f"{type(error).__name__}: {error}")
