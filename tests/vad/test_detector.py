import numpy as np
import pytest
from voices import speak

from voicecramp.frames import FRAME, RATE, Samples
from voicecramp.vad import SpeechDetector


def share(sound: Samples) -> float:
    """Return the share of frames taken for speech, once the room is known (4 s)."""
    detector = SpeechDetector()
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return float(np.mean([detector.is_speech(frame) for frame in frames][4 * RATE // FRAME :]))


def test_digital_silence_is_never_speech() -> None:
    assert share(np.zeros(60 * RATE, np.int16)) == 0


@pytest.mark.parametrize("dbfs", [-80, -70, -60, -50, -40, -30])
def test_steady_noise_is_not_speech(dbfs: float) -> None:
    noise = np.random.default_rng(3).normal(0, 32768 * 10 ** (dbfs / 20), 30 * RATE)
    assert share(np.rint(noise).astype(np.int16)) == 0


@pytest.mark.parametrize("offset", [-2000, 300])
def test_a_microphone_s_offset_changes_nothing(offset: int) -> None:
    quiet = np.random.default_rng(5).normal(0, 10, 12 * RATE)
    said = speak("my left calf is cramping", "flite-slt").astype(np.float64)
    quiet[5 * RATE : 5 * RATE + len(said)] += said * 1000 / np.abs(said).max()
    spoken = share(np.rint(quiet).astype(np.int16))
    assert spoken > 0.1
    assert share(np.rint(quiet + offset).astype(np.int16)) == pytest.approx(spoken, abs=0.02)


def test_reset_forgets_the_room() -> None:
    rng = np.random.default_rng(4)
    sound = np.rint(rng.normal(0, 300, (500, FRAME))).astype(np.int16)
    detector = SpeechDetector()
    first = [detector.is_speech(frame) for frame in sound]
    detector.reset()
    assert [detector.is_speech(frame) for frame in sound] == first
