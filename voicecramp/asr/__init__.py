"""Speech to text: one protocol, two engines, and a second look before anything counts."""

from voicecramp.asr.choose import Choice, choose
from voicecramp.asr.recogniser import UNKNOWN, Hypothesis, Recogniser, Word
from voicecramp.asr.second_look import Verdict, Verifier

__all__ = ["UNKNOWN", "Choice", "Hypothesis", "Recogniser", "Verdict", "Verifier", "Word", "choose"]
