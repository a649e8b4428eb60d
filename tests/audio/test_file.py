import numpy as np
import pytest

from voicecramp.audio.file import converse
from voicecramp.frames import FRAME, RATE, Samples


class Parrot:
    """Says the frame it just heard; over after so many frames."""

    def __init__(self, frames: int) -> None:
        self.frames = frames
        self.heard: list[Samples] = []
        self.played: list[Samples] = []

    def process(self, mic: Samples, played: Samples) -> None:
        self.heard.append(mic)
        self.played.append(played)

    def render(self) -> Samples:
        return self.heard[-1]

    @property
    def over(self) -> bool:
        return len(self.heard) >= self.frames


def talk(parrot: Parrot, mic: Samples, max_seconds: float) -> tuple[Samples, Samples]:
    """What was heard and what was said, each in one piece."""
    heard, said = zip(*converse(parrot, mic, max_seconds), strict=True)
    return np.concatenate(heard), np.concatenate(said)


def test_mic_and_speaker_go_in_lockstep() -> None:
    mic = np.arange(1, 4 * FRAME + 1, dtype=np.int16)
    parrot = Parrot(0)
    heard, said = talk(parrot, mic, 60)
    assert np.array_equal(heard[: len(mic)], mic)
    assert np.array_equal(said, heard)
    assert not parrot.played[0].any()
    assert np.array_equal(np.concatenate(parrot.played[1:]), said[:-FRAME])


def test_the_last_frame_is_filled_up_and_silence_follows() -> None:
    heard, said = talk(Parrot(0), np.ones(FRAME + 1, np.int16), 60)
    assert len(heard) == len(said) == 2 * FRAME + RATE
    assert heard[: FRAME + 1].all()
    assert not heard[FRAME + 1 :].any()


@pytest.mark.parametrize(
    ("frames", "max_seconds", "length"), [(200, 60, 4.0), (10**9, 3, 3.0), (0, 0.5, 0.5)]
)
def test_it_ends_when_over_or_when_time_is_up(frames: int, max_seconds: float, length: float) -> None:
    heard, _ = talk(Parrot(frames), np.ones(RATE, np.int16), max_seconds)
    assert len(heard) == length * RATE


def test_every_pair_comes_before_the_next_frame_is_heard() -> None:
    parrot = Parrot(0)
    for number, _ in enumerate(converse(parrot, np.ones(RATE, np.int16), 60), start=1):
        assert len(parrot.heard) == number


def test_it_ends_when_it_is_told_to() -> None:
    parrot = Parrot(0)
    assert len(list(converse(parrot, np.ones(RATE, np.int16), 60, lambda: len(parrot.heard) == 7))) == 7
