"""What is checked, and what a check finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from voicecramp.datafile import Place, locate
from voicecramp.dialogue import Content
from voicecramp.nlu import Intent
from voicecramp.nlu.phrases import Sentences

__all__ = ["Check", "Finding", "Material", "places"]

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """Something to put right."""

    path: Path
    where: Place
    """The keys that lead to it."""
    what: str
    """What is wrong and what to do, as the end of a sentence."""

    def __str__(self) -> str:
        """The sentence, with the file, the line and the key."""
        return f"{locate(self.path, self.where)}: {self.what}."


@dataclass(frozen=True)
class Material:
    """A language's folder as it was read."""

    folder: Path
    content: Content
    sentences: Sentences

    def guidance(self, flow: str) -> Path:
        """The file of a flow."""
        return self.folder / "guidance" / f"{flow}.yaml"

    def meanings(self) -> Mapping[str, tuple[Intent, ...]]:
        """For each intent, everything that its sentences can mean: each combination of slots, once."""
        found: dict[str, dict[str, Intent]] = {name: {} for name in self.sentences.files}
        for phrases in self.sentences.phrases.values():
            for intent in phrases.values():
                found[intent.name].setdefault(str(sorted(intent.slots.items())), intent)
        return {name: tuple(meanings.values()) for name, meanings in found.items()}


Check = Callable[[Material], Iterable[Finding]]


def places(value: object, kind: type[T], *here: str | int) -> Iterator[tuple[Place, T]]:
    """Yield everything of a kind inside a checked object, with the keys that lead to it."""
    if isinstance(value, kind):
        yield here, value
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from places(getattr(value, name), kind, *here, field.alias or name)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from places(item, kind, *here, name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from places(item, kind, *here, index)
