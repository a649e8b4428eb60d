"""Performs cues on the timeline: which clip sounds when, what is waited for, and what was really said."""

import logging
from collections.abc import Callable, Mapping, Sequence

from voicecramp.dialogue import Cue, Cut, Gain, Hold, Insert, Line, Listen, Say
from voicecramp.events import Count, Event, Interrupted, Said
from voicecramp.frames import Samples, seconds, to_samples
from voicecramp.playback import HoldPlan, Timeline, plan_hold

__all__ = ["Speaking"]

_LOGGER = logging.getLogger(__name__)

LINE_GAP = to_samples(0.35)
"""Samples between two lines: the pause of a calm speaker between sentences."""

HOLD_LEAD = to_samples(1.0)
"""Samples between the last instruction and the first number: time to take hold of the foot."""

CUT_GAP = to_samples(0.1)
"""Samples between what was cut short and the answer to whoever cut it: they are waiting, but it is heard as new."""

INSERT_PATIENCE = to_samples(2.0)
"""Samples an inserted answer may be late. After that the next number has answered, or the moment has passed."""

HEAR_OUT = to_samples(4.0)
"""Samples for which the conversation waits to go on while somebody is still speaking: longer than any command,
short enough that a television cannot hold it up."""


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
        self._end = 0  # the sample at which all that is placed so far is over
        self._free = 0  # the first sample at which another line may begin
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
                    self._deadline = max(self._end, self._timeline.now) + to_samples(patience)
                    self._busy = True

    def advance(self, t: float, *, speech: bool) -> bool:
        """Tell what has begun to sound since the last call.

        Args:
            t: Stream time in seconds.
            speech: Whether somebody is speaking now, who is heard out first.

        Returns:
            True, once, when all cues have played out and any answer waited for did not come.
        """
        now = self._timeline.now
        begun = [event for start, event in self._upcoming if start < now]
        self._upcoming = [(start, event) for start, event in self._upcoming if start >= now]
        for event in begun:
            self._emit(event.model_copy(update={"t": t}))
        due = max(self._end, self._deadline or 0) + (HEAR_OUT if speech else 0)
        if not self._busy or now < due:
            return False
        self._busy, self._plan, self._deadline = False, None, None
        return True

    def _say(self, line: Line) -> None:
        self._end = self._place(line, self._free)
        self._free = self._end + LINE_GAP
        self._busy = True

    def _place(self, line: Line, at: int) -> int:
        """Place a line and return the sample at which it is over."""
        placed = self._timeline.play(self._clips[line.text], max(at, self._timeline.now), line.id)
        source = list(line.source) or ([f"beyond: {line.beyond}"] if line.beyond else [])
        start, end = seconds(placed.start), seconds(placed.end)
        self._upcoming.append(
            (placed.start, Said(t=start, id=line.id, text=line.text, start=start, end=end, source=source))
        )
        return placed.end

    def _insert(self, line: Line) -> None:
        now, length = self._timeline.now, len(self._clips[line.text])
        start = self._plan.gap(now, length) if self._plan else None
        if self._plan is None or start is None or start > now + INSERT_PATIENCE:
            _LOGGER.debug("No room for %s at %.2f s", line.id, seconds(now))
            return
        self._plan = self._plan.reserve(start, length)
        self._place(line, start)

    def _hold(self, hold: Hold) -> None:
        start = max(self._end, self._timeline.now) + HOLD_LEAD
        # In a slow voice "sixteen" may not be over when "fifteen" is due; the earlier one is let go.
        numbers = {
            value: clip
            for value, following in zip(hold.counts, (*hold.counts[1:], 0), strict=True)
            if len(clip := self._clips[str(value)]) <= to_samples(value - following)
        }
        number_lengths = {value: len(clip) for value, clip in numbers.items()}
        coaching_lengths = [len(self._clips[line.text]) for line in hold.coaching]
        plan = plan_hold(hold.left, tuple(numbers), start, number_lengths, coaching_lengths)
        for count in plan.counts:
            placed = self._timeline.play(numbers[count.value], count.start, f"count-{count.value}")
            ideal = seconds(count.start)
            self._upcoming.append(
                (placed.start, Count(t=ideal, value=count.value, start=seconds(placed.start), ideal=ideal))
            )
        for coaching in plan.coaching:
            self._place(hold.coaching[coaching.index], coaching.start)
        self._upcoming.sort(key=lambda one: one[0])
        self._plan, self._busy = plan, True
        self._end = self._free = plan.end

    def _cut(self) -> None:
        now = self._timeline.now
        silenced = self._timeline.cut()
        for interruption in silenced.interrupted:
            at = seconds(interruption.at)
            self._emit(Interrupted(t=seconds(now), id=interruption.placement.id, at=at))
        self._upcoming = [(start, event) for start, event in self._upcoming if start < now]
        self._plan = self._deadline = None
        self._end = max((one.at for one in silenced.interrupted), default=now)
        self._free = self._end + CUT_GAP
        self._busy = False
