"""What is printed arrives, whatever standard output can take; and where it cannot, that is told."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from rights import OBEYS


def voicecramp(
    *arguments: str, home: Path, encoding: str = "utf-8", out: str = "", before: Sequence[str] = ()
) -> tuple[int, str, str]:
    """Run a process of its own, for streams are what this is about; return status, output and errors."""
    environment = {f"XDG_{kind}_HOME": str(home / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    with Path(out or os.devnull).open("w") as file:
        done = subprocess.run(
            [*before, sys.executable, "-m", "voicecramp", *arguments],
            env={**os.environ, **environment, "PYTHONIOENCODING": encoding, "COLUMNS": "300"},
            stdout=file if out else subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
    return done.returncode, (done.stdout or b"").decode(encoding), done.stderr.decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    ("command", "status", "sign"),
    [(("models", "list"), 0, "\\u279c"), (("say", "hi", "--config", "…"), 1, "\\u2026")],
)
def test_letters_that_the_encoding_lacks(
    tmp_path: Path, encoding: str, command: tuple[str, ...], status: int, sign: str
) -> None:
    code, out, err = voicecramp(*command, home=tmp_path, encoding=encoding)
    assert code == status, err
    assert sign in out + err
    assert "Traceback" not in err


def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0)
    commands = [
        ("ask", "stop", "--config", str(locked / "config.toml")),
        ("diary", "--file", str(locked / "diary.db")),
        ("intents", "check", str(locked / "en")),
        ("diary",),
    ]
    (tmp_path / "DATA").mkdir()
    (tmp_path / "DATA/voicecramp").symlink_to(locked)
    for command in commands:
        code, _, err = voicecramp(*command, home=tmp_path, before=OBEYS)
        assert (code, err.count("\n")) == (1, 1), err
        assert str(tmp_path) in err


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    name = "n" * 300
    for command in (
        ("run", "--input", name),
        ("say", "hi", "--config", name),
        ("diary", "--file", name),
        ("diary", "report", "--output", "x.html", "--file", name),
        ("intents", "check", name),
    ):
        code, _, err = voicecramp(*command, home=tmp_path)
        assert (code, err.count("\n")) == (1, 1), err
        assert name in err


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    locked = tmp_path / "locked.toml"
    locked.touch(mode=0)
    for command in (("ask", "stop", "--config"), ("diary", "--file")):
        code, _, err = voicecramp(*command, str(locked), home=tmp_path, before=OBEYS)
        assert (code, err.count("\n")) == (1, 1), err
        assert str(locked) in err


def test_a_diary_that_may_not_be_read_stops_nobody_from_being_helped(tmp_path: Path) -> None:
    locked = tmp_path / "diary.db"
    locked.touch(mode=0)
    code, out, err = voicecramp("ask", "help", "--diary", str(locked), home=tmp_path, before=OBEYS)
    assert (code, err) == (0, "")
    assert f"The diary {locked} cannot be used" in out
    assert "Until then nothing is remembered." in out
    assert "says" in out


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    code, _, err = voicecramp("run", "--input", os.fsdecode(b"\xff.wav"), home=tmp_path)
    assert code == 1
    assert err == "voicecramp: Cannot read \\udcff.wav: No such file or directory; give a sound file.\n"


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", ["models list", "diary --json", "--help"])
def test_a_full_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    code, _, err = voicecramp(*command.split(), home=tmp_path, out="/dev/full")
    assert (code, err.count("\n")) == (1, 1), err
    assert err.startswith("voicecramp: Cannot write to standard output: No space left on device; ")


def closed(stream: str) -> list[str]:
    """Return what a command is begun with to have no such stream."""
    return ["sh", "-c", f'exec "$@" {stream}>&-', "sh"]


@pytest.mark.parametrize("command", ["diary", "diary --csv", "diary --json", "config"])
def test_nothing_is_shown_to_nobody(tmp_path: Path, command: str) -> None:
    code, _, err = voicecramp(*command.split(), home=tmp_path, before=closed("1"))
    assert (code, err) == (
        1,
        "voicecramp: Standard output is closed, so nothing can be shown; send it somewhere.\n",
    )


def test_nobody_is_asked_who_cannot_answer(tmp_path: Path) -> None:
    voicecramp("ask", "help, calf cramp", "stop", "--diary", str(tmp_path / "night.db"), home=tmp_path)
    code, _, err = voicecramp(
        "diary", "forget", "--all", "--file", str(tmp_path / "night.db"), home=tmp_path, before=closed("0")
    )
    assert (code, err) == (
        1,
        "voicecramp: Standard input is closed, so nobody can be asked; give --yes.\n",
    )


def test_a_recording_that_cannot_be_read_is_not_blamed_on_the_output(tmp_path: Path) -> None:
    code, _, err = voicecramp("run", "--input", "/proc/self/mem", home=tmp_path)
    assert (code, err.count("\n")) == (1, 1), err
    assert err.startswith("voicecramp: Cannot read /proc/self/mem: ")


def test_folders_that_may_not_be_read_are_not_called_empty(tmp_path: Path) -> None:
    english = shutil.copytree(Path(__file__).parents[2] / "intents", tmp_path / "intents") / "en"
    for folder in ("guidance", "sentences"):
        (english / folder).chmod(0)
        code, out, err = voicecramp("intents", "check", str(english), home=tmp_path, before=OBEYS)
        (english / folder).chmod(0o755)
        assert code == 1
        assert f"{english / folder} cannot be read: Permission denied" in out + err


def test_a_file_of_the_other_ending_is_not_passed_over(tmp_path: Path) -> None:
    english = shutil.copytree(Path(__file__).parents[2] / "intents", tmp_path / "intents") / "en"
    (english / "sentences" / "More.yml").write_text("x: [")
    code, out, err = voicecramp("intents", "check", str(english), home=tmp_path)
    assert code == 1
    assert "More.yml" in out + err


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 5000], ids=["digits", "brackets"])
def test_a_value_that_is_too_large(tmp_path: Path, value: str) -> None:
    (tmp_path / "my.toml").write_text(f"[hold]\nseconds = {value}\n")
    code, _, err = voicecramp("ask", "stop", "--config", str(tmp_path / "my.toml"), home=tmp_path)
    assert (code, err) == (
        1,
        f"voicecramp: {tmp_path}/my.toml: a value in it is too large to be read; correct it.\n",
    )


def test_a_voice_with_a_letter_that_no_voice_has(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('[speech]\nlanguage = "a\\u0000b"\n')
    code, _, err = voicecramp("say", "hi", "--config", str(tmp_path / "my.toml"), home=tmp_path)
    assert (code, err.count("\n")) == (1, 1), err
    assert "my.toml:2" in err
