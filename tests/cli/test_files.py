"""No command writes over what it reads, or two things into one file."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import Run, told

from voicecramp import config, diary
from voicecramp.cli.files import keep_apart
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import RATE


@pytest.mark.parametrize("link", [None, os.symlink, os.link], ids=["plain", "symbolic link", "hard link"])
@pytest.mark.parametrize(
    "command",
    [
        "run --input FILE --output OTHER",
        "run --input FILE --events OTHER",
        "run --input in.wav --diary FILE --output OTHER",
        "run --input in.wav --events FILE --output OTHER",
        "run --input in.wav --config FILE --output OTHER",
        "ask help --config FILE --diary OTHER",
        "say hello --config FILE --output OTHER",
        "diary report --file FILE --output OTHER",
    ],
)
def test_two_paths_to_one_file_are_refused(
    voicecramp: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    link: Callable[[Path, Path], None] | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    file, other = Path("file"), Path("other")
    file.write_bytes(b"dear")
    if link:
        link(file, other)
    names = {"FILE": "file", "OTHER": "other" if other.exists() else f"../{tmp_path.name}/file"}
    told(voicecramp(*(names.get(word, word) for word in command.split())), "the same file")
    assert file.read_bytes() == b"dear"


def test_files_that_are_not_there_yet_are_compared_too(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match="--output and --events are the same file"):
        keep_apart({"--output": tmp_path / "new", "--events": tmp_path / "." / "new"})


@pytest.mark.parametrize("own", ["data/voicecramp/diary.db", "config/voicecramp/config.toml"])
@pytest.mark.parametrize(
    "command",
    [
        "run --input in.wav --output OWN",
        "run --input in.wav --diary other --config other.toml --output OWN",
        "run --input in.wav --diary other --config other.toml --events OWN",
        "say hello --config other.toml --output OWN",
        "diary report --file other --output OWN",
    ],
)
def test_one_s_own_files_count_though_they_were_not_named(
    voicecramp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, own: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other").write_bytes(b"something")
    Path(own).parent.mkdir(parents=True)
    Path(own).write_bytes(b"dear")
    told(voicecramp(*(own if word == "OWN" else word for word in command.split())), "the same file", own)
    assert Path(own).read_bytes() == b"dear"


def test_one_s_own_files_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keep_apart({"the diary": diary.default_path(), "the configuration": config.default_path()})


def test_a_device_may_be_given_twice() -> None:
    keep_apart({"--input": Path("/dev/null"), "--events": Path("/dev/null")})


def test_standard_input_is_a_file_too(voicecramp: Run, tmp_path: Path) -> None:
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(RATE, np.int16), RATE)
    before, keyboard = recording.read_bytes(), os.dup(0)
    try:
        with recording.open("rb") as file:
            os.dup2(file.fileno(), 0)
        told(voicecramp("run", "--input", "-", "--output", recording), "--input and --output")
    finally:
        os.dup2(keyboard, 0)
        os.close(keyboard)
    assert recording.read_bytes() == before
