"""The two formats: text into plain data, and the line on which each key and item stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from voicecramp.errors import VoiceCrampError

__all__ = ["Lines", "read_toml", "read_yaml"]

Lines = Mapping[tuple[str, ...], int]
"""The line (from 1) on which each place begins; indices and keys both as text."""


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


def read_yaml(path: Path, text: str) -> tuple[Any, Lines]:
    """Return what the text holds, and its lines; VoiceCrampError, naming `path`, if it is not YAML."""
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


_KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS})\s*\]\]?\s*(?:#.*)?")
_ASSIGNMENT = re.compile(rf"\s*({_KEYS})\s*=.*")


def read_toml(path: Path, text: str) -> tuple[Any, Lines]:
    """Return what the text holds, and its lines; VoiceCrampError, naming `path`, if it is not TOML."""
    try:
        return tomllib.loads(text), _toml_lines(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        found = re.match(r"line (\d+)", where)
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        raise VoiceCrampError(f"{path}:{line}: this is not valid TOML ({what}); correct it.") from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, brackets in thousands of brackets
        raise VoiceCrampError(f"{path}: a value in it is too large to be read; correct it.") from None


def _toml_lines(text: str) -> Lines:
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

    for number, content in enumerate(text.split("\n"), start=1):
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
