import numpy as np
import pytest
import voices
from voices import VOICES, at_level, concatenate, pause, quiet_room, speak

from voicecramp.frames import RATE


@pytest.mark.parametrize("voice", VOICES)
def test_a_voice_says_a_command(voice):
    samples = speak("help, calf cramp", voice)

    assert samples.dtype == np.int16
    assert samples.ndim == 1
    assert 0.7 * RATE < len(samples) < 3 * RATE
    assert np.abs(samples).max() > 3000


def test_voices_differ():
    assert len({speak("help, calf cramp", voice).tobytes() for voice in VOICES}) == len(VOICES) >= 8


def test_a_voice_says_the_same_each_time():
    again = speak.__wrapped__("stop", "flite-slt")

    assert np.array_equal(again, speak("stop", "flite-slt"))


def test_speech_is_shared_and_cannot_be_spoilt():
    with pytest.raises(ValueError, match="read-only"):
        speak("stop", "flite-slt")[0] = 1


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_voice_that_is_not_installed_skips_but_fails_in_ci(monkeypatch, tmp_path, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(outcome, match="flite is not installed"):
        speak.__wrapped__("stop", "flite-slt")


def test_level_is_the_root_mean_square():
    loud = at_level(speak("stop", "flite-slt"), -26)

    assert 10 * np.log10(np.mean((loud / voices.FULL_SCALE) ** 2)) == pytest.approx(-26, abs=0.01)


def test_too_loud_is_clipped_not_wrapped():
    sound = speak("stop", "flite-slt")

    assert np.all(np.sign(at_level(sound, 0)) * np.sign(sound) >= 0)


def test_a_quiet_room_is_never_silent_and_always_the_same():
    room = quiet_room(pause(1), -60)

    assert 10 * np.log10(np.mean((room / voices.FULL_SCALE) ** 2)) == pytest.approx(-60, abs=0.2)
    assert np.array_equal(room, quiet_room(pause(1), -60))


def test_parts_follow_one_another():
    word = speak("stop", "flite-slt")
    both = concatenate(word, pause(0.5), word)

    assert len(both) == 2 * len(word) + RATE // 2
    assert not both[len(word) : len(word) + RATE // 2].any()
