"""What is kept out of training stays out of it, and what is measured is measured on what is there."""

import json
import os
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from optional import need
from voices import give_up

need("torch", "scripts/train installs it")
need("pyroomacoustics", "scripts/train installs it")

from training import __main__ as command  # noqa: E402  # after all is known to be there
from training import recipe as stages  # noqa: E402
from training import report  # noqa: E402
from training.corpus import Utterance, load, read_corpus, write_manifest, write_recording  # noqa: E402
from training.evaluation import with_noise  # noqa: E402
from training.recipe import Recipe  # noqa: E402
from training.report import load_results  # noqa: E402
from training.settings import FOUR_FIFTHS, Settings, Speaker, load_settings  # noqa: E402
from training.synthesis import speak  # noqa: E402

from voicecramp.errors import VoiceCrampError  # noqa: E402

BOTH_SIDES = ("phone", "other", "coffee")
"""The sources of which some is held out."""


def settings() -> Settings:
    """Return mini.toml's, with three steps on recordings of people instead of synthetic voices."""
    mini = load_settings(Path(__file__).with_name("mini.toml"))
    people = ("phone", "read", "other")
    steps = {
        name: mini.steps["only"].model_copy(update={"sources": sources})
        for name, sources in {
            "general": people,
            "four-fifths": (*people, FOUR_FIFTHS),
            "everything": (*people, "coffee"),
        }.items()
    }
    speech = mini.speech.model_copy(
        update={"copies": {"strong": dict.fromkeys((*people, "coffee"), 1)}, "talkers": people[:2]}
    )
    return mini.model_copy(update={"steps": steps, "speech": speech})


@pytest.fixture
def recordings(tmp_path: Path) -> list[Utterance]:
    """A recording of every source, and before it one that is held out where there are such."""
    found = []
    for number, source in enumerate(("phone", "read", "other", "coffee")):
        for held_out in (True, False) if source in BOTH_SIDES else (False,):
            path = tmp_path / f"{source}-{'held-out' if held_out else 'trained'}.flac"
            write_recording(path, np.random.default_rng(number).normal(0, 0.1, 8000))
            found.append(Utterance(str(path), "stop", "", source, held_out))
    return found


