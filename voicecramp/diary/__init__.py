"""What is remembered from night to night: cramps, answers, notes, settings and timers, in one SQLite file."""

from voicecramp.diary.diary import Diary
from voicecramp.diary.forget import forget
from voicecramp.diary.history import Answer, Cramp, Held, History, Note, read
from voicecramp.diary.store import default_path, examine

__all__ = [
    "Answer",
    "Cramp",
    "Diary",
    "Held",
    "History",
    "Note",
    "default_path",
    "examine",
    "forget",
    "read",
]
