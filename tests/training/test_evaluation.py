"""What the engines are asked, as far as no engine is needed to tell."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optional import need
from voices import give_up

need("pyroomacoustics", "scripts/train installs it")

from training import coffee  # noqa: E402  # after all is known to be there
from training.corpus import RATE  # noqa: E402
from training.engines import Paths  # noqa: E402
from training.evaluation import _every_order, _rumble, command_recordings  # noqa: E402
from training.settings import Speaker, load_settings  # noqa: E402
from training.synthesis import slur  # noqa: E402

from voicecramp.errors import VoiceCrampError  # noqa: E402

PATHS = _every_order()
SPEAKER = Speaker("flite", "rms")


def can_be_said(paths: Paths, text: str) -> bool:
    states = {0}
    for word in text.split():
        states = {after for before, after, _, said in paths.arcs if before in states and said == word}
    return 1 in states


@given(st.integers())
def test_every_order_can_be_said(seed: int) -> None:
    assert can_be_said(PATHS, coffee.random_order(random.Random(seed)))


@pytest.mark.parametrize(
    "text",
    ["", "latte", "can i get a", "can i get a latte with", "make me a mocha iced mocha", "i want milk"],
)
def test_what_nobody_would_order_cannot_be_said(text: str) -> None:
    assert not can_be_said(PATHS, text)


def test_phrases_lead_from_every_source_to_every_target_and_share_no_middle() -> None:
    paths = Paths(4)
    paths.add([0, 2], [1, 3], ["a b", "c", "a d"])
    paths.add([3], [1], ["e"])
    for text in ("a b", "c", "a d", "a b e", "c e"):
        assert can_be_said(paths, text)
    for text in ("a", "b", "a c", "e", "c e e"):
        assert not can_be_said(paths, text)
    assert len({state for arc in paths.arcs for state in arc[:2]}) == 6


def test_the_noise_of_a_house_is_as_loud_at_its_ends_as_between() -> None:
    """Or most of what is measured as its loudness is in moments when nobody speaks."""
    power = np.mean([_rumble(RATE, np.random.default_rng(seed)) ** 2 for seed in range(100)], axis=0)
    edge = RATE // 100
    assert power[:edge].mean() == pytest.approx(power.mean(), rel=0.2)
    assert power[-edge:].mean() == pytest.approx(power.mean(), rel=0.2)


@pytest.fixture
def flite() -> None:
    if shutil.which("flite") is None:
        give_up("flite is not installed; scripts/train installs it")


@pytest.mark.usefixtures("flite")
def test_words_that_end_so_are_left_short_and_no_others() -> None:
    assert slur("cramp in my left leg", SPEAKER, ["F T"]) == "pau k r ae m p ih n m ay l eh f l eh g pau"
    assert slur("cramp in my left leg", SPEAKER, ["S T"]) is None


@pytest.mark.usefixtures("flite")
def test_slurred_commands_are_those_with_such_words_and_not_the_clear_ones(tmp_path: Path) -> None:
    phrases = ["left calf", "stop"]
    clear = command_recordings(phrases, tmp_path, 1, [SPEAKER])
    slurred = command_recordings(phrases, tmp_path, 1, [SPEAKER], ["F T"])
    assert [phrase for phrase, _ in clear] == phrases
    assert [phrase for phrase, _ in slurred] == ["left calf"]
    assert not {path for _, path in clear} & {path for _, path in slurred}
    assert {path.name for _, path in (*clear, *slurred)} == {path.name for path in tmp_path.iterdir()}


def test_only_flite_leaves_phones_out(tmp_path: Path) -> None:
    mini = Path(__file__).with_name("mini.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(mini.replace("slurring = []", 'slurring = [{ program = "festival", voice = "kal" }]'))
    with pytest.raises(VoiceCrampError, match=r"festival cannot leave a phone out; only flite's voices can"):
        load_settings(wrong)


def test_no_manner_is_called_as_another_test(tmp_path: Path) -> None:
    mini = Path(__file__).with_name("mini.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(mini.replace("manners = { slow =", "manners = { slurred ="))
    with pytest.raises(VoiceCrampError, match="call this manner something else"):
        load_settings(wrong)
