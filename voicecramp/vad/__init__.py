"""Speech or not, frame by frame, and where an utterance begins and ends."""

from voicecramp.vad.detector import SpeechDetector
from voicecramp.vad.segmenter import Segment, Segmenter

__all__ = ["Segment", "Segmenter", "SpeechDetector"]
