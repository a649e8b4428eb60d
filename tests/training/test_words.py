"""Words for a model that is trained already, without training: PyTorch is not needed."""

import shutil
from pathlib import Path

import pytest
import vosk
from training import graph
from training.engines import load_model, vosk_listener
from training.graph import write_graph
from training.lexicon import PHONES, build
from training.settings import LexiconSettings
from training.words import add_words, known_words, needed
from voices import give_up, quiet_room, speak

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "voicecramp-en"
SETTINGS = LexiconSettings(size=0, sentences=("said.txt",), intents="", pronunciations={})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The shipped network with a graph of four words; what is said in said.txt has two more."""
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("graph"))
    try:
        write_graph(folder, build(0, ["help", "calf", "cramp", "stop"]))
    except FileNotFoundError as error:
        give_up(f"{error.filename} is not installed; scripts/train says what installs it")
    (tmp_path / "said.txt").write_text("paracetamol # a medicine\nwhere's my left calf\n", encoding="utf-8")
    return folder


def test_new_words_are_heard_and_the_network_stays(model: Path, tmp_path: Path) -> None:
    assert add_words(model, tmp_path, SETTINGS) == (["left", "my", "paracetamol", "where's"], True)
    assert known_words(model) == {"help", "calf", "cramp", "stop", "left", "my", "paracetamol", "where's"}
    phrases = ["help calf cramp", "paracetamol", "my left calf", "stop"]
    listen = vosk_listener(load_model(model), [*phrases, "[unk]"])
    heard = [listen(quiet_room(speak(phrase, "flite-slt")) / 32768).text for phrase in phrases]
    assert heard == phrases
    assert (model / "am" / "final.mdl").read_bytes() == (SHIPPED / "am" / "final.mdl").read_bytes()


def test_a_model_that_knows_every_word_is_not_touched(model: Path, tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("stop\n", encoding="utf-8")
    before = (model / "graph" / "HCLr.fst").stat().st_mtime_ns
    assert add_words(model, tmp_path, SETTINGS) == ([], False)
    assert (model / "graph" / "HCLr.fst").stat().st_mtime_ns == before


def test_new_ways_to_say_words_are_learnt_once(model: Path, tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("calf\n", encoding="utf-8")
    settings = SETTINGS.model_copy(update={"pronunciations": {"calf": ("K AA F",)}})
    assert add_words(model, tmp_path, settings) == ([], True)
    assert add_words(model, tmp_path, settings) == ([], False)


def test_what_fails_midway_leaves_the_model_as_it_was(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openfst = graph._openfst

    def broken(*command: str) -> None:
        if not command[-1].endswith("Gr.fst"):
            openfst(*command)
            return
        # The tree and the words are new by now.
        assert "paracetamol" in Path(command[-1]).with_name("words.txt").read_text(encoding="utf-8")
        raise RuntimeError("no space left")

    def files() -> dict[Path, bytes | None]:
        return {path: path.read_bytes() if path.is_file() else None for path in model.rglob("*")}

    before = files()
    monkeypatch.setattr(graph, "_openfst", broken)
    with pytest.raises(RuntimeError, match="no space left"):
        add_words(model, tmp_path, SETTINGS)
    assert files() == before
    vosk.SetLogLevel(-1)
    assert vosk.Model(str(model)).vosk_model_find_word("stop") > 0


def test_every_word_of_the_intents_is_needed_as_they_say_it() -> None:
    settings = SETTINGS.model_copy(
        update={"sentences": (), "intents": "intents/en", "pronunciations": {"almond": ("AA L M AH N D",)}}
    )
    wanted = needed(SHIPPED.parents[1], settings)
    assert {"help", "calf", "cramp"} <= wanted.words
    assert all(set(way) <= set(PHONES) for ways in wanted.pronunciations.values() for way in ways)
    assert "cramp" not in wanted.pronunciations
    assert wanted.pronunciations["almond"] == (("AA", "L", "M", "AH", "N", "D"),)


def test_a_word_is_said_as_the_intents_have_it_besides_the_dictionary_and_before_the_rules() -> None:
    british = ("K", "AA", "F")
    own = ("P", "AE", "R", "AH", "S", "IY", "T", "AH", "M", "AO", "L")
    ways = build(0, ["paracetamol", "calf"], {"paracetamol": (own,), "calf": (british,)}).pronunciations
    assert ways["paracetamol"][0] == own
    assert len(ways["paracetamol"]) == 2
    assert ways["calf"] == (("K", "AE", "F"), british)
