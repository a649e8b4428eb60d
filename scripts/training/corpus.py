"""The recordings: who said what, and which of it is kept out of training."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from training.files import whole

__all__ = [
    "RATE",
    "Utterance",
    "load",
    "normalise",
    "read_corpus",
    "read_manifest",
    "write_manifest",
    "write_recording",
]

RATE = 16_000
"""Samples a second; everything is brought to it."""


@dataclass(frozen=True)
class Utterance:
    """One recording."""

    path: str
    text: str
    """Lower-case words; empty where nobody wrote down what is said."""
    speaker: str
    source: str
    """`coffee`, `phone`, `read`, `other` or `synthetic`."""
    held_out: bool
    """Kept for testing: trained on by no model, except coffee's, which the shipped model is trained on."""


def normalise(text: str) -> str:
    """Return the words of a sentence, lower case, letters of any alphabet and apostrophes kept, all else gone."""
    plain = re.sub(r"[^\w' ]+|[\d_]+", " ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    words = (word.strip("'") for word in plain.split())
    return " ".join(word for word in words if word)


def load(path: Path | str) -> np.ndarray:
    """Return a recording's samples: float32 from -1 to 1, mono, at RATE."""
    sound, rate = soundfile.read(str(path), dtype="float32")
    if sound.ndim > 1:
        sound = sound.mean(axis=1)
    resampled: np.ndarray = sound if rate == RATE else soxr.resample(sound, rate, RATE)
    return resampled


def write_recording(path: Path, sound: np.ndarray) -> None:
    """Write samples from -1 to 1, mono, at RATE, as FLAC of 16 bits."""
    with whole(path) as part:
        soundfile.write(part, sound, RATE, subtype="PCM_16")


def read_corpus(folder: Path) -> Iterator[Utterance]:
    """Yield the recordings of `phone`, `read` and `other`, with what is held out of training marked.

    Held out: every tenth session of `phone`, and half of `other` by a hash of the name. What is in `other` twice is
    taken once, for its copies may be on both sides.
    """
    phone = list(_rows(folder / "phone.jsonl"))
    tenth = set(sorted({row["speaker"] for row in phone})[::10])
    for row in phone:
        yield Utterance(
            str(folder / row["file"]),
            normalise(row["text"]),
            row["speaker"],
            "phone",
            row["speaker"] in tenth,
        )
    for row in _rows(folder / "read.jsonl"):
        yield Utterance(
            str(folder / row["file"]), normalise(row["text"]), row["speaker"], "read", held_out=False
        )
    seen = set[int]()
    for row in _rows(folder / "other.jsonl"):
        content = zlib.crc32((folder / row["file"]).read_bytes())
        if content in seen:
            continue
        seen.add(content)
        # Folder names in capitals (and "en") stand for many sentences that nobody wrote down.
        text = row["said"] if row["said"].islower() and row["said"] != "en" else ""
        odd = zlib.crc32(row["file"].encode()) % 2 == 1
        yield Utterance(str(folder / row["file"]), text, "", "other", odd)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_manifest(path: Path, utterances: Iterable[Utterance]) -> None:
    """Write one JSON object per utterance."""
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(utterance)) + "\n" for utterance in utterances)


def read_manifest(path: Path) -> list[Utterance]:
    """Read what `write_manifest` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Utterance(**json.loads(line)) for line in lines]
