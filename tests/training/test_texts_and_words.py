"""Words, how they are said, orders, and settings."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training import coffee, lexicon
from training.corpus import normalise
from training.settings import load_settings
from training.texts import read_sentences
from training.transcripts import SILENCE, Pronouncer, shortest

from voicecramp.errors import VoiceCrampError


@given(st.integers())
def test_every_order_that_can_be_said_is_understood(seed: int) -> None:
    order = coffee.random_order(random.Random(seed))
    understood = coffee.slots(order)
    assert understood is not None
    assert set(" ".join(understood.values()).split()) <= set(order.split())
    assert "coffeeDrink" in understood
    assert order in coffee.WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a latte",
        "can i get me a latte",
        "can i get a latte with some almond skim milk",
        "make me a mocha iced mocha",
        "make me a small large mocha",
        "i want a latte with milk and soy milk",
        "i want a latte with",
    ],
)
def test_what_nobody_would_order_is_no_whole_order(text: str) -> None:
    assert text not in coffee.WHOLE


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        (
            "can i get a medium roast large latte",
            {"roast": "medium roast", "size": "large", "coffeeDrink": "latte"},
        ),
        ("i want a medium coffee", {"size": "medium", "coffeeDrink": "coffee"}),
        (
            "make me an iced mocha with lots of soy milk and sugar",
            {"coffeeDrink": "iced mocha", "milkAmount": "lots of soy milk", "sugarAmount": "sugar"},
        ),
        ("get have a large latte", {"size": "large", "coffeeDrink": "latte"}),
        ("i want a large [unk]", None),
        ("i want a large small latte", None),
    ],
)
def test_slots_of_an_order(text: str, slots: dict[str, str] | None) -> None:
    assert coffee.slots(text) == slots


def test_transcripts_lose_all_but_words() -> None:
    assert normalise("Author of the danger trail, Philip Steels, etc.") == (
        "author of the danger trail philip steels etc"
    )
    assert normalise("I\N{RIGHT SINGLE QUOTATION MARK}m 'here' -- now") == "i'm here now"


def test_graph_of_a_sentence_allows_pauses_and_every_pronunciation() -> None:
    graph = Pronouncer(lexicon.american(), {}).graph(["the", "calf"])
    assert graph.phones.count(SILENCE) == 3
    assert shortest(graph) == 5
    assert len(graph.initial) == 1 + len(lexicon.american().ways["the"])
    assert all(source < target for source, target in graph.arcs)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("width = 96", "breadth = 96", r"broken\.toml:\d+: .*breadth"),
        ("room = 0.2", "room = 20", r"broken\.toml:\d+: .*room"),
        (
            'sources = ["synthetic"]',
            'sources = ["people"]',
            "step only wants 'people', of which .* no 'strong' copies",
        ),
        ('start = "shipped"', 'start = "nothing"', "step further cannot start from 'nothing'"),
        ('ship = "only"', 'ship = "nothing"', "there is no \\[steps.nothing\\]"),
        ('name = "mini"', "", "name"),
        ("[network]", "[network", r"broken\.toml"),
    ],
)
def test_settings_tell_what_is_wrong_and_where(right: str, wrong: str, told: str, tmp_path: Path) -> None:
    text = Path(__file__).with_name("mini.toml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    assert right in text
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(VoiceCrampError, match=told):
        load_settings(broken)


def test_sentences_of_a_file_are_its_lines(tmp_path: Path) -> None:
    source = tmp_path / "said.txt"
    source.write_text("# for the night\nStill cramping!\n\nhelp # at once\n", encoding="utf-8")
    assert read_sentences(source) == ["still cramping", "help"]
