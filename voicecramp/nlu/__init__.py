"""Text to intent: sentence templates, gated by what the conversation is about."""

from voicecramp.nlu.intent import Intent, SlotValue, Unsure
from voicecramp.nlu.understanding import Nlu, load

__all__ = ["Intent", "Nlu", "SlotValue", "Unsure", "load"]
