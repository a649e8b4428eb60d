"""No command writes over what it reads, or two things into one file."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import Run, told

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


def test_a_file_that_was_not_named_counts(voicecramp: Run, tmp_path: Path) -> None:
    own = tmp_path / "data/voicecramp/diary.db"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"dear")
    told(voicecramp("diary", "report", "--output", own), "the diary and --output are the same file")
    assert own.read_bytes() == b"dear"


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
