"""Speaking on a stage: cues in, samples and events out, run in lockstep."""

import numpy as np

from voicecramp.dialogue import Cue, Line
from voicecramp.events import Count, Event, Said
from voicecramp.frames import FRAME, Samples, seconds, to_samples
from voicecramp.playback import Timeline
from voicecramp.speaking import Speaking

__all__ = ["COUNTS", "Stage", "furnished", "line"]

COUNTS = (30, 25, 20, 15, *range(10, 0, -1))


def line(name: str) -> Line:
    return Line(name, f"text of {name}", ("stretch-first",))


class Stage:
    """Speaking with a timeline, run in lockstep; clips are steps whose height tells which one sounds."""

    def __init__(self, timeline: Timeline | None = None) -> None:
        self.timeline = timeline or Timeline()
        self.events: list[Event] = []
        self.heights: dict[str, int] = {}
        self.clips: dict[str, Samples] = {}
        self.speaking = Speaking(self.clips, self.timeline, self.events.append)
        self.done: list[int] = []
        self.sound: list[Samples] = []

    def clip(self, text: str, duration: float) -> None:
        self.heights[text] = 1000 + 100 * len(self.heights)
        self.clips[text] = np.full(to_samples(duration), self.heights[text], np.int16)

    def run(self, duration: float, *, speech: bool = False) -> None:
        for _ in range(to_samples(duration) // FRAME):
            if self.speaking.advance(seconds(self.timeline.now), speech=speech):
                self.done.append(self.timeline.now)
            self.sound.append(self.timeline.render())

    def perform(self, *cues: Cue) -> None:
        self.speaking.perform(cues, seconds(self.timeline.now))

    def span(self, text: str) -> tuple[int, int]:
        (where,) = np.nonzero(np.concatenate(self.sound) == self.heights[text])
        return int(where[0]), int(where[-1]) + 1

    def counted(self) -> list[int]:
        return [event.value for event in self.of(Count)]

    def said(self) -> list[str]:
        return [event.id for event in self.of(Said)]

    def of(self, kind: type[Event]) -> list[Event]:  # type: ignore[valid-type]
        return [event for event in self.events if isinstance(event, kind)]


def furnished(timeline: Timeline | None = None) -> Stage:
    """A stage with every number and a few lines."""
    stage = Stage(timeline)
    for number in range(1, 61):
        stage.clip(str(number), 0.45)
    for name, duration in (("a", 1.0), ("b", 0.5), ("coach", 1.2), ("answer", 0.9), ("long", 4.0)):
        stage.clip(f"text of {name}", duration)
    return stage
