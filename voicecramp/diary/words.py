"""The diary in words and numbers, the same on the screen and on paper."""

from bisect import bisect_left
from collections import Counter
from datetime import date, timedelta

from voicecramp.diary.history import Cramp, History

__all__ = ["day", "ending", "lasted", "limb", "most_in_a_week", "summary"]

NIGHT = range(6)
"""The hours of the night, as the assistant itself names them."""


def day(moment: date) -> str:
    """Return a day as `3 November 2026`."""
    return f"{moment.day} {moment:%B %Y}"


def limb(cramp: Cramp) -> str:
    """Return where it was: `left calf`, `both calves`, `leg`."""
    if cramp.side == "both":
        return {"calf": "both calves", "foot": "both feet"}.get(cramp.muscle, f"both {cramp.muscle}s")
    return f"{cramp.side} {cramp.muscle}".strip()


def ending(cramp: Cramp) -> str:
    """Return how it ended: `let go`, `stopped`, `unresolved`, or `going on`."""
    return "going on" if cramp.how is None else {"gone": "let go"}.get(cramp.how, cramp.how)


def lasted(cramp: Cramp) -> str:
    """Return how long it went on, as `4:05` (minutes and seconds); empty where nobody knows."""
    if cramp.ended is None:
        return ""
    minutes, seconds = divmod(max(0, int((cramp.ended - cramp.began).total_seconds())), 60)
    return f"{minutes}:{seconds:02}"


def most_in_a_week(history: History) -> int:
    """Return the most cramps that began within any seven days."""
    began = [cramp.began for cramp in history.cramps]
    ends = (bisect_left(began, start + timedelta(days=7)) for start in began)
    return max((end - number for number, end in enumerate(ends)), default=0)


def summary(history: History, first: date, last: date) -> str:
    """Return a few sentences that tell the most important of the days from `first` to `last`."""
    cramps = history.cramps
    period = f"from {day(first)} to {day(last)}" if first < last else f"on {day(last)}"
    if not cramps:
        return f"No cramps were noted {period}."
    count = len(cramps)
    (where, often), *_ = Counter(map(limb, cramps)).most_common()
    ends = Counter(map(ending, cramps))
    told = [f"{ends[how]} {how}" for how in ("let go", "stopped", "unresolved", "going on") if ends[how]]
    return " ".join(
        [
            f"{_cramps(count)} {'was' if count == 1 else 'were'} noted {period},",
            f"{sum(cramp.began.hour in NIGHT for cramp in cramps)} of them between midnight and 6 o'clock,",
            f"and at most {most_in_a_week(history)} within seven days.",
            f"Most often it was the {where} ({often} of {count}).",
            f"How they ended: {', '.join(told)}.",
        ]
    )


def _cramps(count: int) -> str:
    return "1 cramp" if count == 1 else f"{count} cramps"
