"""From the engine's WAV file to a clip, on sounds whose every sample is known."""

import io
import wave

import numpy as np
import pytest
from numpy.typing import NDArray

from voicecramp.frames import RATE
from voicecramp.tts.trim import AUDIBLE, CEILING, LEVEL, BrokenClipError, audible, make_clip


def wav(samples: NDArray[np.float64], rate: int = 22_050, channels: int = 1, pauses: int = 1) -> bytes:
    padded = np.concatenate([samples, np.zeros(pauses * rate // 5 * channels)])
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(padded).astype("<i2").tobytes())
    return buffer.getvalue()


def tone(seconds: float, amplitude: float = 9000.0, rate: int = 22_050) -> NDArray[np.float64]:
    return amplitude * np.sin(2 * np.pi * 440 * np.arange(1, round(seconds * rate)) / rate)


def test_silence_around_is_gone_to_the_sample() -> None:
    bare = make_clip(wav(tone(1.0)), "la", 150)
    assert len(bare) == pytest.approx(RATE, abs=3)
    for lead in (441, 4410, 22_050):  # whole numbers of samples at both rates
        led = make_clip(wav(np.concatenate([np.zeros(lead), tone(1.0)]), pauses=3), "la", 150)
        assert abs(len(led) - len(bare)) <= 2
        assert abs(int(led[0])) >= AUDIBLE
        assert abs(int(led[-1])) >= AUDIBLE


def test_what_is_too_soft_to_hear_is_trimmed_and_a_pause_within_is_kept() -> None:
    whisper = tone(0.5, amplitude=9000 * AUDIBLE / LEVEL / 2)
    pause = np.zeros(4410)
    clip = make_clip(wav(np.concatenate([whisper, tone(0.5), pause, tone(0.5), whisper])), "la la", 150)
    assert len(clip) == pytest.approx(1.2 * RATE, abs=40)


@pytest.mark.parametrize("amplitude", [50.0, 3000.0, 32_000.0])
def test_soft_and_loud_come_out_at_the_same_level(amplitude: float) -> None:
    clip = make_clip(wav(tone(1.0, amplitude)), "la", 150).astype(float)
    assert np.sqrt(np.mean(clip**2)) == pytest.approx(LEVEL, rel=0.02)


def test_a_peak_far_above_the_rest_is_held_under_the_ceiling() -> None:
    sound = tone(1.0, amplitude=1000.0)
    sound[10_000:10_100:10] = 32_000.0
    assert CEILING - 1 <= np.abs(make_clip(wav(sound), "la", 150).astype(int)).max() <= CEILING + 1


def test_as_many_letters_as_can_be_said_and_more() -> None:
    assert len(make_clip(wav(tone(1.0)), "a" * 32, 150))
    with pytest.raises(BrokenClipError, match="too short"):
        make_clip(wav(tone(1.0)), "a" * 34, 150)
    assert len(make_clip(wav(tone(1.0)), "a" * 34, 160))


def test_stereo_is_not_what_the_engine_gives() -> None:
    with pytest.raises(BrokenClipError, match="2 channels of 16 bits"):
        make_clip(wav(tone(1.0), channels=2), "la", 150)


def test_what_is_nowhere_audible_is_left_whole() -> None:
    soft = np.full(100, AUDIBLE - 1, np.int16)
    assert len(audible(soft)) == 100
    soft = np.array([3, AUDIBLE, 0, -AUDIBLE, 7], np.int16)
    assert audible(soft).tolist() == [AUDIBLE, 0, -AUDIBLE]
