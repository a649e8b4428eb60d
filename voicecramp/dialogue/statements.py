"""The clinical source, statement by statement: what spoken lines rest on."""

from pydantic import RootModel

from voicecramp.datafile import Strict
from voicecramp.dialogue.steps import Id

__all__ = ["Statement", "Statements"]


class Statement(Strict):
    """One thing the clinical source says."""

    refs: tuple[int, ...]
    """The source's own numbers for what it rests on."""
    says: str


class Statements(RootModel[dict[str, dict[Id, Statement]]]):
    """The clinical source, by heading."""
