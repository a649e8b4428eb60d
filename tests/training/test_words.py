"""Words for a model that is trained already, without training: PyTorch is not needed."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import vosk
from training import graph
from training.engines import load_model, vosk_listener
from training.graph import write_graph
from training.lexicon import american, build, read, read_dictionary, slurred, write
from training.settings import LexiconSettings
from training.words import Needed, add_words, known_words, needed, with_ways
from voices import give_up, quiet_room, speak

from voicecramp.errors import VoiceCrampError

SHIPPED = Path(__file__).resolve().parents[2] / "models" / "voicecramp-en"
SETTINGS = LexiconSettings(
    dictionary="", size=0, sentences=("said.txt",), intents="", pronunciations={}, slurred=(), others=()
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The shipped network with a graph of four words; what is said in said.txt has two more."""
    folder = tmp_path / "model"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("graph"))
    try:
        write_graph(folder, build(american(), 0, ["help", "calf", "cramp", "stop"]), american().phones)
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


def test_words_are_learnt_as_sleepy_people_say_them(model: Path, tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(update={"slurred": ("F T",)})
    assert add_words(model, tmp_path, SETTINGS) == (["left", "my", "paracetamol", "where's"], True)
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
    assert all(set(way) <= set(american().phones) for ways in wanted.pronunciations.values() for way in ways)
    assert "cramp" not in wanted.pronunciations
    assert wanted.pronunciations["almond"] == (("AA", "L", "M", "AH", "N", "D"),)


def test_a_word_is_said_as_the_intents_have_it_besides_the_dictionary_and_before_the_rules() -> None:
    british = ("K", "AA", "F")
    own = ("P", "AE", "R", "AH", "S", "IY", "T", "AH", "M", "AO", "L")
    ways = build(
        american(), 0, ["paracetamol", "calf"], {"paracetamol": (own,), "calf": (british,)}
    ).pronunciations
    assert ways["paracetamol"][0] == own
    assert len(ways["paracetamol"]) == 2
    assert ways["calf"] == (("K", "AE", "F"), british)


def test_a_dictionary_of_ones_own_has_its_own_phones_and_the_commonest_words_first(tmp_path: Path) -> None:
    path = tmp_path / "own.dict"
    path.write_text("# German\nund U n t\nFuß f u: s # short before s\nund(2) U n\n\n", encoding="utf-8")
    own = read_dictionary(path)
    assert own.phones == ("U", "f", "n", "s", "t", "u:")
    assert own.say("und") == (("U", "n", "t"), ("U", "n"))
    assert own.log_probability["und"] - own.log_probability["fuß"] == pytest.approx(np.log(2))
    assert build(own, 1, [], {}).pronunciations.keys() == {"und"}
    with pytest.raises(ValueError, match=r"'bein' is not in .*own\.dict"):
        own.say("bein")


@pytest.mark.parametrize(
    ("line", "needed", "own", "told"),
    [
        ("bein", [], {}, "own.dict:2: 'bein' has no phones"),
        ("", ["bein", "und"], {}, "own.dict: it does not say how to say bein; add a line"),
        ("", [], {"und": (("U", "X"),)}, "'und' has the phone X, which no word of .*own.dict has"),
    ],
)
def test_what_a_dictionary_lacks_is_told(
    line: str,
    needed: Sequence[str],
    own: Mapping[str, tuple[tuple[str, ...], ...]],
    told: str,
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.dict"
    path.write_text(f"und U n t\n{line}\n", encoding="utf-8")
    with pytest.raises(VoiceCrampError, match=told):
        build(read_dictionary(path), 0, needed, own)


def test_a_dictionary_that_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.dict").write_text("# nothing yet\n", encoding="utf-8")
    with pytest.raises(VoiceCrampError, match=r"empty\.dict: there is no word in it"):
        read_dictionary(tmp_path / "empty.dict")
    with pytest.raises(VoiceCrampError, match=r"own\.dict: No such file or directory; correct"):
        read_dictionary(tmp_path / "own.dict")


def test_what_is_in_no_dictionary_needs_no_line_if_the_settings_say_it(tmp_path: Path) -> None:
    path = tmp_path / "own.dict"
    path.write_text("und U n t\n", encoding="utf-8")
    way = ("t", "U", "n")
    assert build(read_dictionary(path), 0, ["tun"], {"tun": (way,)}).pronunciations["tun"] == (way,)


def test_the_last_phone_of_an_ending_may_be_left_out_where_that_makes_no_other_word() -> None:
    clear = build(american(), 0, ["left", "can't", "can", "hold", "chest"])
    ways = slurred(clear, ["left", "can't", "can", "hold"], ["F T", "N T"]).pronunciations
    assert ways["left"] == (("L", "EH", "F", "T"), ("L", "EH", "F"))
    assert ways["can't"] == clear.pronunciations["can't"]  # or it would be "can"
    assert ways["hold"] == clear.pronunciations["hold"]  # ends otherwise
    assert ways["chest"] == clear.pronunciations["chest"]  # does not matter
    alone = slurred(clear, ["can't"], ["N T"]).pronunciations
    assert ("K", "AE", "N") in alone["can't"]


def test_a_word_is_never_said_as_less_than_its_ending() -> None:
    clear = build(american(), 0, ["and"])
    assert ("AE", "N") not in slurred(clear, ["and"], ["AE N D"]).pronunciations["and"]


def test_an_ending_of_no_phone_is_told() -> None:
    with pytest.raises(VoiceCrampError, match=r"\[lexicon\] slurred: no word has the phone TT\."):
        slurred(build(american(), 0, ["left"]), ["left"], ["F TT"])


def test_what_is_said_to_somebody_else_is_garbage_in_every_way_and_kept_on_disk(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(
        update={"size": 0, "slurred": ("R T",), "others": ("smart mirror", "jarvis")}
    )
    made = with_ways(american(), settings, {"stop", "start"}, Needed(frozenset({"start"}), {}))
    assert made.pronunciations.keys() == {"jarvis", "mirror", "smart", "start", "stop"}
    smart, mirror = american().say("smart"), american().say("mirror")
    assert made.others == (
        *((*one, *other) for one in smart for other in mirror),
        *american().say("jarvis"),
    )
    assert len(made.pronunciations["start"]) == 1 + len(
        american().say("start")
    )  # only what matters is slurred
    write(tmp_path / "lexicon.txt", made)
    assert read(tmp_path / "lexicon.txt").others == made.others
    assert read(tmp_path / "lexicon.txt").pronunciations == made.pronunciations


def test_what_is_said_to_somebody_else_is_no_command(model: Path, tmp_path: Path) -> None:
    """It would be as likely one as the other."""
    (tmp_path / "said.txt").write_text("smart mirror\n", encoding="utf-8")
    settings = SETTINGS.model_copy(update={"others": ("jarvis", "smart mirror")})
    before = sorted(known_words(model))
    with pytest.raises(VoiceCrampError, match=r"others has 'smart mirror'"):
        add_words(model, tmp_path, settings)
    assert sorted(known_words(model)) == before
