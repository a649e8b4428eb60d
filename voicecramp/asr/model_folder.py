"""Is this folder a Vosk model? Asked first, because on some that are not Vosk ends the whole process."""

import re
import struct
from pathlib import Path

from voicecramp.errors import VoiceCrampError
from voicecramp.models import check

__all__ = ["check_model_folder"]

_OPTION = re.compile(r"--[\w.-]+=\S+")
"""A line of a configuration file of Kaldi's."""

_SILENCE = "--endpoint.silence-phones="
"""The one option without which Vosk aborts at the first sound."""

_GRAPH = struct.pack("<ii", 2125659606, 5) + b"const"
"""How a graph in OpenFst's constant layout begins; Vosk's lies inside a look-ahead graph."""

_STATE, _ARC = 20, 16
"""Bytes of a state and of an arc in that layout."""


def check_model_folder(folder: Path) -> None:
    """Refuse a folder that Vosk would abort on: something missing, or the configuration or the graph damaged.

    An empty file too, as a power cut leaves it: of an empty words.txt Vosk takes that there are no words, and is deaf.

    Other damage makes Vosk refuse the model by itself, except bytes that changed in place: those are for the
    checksums of `voicecramp models install`.

    Raises:
        VoiceCrampError: What is wrong and in which file.
    """
    check(folder)
    for file in sorted((folder / "graph").rglob("*")):
        if file.is_file() and not file.stat().st_size:
            raise VoiceCrampError(f"{file} is empty; install the model again.")
    _check_options(folder / "conf/model.conf")
    _check_graph(folder / "graph/HCLr.fst")


def _check_options(file: Path) -> None:
    text = file.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        option = line.split("#")[0].strip()
        if option and not _OPTION.fullmatch(option):
            raise VoiceCrampError(
                f"{file}, line {number} is no option like --beam=12; install the model again."
            )
    if _SILENCE not in text:
        raise VoiceCrampError(f"{file} lacks {_SILENCE}...; install the model again.")


def _check_graph(file: Path) -> None:
    """Refuse a graph that is not one, or shorter than its own header says."""
    data = file.read_bytes()
    at = data.find(_GRAPH) + len(_GRAPH)
    try:
        (arc_type,) = struct.unpack_from("<i", data, at)
        at += 4 + arc_type + 24  # past the arc type's name, version, flags, properties and start state
        states, arcs = struct.unpack_from("<qq", data, at)
    except struct.error:
        states = arcs = len(data)
    if _GRAPH not in data or len(data) < at + 16 + states * _STATE + arcs * _ARC:
        raise VoiceCrampError(f"{file} is damaged or cut short; install the model again.")