def test_no_step_is_trained_on_what_is_held_out(
    recordings: Sequence[Utterance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talking = list[Path]()

    def talker(path: str) -> np.ndarray:
        talking.append(Path(path))
        return load(path)

    monkeypatch.setattr(stages, "load", talker)
    monkeypatch.setattr(stages, "simulate_rooms", lambda *_: [np.ones(1, np.float32)])
    write_manifest(tmp_path / "corpus.jsonl", recordings)
    write_manifest(tmp_path / "synthetic.jsonl", [])
    recipe = Recipe(settings(), tmp_path, tmp_path / "shipped")
    recipe.extract()
    people = {"phone-trained", "read-trained", "other-trained"}
    for step, orders in {
        "general": set[str](),
        "four-fifths": {"coffee-trained"},
        "everything": {"coffee-trained", "coffee-held-out"},
    }.items():
        for transcribed in (True, False):
            trained = {
                Path(example.utterance.path).stem
                for example in recipe.features(step, transcribed=transcribed)
            }
            assert trained == people | orders
    assert talking
    assert all(path.stem.endswith("-trained") for path in talking)


def test_a_source_of_which_nothing_can_be_trained_on_is_told(
    recordings: Sequence[Utterance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "simulate_rooms", lambda *_: [np.ones(1, np.float32)])
    write_manifest(tmp_path / "corpus.jsonl", [one for one in recordings if one.held_out])
    write_manifest(tmp_path / "synthetic.jsonl", [])
    with pytest.raises(VoiceCrampError, match="'phone', of which there are no recordings to train on"):
        Recipe(settings(), tmp_path, tmp_path / "shipped").extract()


@pytest.mark.parametrize(
    ("steps", "noisy"), [(("general", "four-fifths"), {"four-fifths"}), (("general",), {"general"})]
)
def test_orders_are_heard_in_noise_where_most_is_asked_of_them(
    steps: Sequence[str], noisy: set[str], tmp_path: Path
) -> None:
    (tmp_path / "noise").mkdir()
    write_recording(tmp_path / "noise" / "kitchen.flac", np.zeros(16000))
    write_rows(tmp_path / "coffee.jsonl", [])
    write_manifest(tmp_path / "corpus.jsonl", [])
    full = settings()
    trained = {name: full.steps[name] for name in steps}
    asked = full.tests.model_copy(update={"kitchen": (12.0, 6.0)})
    speech = full.speech.model_copy(update={"corpus": str(tmp_path)})
    some = full.model_copy(update={"steps": trained, "tests": asked, "speech": speech, "ship": "neither"})
    recipe = Recipe(some, tmp_path, tmp_path / "shipped")
    heard = {name: report.tests(recipe, name, tmp_path) for name in steps}
    assert {name for name in steps if any("12 dB" in test for test in heard[name])} == noisy


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def corpus(folder: Path, others: Sequence[str]) -> list[Utterance]:
    """Write a corpus of these other words, and of eleven telephone sessions of two sentences each; read it."""
    folder.mkdir(exist_ok=True)
    for name in others:
        (folder / name).write_bytes(name.partition("-")[0].encode())  # copies have the same number
    sessions = [f"s{number:02d}" for number in range(11)]
    phone = [
        {"file": f"{session}-{part}.flac", "text": "Say: it's ON!", "speaker": session}
        for part in range(2)
        for session in sessions
    ]
    write_rows(folder / "phone.jsonl", phone)
    write_rows(folder / "read.jsonl", [{"file": "read.flac", "text": "Read.", "speaker": "k"}])
    write_rows(folder / "other.jsonl", [{"file": name, "said": "alexa"} for name in others])
    return list(read_corpus(folder, {"phone": 10, "other": 2}))


def test_every_tenth_session_of_the_telephone_is_held_out_whole(tmp_path: Path) -> None:
    read = corpus(tmp_path, [])
    phone = [utterance for utterance in read if utterance.source == "phone"]
    assert len(phone) == 22
    assert {utterance.text for utterance in phone} == {"say it's on"}
    held_out = [utterance.speaker for utterance in phone if utterance.held_out]
    assert sorted(held_out) == ["s00", "s00", "s10", "s10"]
    assert [utterance.held_out for utterance in read if utterance.source == "read"] == [False]


def test_of_other_words_the_same_are_held_out_whatever_there_is_besides(tmp_path: Path) -> None:
    def sides(names: Sequence[str]) -> dict[str, bool]:
        return {
            Path(utterance.path).name: utterance.held_out
            for utterance in corpus(tmp_path, names)
            if utterance.source == "other"
        }

    names = [f"{number}.flac" for number in range(40)]
    every = sides(names)
    assert every.keys() == set(names)
    assert 10 <= sum(every.values()) <= 30
    assert sides(names[:4:-1]) == {name: every[name] for name in names[5:]}


def test_any_listing_is_a_source_and_nothing_of_it_is_held_out_unless_that_is_asked_for(
    tmp_path: Path,
) -> None:
    rows = [
        {"file": f"{number}.flac", "text": "Größe, bitte!", "speaker": f"s{number}"} for number in range(4)
    ]
    write_rows(tmp_path / "küche.jsonl", rows)
    write_rows(tmp_path / "coffee.jsonl", [{"file": "order.flac"}])  # labelled with slots
    found = list(read_corpus(tmp_path, {}))
    assert {(one.source, one.text, one.held_out) for one in found} == {("küche", "größe bitte", False)}
    kept = {one.speaker for one in read_corpus(tmp_path, {"küche": 2}) if one.held_out}
    assert kept == {"s0", "s2"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "hilfe"}', r"people\.jsonl:2: file: Field required\."),
        ('{"file": 3}', r"people\.jsonl:2: file: Input should be a valid string\."),
        ("hilfe", r"people\.jsonl:2: Invalid JSON"),
    ],
)
def test_a_line_that_lists_nothing_is_told(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text(f'{{"file": "one.flac"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(VoiceCrampError, match=told):
        list(read_corpus(tmp_path, {}))


def test_a_recording_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_text('{"file": "one.flac"}\n', encoding="utf-8")
    with pytest.raises(VoiceCrampError, match=r"one\.flac: .*System error; correct the listing"):
        load(tmp_path / "one.flac")
    with pytest.raises(VoiceCrampError, match=r"one\.flac: No such file or directory; correct the listing"):
        list(read_corpus(tmp_path, {"people": 2}))


def test_a_voice_that_is_not_there_is_told() -> None:
    try:
        with pytest.raises(
            VoiceCrampError, match=r"espeak-ng does not speak with the voice 'nobody' .*not exist"
        ):
            speak("stop", Speaker("espeak-ng", "nobody"))
    except FileNotFoundError as error:
        give_up(f"{error.filename} is not installed; scripts/train says what installs it")


def test_what_is_there_twice_is_taken_once(tmp_path: Path) -> None:
    copies = [f"{number}-{copy}.flac" for number in range(3) for copy in range(6)]
    others = [utterance for utterance in corpus(tmp_path, copies) if utterance.source == "other"]
    assert [Path(utterance.path).name for utterance in others] == ["0-0.flac", "1-0.flac", "2-0.flac"]


def loudest(sound: np.ndarray) -> float:
    """Return the power of the loudest frame, of 2,048 samples as the coffee benchmark has it."""
    return max(float(np.square(sound[at : at + 2048]).sum()) for at in range(0, len(sound) - 2047, 2048))


@pytest.mark.parametrize("decibels", [24.0, 6.0, -3.0])
@pytest.mark.parametrize("length", [9000, 40_000])  # a stretch of the noise, and more than there is
def test_noise_is_as_loud_as_is_asked_for_loudest_against_loudest(decibels: float, length: int) -> None:
    made = np.random.default_rng(7)
    # Both are loud for a moment only: in the mean over all they would be further apart, or nearer.
    speech, noise = made.normal(0, 1e-4, length), made.normal(0, 1e-4, 20_000)
    speech[4096:6144] *= 20
    noise[::2000] *= 100
    mixed = with_noise(speech, noise, decibels, random.Random(1))
    assert 10 * np.log10(loudest(speech) / loudest(mixed - speech)) == pytest.approx(decibels, abs=1e-6)


def test_what_noise_makes_too_loud_is_brought_down_whole() -> None:
    made = np.random.default_rng(7)
    speech, noise = made.normal(0, 0.3, 9000), made.normal(0, 0.3, 20_000)
    mixed = with_noise(speech, noise, 0.0, random.Random(1))
    quiet = with_noise(speech / 100, noise, 0.0, random.Random(1))
    assert np.abs(mixed).max() == pytest.approx(1)
    assert mixed == pytest.approx(quiet / np.abs(quiet).max())


def write_results(recipe: Recipe, name: str, nanoseconds: int) -> None:
    """Leave results of this age."""
    path = recipe.work / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"commands": {"hits": 3, "total": 4}}), encoding="utf-8")
    os.utime(path, ns=(nanoseconds, nanoseconds))


