"""Data files, YAML or TOML, read into checked objects; whatever is wrong is told with its file and line."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from voicecramp.errors import VoiceCrampError

__all__ = ["Strict", "load"]

T = TypeVar("T", bound=BaseModel)

_Place = tuple[str | int, ...]
"""Where a value stands: the keys and list indices that lead to it."""
_Lines = Mapping[tuple[str, ...], int]
"""The line (from 1) on which each place begins; indices and keys both as text."""

_LIKELY_TYPO = 60.0
"""How like a known key an unknown one must be to be taken for it (rapidfuzz ratio); "txt" for "text": 86."""
_LONGEST_QUOTE = 60
"""Characters of a wrong value that are quoted: enough to recognise it by."""


class Strict(BaseModel):
    """A schema whose objects cannot change and that takes no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load(path: Path, schema: type[T]) -> T:
    """Read a `.yaml`, `.yml` or `.toml` file and check it against a schema.

    YAML is read as a person means it: `yes`, `no`, `on`, `off` and dates are plain text, and a key
    given twice is an error. A file with nothing in it counts as one with no keys.

    Raises:
        VoiceCrampError: the file is missing, unreadable, malformed, or not as the schema wants it.
    """
    text = _text(path)
    if path.suffix in {".yaml", ".yml"}:
        data, lines = _read_yaml(path, text)
    elif path.suffix == ".toml":
        data, lines = _read_toml(path, text)
    else:
        raise VoiceCrampError(f"{path}: expected a file that ends in .yaml, .yml or .toml; rename it.")
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        if data == {}:
            needed = ", ".join(str(problem["loc"][-1]) for problem in error.errors() if problem["loc"])
            raise VoiceCrampError(f"{path}: it is empty; it needs {needed or 'content'}.") from None
        raise VoiceCrampError(_sentence(path, schema, data, lines, error.errors())) from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise VoiceCrampError(f"{path}: there is no such file; check the path.") from None
    except IsADirectoryError:
        raise VoiceCrampError(f"{path}: this is a folder, expected a file; check the path.") from None
    except OSError as error:
        raise VoiceCrampError(f"{path}: it cannot be read: {error.strerror}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise VoiceCrampError(f"{path}:{line}: this is not UTF-8 text; save the file as UTF-8.") from None


# YAML


class _Loader(yaml.CSafeLoader):
    """YAML without the surprises of version 1.1: `no` is a word, not false, and a date is text."""


_Loader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    if (kept := [(tag, form) for tag, form in resolvers if not tag.endswith((":bool", ":timestamp"))])
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def _read_yaml(path: Path, text: str) -> tuple[Any, _Lines]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}, {}
        lines: dict[tuple[str, ...], int] = {}
        for place, line in _yaml_places(node, (), ()):
            if place in lines:
                again = f"the key {'.'.join(place)} is given again, after line {lines[place]}"
                raise VoiceCrampError(f"{path}:{line}: {again}; remove one.")
            lines[place] = line
        return loader.construct_document(node), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = ": ".join(part for part in (error.context, error.problem) if part)
        raise VoiceCrampError(f"{path}:{line}: this is not valid YAML ({what}); correct it.") from None
    except yaml.YAMLError:
        odd = re.search("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
        line = text.count("\n", 0, odd.start()) + 1 if odd else 1
        raise VoiceCrampError(f"{path}:{line}: there is a control character; remove it.") from None
    except ValueError as error:
        raise VoiceCrampError(f"{path}: a value is not what its tag says ({error}); correct it.") from None
    finally:
        loader.dispose()


def _yaml_places(
    node: yaml.Node, place: tuple[str, ...], above: tuple[yaml.Node, ...]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give every key's and item's place and line; `above` stops an alias that contains itself."""
    if node in above:
        return
    children: list[tuple[str, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(str(index), item, item) for index, item in enumerate(node.value)]
    for name, at, child in children:
        yield (*place, name), at.start_mark.line + 1
        yield from _yaml_places(child, (*place, name), (*above, node))


# TOML

_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]\]?\s*(?:#.*)?")
_ASSIGNMENT = re.compile(rf"\s*({_KEYS})\s*=.*")


def _read_toml(path: Path, text: str) -> tuple[Any, _Lines]:
    try:
        return tomllib.loads(text), _toml_lines(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        found = re.match(r"line (\d+)", where)
        line = int(found[1]) if found else len(text.splitlines()) or 1
        raise VoiceCrampError(f"{path}:{line}: this is not valid TOML ({what}); correct it.") from None


def _toml_lines(text: str) -> _Lines:
    """Find the line of every table and key; of what stands inside a value, only the value's key.

    A line inside a multi-line text that looks like a key is taken for one: harmless, because only
    places that the data has are looked up, and the first line wins.
    """
    lines: dict[tuple[str, ...], int] = {}
    last: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()

    def names(keys: str) -> list[str]:
        return [key.strip("\"'") for key in re.findall(_KEY, keys)]

    def below(start: tuple[str, ...], keys: Sequence[str]) -> tuple[str, ...]:
        for key in keys:
            start = (*start, key)
            if start in last:
                start = (*start, str(last[start]))
        return start

    for number, content in enumerate(text.splitlines(), start=1):
        if header := _HEADER.fullmatch(content):
            *outer, name = names(header[2])
            if header[1] == "[[":
                array = (*below((), outer), name)
                last[array] = last.get(array, -1) + 1
            table = below((), [*outer, name])
            lines.setdefault(table, number)
        elif assignment := _ASSIGNMENT.fullmatch(content):
            lines.setdefault(below(table, names(assignment[1])), number)
    return lines


# What pydantic found, as one sentence


def _sentence(
    path: Path, schema: type[BaseModel], data: Any, lines: _Lines, problems: list[ErrorDetails]
) -> str:
    """Tell the trouble that explains most.

    A key that nobody knows comes first (misspelt, it is why another is missing), then a wrong value,
    then a missing key; last a key that only another branch of a union knows.
    """
    document = schema.model_json_schema()

    def rank(problem: ErrorDetails, place: _Place) -> int:
        if problem["type"] == "extra_forbidden":
            return 3 if place[-1] in _known_keys(document, place[:-1]) else 0
        return 2 if problem["type"] == "missing" else 1

    placed = [(problem, _place(data, problem)) for problem in problems]
    worst, place = min(placed, key=lambda pair: (rank(*pair), _line(lines, pair[1])))
    start, key, first = f"{path}:{_line(lines, place)}:", _dotted(place), rank(worst, place)
    if first == 0:
        return f"{start} the key {key} is unknown; {_advice(_known_keys(document, place[:-1]), place)}"
    if first == 2:
        return f"{start} the key {key} is missing; add it."
    if first == 3:
        return f"{start} the key {key} does not go with the other keys there; remove one of them."
    here = [other for other, there in placed if there == place and rank(other, there) == 1]
    if here[0]["type"] in {"value_error", "assertion_error"}:
        return f"{start} {key}: {here[0]['msg'].split(', ', 1)[1].rstrip('.')}."
    wanted = " or ".join(dict.fromkeys(map(_expected, here)))
    return f"{start} {key}: found {_quoted(here[0]['input'])}, expected {wanted}."


def _place(data: Any, problem: ErrorDetails) -> _Place:
    """Turn pydantic's `loc` into a place: besides keys it names branches of unions, which no data has."""
    loc = problem["loc"]
    if problem["type"] == "missing":
        return (*_resolved(data, loc[:-1]), loc[-1])
    return _resolved(data, loc)


def _resolved(data: Any, loc: _Place) -> _Place:
    if not loc:
        return ()
    head, rest = loc[0], loc[1:]
    past = _resolved(data, rest)
    children = dict(enumerate(data)) if isinstance(data, list) else data
    if isinstance(children, dict) and head in children:
        return max(past, (head, *_resolved(children[head], rest)), key=len)
    return past


def _line(lines: _Lines, place: _Place) -> int:
    """Return the line of a place, or of the nearest place around it that has one."""
    names = tuple(map(str, place))
    return next((lines[names[:end]] for end in range(len(names), 0, -1) if names[:end] in lines), 1)


def _dotted(place: _Place) -> str:
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


def _advice(known: Sequence[str], place: _Place) -> str:
    """Say which known key was probably meant, or else which there are."""
    near = process.extractOne(str(place[-1]), known, scorer=fuzz.ratio, score_cutoff=_LIKELY_TYPO)
    return f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}."


def _known_keys(document: Mapping[str, Any], place: _Place) -> list[str]:
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
            for child in (
                branch.get("properties", {}).get(part),
                branch.get("additionalProperties"),
                branch.get("items") if isinstance(part, int) else None,
            ):
                if isinstance(child, dict):
                    yield child

    here: list[Mapping[str, Any]] = [document]
    for part in place:
        here = [child for schema in here for child in inside(schema, part)]
    return list(
        dict.fromkeys(
            key for schema in here for branch in branches(schema) for key in branch.get("properties", {})
        )
    )
