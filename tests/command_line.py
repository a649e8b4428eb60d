"""The command line as tests see it."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Result", "Run", "told"]


@dataclass(frozen=True)
class Result:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]
"""Takes the arguments of `voicecramp`."""


def told(result: Result, *words: str) -> None:
    """One line on standard error that has these words, nothing else there, and a status of 1."""
    assert result.code == 1
    err = result.err
    assert err.startswith("voicecramp: ")
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    for word in words:
        assert word in err
