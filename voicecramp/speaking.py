"""Performs cues on the timeline: which clip sounds when, what is waited for, and what was really said."""

from collections.abc import Callable, Mapping, Sequence

from voicecramp.dialogue import Cue, Cut, Gain, Hold, Insert, Line, Listen, Say
from voicecramp.events import Count, Event, Interrupted, Said
from voicecramp.frames import Samples, seconds, to_samples
from voicecramp.playback import HoldPlan, Timeline, plan_hold

__all__ = ["Speaking"]

LINE_GAP = to_samples(0.35)
"""Samples between two lines: the pause of a calm speaker between sentences."""

HOLD_LEAD = to_samples(1.0)
"""Samples between the last instruction and the first number: time to take hold of the foot."""

INSERT_PATIENCE = to_samples(2.0)
"""Samples an inserted answer may be late. After that the next number has answered, or the moment has passed."""

SPEAKER_GRACE = to_samples(1.0)
"""Samples that a question goes on waiting after somebody has spoken: it takes a moment to be understood."""


class Speaking:
    """Turns cues into clips on the timeline.

    Everything is placed as soon as it is cued, in samples, so that nothing said later depends on how
    quickly this side of the filter runs.
    """

    def __init__(
        self, clips: Mapping[str, Samples], timeline: Timeline, emit: Callable[[Event], None]
    ) -> None:
        """Args: clips by their text, numbers as digits; the timeline; where events go."""
        self._clips = clips
        self._timeline = timeline
        self._emit = emit
        self._upcoming: list[tuple[int, Said | Count]] = []  # what will begin to sound, and at which sample
        self._cursor = 0  # the sample at which all that is placed so far is over
        self._deadline: int | None = None  # the sample at which silence counts as an answer
        self._plan: HoldPlan | None = None
        self._busy = False  # whether cues are under way whose end is still to be told

    @property
    def busy(self) -> bool:
        """Whether cues are playing or an answer is waited for."""
        return self._busy

    @property
    def held(self) -> float:
        """Seconds of the current hold that have been done; 0 where there is none or it has not begun."""
        if self._plan is None:
            return 0.0
        return seconds(max(0, min(self._timeline.now, self._plan.end) - self._plan.start))

    def perform(self, cues: Sequence[Cue]) -> None:
        """Place cues after what is placed already."""
        for cue in cues:
            match cue:
                case Cut():
                    self._cut()
                case Gain(decibels):
                    self._timeline.gain(decibels)
                case Say(line):
                    self._say(line)
                case Insert(line):
                    self._insert(line)
                case Hold():
                    self._hold(cue)
                case Listen(patience):
                    self._deadline = max(self._cursor, self._timeline.now) + to_samples(patience)
                    self._busy = True

    def advance(self, t: float, *, speech: bool) -> bool:
        """Tell what has begun to sound since the last call.

        Args:
            t: Stream time in seconds.
            speech: Whether somebody is speaking now, which no question interrupts with its impatience.

        Returns:
            True, once, when all cues have played out and any answer waited for did not come.
        """
        now = self._timeline.now
        begun = [event for start, event in self._upcoming if start < now]
        self._upcoming = [(start, event) for start, event in self._upcoming if start >= now]
        for event in begun:
            self._emit(event.model_copy(update={"t": t}))
        if self._deadline is not None and speech:
            self._deadline = max(self._deadline, now + SPEAKER_GRACE)
        if not self._busy or now < max(self._cursor, self._deadline or 0):
            return False
        self._busy, self._plan, self._deadline = False, None, None
        return True

    def _say(self, line: Line) -> None:
        start = self._place(line, self._cursor + LINE_GAP)
        self._cursor = start + len(self._clips[line.text])
        self._busy = True

    def _place(self, line: Line, at: int) -> int:
        placed = self._timeline.play(self._clips[line.text], at, line.id)
        source = list(line.source) or ([f"beyond: {line.beyond}"] if line.beyond else [])
        start, end = seconds(placed.start), seconds(placed.end)
        self._upcoming.append(
            (placed.start, Said(t=start, id=line.id, text=line.text, start=start, end=end, source=source))
        )
        return placed.start

    def _insert(self, line: Line) -> None:
        now, length = self._timeline.now, len(self._clips[line.text])
        start = self._plan.gap(now, length) if self._plan else None
        if self._plan is None or start is None or start > now + INSERT_PATIENCE:
            return
        self._plan = self._plan.reserve(start, length)
        self._place(line, start)

    def _hold(self, hold: Hold) -> None:
        start = max(self._cursor, self._timeline.now) + HOLD_LEAD
        numbers = {value: self._clips[str(value)] for value in hold.counts}
        lengths = [len(self._clips[line.text]) for line in hold.coaching]
        plan = plan_hold(
            hold.left, hold.counts, start, {value: len(clip) for value, clip in numbers.items()}, lengths
        )
        for count in plan.counts:
            placed = self._timeline.play(numbers[count.value], count.start, f"count-{count.value}")
            ideal = seconds(count.start)
            self._upcoming.append(
                (placed.start, Count(t=ideal, value=count.value, start=seconds(placed.start), ideal=ideal))
            )
        for coaching in plan.coaching:
            self._place(hold.coaching[coaching.index], coaching.start)
        self._upcoming.sort(key=lambda one: one[0])
        self._plan, self._cursor, self._busy = plan, plan.end, True

    def _cut(self) -> None:
        now = self._timeline.now
        silenced = self._timeline.cut()
        for interruption in silenced.interrupted:
            at = seconds(interruption.at)
            self._emit(Interrupted(t=seconds(now), id=interruption.placement.id, at=at))
        self._upcoming = [(start, event) for start, event in self._upcoming if start < now]
        self._plan = self._deadline = None
        self._cursor = max((one.at for one in silenced.interrupted), default=now)
        self._busy = False
