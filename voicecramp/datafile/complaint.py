"""What pydantic found, as one sentence for the person who wrote the file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from voicecramp.datafile.formats import Lines

__all__ = ["Place", "address", "sentence"]

Place = tuple[str | int, ...]
"""Where a value stands: the keys and list indices that lead to it."""

_LIKELY_TYPO = 60.0
"""How like a known key an unknown one must be to be taken for it (rapidfuzz ratio); "txt" for "text": 86."""
_LONGEST_QUOTE = 60
"""Characters of a wrong value that are quoted: enough to recognise it by."""


class _Kind(IntEnum):
    """The kinds of trouble; the one that explains most comes first."""

    UNKNOWN = 0
    """A key that nothing there knows: misspelt, it is why another is missing."""
    WRONG = 1
    """A value that does not do."""
    MISSING = 2
    MISPLACED = 3
    """A key that only another branch of a union knows."""


def sentence(
    path: Path, schema: type[BaseModel], data: Any, lines: Lines, problems: list[ErrorDetails]
) -> str:
    """Tell the trouble that explains most: where it is, what was found there and what was expected."""
    document = schema.model_json_schema()

    def kind(problem: ErrorDetails, place: Place) -> _Kind:
        if problem["type"] == "extra_forbidden":
            return _Kind.MISPLACED if place[-1] in _known_keys(document, place[:-1]) else _Kind.UNKNOWN
        return _Kind.MISSING if problem["type"] == "missing" else _Kind.WRONG

    found = [(kind(problem, place := _place(data, problem)), place, problem) for problem in problems]
    worst, place, problem = min(found, key=lambda trouble: (trouble[0], _line(lines, trouble[1])))
    start, key = f"{path}:{_line(lines, place)}:", _dotted(place)
    match worst:
        case _Kind.UNKNOWN:
            return f"{start} the key {key} is unknown; {_advice(_known_keys(document, place[:-1]), place)}"
        case _Kind.MISSING:
            return f"{start} the key {key} is missing; add it."
        case _Kind.MISPLACED:
            return f"{start} the key {key} does not go with the other keys there; remove one of them."
    if problem["type"] in {"value_error", "assertion_error"}:
        return f"{start} {key}: {problem['msg'].split(', ', 1)[1].rstrip('.')}."
    branches = (other for which, there, other in found if (which, there) == (worst, place))
    wanted = " or ".join(dict.fromkeys(map(_expected, branches)))
    return f"{start} {key}: found {_quoted(problem['input'])}, expected {wanted}."


def _place(data: Any, problem: ErrorDetails) -> Place:
    """Turn pydantic's `loc` into a place: besides keys it names branches of unions, which no data has."""
    loc = problem["loc"]
    if problem["type"] == "missing":
        return (*_resolved(data, loc[:-1]), loc[-1])
    return _resolved(data, loc)


def _resolved(data: Any, loc: Place) -> Place:
    if not loc:
        return ()
    head, rest = loc[0], loc[1:]
    past = _resolved(data, rest)
    children = dict(enumerate(data)) if isinstance(data, list) else data
    if isinstance(children, dict) and head in children:
        return max(past, (head, *_resolved(children[head], rest)), key=len)
    return past


def address(path: Path, lines: Lines, place: Place) -> str:
    """Tell where in a file a place is: its line and its key."""
    return f"{path}:{_line(lines, place)}: {_dotted(place)}"


def _line(lines: Lines, place: Place) -> int:
    """Return the line of a place, or of the nearest place around it that has one."""
    names = tuple(map(str, place))
    return next((lines[names[:end]] for end in range(len(names), 0, -1) if names[:end] in lines), 1)


def _dotted(place: Place) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".") or "the file"


def _quoted(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case dict():
            return "keys with values"
        case list():
            return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


def _expected(problem: ErrorDetails) -> str:
    if problem["type"] in {"model_type", "dict_type", "model_attributes_type"}:
        return "keys with values"
    message = problem["msg"].removeprefix("Input should be ").rstrip(".")
    return message[0].lower() + message[1:]


def _advice(known: Sequence[str], place: Place) -> str:
    """Say which known key was probably meant, or else which there are."""
    near = process.extractOne(str(place[-1]), known, scorer=fuzz.ratio, score_cutoff=_LIKELY_TYPO)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}."


def _known_keys(document: Mapping[str, Any], place: Place) -> list[str]:
    """Follow a place through a JSON Schema; return the keys it knows there, in all branches of unions."""

    def branches(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        yield schema
        if "$ref" in schema:
            yield from branches(document["$defs"][schema["$ref"].rsplit("/", 1)[1]])
        for union in ("anyOf", "oneOf", "allOf"):
            for branch in schema.get(union, ()):
                yield from branches(branch)

    def inside(schema: Mapping[str, Any], part: str | int) -> Iterator[Mapping[str, Any]]:
        for branch in branches(schema):
            children = (
                branch.get("properties", {}).get(part),
                branch.get("additionalProperties"),
                *branch.get("patternProperties", {}).values(),
                branch.get("items"),
            )
            yield from (child for child in children if isinstance(child, dict))

    here: list[Mapping[str, Any]] = [document]
    for part in place:
        here = [child for schema in here for child in inside(schema, part)]
    known = (branch.get("properties", {}) for schema in here for branch in branches(schema))
    return list(dict.fromkeys(key for keys in known for key in keys))
