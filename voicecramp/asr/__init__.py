"""Speech to text: one protocol, two engines, and a second look before anything counts."""

from voicecramp.asr.recogniser import Hypothesis, Recogniser, Word

__all__ = ["Hypothesis", "Recogniser", "Word"]
