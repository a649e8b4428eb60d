"""The command line as tests see it."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Result", "Run"]


@dataclass(frozen=True)
class Result:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]
"""Takes the arguments of `voicecramp`."""
