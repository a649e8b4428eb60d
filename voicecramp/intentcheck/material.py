"""What is checked, and what a check finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voicecramp.datafile import Place, locate
from voicecramp.dialogue import Content
from voicecramp.nlu import Intent
from voicecramp.nlu.phrases import Sentences

__all__ = ["Check", "Finding", "Material"]


@dataclass(frozen=True)
class Finding:
    """Something to put right."""

    path: Path
    where: Place
    """The keys that lead to it; none to a folder."""
    what: str
    """What is wrong and what to do, as the end of a sentence."""

    def __str__(self) -> str:
        """The sentence, with the file, the line and the key; of what is in no file, with the folder."""
        there = str(self.path) if self.path.is_dir() else locate(self.path, self.where)
        return f"{there}: {self.what}."


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
