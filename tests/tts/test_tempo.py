"""Slower and faster speech: as long as asked for, at the same pitch, still words."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.asr import Recogniser
from voicecramp.asr.pocketsphinx import PocketSphinxRecogniser
from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples, to_samples
from voicecramp.tts import Voice, at_pace, render
from voicecramp.tts.tempo import load
from voicecramp.tts.trim import AUDIBLE

SENTENCES = [
    "pull your foot up",
    "press the calf hard",
    "straighten your knee",
    "stand up and walk",
    "is it still hurting",
    "breathe out slowly",
]
PACES = [0.5, 0.66, 0.87, 1.15, 1.32, 2.0]
SPOKEN_PACES = [0.66, 0.87, 1.15, 1.32]  # what can be asked for by voice


@pytest.fixture(scope="module")
def spoken(clips: Path) -> dict[str, Samples]:
    return dict(render(SENTENCES, Voice(), clips, lambda *_: None))


@pytest.fixture(scope="module", params=["vosk", "pocketsphinx"])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    if request.param == "pocketsphinx":
        return PocketSphinxRecogniser()
    return VoskRecogniser(Path(__file__).parents[2] / "models/voicecramp-en")


WINDOW, STEP = RATE // 25, RATE // 100


def pitches(clip: Samples) -> np.ndarray:
    """The pitch in hertz by autocorrelation of 40 ms, every 10 ms; not a number where nothing is voiced."""
    found = []
    for start in range(0, len(clip) - WINDOW, STEP):
        block = clip[start : start + WINDOW].astype(float)
        likeness = np.correlate(block, block, "full")[WINDOW - 1 :]
        period = RATE // 400 + int(np.argmax(likeness[RATE // 400 : RATE // 70]))
        voiced = likeness[0] > WINDOW * 1500**2 and likeness[period] > likeness[0] / 2
        found.append(RATE / period if voiced else np.nan)
    return np.array(found)


@pytest.mark.parametrize("pace", PACES)
def test_it_takes_as_long_as_was_asked_for(spoken: dict[str, Samples], pace: float) -> None:
    for clip in spoken.values():
        assert len(at_pace(clip, pace)) * pace == pytest.approx(len(clip), rel=0.03)


@pytest.mark.parametrize("pace", PACES)
def test_the_pitch_stays(spoken: dict[str, Samples], pace: float) -> None:
    for clip in spoken.values():
        before, after = pitches(clip), pitches(at_pace(clip, pace))
        # The same moment of speech: the middle of each window comes earlier or later, as the pace is.
        middles = (np.arange(len(before)) * STEP + WINDOW / 2) / pace
        moments = np.rint((middles - WINDOW / 2) / STEP).astype(int)
        there = (moments >= 0) & (moments < len(after))
        change = after[moments[there]] / before[there]
        assert np.isfinite(change).sum() >= 20
        assert np.nanmedian(change) == pytest.approx(1, abs=0.02)


def test_a_tone_keeps_its_frequency_and_its_level() -> None:
    tone = np.rint(8000 * np.sin(2 * np.pi * 200 * np.arange(RATE) / RATE)).astype(np.int16)
    for pace in PACES:
        paced = at_pace(tone, pace)
        spectrum = np.abs(np.fft.rfft(paced * np.hanning(len(paced))))
        assert np.argmax(spectrum) * RATE / len(paced) == pytest.approx(200, abs=2)
        assert np.sqrt(np.mean(paced.astype(float) ** 2)) == pytest.approx(8000 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("pace", PACES)
def test_nothing_clicks(spoken: dict[str, Samples], pace: float) -> None:
    for clip in spoken.values():
        paced = at_pace(clip, pace).astype(int)
        assert np.abs(np.diff(paced)).max() <= np.abs(np.diff(clip.astype(int))).max() * 1.05
        assert np.abs(paced).max() <= np.abs(clip.astype(int)).max()


@pytest.mark.parametrize("pace", PACES)
def test_it_begins_and_ends_audibly(spoken: dict[str, Samples], pace: float) -> None:
    for clip in spoken.values():
        paced = at_pace(clip, pace)
        assert min(abs(int(paced[0])), abs(int(paced[-1]))) >= AUDIBLE
        assert not paced.flags.writeable


@pytest.mark.parametrize("pace", SPOKEN_PACES)
def test_the_words_are_still_heard(spoken: dict[str, Samples], recogniser: Recogniser, pace: float) -> None:
    def heard(clip: Samples) -> str:
        room = np.zeros(to_samples(0.4), np.int16)
        recogniser.accept(np.concatenate([room, clip, room]))
        return recogniser.finish().text

    recogniser.listen_for(SENTENCES)
    as_rendered = sum(heard(clip) == text for text, clip in spoken.items())
    paced = sum(heard(at_pace(clip, pace)) == text for text, clip in spoken.items())
    assert as_rendered >= 4
    assert paced >= as_rendered - 1


def test_a_pace_of_one_is_the_clip_itself(spoken: dict[str, Samples]) -> None:
    clip = spoken[SENTENCES[0]]
    assert at_pace(clip, 1.0) is clip


@given(st.integers(1, 4000), st.floats(0.3, 4.0), st.integers(0, 9))
def test_any_sound_at_any_pace_is_a_sound_and_the_same_one_again(length: int, pace: float, seed: int) -> None:
    sound = np.random.default_rng(seed).integers(-9000, 9000, length, dtype=np.int16)
    once, again = at_pace(sound, pace), at_pace(sound, pace)
    assert len(once) > 0
    assert once.dtype == np.int16
    assert np.array_equal(once, again)


@pytest.mark.parametrize("pace", [0.0, -1.0, float("nan")])
def test_no_pace_at_all_is_refused(pace: float) -> None:
    with pytest.raises(ValueError, match="more than 0"):
        at_pace(np.ones(10, np.int16), pace)


def test_no_libsonic() -> None:
    with pytest.raises(VoiceCrampError, match="apt install libsonic0"):
        load("libsonic-that-is-not-there.so.0")
