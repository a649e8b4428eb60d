"""What the real engine gives, after trimming."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE, Samples
from voicecramp.tts import Voice, render
from voicecramp.tts.engine import WORKER, Engine
from voicecramp.tts.trim import AUDIBLE, CEILING, LEVEL

UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"]
TENS = ["twenty", "thirty", "forty", "fifty"]
NUMBERS = [
    *UNITS,
    *TEENS,
    "nineteen",
    *(ten + one for ten in TENS for one in ["", *(f"-{unit}" for unit in UNITS)]),
    "sixty",
]
SENTENCES = [
    "Yes.",
    "Good night.",
    "Breathe out slowly.",
    "Pull your toes up towards your shin, and hold.",
    "If the leg is swollen, red and warm, see a doctor today.",
    "Ice it for 20 to 30 minutes.",
]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Samples]:
    return render([*NUMBERS, *SENTENCES], Voice(), tmp_path_factory.mktemp("clips"), lambda *_: None)


def test_every_number_fits_into_its_second(clips: dict[str, Samples]) -> None:
    assert len(NUMBERS) == 60
    assert max(len(clips[number]) for number in NUMBERS) < RATE


def test_every_clip_begins_and_ends_with_an_audible_sample(clips: dict[str, Samples]) -> None:
    assert all(abs(int(clip[0])) >= AUDIBLE and abs(int(clip[-1])) >= AUDIBLE for clip in clips.values())


def test_no_clip_comes_near_clipping(clips: dict[str, Samples]) -> None:
    assert max(np.abs(clip.astype(int)).max() for clip in clips.values()) <= CEILING + 1


def test_all_clips_are_equally_loud(clips: dict[str, Samples]) -> None:
    def loudness(clip: Samples) -> float:
        """The 70th percentile of the power of 20 ms blocks, in dB: another measure than the one levelled by."""
        blocks = clip[: len(clip) // 320 * 320].astype(float).reshape(-1, 320)
        return float(10 * np.log10(np.percentile(np.mean(blocks**2, axis=1), 70) / LEVEL**2))

    levels = [loudness(clip) for clip in clips.values()]
    assert max(levels) - min(levels) < 6
    assert abs(np.median(levels)) < 2


def test_more_words_take_longer(clips: dict[str, Samples]) -> None:
    assert len(clips["Yes."]) < len(clips["Good night."]) < len(clips["Breathe out slowly."])


def test_a_slower_rate_is_slower(tmp_path: Path, clips: dict[str, Samples]) -> None:
    slow = render(["Good night."], Voice(rate=80), tmp_path, lambda *_: None)["Good night."]
    assert 1.5 < len(slow) / len(clips["Good night."]) < 2.2


def test_a_voice_is_found_by_its_language_whatever_the_engine_calls_it(tmp_path: Path) -> None:
    assert len(render(["Good night."], Voice(language="en-gb"), tmp_path, lambda *_: None)["Good night."])


def test_no_such_voice(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match=r"no voice for the language 'en': choose one of .*\ben-us\b"):
        render(["Good night."], Voice(language="en"), tmp_path, lambda *_: None)
    with pytest.raises(VoiceCrampError, match=r"no voice for the language 'tlh': `espeak-ng --voices`"):
        render(["Good night."], Voice(language="tlh"), tmp_path, lambda *_: None)


def test_the_worker_speaks_nothing_but_json_and_ends_with_its_input() -> None:
    requests = '{"text": "one"}\n{"text": "two \\ud800"}\n{"text": "three"}\n'
    worker = [*WORKER, "en-us", "150"]
    done = subprocess.run(worker, input=requests, capture_output=True, text=True, check=True, timeout=60)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(answer) for answer in answers] == [["ready"], ["wav"], ["error"], ["wav"]]


def test_an_engine_serves_again_after_it_was_closed() -> None:
    with Engine(Voice()) as engine:
        assert engine.speak("ten")
        engine.close()
        assert engine.speak("ten")


@pytest.mark.parametrize("rate", [79, 251])
def test_a_rate_beyond_the_engine_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match=str(rate)):
        Voice(rate=rate)
