"""Orders of coffee: what they may sound like, what was said in a labelled recording, what was understood."""

import itertools
import json
import random
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from pocketsphinx import Config, Decoder

from training.corpus import Utterance, load

__all__ = ["WHOLE", "Order", "orders", "random_order", "slots", "transcribe", "vocabulary"]

OPENINGS = (
    "brew",
    "can i get",
    "can i have",
    "i want",
    "get me",
    "give me",
    "i'd like",
    "make me",
    "may i have",
)
AMOUNTS = ("a little bit of", "a bit of", "some", "a lot of", "lots of")
MILKS = ("milk", "skim milk", "whole milk", "soy milk", "almond milk", "cream")
SUGARS = ("sugar", "brown sugar", "sweetener")
VALUES: dict[str, tuple[str, ...]] = {
    "size": ("small", "medium", "large", "eight ounce", "twelve ounce", "sixteen ounce", "twenty ounce"),
    "roast": ("light roast", "medium roast", "dark roast"),
    "numberOfShots": ("single shot", "double shot", "triple shot"),
    "coffeeDrink": (
        "americano", "cappuccino", "espresso", "latte", "mocha", "iced mocha",
        "coffee", "drip coffee", "house coffee", "iced coffee",
    ),
    "milkAmount": (*MILKS, *(f"{amount} {milk}" for amount in AMOUNTS for milk in MILKS)),
    "sugarAmount": (*SUGARS, *(f"{amount} {sugar}" for amount in AMOUNTS for sugar in SUGARS)),
}  # fmt: skip
BEFORE = ("size", "roast", "numberOfShots")
AFTER = ("milkAmount", "sugarAmount")


@dataclass(frozen=True)
class Order:
    """A labelled recording."""

    path: str
    slots: Mapping[str, str]
    held_out: bool
    """Every fifth: the test of models that were trained on the other four."""


def orders(folder: Path) -> list[Order]:
    """Return the labelled orders of the corpus at `folder`."""
    with (folder / "coffee.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Order(
            str(folder / row["file"]),
            {key: value.strip().lower() for key, value in row["slots"].items()},
            number % 5 == 4,
        )
        for number, row in enumerate(rows)
    ]


def vocabulary() -> set[str]:
    """Return every word that an order can hold."""
    phrases = itertools.chain(OPENINGS, ("a an with and",), *VALUES.values())
    return {word for phrase in phrases for word in phrase.split()}


def random_order(random_: random.Random) -> str:
    """Return an order, as a person might say it."""
    words = [random_.choice(OPENINGS)]
    if random_.random() < 0.85:
        words.append(random_.choice(("a", "a", "an")))
    before = [random_.choice(VALUES[slot]) for slot in BEFORE if random_.random() < 0.5]
    random_.shuffle(before)
    words += [*before, random_.choice(VALUES["coffeeDrink"])]
    if random_.random() < 0.6:
        after = [random_.choice(VALUES[slot]) for slot in AFTER]
        random_.shuffle(after)
        words += [*(["with"] if random_.random() < 0.85 else []), after[0]]
        if random_.random() < 0.4:
            words += ["and", after[1]]
    return " ".join(words)


@cache
def _values() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return all values as words, the longest first, each with its slot."""
    found = [(tuple(value.split()), slot) for slot, values in VALUES.items() for value in values]
    return tuple(sorted(found, key=lambda value: -len(value[0])))


def slots(text: str) -> dict[str, str] | None:
    """Return the slots of a recognised order, or None where no drink, or two values for a slot, are named.

    Words that belong to no value are passed over: what counts in the benchmark is the intent and its slots.
    """
    words, at, found = text.split(), 0, dict[str, str]()
    while at < len(words):
        value = next((v for v in _values() if tuple(words[at : at + len(v[0])]) == v[0]), None)
        if value is None:
            at += 1
            continue
        if value[1] in found:
            return None
        found[value[1]] = " ".join(value[0])
        at += len(value[0])
    return found if "coffeeDrink" in found else None


class _WholeOrders(Container[str]):
    """Every order that the benchmark's pattern allows."""

    def __contains__(self, text: object) -> bool:
        """Whether this text is an order from its first word to its last."""
        return isinstance(text, str) and _pattern().fullmatch(text) is not None and slots(text) is not None


WHOLE: Container[str] = _WholeOrders()


@cache
def _pattern() -> re.Pattern[str]:
    before, drink, after = map(_values_of, (BEFORE, ("coffeeDrink",), AFTER))
    return re.compile(
        f"{_alternatives(OPENINGS)} ((a|an) )?({before} )*{drink}( (with )?{after}( (and )?{after})?)?"
    )


def _alternatives(phrases: tuple[str, ...]) -> str:
    return "(" + "|".join(phrases) + ")"


def _values_of(part: tuple[str, ...]) -> str:
    return _alternatives(tuple(value for slot in part for value in VALUES[slot]))


def _permutations(labels: Mapping[str, str], wanted: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(itertools.permutations(labels[slot] for slot in wanted if slot in labels))


def grammar(labels: Mapping[str, str]) -> str:
    """Return the JSGF of everything that the slots of one recording may stand for."""
    rule = _alternatives(OPENINGS) + " [a | an] "
    if any(slot in labels for slot in BEFORE):
        rule += _alternatives(tuple(" ".join(values) for values in _permutations(labels, BEFORE))) + " "
    rule += labels.get("coffeeDrink", "")
    if any(slot in labels for slot in AFTER):
        rule += " [with] " + _alternatives(
            tuple(" [and] ".join(values) for values in _permutations(labels, AFTER))
        )
    return f"#JSGF V1.0;\ngrammar order;\npublic <order> = {rule};"


def transcribe(order: Order, decoder: Decoder) -> Utterance | None:
    """Return the recording with what PocketSphinx hears of all that its slots allow; None if nothing."""
    decoder.add_jsgf_string("order", grammar(order.slots))
    decoder.activate_search("order")
    sound = load(order.path)
    decoder.start_utt()
    decoder.process_raw((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    if heard is None or slots(heard.hypstr.lower()) is None:
        return None
    return Utterance(order.path, heard.hypstr.lower(), "", "coffee", order.held_out)


def decoder() -> Decoder:
    """Return a PocketSphinx decoder without a language model, for `transcribe`."""
    return Decoder(Config(lm=None, logfn="/dev/null"))
