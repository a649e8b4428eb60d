"""What a person can get wrong is told in one sentence, with a status that scripts see, and costs nothing."""

import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import soxr
from command_line import Run, told
from voices import quiet_room, speak

from voicecramp.audio.devices import Choice, Device, Kind
from voicecramp.audio.live import DeviceLostError
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Event
from voicecramp.frames import FRAME, RATE, Samples
from voicecramp.terminal import Screen


def truncated(path: Path) -> None:
    soundfile.write(path, np.ones(RATE, np.int16), RATE, subtype="PCM_16")
    path.write_bytes(path.read_bytes()[:-1000])


BROKEN_SOUND: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _path: None, "No such file"),
    "a folder": (lambda path: path.mkdir(), "directory"),
    "empty": (lambda path: path.write_bytes(b""), "empty"),
    "no sound in it": (lambda path: soundfile.write(path, np.zeros(0, np.int16), RATE), "no sound"),
    "cut short": (truncated, "cut short"),
    "no sound file": (lambda path: path.write_text("I am a diary."), "not a sound file"),
}


@pytest.mark.parametrize(("make", "word"), BROKEN_SOUND.values(), ids=BROKEN_SOUND.keys())
def test_a_broken_recording(
    voicecramp: Run, tmp_path: Path, make: Callable[[Path], object], word: str
) -> None:
    recording, output = tmp_path / "broken.wav", tmp_path / "out.wav"
    make(recording)
    told(voicecramp("run", "--input", recording, "--output", output), "broken.wav", word)
    assert not output.exists()


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [(48_000, 2, "PCM_16"), (44_100, 1, "FLOAT"), (8_000, 1, "PCM_U8"), (96_000, 6, "PCM_24")],
)
def test_a_recording_of_any_kind_is_heard(
    voicecramp: Run, tmp_path: Path, rate: int, channels: int, subtype: str
) -> None:
    said = speak("help calf cramp", "flite-slt").astype(np.float64) / 32768
    padded = np.concatenate([np.zeros(RATE), said, np.zeros(RATE)])
    sound = soxr.resample(padded + np.random.default_rng(0).normal(0, 5e-4, len(padded)), RATE, rate)
    recording, events = tmp_path / "in.wav", tmp_path / "events.jsonl"
    soundfile.write(recording, np.repeat(sound[:, None], channels, axis=1), rate, subtype=subtype)
    result = voicecramp("run", "--input", recording, "--events", events, "--max-seconds", "4")
    assert result.code == 0, result.err
    names = [json.loads(line).get("name") for line in events.read_text().splitlines()]
    assert "Cramp" in names


def test_a_long_recording_is_heard_to_its_end(voicecramp: Run, tmp_path: Path) -> None:
    said = quiet_room(speak("help calf cramp", "flite-slt"))
    recording, events = tmp_path / "night.wav", tmp_path / "events.jsonl"
    soundfile.write(recording, np.concatenate([np.zeros(1801 * RATE, np.int16), said]), RATE)
    result = voicecramp("run", "--input", recording, "--events", events)
    assert result.code == 0, result.err
    names = [json.loads(line).get("name") for line in events.read_text().splitlines()]
    assert "Cramp" in names


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["run", "--input", "a[/b].wav"], ["a[/b].wav"]),
        (["run", "--input", "a[bold]b:cat:.wav"], ["a[bold]b:cat:.wav"]),
        (["models", "install", "a[/b]", "--from", "m"], ["a[/b]"]),
        (["diary", "--since", "[/b]"], ["[/b]"]),
        (["say", "hello", "--config", "my.toml"], ["[hold[/x]"]),
    ],
)
def test_brackets_in_what_is_wrong_are_told_as_they_are(
    voicecramp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    configuration(tmp_path, "'[hold[/x]' = 1\n")
    told(voicecramp(*command), *words)


def test_a_missing_speaker_is_told_with_the_key_to_set(
    voicecramp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(kind: Kind, _wanted: str) -> Choice:
        if kind is Kind.MICROPHONE:
            return Choice(Device(kind, 0, "a microphone", "ALSA", 1, 16_000.0, True), "the only one")
        raise VoiceCrampError("No speaker [/at] all.")

    monkeypatch.setattr(sys.modules["voicecramp.cli.converse"], "choose", choose)
    result = voicecramp("run", "--diary", tmp_path / "diary.db")
    told(result, "under [audio] output")
    assert "No speaker [/at] all." in result.out


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., None]], None]:
    """Have a microphone and a speaker; what happens with them is the test's."""

    def choose(kind: Kind, _wanted: str) -> Choice:
        return Choice(Device(kind, 0, "a device", "ALSA", 1, 16_000.0, True), "the only one")

    def put(run_live: Callable[..., None]) -> None:
        module = sys.modules["voicecramp.cli.converse"]
        monkeypatch.setattr(module, "choose", choose)
        monkeypatch.setattr(module, "run_live", run_live)

    return put


