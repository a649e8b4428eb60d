import numpy as np
import pytest
from voices import at_level, concatenate, pause, speak

from voicecramp.aec import EchoCanceller
from voicecramp.aec.speexdsp import load
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME, Samples, to_samples
from voicecramp.vad import Segmenter

GUIDANCE = (
    "Straighten your knee and pull your toes toward your shin. Keep your heel down and breathe slowly.",
    "Press firmly into the belly of the muscle with your thumbs, and rub it in small circles.",
    "Walk around slowly for a minute. If the muscle is still tender, put ice on it.",
)
WARM_UP = to_samples(12.0)
"""Seconds of its own voice by which the canceller knows the room."""


@pytest.fixture(scope="module")
def said() -> Samples:
    sentences = [concatenate(speak(text, "espeak-us-m7"), pause(0.5)) for text in GUIDANCE]
    sound = at_level(np.concatenate(sentences * 2), -25)
    return sound[: len(sound) // FRAME * FRAME]


def echo_of(said: Samples, delay: float, gain: float) -> np.ndarray:
    """Return `said` as it comes back from a bedroom: a direct path, and reverberation of 0.3 s."""
    rng = np.random.default_rng(7)
    tail = to_samples(0.3)
    room = 0.08 * rng.normal(0, 1, tail) * 10 ** (-3 * np.arange(tail) / tail)
    room[0] = 1
    response = np.concatenate([np.zeros(to_samples(delay)), room / np.sqrt(room @ room)])
    size = 2 * len(said)
    wet = np.fft.irfft(np.fft.rfft(said, size) * np.fft.rfft(response, size), size)[: len(said)]
    return gain * wet + rng.normal(0, 15, len(said))


def heard(near: np.ndarray, echo: np.ndarray) -> Samples:
    return np.clip(np.rint(near + echo), -32768, 32767).astype(np.int16)


def cancel(mic: Samples, said: Samples) -> Samples:
    canceller = EchoCanceller()
    frames = range(0, len(mic), FRAME)
    return np.concatenate([canceller.process(mic[i : i + FRAME], said[i : i + FRAME]) for i in frames])


def level(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-9))


def starts(sound: Samples) -> list[int]:
    segmenter = Segmenter()
    segments = [(i, segmenter.process(sound[i : i + FRAME])) for i in range(0, len(sound), FRAME)]
    return [i for i, segment in segments if segment is not None and segment.started]


@pytest.mark.parametrize("delay", [0.0, 0.06, 0.2, 0.35])
@pytest.mark.parametrize("gain", [0.3, 1.0])
def test_it_does_not_hear_itself(said: Samples, delay: float, gain: float) -> None:
    echo = echo_of(said, delay, gain)
    clean = cancel(heard(np.zeros(len(said)), echo), said)
    assert level(clean[WARM_UP:]) < level(echo[WARM_UP:]) - 30
    assert [start for start in starts(clean) if start > WARM_UP] == []


@pytest.mark.parametrize("delay", [0.06, 0.2])
@pytest.mark.parametrize("voice", ["flite-slt", "flite-rms", "espeak-gb-f3"])
def test_somebody_who_speaks_over_it_is_kept(said: Samples, delay: float, voice: str) -> None:
    near = np.zeros(len(said))
    stop = at_level(speak("stop", voice), -25)
    begin = to_samples(20.0)
    near[begin : begin + len(stop)] = stop
    clean = cancel(heard(near, echo_of(said, delay, 1.0)), said)
    around = slice(begin, begin + len(stop))
    assert np.corrcoef(clean[around], near[around])[0, 1] > 0.8
    assert any(begin < start < begin + len(stop) + to_samples(0.2) for start in starts(clean))


def test_a_microphone_that_hears_no_echo_is_left_alone(said: Samples) -> None:
    near = np.zeros(len(said), np.int16)
    for second in (1, 4, 7):
        stop = at_level(speak("stop", "flite-slt"), -30)
        near[second * 16_000 : second * 16_000 + len(stop)] = stop
    clean = cancel(near, said)
    assert level(clean.astype(np.float64) - near) < level(near) - 6
    assert len(starts(clean)) == 3


def test_it_adds_nothing_to_what_the_microphone_hears(said: Samples) -> None:
    near = np.zeros(len(said), np.int16)
    question = at_level(speak("should i see a doctor", "flite-slt"), -20)
    near[16_000 : 16_000 + len(question)] = question
    clean = cancel(near, said)
    before, after = (np.square(sound.reshape(-1, FRAME), dtype=np.float64).sum(1) for sound in (near, clean))
    assert (after <= before).all()
    assert len(starts(clean)) == 1


def test_while_nothing_plays_every_bit_passes(said: Samples) -> None:
    mic = speak("help, calf cramp", "flite-slt")
    mic = mic[: len(mic) // FRAME * FRAME]
    assert np.array_equal(cancel(mic, np.zeros_like(mic)), mic)
    talk = concatenate(said, pause(0.6), np.zeros_like(mic))
    after = cancel(concatenate(pause(len(said) / 16_000 + 0.6), mic), talk)
    assert np.array_equal(after[-len(mic) :], mic)


def test_the_same_sound_gives_the_same_bits(said: Samples) -> None:
    mic = heard(np.zeros(len(said)), echo_of(said, 0.06, 1.0))
    assert np.array_equal(cancel(mic, said), cancel(mic, said))


def test_without_the_library_it_says_what_to_install() -> None:
    with pytest.raises(VoiceCrampError, match="apt install libspeexdsp1"):
        load("libspeexdsp-that-is-not-there.so.1")
