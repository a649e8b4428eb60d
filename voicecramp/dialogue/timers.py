"""Timers that run beside the conversation, counted in stream time."""

from collections.abc import Iterator, Sequence

from voicecramp.dialogue.cues import Announce, Cue, Keep, Line
from voicecramp.dialogue.past import RunningTimer
from voicecramp.dialogue.records import TimerGone, TimerSet
from voicecramp.dialogue.wording import Wording

__all__ = ["Timers"]


class Timers:
    """Any number of timers, by name; one may have no name."""

    def __init__(
        self,
        wording: Wording,
        running: Sequence[RunningTimer],
        names: Sequence[str],
        durations: Sequence[int],
    ) -> None:
        """Args: the lines; the timers that run already; every name, and every number of seconds, there can be."""
        self._wording = wording
        self._due = {timer.name: timer.due for timer in running}
        self._names = ["", *names]
        self._durations = durations
        self._most = max(1, max(durations, default=0) // 60)  # minutes

    @property
    def next(self) -> float | None:
        """The stream second at which the next timer rings; None where none runs."""
        return min(self._due.values(), default=None)

    def set(self, name: str, seconds: int, t: float) -> tuple[Keep, ...]:
        """Start a timer at stream second `t`, in place of one of the same name."""
        self._due[name] = t + seconds
        return (Keep(TimerSet(name, seconds)),)

    def describe(self, name: str, seconds: int) -> tuple[Line, ...]:
        """Say which timer it is and how long it takes."""
        return (self._named("timer", name), self._length(seconds))

    def left(self, name: str, t: float) -> tuple[Line, ...]:
        """Say how long the timer of this name has to run; without a name, all of them, the next one first."""
        wanted = sorted((due, one) for one, due in self._due.items() if name in {"", one})
        if not wanted:
            return self._none(name, t)
        return tuple(
            line for due, one in wanted for line in (self._named("timer", one), self._about(due - t))
        )

    def cancel(self, name: str, t: float) -> tuple[tuple[Line, ...], tuple[Keep, ...]]:
        """Switch off the timer of this name, without a name all of them; return what to say and to keep."""
        gone = [one for one in self._due if name in {"", one}]
        if not gone:
            return self._none(name, t), ()
        for one in gone:
            del self._due[one]
        named = (self._named("timer", one) for one in gone)
        return (*named, self._wording.line("timer_off")), tuple(Keep(TimerGone(one)) for one in gone)

    def tick(self, t: float) -> tuple[Cue, ...]:
        """Announce every timer that is due at stream second `t`."""
        if not self._due or t < min(self._due.values()):
            return ()
        due = sorted((when, name) for name, when in self._due.items() if when <= t)
        cues: list[Cue] = []
        for _, name in due:
            del self._due[name]
            cues += [Announce(self._done(name)), Keep(TimerGone(name))]
        return tuple(cues)

    def slept(self, seconds: float) -> None:
        """Let every timer have run for so many seconds more."""
        self._due = {name: due - seconds for name, due in self._due.items()}

    def lines(self) -> Iterator[Line]:
        """Every line about timers there can be."""
        for name in self._names:
            yield self._named("timer", name)
            yield self._done(name)
            yield self._named("timers_none", name)
        yield from (self._length(seconds) for seconds in self._durations)
        yield from (self._about(60 * n) for n in range(self._most + 1))

    def _none(self, name: str, t: float) -> tuple[Line, ...]:
        """Say that there is no such timer, and which there are instead."""
        if not self._due:
            return (self._wording.line("timers_none"),)
        return (self._named("timers_none", name), *self.left("", t))

    def _done(self, name: str) -> Line:
        known = name if name in self._names else ""
        return (
            self._wording.line("timer_named_done", name=known) if known else self._wording.line("timer_done")
        )

    def _named(self, what: str, name: str) -> Line:
        known = name if name in self._names else ""  # the database may know more
        return self._wording.line(f"{what}_named", name=known) if known else self._wording.line(what)

    def _length(self, seconds: int) -> Line:
        """What was asked for, told back exactly where it is short enough for seconds to matter."""
        if seconds % 60 and seconds < 600:
            return self._wording.line("seconds", n=seconds)
        return self._about(seconds)

    def _about(self, seconds: float) -> Line:
        """What is left, in whole minutes; not more than there can be, whatever the database says."""
        if seconds < 60:
            return self._wording.line("under_a_minute")
        minutes = min(round(seconds / 60), self._most)
        return self._wording.line("minute") if minutes == 1 else self._wording.line("minutes", n=minutes)
