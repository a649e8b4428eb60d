"""The settings of a recipe: one TOML file, read once, frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from voicecramp.datafile import Strict, load

__all__ = [
    "COFFEE",
    "FOUR_FIFTHS",
    "SHIPPED",
    "AugmentSettings",
    "DecodingSettings",
    "GarbageSettings",
    "LexiconSettings",
    "NetworkSettings",
    "Settings",
    "Speaker",
    "SpeechSettings",
    "StepSettings",
    "TestSettings",
    "VoiceSettings",
    "load_settings",
]

SHIPPED = "shipped"
"""What a step begins from that goes on where the model in models/ ended. That was trained on everything."""

COFFEE = "coffee"
"""The source of the coffee orders."""
FOUR_FIFTHS = "coffee-four-fifths"
"""The name of a source: the coffee orders without every fifth."""

_Share = Annotated[float, Field(ge=0, le=1)]
_Some = Annotated[int, Field(ge=1)]
_Manner = Annotated[str, Field(pattern="^[a-z]+$")]
"""Names a test and a folder."""


_Program = Literal["espeak-ng", "flite", "festival"]


@dataclass(frozen=True)
class Speaker:
    """One synthetic voice."""

    program: _Program
    voice: str
    pace: float = 1.0
    """How fast, where 1 is the program's own pace for a clear voice."""
    pitch: int = 50
    """0 to 99; only espeak-ng listens to it."""


class LexiconSettings(Strict):
    """Which words the model knows."""

    dictionary: str
    """A text file, relative to the settings, with a line for every pronunciation: the word and then its phones, the
    commonest words first; "" for the American one of PocketSphinx."""
    size: int
    """The commonest words of the dictionary to take, besides those of the texts below."""
    sentences: tuple[str, ...]
    """Text files of which every word is needed, relative to the settings."""
    intents: str
    """The assistant's folder of a language: every word that it listens for is needed; "" for none."""
    pronunciations: Mapping[str, Sequence[str]]
    """Ways to say words that the dictionary lacks, besides those of the intents, each as phones with spaces between."""
    slurred: tuple[str, ...]
    """Ends of words, each as phones with spaces between, of which the last may be left out, as sleepy people do; only in
    words of the sentences and the intents."""
    others: tuple[str, ...]
    """What people say to somebody else, as the names of other assistants: `[unk]` is each of them as it is said, besides any
    row of phones. None of them can be a command then."""


class VoiceSettings(Strict):
    """Synthetic voices of one program."""

    program: _Program
    share: float
    """How much of what is said they say, beside the other programs' shares."""
    names: Annotated[tuple[str, ...], Field(min_length=1)]
    """One that stands twice says twice as much."""
    variants: tuple[str, ...] = ()
    """Of espeak-ng: each name is said in any of these."""


class SpeechSettings(Strict):
    """What is trained on."""

    corpus: str
    """The folder of recordings, relative to the settings, see `corpus.read_corpus`; "" for none."""
    held_out: Mapping[str, Annotated[int, Field(ge=2)]]
    """For a source of which some is kept for tests: every how-manieth speaker, or recording where no speaker is known."""
    talkers: tuple[str, ...]
    """The sources whose people talk in the background of others' recordings."""
    commands: str
    """A text file of what the model is for, a sentence a line."""
    synthetic: int
    """Sentences for synthetic voices to say."""
    mix: dict[str, float]
    """The shares of the kinds of sentences, see `texts.sentences`."""
    voices: tuple[VoiceSettings, ...]
    """Who says them."""
    copies: dict[str, dict[str, int]]
    """For every kind of augmentation: how many copies of each source's recordings are made."""


class AugmentSettings(Strict):
    """How often a copy is changed, 0 to 1; how much is in augment.py, with the reasons."""

    room: _Share
    noise: _Share
    band: _Share
    speed: _Share
    warp: _Share
    codec: _Share
    clip: _Share
    colour: _Share
    """Some microphone's frequency response."""
    level: _Share
    """Louder or quieter than the others."""
    rooms: _Some
    """How many room responses to simulate."""


class NetworkSettings(Strict):
    """The shape of the network."""

    width: _Some
    bottleneck: _Some
    blocks: _Some


class StepSettings(Strict):
    """One training run."""

    start: str
    """The step to begin from, SHIPPED for the model that is there, or "" for a fresh network (which first
    learns from sentences that are cut evenly)."""
    sources: tuple[str, ...]
    """Which recordings to train on."""
    augment: str
    """Which kind of augmented copies of them."""
    masks: _Share
    """How often a short stretch of a copy is blotted out, and as often some bands; anew each time."""
    epochs: float
    rate: float
    """The learning rate at its highest."""


