"""Take what the speaker plays out of what the microphone hears."""

from voicecramp.aec.canceller import EchoCanceller

__all__ = ["EchoCanceller"]
