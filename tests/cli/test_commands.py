"""The commands as a person types them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from command_line import Run

from voicecramp import __version__, config
from voicecramp.datafile import load


def test_version(voicecramp: Run) -> None:
    result = voicecramp("--version")
    assert result.out == f"voicecramp {__version__}\n"


@pytest.mark.parametrize(
    "command", [[], ["run"], ["ask"], ["say"], ["devices"], ["config"], ["models", "install"]]
)
def test_help_says_what_each_command_does(voicecramp: Run, command: list[str]) -> None:
    result = voicecramp(*command, "--help")
    assert result.code == 0
    assert "Usage" in result.out


def test_ask_has_the_conversation_by_text(voicecramp: Run) -> None:
    result = voicecramp("ask", "help calf cramp", "how long", "", "it's gone")
    lines = result.out.splitlines()
    says = [line.split(maxsplit=1)[1].split("  [")[0] for line in lines if line.startswith("says")]
    assert says[:2] == ["Straighten your knee.", "Now pull your toes up toward your shin, firmly."]
    assert says[2] == "About 25 to go."
    assert says[3] == "Has it let go?"
    assert says[-1] == "Good night."


def test_ask_tells_what_it_does_not_understand(voicecramp: Run) -> None:
    result = voicecramp("ask", "turn on the television")
    assert "not a sentence known here" in result.out


def test_no_answer_names_a_painkiller_as_relief(voicecramp: Run) -> None:
    result = voicecramp("ask", "help calf cramp", "", "no", "", "no", "", "no", "", "no", "")
    for name in ("ibuprofen", "paracetamol", "acetaminophen", "painkiller", "aspirin"):
        assert name not in result.out.lower()


def test_say_writes_the_voice_to_a_file(voicecramp: Run, tmp_path: Path) -> None:
    output = tmp_path / "said.wav"
    result = voicecramp("say", "Straighten your knee.", "--output", output)
    assert result.code == 0, result.err
    sound, rate = soundfile.read(output, dtype="int16")
    assert rate == 16_000
    assert 0.5 < len(sound) / rate < 3
    assert np.abs(sound).max() > 3000


def test_the_printed_configuration_is_the_default_one(voicecramp: Run, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(voicecramp("config").out)
    assert load(path, config.Config) == config.Config()