def test_what_was_recorded_before_the_devices_were_lost_is_kept(
    voicecramp: Run, tmp_path: Path, live: Callable[[Callable[..., None]], None]
) -> None:
    def run_live(*_: object, on_frame: Callable[[Samples, Samples], None], **_options: object) -> None:
        for _frame in range(50):
            on_frame(np.ones(FRAME, np.int16), np.ones(FRAME, np.int16))
        raise DeviceLostError("The microphone is gone.")

    live(run_live)
    output = tmp_path / "night.wav"
    result = voicecramp("run", "--diary", tmp_path / "diary.db", "--output", output)
    told(result, "The microphone is gone.")
    assert f"Written: {output}" in result.out
    assert soundfile.info(output).frames == RATE


def test_a_disk_that_fills_up_stops_nobody_from_being_helped(
    voicecramp: Run, tmp_path: Path, live: Callable[[Callable[..., None]], None]
) -> None:
    frames = 0

    def run_live(
        *_: object,
        on_frame: Callable[[Samples, Samples], None],
        on_trouble: Callable[[str], None],
        **_options: object,
    ) -> None:
        nonlocal frames
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (events.stat().st_size, most))  # as a full disk
        try:
            on_trouble("something")
            for _frame in range(500):
                on_frame(np.ones(FRAME, np.int16), np.ones(FRAME, np.int16))
                frames += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    live(run_live)
    events, output = tmp_path / "night.jsonl", tmp_path / "night.wav"
    arguments = ("--diary", tmp_path / "diary.db", "--events", events, "--output", output)
    result = voicecramp("run", *arguments)
    assert (result.code, frames) == (0, 500), result.err
    assert result.out.count("Cannot write the event log") == 1
    assert result.out.count(f"Cannot write {output}") == 1
    assert "Written" not in result.out
    assert not output.exists()
    assert all(json.loads(line) for line in events.read_text().splitlines())


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EPIPE])
def test_a_full_disk_under_what_is_shown_stops_nobody_either_but_whoever_reads_it_may(
    voicecramp: Run,
    tmp_path: Path,
    live: Callable[[Callable[..., None]], None],
    monkeypatch: pytest.MonkeyPatch,
    error: int,
) -> None:
    usual, full, lasted = Screen.show, False, False

    def show(self: Screen, event: Event) -> None:
        if full:
            raise OSError(error, os.strerror(error))
        usual(self, event)

    def run_live(*_: object, on_trouble: Callable[[str], None], **_options: object) -> None:
        nonlocal full, lasted
        full = True
        on_trouble("something")
        lasted = True

    monkeypatch.setattr(Screen, "show", show)
    live(run_live)
    voicecramp("run", "--diary", tmp_path / "diary.db")
    assert lasted == (error == errno.ENOSPC)


def configuration(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[hold]\nseconds = 30\nsecnods = 4\n", ["my.toml:3", "secnods", "seconds"]),
        ("[hold]\nseconds = 'long'\n", ["my.toml:2", "hold.seconds", "long"]),
        ("[hold\n", ["my.toml:1"]),
        ("[hold]\nseconds = 90\n", ["my.toml:2", "60"]),
    ],
)
def test_a_broken_configuration(voicecramp: Run, tmp_path: Path, text: str, words: list[str]) -> None:
    told(voicecramp("ask", "help", "--config", configuration(tmp_path, text)), *words)


def test_a_missing_configuration(voicecramp: Run, tmp_path: Path) -> None:
    told(voicecramp("ask", "help", "--config", tmp_path / "none.toml"), "none.toml")


