"""The configuration: one TOML file that nobody needs, every key with its reason."""

import json
import textwrap
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import AfterValidator, Field, model_validator

from voicecramp.datafile import Strict, load

__all__ = [
    "Asr",
    "Audio",
    "Config",
    "Diary",
    "Hold",
    "Listening",
    "Speech",
    "default_path",
    "read",
    "rendered",
]

_COMMENT_WIDTH = 100
"""Columns of the rendered file: fits a terminal, side by side with nothing."""


def _without_repeats(counts: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(counts)) < len(counts):
        twice = next(count for count in counts if counts.count(count) > 1)
        raise ValueError(f"{twice} stands there twice, remove one")
    return counts


class Asr(Strict):
    """Hearing."""

    engine: Literal["auto", "vosk", "pocketsphinx"] = Field(
        default="auto",
        description="Which recogniser listens: vosk, pocketsphinx, or auto: Vosk if there is a model for it.",
    )
    model: str = Field(
        default="",
        description="The Vosk model: a name that `voicecramp models list` shows, or the path of a model's folder. "
        "Empty: the first of the list.",
    )


class Speech(Strict):
    """Speaking."""

    language: str = Field(
        default="en-us",
        min_length=2,
        pattern=r"^[\w+/-]+$",
        description="The voice, as espeak-ng names it (`espeak-ng --voices=en` lists them).",
    )
    rate: int = Field(
        default=150,
        ge=100,
        le=250,
        description="Words a minute, 100 to 250: beyond, nobody half asleep can follow. Below 145 the longest numbers "
        "take more than a second, and are left out where every second is counted.",
    )
    volume: float = Field(
        default=-6.0,
        ge=-40.0,
        le=0.0,
        description='How loud it begins, in decibels, -40 to 0. 0 is as loud as it gets; the default leaves "louder" '
        "something to do.",
    )


class Hold(Strict):
    """Holding a stretch. The source says 30 to 60 seconds, so neither can be set outside that."""

    seconds: int = Field(
        default=30, ge=30, le=60, description="How long a stretch is held, 30 to 60 seconds."
    )
    longest: int = Field(
        default=60,
        ge=30,
        le=60,
        description="How long it is held when the cramp has not let go, 30 to 60 seconds and not below `seconds`.",
    )
    counts: Annotated[tuple[Annotated[int, Field(ge=1, le=60)], ...], AfterValidator(_without_repeats)] = (
        Field(
            default=(30, 25, 20, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1),
            description="The seconds left, each 1 to 60, at which the number is spoken. Empty: a silent hold.",
        )
    )

    @model_validator(mode="after")
    def _longest_is_longest(self) -> Self:
        if self.longest < self.seconds:
            raise ValueError(f"longest is {self.longest}, below seconds, which is {self.seconds}; raise it")
        return self


class Listening(Strict):
    """Waiting for an answer."""

    answer_seconds: float = Field(
        default=8.0,
        ge=3.0,
        le=30.0,
        description='How long a question such as "has it let go?" waits before silence is the answer, 3 to 30 seconds. '
        "Less, and a slow answer comes too late; more, and somebody in pain hears nothing for too long.",
    )


class Audio(Strict):
    """The microphone and the speaker."""

    input: str = Field(
        default="",
        description="The microphone: a part of a name that `voicecramp devices` shows. Empty: the system's own choice.",
    )
    output: str = Field(default="", description="The same for the speaker.")


class Diary(Strict):
    """What is remembered, in a file on this machine that only you can read."""

    keep: bool = Field(
        default=True,
        description="Whether cramps, answers and notes are written down; `voicecramp diary` shows them. When false, "
        "settings changed by voice and running timers still are, for without them they would be lost at a restart.",
    )


class Config(Strict):
    """Everything that can be set. Every key has a default, so that no file is needed."""

    asr: Asr = Asr()
    speech: Speech = Speech()
    hold: Hold = Hold()
    listening: Listening = Listening()
    audio: Audio = Audio()
    diary: Diary = Diary()


def default_path() -> Path:
    """Return where the file is looked for when none is named; it need not exist."""
    return platformdirs.user_config_path("voicecramp") / "config.toml"


def read(path: Path | None = None) -> Config:
    """Read the configuration: the file named, else the one at the default path, else the defaults.

    Raises:
        VoiceCrampError: the file named is missing, or a file is not as it should be.
    """
    if path is None and _is_absent(default_path()):
        return Config()
    return load(path or default_path(), Config)


def _is_absent(path: Path) -> bool:
    # A link that leads nowhere is no absence: what it stood for may say `keep = false`.
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass  # reading it will tell
    return False


def rendered() -> str:
    """Return the default configuration as a TOML file that explains itself."""
    lines = [_comment(f"VoiceCramp reads this file from {_home_relative(default_path())}, or --config FILE.")]
    for section, field in Config.model_fields.items():
        schema = type(field.default)
        lines += ["", _comment(schema.__doc__ or ""), f"[{section}]"]
        for key, setting in schema.model_fields.items():
            lines += [_comment(setting.description or ""), f"{key} = {json.dumps(setting.default)}"]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return textwrap.fill(text, _COMMENT_WIDTH, initial_indent="# ", subsequent_indent="# ")


def _home_relative(path: Path) -> str:
    """Write a path as a person would, so that the text is the same for everybody."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
