"""Text to intent: sentence templates, gated by what the conversation is about."""

from voicecramp.nlu.intent import Intent, SlotValue, Unsure

__all__ = ["Intent", "SlotValue", "Unsure"]
