"""`voicecramp intents check` as a person types it."""

import shutil
from pathlib import Path

import pytest
from command_line import Run, told

INTENTS = Path(__file__).parents[2] / "intents"


@pytest.fixture
def english(tmp_path: Path) -> Path:
    """A copy of the content that may be broken."""
    return shutil.copytree(INTENTS, tmp_path / "intents") / "en"


def test_the_content_in_use_is_well(voicecramp: Run) -> None:
    result = voicecramp("intents", "check")
    assert result.code == 0, result.out
    assert result.out.startswith("All is well: ")
    assert "say all 25 statements" in result.out


def test_the_content_in_use_is_well_for_pocketsphinx_too(voicecramp: Run, tmp_path: Path) -> None:
    settings = tmp_path / "my.toml"
    settings.write_text("[asr]\nengine = 'pocketsphinx'\n")
    result = voicecramp("intents", "check", "--config", settings)
    assert result.code == 0, result.out  # it lacks words, and the content says how they sound


def test_everything_wrong_is_told(voicecramp: Run, english: Path) -> None:
    (english / "guidance/extra.yaml").write_text(
        "flow: extra\nstarts: Extra\nfirst: a\nsteps:\n"
        '  a: {say: [{id: extra, text: "All.", source: [], when: {mood: good}}], then: end}\n'
    )
    (english / "sentences/Xyzzy.yaml").write_text(
        "language: en\nintents:\n  Xyzzy:\n    labels: [magic]\n    data:\n      - sentences: [xyzzy]\n"
    )
    result = voicecramp("intents", "check", english)
    assert result.code == 1
    assert result.err == ""
    *troubles, last = result.out.splitlines()
    assert last == "4 things to put right."
    for trouble, words in zip(
        troubles,
        [
            "extra.yaml:2: starts: no sentence gives the intent Extra",
            "Xyzzy.yaml:3: intents.Xyzzy: no flow and no command does anything about it",
            "extra.yaml:5: steps.a.say[0].when.mood: nothing provides this fact",
            "Xyzzy.yaml:6: intents.Xyzzy.data[0].sentences[0]: the recogniser does not know the word 'xyzzy'",
        ],
        strict=True,
    ):
        assert words in trouble


def test_a_folder_that_is_none(voicecramp: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for none in ("none", "file"):
        told(voicecramp("intents", "check", tmp_path / none), f"There is no folder {tmp_path / none};")


def test_a_folder_with_nothing_in_it(voicecramp: Run, tmp_path: Path) -> None:
    result = voicecramp("intents", "check", tmp_path)
    assert result.code == 1
    assert "statements.yaml: there is no such file" in result.out
    assert "_common.yaml: there is no such file" in result.out


@pytest.mark.parametrize("name", ["Stop", "Pause", "Louder"])
def test_a_command_that_nobody_can_give_any_more(voicecramp: Run, english: Path, name: str) -> None:
    (english / f"sentences/{name}.yaml").unlink()
    result = voicecramp("intents", "check", english)
    assert result.code == 1
    assert (
        f"{english}/sentences: no sentence gives the intent {name}, which the program itself acts on; write some."
        in result.out
    )


def test_the_folder_of_all_languages_will_do(voicecramp: Run, english: Path) -> None:
    result = voicecramp("intents", "check", english.parent)
    assert result.code == 0, result.out
