"""Text to speech: everything that can be said, rendered before listening starts."""

from voicecramp.tts.cache import render
from voicecramp.tts.tempo import at_pace
from voicecramp.tts.voice import Voice

__all__ = ["Voice", "at_pace", "render"]
