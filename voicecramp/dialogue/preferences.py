"""Settings changed by voice: what each request makes of them, and what is said to it."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from voicecramp.dialogue.cues import Cue, Gain, Keep, Line, Pace
from voicecramp.dialogue.records import Preferred
from voicecramp.dialogue.settings import LONGEST_HOLD, SHORTEST_HOLD, Settings
from voicecramp.dialogue.wording import Wording
from voicecramp.nlu import Intent, SlotValue

__all__ = ["REQUESTS", "Change", "changes", "lines"]

GAIN_STEP = 6.0
"""Decibels for one "louder" or "quieter": plainly heard, and two of them are not yet a shout."""

QUIETEST = -30.0
"""Decibels below which speech is lost beside a fan; "quieter" stops here."""

WHISPER = -24.0
"""Decibels of "whisper": 18 below where it begins, an eighth of the height, for somebody who sleeps beside it."""

PACE_STEP = 1.15
"""Factor for one "slower" or "faster": a difference that is noticed at once."""

SLOWEST, FASTEST = -3, 2
"""Three steps down, 99 words a minute at the usual rate, and two up, 198: beyond, words smear or cannot be followed."""


@dataclass(frozen=True)
class Change:
    """What a request comes to."""

    settings: Settings
    cues: tuple[Cue, ...] = ()
    """What takes effect at once, and what is to be remembered."""
    line: Line | None = None
    """What is said to it; none where the change is heard by itself."""
    hold: int = 0
    """Seconds that the hold which runs is to last, whatever its own length is; 0 where that stays."""


def changes(intent: Intent, settings: Settings, wording: Wording) -> Change | None:
    """Return what an intent changes; None if it is not about settings."""
    change = _CHANGES.get(intent.name)
    return change(intent.slots, settings, wording) if change else None


def lines(settings: Settings, wording: Wording) -> Iterator[Line]:
    """Every line with a number that may be said of settings."""
    lengths = {settings.hold, settings.longest, *range(SHORTEST_HOLD, LONGEST_HOLD + 1)}
    yield from (wording.line("hold_length", n=n) for n in sorted(lengths))


Slots = Mapping[str, SlotValue]


def _louder(_slots: Slots, settings: Settings, wording: Wording) -> Change:
    return _gain(settings.gain + GAIN_STEP, settings, wording.line("loudest"))


def _quieter(_slots: Slots, settings: Settings, wording: Wording) -> Change:
    return _gain(settings.gain - GAIN_STEP, settings, wording.line("quietest"))


def _gain(wanted: float, settings: Settings, limit: Line) -> Change:
    gain = min(0.0, max(min(QUIETEST, settings.gain), wanted))  # what begins below the stop stays there
    if gain == settings.gain:
        return Change(settings, (Gain(gain),), limit)
    return Change(replace(settings, gain=gain), (Gain(gain), Keep(Preferred("gain", gain))))


def _whisper(_slots: Slots, settings: Settings, wording: Wording) -> Change:
    gain = min(WHISPER, settings.gain)
    return Change(
        replace(settings, gain=gain), (Gain(gain), Keep(Preferred("gain", gain))), wording.line("whispering")
    )


def _slower(_slots: Slots, settings: Settings, wording: Wording) -> Change:
    return _pace(settings.pace / PACE_STEP, settings, wording.line("slower"), wording.line("slowest"))


def _faster(_slots: Slots, settings: Settings, wording: Wording) -> Change:
    return _pace(settings.pace * PACE_STEP, settings, wording.line("faster"), wording.line("fastest"))


def _pace(wanted: float, settings: Settings, done: Line, limit: Line) -> Change:
    steps = min(FASTEST, max(SLOWEST, round(math.log(wanted, PACE_STEP))))
    pace = round(PACE_STEP**steps, 3)
    if pace == settings.pace:
        return Change(settings, (), limit)
    return Change(replace(settings, pace=pace), (Pace(pace), Keep(Preferred("pace", pace))), done)


def _count(slots: Slots, settings: Settings, wording: Wording) -> Change:
    style = str(slots.get("count", "usual"))
    cues = (Keep(Preferred("counting", style)),)
    return Change(settings.with_preferences({"counting": style}), cues, wording.line(f"counting_{style}"))


def _hold_for(slots: Slots, settings: Settings, wording: Wording) -> Change:
    seconds = int(slots.get("length", 0))
    changed = settings.with_preferences({"hold": seconds})
    if changed.hold != seconds:
        return Change(settings, (), wording.line("hold_limits"))
    return Change(
        changed, (Keep(Preferred("hold", seconds)),), wording.line("hold_length", n=seconds), seconds
    )


_CHANGES: Mapping[str, Callable[[Slots, Settings, Wording], Change]] = {
    "Louder": _louder,
    "Quieter": _quieter,
    "Whisper": _whisper,
    "Slower": _slower,
    "Faster": _faster,
    "CountStyle": _count,
    "HoldFor": _hold_for,
}

REQUESTS = frozenset(_CHANGES)
"""The intents that change a setting."""
