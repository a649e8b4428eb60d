"""Intents and the passing of time to cues: the conversation, with guidance as data."""

from voicecramp.dialogue.content import Content
from voicecramp.dialogue.cues import (
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
from voicecramp.dialogue.machine import UNDERSTOOD, Dialogue
from voicecramp.dialogue.past import Blank, Memory, Past
from voicecramp.dialogue.place import State
from voicecramp.dialogue.records import Record
from voicecramp.dialogue.settings import Settings

__all__ = [
    "UNDERSTOOD",
    "Announce",
    "Answer",
    "Blank",
    "Content",
    "Cue",
    "Cut",
    "Dialogue",
    "Gain",
    "Hold",
    "Insert",
    "Keep",
    "Line",
    "Listen",
    "Memory",
    "Pace",
    "Past",
    "Record",
    "Say",
    "Settings",
    "State",
]
