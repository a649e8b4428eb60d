"""Intents and the passing of time to cues: the conversation, with guidance as data."""

from voicecramp.dialogue.content import Content
from voicecramp.dialogue.cues import Cue, Cut, Gain, Hold, Insert, Line, Listen, Say
from voicecramp.dialogue.machine import Dialogue, State
from voicecramp.dialogue.settings import Settings

__all__ = [
    "Content",
    "Cue",
    "Cut",
    "Dialogue",
    "Gain",
    "Hold",
    "Insert",
    "Line",
    "Listen",
    "Say",
    "Settings",
    "State",
]
