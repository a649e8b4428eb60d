"""Performs cues on the timeline: which clip sounds when, what is waited for, and what was really said."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from voicecramp.dialogue import (
    Announce,
    Answer,
    Cue,
    Cut,
    Gain,
    Hold,
    Insert,
    Keep,
    Line,
    Listen,
    Pace,
    Say,
)
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Count, Event, Failure, Interrupted, Said
from voicecramp.frames import Samples, seconds, to_samples
from voicecramp.playback import HoldPlan, Placement, Timeline, plan_hold
from voicecramp.tts import at_pace

__all__ = ["Speaking"]

_LOGGER = logging.getLogger(__name__)

LINE_GAP = to_samples(0.35)
"""Samples between two lines: the pause of a calm speaker between sentences."""

HOLD_LEAD = to_samples(1.0)
"""Samples between the last instruction and the first number: time to take hold of the foot."""

CUT_GAP = to_samples(0.1)
"""Samples between what was cut short and the answer to whoever cut it: they are waiting, but it is heard as new."""

INSERT_PATIENCE = to_samples(2.0)
"""Samples an inserted remark may be late. After that the next number has answered, or the moment has passed."""

ANNOUNCE_PATIENCE = to_samples(10.0)
"""Samples an announcement may be late in a hold for the sake of the numbers: nothing timed here is spoilt by it."""

ANNOUNCE_GAIN = -6.0
"""Decibels of an announcement relative to everything else: plainly softer, and still understood across a bed."""

STOPPED = to_samples(8.0)
"""Samples of silence for who said "stop", before an announcement that it came before: short beside the minutes of a
timer, long enough that it answers nobody."""

HEAR_OUT = to_samples(4.0)
"""Samples for which the conversation waits to go on while somebody is still speaking: longer than any command,
short enough that a television cannot hold it up."""

_Found = tuple[int, HoldPlan] | None
"""Where in a hold a line may start, and the hold with it."""


@dataclass(frozen=True)
class _Sound:
    """Something that has its place on the timeline, and what will be told when it begins."""

    placement: Placement
    event: Said | Count
    announced: Line | None = None
    """The line, where it is an announcement: it is not lost because something else comes first."""


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
        self._pace = 1.0
        self._t = 0.0  # stream time in seconds
        self._upcoming: list[_Sound] = []  # what will begin to sound
        self._end = 0  # the sample at which all that is placed so far is over
        self._free = 0  # the first sample at which another line may begin
        self._sounding = 0  # the sample at which what has begun is over
        self._patience = 0  # how many samples of silence count as an answer
        self._deadline: int | None = None  # the sample at which they are over
        self._plan: HoldPlan | None = None
        self._lead = 0  # the first sample before the hold at which something may be said
        self._busy = False  # whether cues are under way whose end is still to be told

    @property
    def busy(self) -> bool:
        """Whether cues are playing, an answer is waited for, or something is still to be heard."""
        return self._busy or self._timeline.now < self._end

    @property
    def talking(self) -> bool:
        """Whether something sounds at this moment."""
        return self._timeline.now < self._sounding

    @property
    def held(self) -> float:
        """Seconds of the current hold that have been done; 0 where there is none or it has not begun."""
        if self._plan is None:
            return 0.0
        return seconds(max(0, min(self._timeline.now, self._plan.end) - self._plan.start))

    def perform(self, cues: Sequence[Cue], t: float) -> None:
        """Place cues after what is placed already, or inside the hold that is running.

        Args:
            cues: What was decided.
            t: Stream time in seconds.
        """
        self._t = t
        put_off: list[Line] = []
        for cue in cues:
            match cue:
                case Cut():
                    put_off += self._cut()
                case Gain(decibels):
                    self._timeline.gain(decibels)
                case Pace(factor):
                    self._pace = factor
                case Say(line) | Answer(line) | Insert(line) | Announce(line):
                    self._speak(cue, line)
                case Hold():
                    self._hold(cue)
                case Listen(patience):
                    self._patience = to_samples(patience)
                    self._deadline = max(self._end, self._timeline.now) + self._patience
                    self._busy = True
                case Keep():
                    pass  # makes no sound
        if put_off and not self._busy:
            self._free = self._end + STOPPED
        for line in put_off:
            self._speak(Announce(line), line)

    def advance(self, t: float, *, speech: bool) -> bool:
        """Tell what has begun to sound since the last call.

        Args:
            t: Stream time in seconds.
            speech: Whether somebody is speaking now, who is heard out first.

        Returns:
            True, once, when all cues have played out and any answer waited for did not come.
        """
        self._t = t
        now = self._timeline.now
        begun = [one for one in self._upcoming if one.placement.start < now]
        self._upcoming = [one for one in self._upcoming if one.placement.start >= now]
        self._tell(begun)
        due = max(self._end, self._deadline or 0) + (HEAR_OUT if speech else 0)
        if not self._busy or now < due:
            return False
        self._busy, self._plan, self._deadline = False, None, None
        return True

    def _tell(self, begun: Sequence[_Sound]) -> None:
        for one in begun:
            self._sounding = max(self._sounding, one.placement.end)
            self._emit(one.event.model_copy(update={"t": self._t}))

    def _speak(self, cue: Say | Answer | Insert | Announce, line: Line) -> None:
        if isinstance(cue, Say | Answer):
            self._busy = True
        clip = self._clip(line.text, self._pace)
        if clip is None:
            return
        length = len(clip)
        match cue:
            case Say():
                self._follow(line, clip)
            case Answer():
                # One that did not fit into the hold is owed first, however short this one is.
                owed = self._plan is not None and self._end > self._plan.end
                if owed or not self._into_hold(line, clip, lambda plan, now: plan.interject(now, length)):
                    self._follow(line, clip)
            case Insert():
                if not self._into_hold(
                    line, clip, lambda plan, now: _between(plan, now, length, INSERT_PATIENCE)
                ):
                    _LOGGER.debug("No room for %s at %.2f s", line.id, seconds(self._timeline.now))
            case Announce():
                soft = np.rint(clip * 10 ** (ANNOUNCE_GAIN / 20)).astype(np.int16)
                if not self._into_hold(
                    line, soft, lambda plan, now: _sometime(plan, now, length), announced=line
                ):
                    self._follow(line, soft, announced=line)
                    if self._deadline is not None:
                        self._deadline = self._end + self._patience

    def _clip(self, text: str, pace: float = 1.0) -> Samples | None:
        """Look a text up; trouble with that is told, and leaves out no more than this text."""
        try:
            return at_pace(self._clips[text], pace)
        except VoiceCrampError as error:
            self._emit(Failure(t=self._t, what=str(error)))
            return None

    def _follow(self, line: Line, clip: Samples, *, announced: Line | None = None) -> None:
        """Speak a line after all that is placed."""
        placement = self._timeline.play(clip, max(self._free, self._timeline.now), line.id)
        self._expect(placement, line, announced)
        self._end = placement.end
        self._free = self._end + LINE_GAP

    def _into_hold(
        self,
        line: Line,
        clip: Samples,
        find: Callable[[HoldPlan, int], _Found],
        *,
        announced: Line | None = None,
    ) -> bool:
        """Speak a line inside the hold where `find`, from a sample on, finds room; False if there is none."""
        while self._plan and (found := find(self._plan, max(self._lead, self._timeline.now))):
            start, plan = found
            gone = self._plan.starts - plan.starts
            others = [one.placement for one in self._upcoming if one.placement.start in gone]
            placement = self._timeline.play_instead(others, clip, start, line.id)
            if placement:  # else time has gone on meanwhile
                self._upcoming = [one for one in self._upcoming if one.placement not in others]
                self._plan = plan
                self._expect(placement, line, announced)
                return True
        return False

    def _expect(self, placement: Placement, line: Line, announced: Line | None = None) -> None:
        source = list(line.source) or ([f"beyond: {line.beyond}"] if line.beyond else [])
        start, end = seconds(placement.start), seconds(placement.end)
        said = Said(t=start, id=line.id, text=line.text, start=start, end=end, source=source)
        self._upcoming.append(_Sound(placement, said, announced))
        self._upcoming.sort(key=lambda one: one.placement.start)

    def _hold(self, hold: Hold) -> None:
        # In a slow voice "sixteen" may not be over when "fifteen" is due; the earlier one is let go.
        numbers = {
            value: clip
            for value, following in pairwise((*hold.counts, 0))
            if (clip := self._clip(str(value))) is not None and len(clip) <= to_samples(value - following)
        }
        number_lengths = {value: len(clip) for value, clip in numbers.items()}
        paced = [(line, self._clip(line.text, self._pace)) for line in hold.coaching]
        lines = [(line, clip) for line, clip in paced if clip is not None]
        # Not before: time goes on while clips are looked up, and one that is damaged is rendered anew.
        self._lead = max(self._free, self._timeline.now)
        start = max(self._end, self._timeline.now) + HOLD_LEAD
        plan = plan_hold(hold.left, tuple(numbers), start, number_lengths, [len(clip) for _, clip in lines])
        for count in plan.counts:
            placement = self._timeline.play(numbers[count.value], count.start, f"count-{count.value}")
            ideal, sounds = seconds(count.start), seconds(placement.start)
            self._upcoming.append(
                _Sound(placement, Count(t=ideal, value=count.value, start=sounds, ideal=ideal))
            )
        for coaching in plan.coaching:
            line, clip = lines[coaching.index]
            self._expect(self._timeline.play(clip, coaching.start, line.id), line)
        self._plan, self._busy = plan, True
        self._end = self._free = plan.end

    def _cut(self) -> list[Line]:
        """Fall silent; return the announcements that had not begun."""
        now = self._timeline.now
        silenced = self._timeline.cut()
        dropped = [one for one in self._upcoming if one.placement in silenced.dropped]
        self._tell([one for one in self._upcoming if one not in dropped])
        self._upcoming = []
        for interruption in silenced.interrupted:
            at = seconds(interruption.at)
            self._emit(Interrupted(t=self._t, id=interruption.placement.id, at=at))
        self._plan = self._deadline = None
        self._end = self._sounding = max((one.at for one in silenced.interrupted), default=now)
        self._free = self._end + CUT_GAP
        self._busy = False
        return [one.announced for one in dropped if one.announced]


def _between(plan: HoldPlan, now: int, length: int, patience: int) -> _Found:
    """Find room between what is spoken in a hold already, `patience` samples from `now` at the latest."""
    start = plan.gap(now, length)
    return None if start is None or start > now + patience else (start, plan.reserve(start, length))


def _sometime(plan: HoldPlan, now: int, length: int) -> _Found:
    return _between(plan, now, length, ANNOUNCE_PATIENCE) or plan.interject(now + ANNOUNCE_PATIENCE, length)