class GarbageSettings(Strict):
    """What words in no grammar cost."""

    updates: int
    """Steps of fitting it, and the network to it."""
    rate: float
    """The network's learning rate at its highest."""
    cheaper: float
    """Nats by which every phone then costs less; more of them make false commands rarer, and lose true ones."""


class DecodingSettings(Strict):
    """What the engine is told in conf/model.conf."""

    beam: float
    lattice_beam: float
    max_active: _Some
    acoustic_scale: float
    """What the sound counts against the grammar: its log likelihoods are multiplied by this."""


class TestSettings(Strict):
    """What models are put to tests with, and by."""

    voices: tuple[Speaker, ...]
    """Who says the commands; nothing is trained on them."""
    manners: Mapping[_Manner, Annotated[tuple[Speaker, ...], Field(min_length=1)]]
    """Other ways to say them, as `whispered`, and who says them so; likewise."""
    slurring: tuple[Speaker, ...]
    """Voices of flite that say them with the words of `[lexicon] slurred` left as short as there; likewise."""
    sentences: str
    """The source of which the sentence that was said is to be found among fifty; "" for none."""
    others: tuple[str, ...]
    """The sources in which a command is only heard by mistake."""
    kitchen: tuple[float, ...]
    """Decibels of the loudest frame of a coffee order over that of a kitchen's noise: of all orders, or of the fifth alone
    where a step keeps that out."""

    @field_validator("manners")
    @classmethod
    def _check_manners(cls, manners: Mapping[str, object]) -> Mapping[str, object]:
        if "slurred" in manners:
            raise ValueError("slurred is the test of `slurring`; call this manner something else")
        return manners

    @field_validator("slurring")
    @classmethod
    def _check_slurring(cls, speakers: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
        """Of the programs only flite both tells the phones of a word and says what it is told so."""
        if other := next((one.program for one in speakers if one.program != "flite"), None):
            raise ValueError(f"{other} cannot leave a phone out; only flite's voices can")
        return speakers


class Settings(Strict):
    """All of a recipe's settings."""

    folder: Path = Path()
    """Where the settings lie, not what they say: paths in them are relative to it."""
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
    card: str
    """The text of the shipped model's card, relative to the settings: whence its speech is and under what licence is the
    recipe's to say. A `$NAME` stands for each of the figures of `card.write_card`. "" where nothing is shipped."""
    tests: TestSettings
    garbage: GarbageSettings
    decoding: DecodingSettings

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        """What is named must be there; a step begins from one above it."""
        for number, (name, step) in enumerate(self.steps.items()):
            above = list(self.steps)[:number]
            if step.start not in {"", SHIPPED, *above}:
                raise ValueError(f"step {name} cannot start from {step.start!r}, which is no step above it")
            if step.augment not in self.speech.copies:
                raise ValueError(
                    f"step {name} wants {step.augment!r} copies; [speech.copies] has none of that name"
                )
            copied = self.speech.copies[step.augment]
            for source in step.sources:
                if (COFFEE if source == FOUR_FIFTHS else source) not in copied:
                    raise ValueError(
                        f"step {name} wants {source!r}, of which [speech.copies] makes no {step.augment!r} copies"
                    )
        for kind in self.speech.copies:
            if kind not in self.augment:
                raise ValueError(f"[speech.copies] wants {kind!r}, and there is no [augment.{kind}]")
        if self.ship and not self.card:
            raise ValueError(f"{self.ship} is to be shipped, and card names no text for its card")
        for name in (*self.models, *filter(None, [self.ship])):
            if name not in self.steps:
                raise ValueError(f"models and ship name {name!r}, and there is no [steps.{name}]")
        return self

    def from_scratch(self, step: str) -> bool:
        """Whether a step and all that it rests on never saw what the model in models/ was trained on."""
        start = self.steps[step].start
        return start != SHIPPED and (not start or self.from_scratch(start))

    @property
    def corpus(self) -> Path | None:
        """The folder of recordings; None where only synthetic voices are trained on."""
        return (self.folder / self.speech.corpus).resolve() if self.speech.corpus else None


def load_settings(path: Path) -> Settings:
    """Read a recipe's TOML. Raises `VoiceCrampError` naming the file, the line and the key where it is wrong."""
    return load(path, Settings).model_copy(update={"folder": path.resolve().parent})
