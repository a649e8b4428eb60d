"""Progress on the terminal, and a line now and then where there is none."""

from collections.abc import Iterable, Iterator, Sized
from time import monotonic
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

__all__ = ["CONSOLE", "track"]

CONSOLE = Console()
_EVERY = 30.0  # seconds between lines where no bar can be drawn

T = TypeVar("T")


def track(things: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Yield the things, showing how far they have come. `total` may be left out where there is a length."""
    if total is None and isinstance(things, Sized):
        total = len(things)
    if not CONSOLE.is_terminal:
        yield from _lines(things, what, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=CONSOLE) as progress:
        yield from progress.track(things, total=total, description=what)


def _lines(things: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    began = said = monotonic()
    for number, thing in enumerate(things):
        if monotonic() - said > _EVERY:
            said = monotonic()
            CONSOLE.print(f"{what}: {number} of {total}, {said - began:.0f} s")
        yield thing
    CONSOLE.print(f"{what}: done in {monotonic() - began:.0f} s")
