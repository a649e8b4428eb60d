"""The recordings: who said what, and which of it is kept out of training."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from pydantic import BaseModel, ValidationError

from training.files import whole
from training.settings import COFFEE
from voicecramp.errors import VoiceCrampError

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
    """The name of the file that lists it; `coffee` or `synthetic`."""
    held_out: bool
    """Kept for testing: trained on by no model, except coffee's, which the shipped model is trained on."""


def normalise(text: str) -> str:
    """Return the words of a sentence, lower case, letters of any alphabet and apostrophes kept, all else gone."""
    plain = re.sub(r"[^\w' ]+|[\d_]+", " ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    words = (word.strip("'") for word in plain.split())
    return " ".join(word for word in words if word)


def load(path: Path | str) -> np.ndarray:
    """Return a recording's samples: float32 from -1 to 1, mono, at RATE. Raises `VoiceCrampError` where there are none."""
    try:
        sound, rate = soundfile.read(str(path), dtype="float32")
    except soundfile.LibsndfileError as error:
        raise _unreadable(path, error.error_string.rstrip(".")) from None
    if sound.ndim > 1:
        sound = sound.mean(axis=1)
    resampled: np.ndarray = sound if rate == RATE else soxr.resample(sound, rate, RATE)
    return resampled


def write_recording(path: Path, sound: np.ndarray) -> None:
    """Write samples from -1 to 1, mono, at RATE, as FLAC of 16 bits."""
    with whole(path) as part:
        soundfile.write(part, sound, RATE, subtype="PCM_16")


def read_corpus(folder: Path, held_out: Mapping[str, int]) -> Iterator[Utterance]:
    """Yield the recordings that a folder's *.jsonl files list; the file's name is their source.

    A line is a JSON object: `file`, relative to the folder; `text`, what is said in it, if somebody wrote it down; and
    `speaker`, where the speakers can be told apart. coffee.jsonl is left out: it has labels instead of texts. Raises
    `VoiceCrampError` with the place where a line is none.

    Args:
        folder: where the files are.
        held_out: for a source of which some is kept out of training, every how-manieth: of its speakers in the order of
            their names or, where they are not known, of its recordings by a hash of the name. What is there twice is
            then taken once, for its copies may be on both sides.
    """
    for listing in sorted(folder.glob("*.jsonl")):
        source = listing.stem
        if source == COFFEE:
            continue
        with listing.open(encoding="utf-8") as lines:
            rows = [_row(line, f"{listing}:{number}") for number, line in enumerate(lines, start=1)]
        out = set[str]()
        if nth := held_out.get(source):
            speakers = sorted({row.speaker for row in rows if row.speaker})
            rows = rows if speakers else _once(rows, folder)
            numbers = {row.file: zlib.crc32(row.file.encode()) for row in rows if not speakers}
            kept = speakers[::nth]
            out = {row.file for row in rows if row.speaker in kept}
            out |= {file for file, number in numbers.items() if number % nth == nth - 1}
        for row in rows:
            path = str(folder / row.file)
            yield Utterance(path, normalise(row.words), row.speaker, source, row.file in out)


class _Row(BaseModel):
    """A line of a listing, as far as it is looked at."""

    file: str
    text: str = ""
    speaker: str = ""
    said: str = ""
    """The folder that a recording was in, which in capitals (and "en") stands for many sentences."""

    @property
    def words(self) -> str:
        return self.text or (self.said if self.said.islower() and self.said != "en" else "")


def _once(rows: Iterable[_Row], folder: Path) -> list[_Row]:
    """Return the rows without those whose recording is a copy of one before it."""
    contents: dict[int, _Row] = {}
    for row in rows:
        try:
            contents.setdefault(zlib.crc32((folder / row.file).read_bytes()), row)
        except OSError as error:
            raise _unreadable(folder / row.file, error.strerror) from None
    return list(contents.values())


def _unreadable(path: Path | str, why: str | None) -> VoiceCrampError:
    return VoiceCrampError(f"{path}: {why}; correct the listing that names it.")


def _row(line: str, where: str) -> _Row:
    try:
        return _Row.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        key = f" {fault['loc'][0]}:" if fault["loc"] else ""
        raise VoiceCrampError(f"{where}:{key} {fault['msg']}.") from None


def write_manifest(path: Path, utterances: Iterable[Utterance]) -> None:
    """Write one JSON object per utterance."""
    with whole(path) as part, part.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(utterance)) + "\n" for utterance in utterances)


def read_manifest(path: Path) -> list[Utterance]:
    """Read what `write_manifest` wrote."""
    with path.open(encoding="utf-8") as lines:
        return [Utterance(**json.loads(line)) for line in lines]
