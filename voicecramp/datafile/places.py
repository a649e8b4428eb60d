"""Where in a checked object things of a kind stand."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel

from voicecramp.datafile.complaint import Place

__all__ = ["places"]

T = TypeVar("T")


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
