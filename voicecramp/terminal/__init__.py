"""What a person sees: events as lines, and on a terminal what is being heard and held right now."""

from voicecramp.terminal.lines import described
from voicecramp.terminal.screen import Screen

__all__ = ["Screen", "described"]
