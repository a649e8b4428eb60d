import tomllib
from pathlib import Path

import pytest

from voicecramp import config
from voicecramp.config import Config
from voicecramp.errors import VoiceCrampError


@pytest.fixture
def config_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_is_needed(config_home: Path) -> None:
    assert config.default_path() == config_home / "voicecramp" / "config.toml"
    assert config.read() == Config()


def test_the_file_at_the_default_path_is_read(config_home: Path) -> None:
    (config_home / "voicecramp").mkdir()
    written(config_home / "voicecramp", "[speech]\nrate = 160\n")
    assert config.read().speech.rate == 160


def test_the_file_that_is_named_wins_over_the_default_path(config_home: Path) -> None:
    (config_home / "voicecramp").mkdir()
    written(config_home / "voicecramp", "[speech]\nrate = 160\n")
    assert config.read(written(config_home, "[hold]\nseconds = 45\n")) == Config(hold=config.Hold(seconds=45))


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match="there is no such file"):
        config.read(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("target", "trouble"),
    [("nowhere.toml", "this link leads to no file"), ("config.toml", "it cannot be read: Too many levels")],
    ids=["dangling", "looping"],
)
def test_a_link_that_leads_nowhere_is_told_and_not_taken_for_no_file(
    config_home: Path, target: str, trouble: str
) -> None:
    (config_home / "voicecramp").mkdir()
    (config_home / "voicecramp/config.toml").symlink_to(target)
    with pytest.raises(VoiceCrampError, match=trouble):
        config.read()


def test_a_home_that_is_no_folder_has_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/dev/null")
    assert config.read() == Config()


def test_the_rendered_file_holds_every_key_and_its_default(tmp_path: Path) -> None:
    text = config.rendered()
    assert config.read(written(tmp_path, text)) == Config()
    assert tomllib.loads(text) == Config().model_dump(mode="json")


def test_the_rendered_file_explains_every_key() -> None:
    lines = config.rendered().splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert len(keys) == sum(len(section) for section in Config().model_dump().values())
    for number in keys:
        assert lines[number - 1].startswith("# "), lines[number]
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[asr]\nengine = "whisper"', ":2: asr.engine: found \"whisper\", expected 'auto', 'vosk' or"),
        ("[speech]\nrate = 450", ":2: speech.rate: found 450, expected less than or equal to 250."),
        ("[speech]\nvolume = 3", ":2: speech.volume: found 3, expected less than or equal to 0."),
        ("[speech]\nvolume = nan", ":2: speech.volume: found NaN, expected"),
        ('[speech]\nlanguage = ""', ':2: speech.language: found "", expected string should have at least 2'),
        ("[hold]\nseconds = 10", ":2: hold.seconds: found 10, expected greater than or equal to 30."),
        (
            "[hold]\nseconds = 60\nlongest = 45",
            ":1: hold: longest is 45, below seconds, which is 60; raise it.",
        ),
        ("[hold]\ncounts = [30, 5, 30]", ":2: hold.counts: 30 stands there twice, remove one."),
        ("[hold]\ncounts = [30, 0]", ":2: hold.counts[1]: found 0, expected greater than or equal to 1."),
        (
            "[listening]\nanswer_secs = 3",
            ":2: the key listening.answer_secs is unknown; did you mean answer_seconds?",
        ),
        ("[listning]", ":1: the key listning is unknown; did you mean listening?"),
        ("[audio]\ninput = 3", ":2: audio.input: found 3, expected a valid string."),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(VoiceCrampError) as caught:
        config.read(path)
    assert str(caught.value).startswith(f"{path}{expected}")