def test_a_model_that_is_none(voicecramp: Run, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    told(voicecramp("run", "--input", recording, "--model", tmp_path / "model"), "model", "not a Vosk model")
    told(voicecramp("run", "--input", recording, "--model", "nonesuch"), "nonesuch")


def test_a_model_for_an_engine_that_takes_none(voicecramp: Run, tmp_path: Path) -> None:
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    run = ("run", "--input", recording, "--model", "nonesuch")
    told(voicecramp(*run, "--asr", "pocketsphinx"), "PocketSphinx takes no model", "nonesuch")
    path = configuration(tmp_path, "[asr]\nengine = 'pocketsphinx'\n")
    told(voicecramp(*run, "--config", path), "PocketSphinx takes no model", "nonesuch")


def test_standard_input_that_is_closed(voicecramp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it then
    told(voicecramp("run", "--input", "-"), "Standard input is closed")


def test_an_input_without_a_name_is_no_reason_to_demonstrate(voicecramp: Run) -> None:
    told(voicecramp("run", "--input", ""), "Cannot read .", "give a sound file")


def test_an_output_that_cannot_be_written(voicecramp: Run, tmp_path: Path) -> None:
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    told(voicecramp("run", "--input", recording, "--output", tmp_path / "no/out.wav"), "no folder")
    told(voicecramp("run", "--input", recording, "--output", tmp_path), "folder")
    told(voicecramp("run", "--input", recording, "--events", tmp_path / "no/log.jsonl"), "log.jsonl")
    told(voicecramp("run", "--input", recording, "--events", "/dev/full"), "/dev/full", "No space left")


def test_an_event_log_of_before_is_kept_until_a_conversation_begins(voicecramp: Run, tmp_path: Path) -> None:
    recording, events = tmp_path / "in.wav", tmp_path / "keep.jsonl"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    events.write_text("of last night\n")
    run = ("run", "--input", recording, "--events", events)
    told(voicecramp(*run, "--model", "nonesuch"), "nonesuch")
    told(voicecramp(*run, "--output", tmp_path / "no/out.wav"), "no folder")
    assert events.read_text() == "of last night\n"
    assert voicecramp(*run).code == 0
    assert "of last night" not in events.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_a_conversation_keeps_what_was_recorded(
    voicecramp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    recording, output = tmp_path / "in.wav", tmp_path / "out.wav"
    soundfile.write(recording, np.zeros(10 * RATE, np.int16), RATE)
    frames = iter(range(50))

    def sleep(_seconds: float) -> None:
        if next(frames) == 24:
            signal.raise_signal(number)

    def choose(_kind: Kind, _wanted: str) -> Choice:
        raise VoiceCrampError("No speaker was found.")

    def fail(_number: int, _frame: object) -> None:
        raise SystemExit(number)

    before = signal.signal(number, fail)
    try:
        converse = sys.modules["voicecramp.cli.converse"]
        monkeypatch.setattr(converse, "time", SimpleNamespace(monotonic=lambda: 0.0, sleep=sleep))
        monkeypatch.setattr(converse, "choose", choose)
        result = voicecramp("run", "--realtime", "--input", recording, "--output", output)
        assert signal.getsignal(number) is fail
    finally:
        signal.signal(number, before)
    assert result.code == 0, result.err
    assert f"Written: {output}" in result.out
    assert soundfile.info(output).frames == 25 * FRAME
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("seconds", ["inf", "nan", "1e305", "0", "soon"])
def test_a_length_that_is_none_is_refused(voicecramp: Run, tmp_path: Path, seconds: str) -> None:
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    result = voicecramp("run", "--input", recording, "--max-seconds", seconds)
    assert result.code == 2
    assert "--max-seconds" in result.err


def test_a_full_disk_is_told_when_output_is_a_device(voicecramp: Run, tmp_path: Path) -> None:
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    told(voicecramp("run", "--input", recording, "--output", "/dev/full"), "/dev/full", "not a file")
    assert Path("/dev/full").is_char_device(), "a device was replaced by a file"


def test_a_language_that_espeak_does_not_speak(voicecramp: Run, tmp_path: Path) -> None:
    path = configuration(tmp_path, "[speech]\nlanguage = 'xx-klingon'\n")
    told(voicecramp("say", "hello", "--config", path, "--output", tmp_path / "x.wav"), "xx-klingon")


def test_realtime_needs_a_recording(voicecramp: Run) -> None:
    told(voicecramp("run", "--realtime", "--input", "nowhere.wav"), "nowhere.wav")


def test_an_unknown_command_is_told_by_its_name(voicecramp: Run) -> None:
    result = voicecramp("dance")
    assert result.code == 2
    assert "dance" in result.err