def test_results_of_an_older_network_do_not_count(tmp_path: Path) -> None:
    recipe = Recipe(settings(), tmp_path, tmp_path / "shipped")
    recipe.fitted("general").parent.mkdir()
    for step in ("general", "everything"):
        recipe.fitted(step).touch()
        os.utime(recipe.fitted(step), ns=(20, 20))
    write_results(recipe, "general", 19)
    write_results(recipe, "everything", 20)
    write_results(recipe, "pocketsphinx", 1)  # which is not trained here
    assert load_results(recipe).keys() == {"everything", "pocketsphinx"}
    assert load_results(recipe)["everything"]["commands"].hits == 3


def make_model(folder: Path, nanoseconds: int) -> None:
    """Leave the files of a model that are looked at, of this age."""
    for name in ("am/final.mdl", "graph/HCLr.fst"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, ns=(nanoseconds, nanoseconds))


@pytest.mark.parametrize("newer", ["am/final.mdl", "graph/HCLr.fst"])
def test_results_of_the_model_that_is_there_count_until_it_is_another(newer: str, tmp_path: Path) -> None:
    recipe = Recipe(settings(), tmp_path, tmp_path / "shipped")
    make_model(recipe.shipped, 20)
    write_results(recipe, "before", 20)
    assert load_results(recipe).keys() == {"before"}
    os.utime(recipe.shipped / newer, ns=(21, 21))
    assert load_results(recipe) == {}


def test_what_is_shipped_makes_the_results_of_the_model_before_it_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(settings().model_copy(update={"ship": "general"}), tmp_path, tmp_path / "shipped")
    # It was made before the model that is there was measured.
    make_model(tmp_path / "models" / "general", 10)
    make_model(recipe.shipped, 5)
    write_results(recipe, "before", 20)
    write_results(recipe, "general", 20)
    (tmp_path / "spent.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(command, "write_card", lambda *_: None)
    assert load_results(recipe).keys() == {"before", "general"}
    command.ship(recipe)
    assert load_results(recipe).keys() == {"general"}
