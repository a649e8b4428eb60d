"""The rim with real devices: PortAudio, on a sound card that the test brings with it."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import live_program
import numpy as np
import pytest
from live_program import ANSWER, QUESTION, SLOW
from soundcard import SoundCard

from voicecramp.frames import FRAME, Samples

Start = Callable[[str], subprocess.Popen[str]]

RESTARTED = "The sound devices stopped and were started again."
"""What is told where PortAudio gave a stream up: on a machine so busy that ALSA had nothing to do for some 0.2 s."""

TRIES = 5
"""How often something is said until it is heard whole: such a machine may lose samples as well."""

GUARD = 60
"""Seconds after which a program that does not end has failed."""


@pytest.fixture
def start(card: SoundCard, tmp_path: Path) -> Iterator[Start]:
    """Start a part of live_program on the sound card."""
    started: list[subprocess.Popen[str]] = []

    def run(part: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, str(Path(live_program.__file__)), part, str(tmp_path)],
            env=card.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        # Then whoever waits for its next line waits in vain no longer.
        guard = threading.Timer(5 * GUARD, program.kill)
        guard.daemon = True
        guard.start()
        return program

    yield run
    for program in started:
        program.kill()
        program.communicate()


def first_line(program: subprocess.Popen[str]) -> str:
    """Return the next line the program says, before its end; fails with what it complained of where it has ended."""
    assert program.stdout is not None
    assert program.stderr is not None
    line = program.stdout.readline()
    assert line, f"the program ended: {program.stderr.read()}"
    return line.strip()


def wait_until(program: subprocess.Popen[str], *wanted: str) -> str:
    """Read lines until one holds something `wanted`; return it."""
    while True:
        line = first_line(program)
        if any(text in line for text in wanted):
            return line


def ask(card: SoundCard, program: subprocess.Popen[str]) -> None:
    """Speak the question until the program has heard the whole of it."""
    for _ in range(TRIES):
        card.speak(QUESTION)
        if wait_until(program, "heard", "missed", RESTARTED) == "heard":
            return
    raise AssertionError(f"it heard only parts of what was said {TRIES} times")


def without_silence(channel: Samples) -> Samples:
    """Take all zeros out: those around it, and those of a machine so busy that the sound card ran dry."""
    return channel[channel != 0]


def test_hears_every_sample_and_says_every_sample(card: SoundCard, start: Start, tmp_path: Path) -> None:
    with card.record() as recording:
        program = start("talk")
        assert first_line(program) == "ready"
        card.speak(QUESTION)
        answered = len(ANSWER)
        while np.count_nonzero(recording.so_far()[:, 1]) < answered:
            assert program.poll() is None
        program.send_signal(signal.SIGTERM)
        output, errors = program.communicate(timeout=GUARD)
        both = recording.stop()
    assert (program.returncode, errors) == (0, "")
    np.testing.assert_array_equal(without_silence(np.load(tmp_path / "heard.npy")), QUESTION)
    np.testing.assert_array_equal(without_silence(both[:, 0]), QUESTION)
    np.testing.assert_array_equal(without_silence(both[:, 1]), ANSWER)
    statistics = json.loads(output.splitlines()[-1])
    assert statistics["blocks"] * FRAME == len(np.load(tmp_path / "said.npy"))
    assert statistics["unheard"] == 0
    # Before the first sample, or the comparisons would have told.
    assert set(statistics["troubles"]) <= {RESTARTED}


def test_hears_a_recording_and_ends_when_all_has_been_played(
    card: SoundCard, start: Start, tmp_path: Path
) -> None:
    with card.record() as recording:
        program = start("recording")
        output, errors = program.communicate(timeout=GUARD)
        both = recording.stop()
    assert (program.returncode, errors) == (0, "")
    assert output.startswith("ready")
    heard = np.load(tmp_path / "heard.npy")
    np.testing.assert_array_equal(heard[: len(QUESTION)], QUESTION)
    assert not heard[len(QUESTION) :].any()
    np.testing.assert_array_equal(without_silence(both[:, 1]), ANSWER)


def test_a_slow_recogniser_never_makes_speech_stutter(card: SoundCard, start: Start) -> None:
    with card.record() as recording:
        program = start("slow")
        assert first_line(program) == "ready"
        program.send_signal(signal.SIGINT)
        output, errors = program.communicate(timeout=GUARD)
        both = recording.stop()
    assert (program.returncode, errors) == (0, "")
    np.testing.assert_array_equal(without_silence(both[:, 1]), ANSWER)  # if it waited, none would come
    statistics = json.loads(output)
    assert statistics["longest_queue"] == 250
    assert statistics["blocks"] > SLOW


@pytest.mark.parametrize("fault", [SoundCard.kill, SoundCard.suspend_microphone, SoundCard.freeze])
def test_a_device_that_fails_is_noticed(
    card: SoundCard, start: Start, fault: Callable[[SoundCard], None]
) -> None:
    program = start("talk")
    assert first_line(program) == "ready"
    fault(card)
    _, errors = program.communicate(timeout=GUARD)
    assert program.returncode == 1
    sentence = errors.splitlines()[-1]  # before it PortAudio may have had its say
    assert sentence.startswith('DeviceLostError: The microphone "va_mic" or the speaker "va_spk" ')


@pytest.mark.parametrize(
    ("fault", "cure"),
    [(SoundCard.kill, SoundCard.plug_in), (SoundCard.suspend_microphone, SoundCard.resume_microphone)],
)
def test_a_device_that_comes_back_is_heard_again(
    card: SoundCard,
    start: Start,
    fault: Callable[[SoundCard], None],
    cure: Callable[[SoundCard], None],
) -> None:
    program = start("patient")
    wait_until(program, "ready")
    ask(card, program)  # so long that it has worked
    fault(card)
    wait_until(program, "lost")
    cure(card)
    wait_until(program, "back")
    ask(card, program)
    program.send_signal(signal.SIGTERM)
    _, errors = program.communicate(timeout=GUARD)
    assert program.returncode == 0, errors


def test_a_device_that_vanishes_before_it_is_opened(card: SoundCard, start: Start) -> None:
    program = start("wait")
    assert first_line(program) == "chosen"
    card.kill()
    _, errors = program.communicate(timeout=GUARD)
    assert program.returncode == 1
    assert errors.startswith('OpeningError: The microphone "va_mic" or the speaker "va_spk" cannot be opened')
    assert len(errors.splitlines()) == 1
