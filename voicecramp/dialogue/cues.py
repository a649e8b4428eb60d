"""What the dialogue asks for. Cues are played one after another, in the order given."""

from dataclasses import dataclass

from voicecramp.dialogue.records import Record

__all__ = [
    "Announce",
    "Answer",
    "Cue",
    "Cut",
    "Gain",
    "Hold",
    "Insert",
    "Keep",
    "Line",
    "Listen",
    "Pace",
    "Say",
]


@dataclass(frozen=True)
class Line:
    """One thing the assistant can say, word for word."""

    id: str
    """Unique over all content, in kebab-case: `calf-toes-up`."""
    text: str
    source: tuple[str, ...] = ()
    """The statement ids it rests on; empty for lines that claim nothing clinical."""
    beyond: str = ""
    """Why it is said although the source does not; empty when `source` carries it."""


@dataclass(frozen=True)
class Say:
    """Speak a line after what was cued before it."""

    line: Line


@dataclass(frozen=True)
class Insert:
    """Speak a line inside the hold that is running, where it fits between counts; else let it go."""

    line: Line


@dataclass(frozen=True)
class Answer:
    """Speak a line inside the hold that is running, soon; numbers that are in its way give way, the clock does not."""

    line: Line


@dataclass(frozen=True)
class Announce:
    """Speak a line softly without interrupting: where it fits between counts, else after what is being said."""

    line: Line


@dataclass(frozen=True)
class Hold:
    """Count a stretch down, one number on its second, from `left` to nothing."""

    left: int
    """Seconds to hold from now; a resumed hold has fewer than it began with."""
    counts: tuple[int, ...]
    """Seconds left at which the number is spoken, each at most `left`."""
    coaching: tuple[Line, ...] = ()
    """Said once each, in order, spread over the hold where they fit between counts."""


@dataclass(frozen=True)
class Listen:
    """Wait this long for an answer; silence to its end counts as cues played out."""

    seconds: float


@dataclass(frozen=True)
class Cut:
    """Fall silent at once, softly, and drop every cue not yet played."""


@dataclass(frozen=True)
class Gain:
    """Set how loud everything from here on is spoken."""

    decibels: float
    """Relative to the clips as rendered; never above 0, so that nothing clips."""


@dataclass(frozen=True)
class Pace:
    """Set how quickly everything from here on is spoken. Numbers of a hold keep theirs: a second is a second."""

    factor: float
    """1 is the voice as rendered, 0.5 half as fast, 2 twice."""


@dataclass(frozen=True)
class Keep:
    """Remember something; it makes no sound."""

    record: Record


Cue = Say | Insert | Answer | Announce | Hold | Listen | Cut | Gain | Pace | Keep
