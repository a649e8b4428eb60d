"""What is heard and when, in samples: the timeline, and how a hold is laid out on it."""

from voicecramp.playback.hold import Coaching, Count, HoldPlan, plan_hold
from voicecramp.playback.timeline import Interruption, Placement, Silenced, Timeline

__all__ = [
    "Coaching",
    "Count",
    "HoldPlan",
    "Interruption",
    "Placement",
    "Silenced",
    "Timeline",
    "plan_hold",
]
