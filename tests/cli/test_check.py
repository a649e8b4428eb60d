"""Whether everything is well: told in a few lines, and by the status."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import Run
from soundcard import soundcard

from voicecramp import assistant, resources
from voicecramp.audio.devices import Choice, Device, Kind
from voicecramp.errors import VoiceCrampError

WELL = "✓"
ILL = "✗"


def found(kind: Kind, _wanted: str) -> Choice:
    return Choice(Device(kind, 0, f"a {kind.value}", "ALSA", 1, 16_000.0, True), "the only one")


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a microphone and a speaker."""
    monkeypatch.setattr(sys.modules["voicecramp.cli.check"], "choose", found)


def lines(out: str) -> dict[str, tuple[str, str]]:
    """Each part with its mark and what is told of it."""
    told = {}
    for line in out.splitlines():
        mark, part, what = line.split(maxsplit=2)
        told[part] = (mark, what)
    return told


@pytest.mark.usefixtures("devices")
def test_all_is_well(voicecramp: Run, tmp_path: Path) -> None:
    result = voicecramp("check")
    assert result.code == 0, result.out
    told = lines(result.out)
    assert list(told) == ["configuration", "content", "recogniser", "voice", "microphone", "speaker", "diary"]
    assert {mark for mark, _ in told.values()} == {WELL}
    assert "not begun yet" in told["diary"][1]
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("devices")
def test_a_bad_diary_is_named_but_a_cramp_does_not_need_it(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "data" / "voicecramp" / "diary.db"
    path.parent.mkdir(parents=True)
    path.write_text("no diary " * 100)
    result = voicecramp("check")
    told = lines(result.out)
    assert told["diary"][0] == ILL
    assert "damaged" in told["diary"][1]
    assert result.code == 0


@pytest.mark.usefixtures("devices")
def test_a_diary_that_is_off_is_said(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text("[diary]\nkeep = false\n")
    told = lines(voicecramp("check", "--config", path).out)
    assert told["configuration"] == (WELL, str(path))
    assert "nothing new is noted" in told["diary"][1]


@pytest.mark.usefixtures("devices")
@pytest.mark.parametrize(
    ("text", "part", "word"),
    [
        ("[hold]\nseconds = 5\n", "configuration", "my.toml:2"),
        ("[asr]\nmodel = 'nonesuch'\n", "recogniser", "nonesuch"),
        (f"[asr]\nmodel = '{'n' * 300}'\n", "recogniser", "File name too long"),
        ("[speech]\nlanguage = 'xx-klingon'\n", "voice", "xx-klingon"),
    ],
)
def test_what_is_broken(voicecramp: Run, tmp_path: Path, text: str, part: str, word: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text)
    result = voicecramp("check", "--config", path)
    told = lines(result.out)
    assert result.code == 1
    assert [name for name, (mark, _) in told.items() if mark == ILL] == [part]
    assert word in told[part][1]


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The models that come with it, of which none can be loaded."""
    models = shutil.copytree(resources.models(), tmp_path / "models")
    for mdl in models.glob("*/am/final.mdl"):
        mdl.write_bytes(mdl.read_bytes()[:1000])
    monkeypatch.setattr(resources, "models", lambda: models)
    monkeypatch.setattr(resources, "downloads", lambda: models)
    return models


@pytest.mark.usefixtures("devices", "damaged")
def test_a_damaged_model_is_told_with_what_listens_instead(voicecramp: Run) -> None:
    result = voicecramp("check")
    told = lines(result.out)
    assert result.code == 1
    assert [name for name, (mark, _) in told.items() if mark == ILL] == ["recogniser"]
    for words in ("voicecramp-en", "install it again", "PocketSphinx"):
        assert words in told["recogniser"][1]


@pytest.mark.usefixtures("damaged")
def test_a_damaged_model_keeps_nobody_from_being_helped(voicecramp: Run, tmp_path: Path) -> None:
    recording = tmp_path / "in.wav"
    soundfile.write(recording, np.zeros(16_000, np.int16), 16_000)
    result = voicecramp("run", "--input", recording)
    assert result.code == 0, result.err
    trouble, ready = result.out.splitlines()[:2]
    assert "voicecramp-en" in trouble
    assert "listening" in ready
    assert "PocketSphinx" in ready


@pytest.mark.usefixtures("devices")
def test_broken_content(voicecramp: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "intents" / assistant.LANGUAGE).mkdir(parents=True)
    monkeypatch.setattr(resources, "intents", lambda: tmp_path / "intents")
    result = voicecramp("check")
    assert result.code == 1
    assert lines(result.out)["content"][0] == ILL


def test_no_microphone(voicecramp: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(kind: Kind, wanted: str) -> Choice:
        if kind is Kind.MICROPHONE:
            raise VoiceCrampError("No microphone was found: plug one in.")
        return found(kind, wanted)

    monkeypatch.setattr(sys.modules["voicecramp.cli.check"], "choose", choose)
    result = voicecramp("check")
    told = lines(result.out)
    assert told["microphone"] == (ILL, "No microphone was found: plug one in.")
    assert told["speaker"][0] == WELL
    assert result.code == 1


def test_real_devices(clips: Path, tmp_path: Path) -> None:
    home = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "DATA")}
    with soundcard() as card:
        done = subprocess.run(
            [sys.executable, "-m", "voicecramp", "check"],
            env={**os.environ, **card.environment, **home, "XDG_CACHE_HOME": str(clips)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(WELL) == 7
