"""The settings of a recipe: one TOML file, read once, frozen."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

__all__ = [
    "SHIPPED",
    "AugmentSettings",
    "DecodingSettings",
    "GarbageSettings",
    "LexiconSettings",
    "NetworkSettings",
    "Settings",
    "SpeechSettings",
    "StepSettings",
    "load_settings",
]

SHIPPED = "shipped"
"""What a step begins from that goes on where the model in models/ ended. That was trained on everything."""

T = TypeVar("T")


@dataclass(frozen=True)
class LexiconSettings:
    """Which words the model knows."""

    size: int
    """The commonest words of the dictionary to take, besides those of the texts below."""
    sentences: tuple[str, ...]
    """Text files of which every word is needed, relative to the settings."""
    intents: str
    """The assistant's folder of a language: every word that it listens for is needed; "" for none."""
    pronunciations: Mapping[str, Sequence[str]]
    """Ways to say words that the dictionary lacks, besides those of the intents, each as phones with spaces between."""


@dataclass(frozen=True)
class SpeechSettings:
    """What is trained on."""

    corpus: str
    """The folder of recordings, relative to the settings."""
    commands: str
    """A text file of what the model is for, a sentence a line."""
    synthetic: int
    """Sentences for synthetic voices to say."""
    mix: dict[str, float]
    """The shares of the kinds of sentences, see `texts.sentences`."""
    copies: dict[str, dict[str, int]]
    """For every kind of augmentation: how many copies of each source's recordings are made."""


@dataclass(frozen=True)
class AugmentSettings:
    """How often a copy is changed, 0 to 1; how much is in augment.py, with the reasons."""

    room: float
    noise: float
    band: float
    speed: float
    warp: float
    codec: float
    clip: float
    rooms: int
    """How many room responses to simulate."""


@dataclass(frozen=True)
class NetworkSettings:
    """The shape of the network."""

    width: int
    bottleneck: int
    blocks: int


@dataclass(frozen=True)
class StepSettings:
    """One training run."""

    start: str
    """The step to begin from, SHIPPED for the model that is there, or "" for a fresh network (which first
    learns from sentences that are cut evenly)."""
    sources: tuple[str, ...]
    """Which recordings to train on."""
    augment: str
    """Which kind of augmented copies of them."""
    epochs: float
    rate: float
    """The learning rate at its highest."""


@dataclass(frozen=True)
class GarbageSettings:
    """What words in no grammar cost."""

    updates: int
    """Steps of fitting it, and the network to it."""
    rate: float
    """The network's learning rate at its highest."""
    cheaper: float
    """Nats by which every phone then costs less; more of them make false commands rarer, and lose true ones."""


@dataclass(frozen=True)
class DecodingSettings:
    """What the engine is told in conf/model.conf."""

    beam: float
    lattice_beam: float
    max_active: int
    acoustic_scale: float
    """What the sound counts against the grammar: its log likelihoods are multiplied by this."""


@dataclass(frozen=True)
class Settings:
    """All of a recipe's settings."""

    folder: Path
    """Where the settings lie; paths in them are relative to it."""
    name: str
    """The model's name, its folder under models/."""
    seed: int
    lexicon: LexiconSettings
    speech: SpeechSettings
    augment: dict[str, AugmentSettings]
    """By name; the copies and the steps say which."""
    network: NetworkSettings
    bootstrap_epochs: float
    steps: dict[str, StepSettings]
    models: tuple[str, ...]
    """The steps whose networks become models and are put to tests."""
    ship: str
    """The one of them that is shipped; "" for none: they are only compared."""
    kitchen: tuple[float, ...]
    """Decibels of the loudest frame of a coffee order over that of a kitchen's noise, to test in."""
    garbage: GarbageSettings
    decoding: DecodingSettings

    def from_scratch(self, step: str) -> bool:
        """Whether a step and all that it rests on never saw what the model in models/ was trained on."""
        start = self.steps[step].start
        return start != SHIPPED and (not start or self.from_scratch(start))

    @property
    def corpus(self) -> Path:
        """The folder of recordings."""
        return (self.folder / self.speech.corpus).resolve()


def load_settings(path: Path) -> Settings:
    """Read a recipe's TOML. Raises `ValueError` naming the key that is missing or not known."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    steps = {name: _build(StepSettings, step, f"steps.{name}") for name, step in table.pop("steps").items()}
    return Settings(
        folder=path.resolve().parent,
        name=table["name"],
        seed=table["seed"],
        lexicon=_build(LexiconSettings, table["lexicon"], "lexicon"),
        speech=_build(SpeechSettings, table["speech"], "speech"),
        augment={k: _build(AugmentSettings, t, f"augment.{k}") for k, t in table["augment"].items()},
        network=_build(NetworkSettings, table["network"], "network"),
        bootstrap_epochs=table["bootstrap_epochs"],
        steps=steps,
        models=tuple(table["models"]),
        ship=table["ship"],
        kitchen=tuple(table["kitchen"]),
        garbage=_build(GarbageSettings, table["garbage"], "garbage"),
        decoding=_build(DecodingSettings, table["decoding"], "decoding"),
    )


def _build(kind: type[T], table: dict[str, Any], where: str) -> T:
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # only dataclasses come here
    wrong = known ^ set(table)
    if wrong:
        raise ValueError(f"[{where}]: missing or unknown: {', '.join(sorted(wrong))}")
    return kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in table.items()})
