"""What is told of the past: cramps, when the last one was, and what was tried in this one."""

from collections.abc import Iterable, Iterator

from voicecramp.dialogue.cues import Line
from voicecramp.dialogue.past import Past
from voicecramp.dialogue.wording import Wording

__all__ = ["Tried", "how_many", "last_cramp", "lines"]

MOST = 30
"""Cramps in a week that are told by their number: beyond, the exact one says nothing more."""

LONG_AGO = 14
"""Days from which on it is only told that it is long ago."""

TRIED_STEP, TRIED_MOST = 10, 600
"""Seconds of stretching are told in tens, up to ten minutes."""


class Tried:
    """What was tried in the cramp that is going on."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._lines: dict[str, Line] = {}
        self._seconds = 0

    def did(self, line: Line | None, seconds: int = 0) -> None:
        """Note what was done, and for how many seconds it was held."""
        if line:
            self._lines[line.id] = line
        self._seconds += seconds

    def forget(self) -> None:
        """Begin anew."""
        self._lines.clear()
        self._seconds = 0

    def told(self, going_on: Iterable[tuple[Line | None, int]] = ()) -> tuple[Line, ...]:
        """Say what was tried, with what is still going on, in its order, and how long in all."""
        lines, seconds = dict(self._lines), self._seconds
        for line, more in going_on:
            lines |= {line.id: line} if line and more else {}
            seconds += more
        tens = min(TRIED_MOST, round(seconds / TRIED_STEP) * TRIED_STEP)
        told = (*lines.values(), *([self._wording.line("tried_for", n=tens)] if tens else []))
        return told or (self._wording.line("tried_nothing"),)


def how_many(past: Past, t: float, wording: Wording) -> tuple[Line, ...]:
    """Say how many cramps there were in the last seven days."""
    match past.cramps(t):
        case 0:
            return (wording.line("cramps_none" if past.keeping else "not_noted"),)
        case 1:
            return (wording.line("cramps_one"),)
        case n if n <= MOST:
            return (wording.line("cramps", n=n),)
        case _:
            return (wording.line("cramps_many"),)


def last_cramp(past: Past, t: float, wording: Wording) -> tuple[Line, ...]:
    """Say when the last cramp was, before one that is going on."""
    last = past.last(t)
    if last is None:
        return (wording.line("last_never" if past.keeping else "not_noted"),)
    if last.days > LONG_AGO:
        return (wording.line("last_long_ago"),)
    day = {0: "last_today", 1: "last_yesterday"}.get(last.days)
    return (
        wording.line(day) if day else wording.line("last_days", n=last.days),
        wording.line(f"last_{last.part}"),
    )


def lines(wording: Wording) -> Iterator[Line]:
    """Every line with a number that may be told of the past."""
    yield from (wording.line("cramps", n=n) for n in range(2, MOST + 1))
    yield from (wording.line("last_days", n=n) for n in range(2, LONG_AGO + 1))
    yield from (wording.line("tried_for", n=n) for n in range(TRIED_STEP, TRIED_MOST + 1, TRIED_STEP))
