"""Everything the source says: what is spoken of it, after which conversation, and which tests name it."""

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import RootModel

from documents.conversations import Conversation, find, have
from voicecramp import datafile
from voicecramp.dialogue import Content
from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.steps import StepLine
from voicecramp.dialogue.wording import WordingLine
from voicecramp.nlu import load
from voicecramp.nlu.phrases import read

__all__ = ["CONVERSATIONS", "conversations", "coverage_page", "known", "written"]

CONVERSATIONS = Path("tests/documents/conversations.yaml")
"""Where in the checkout the conversations are kept, for the test that has them."""

_INTRODUCTION = """\
# What the source says, and what is spoken of it

Made by `scripts/docs.py` from [the statements](../intents/statements.yaml), the lines that name them, and the tests;
change those, not this.

Every line of the guidance is said by a test: it has the conversation in the third column, by text from the first word,
and hears whether the line comes ([conversations](../tests/documents/conversations.yaml),
`tests/documents/test_coverage.py`). “…” is silence, a number in parentheses: the next is said into so manyth of the
steps that went on by themselves. The last column has the other tests in which the line's id stands.
"""

_HEADER = "| line | where | said after | named in |\n| --- | --- | --- | --- |"


@dataclass(frozen=True)
class _Spoken:
    """A line, and where it stands."""

    id: str
    text: str
    where: str
    source: tuple[str, ...]
    beyond: str


class _Kept(RootModel[dict[str, Conversation]]):
    """Conversations by the line that is said in each."""


def known(project: Path) -> Mapping[str, Conversation]:
    """Read the conversations that are kept."""
    path = project / CONVERSATIONS
    return datafile.load(path, _Kept).root if path.exists() else {}


def conversations(folder: Path, before: Mapping[str, Conversation]) -> Mapping[str, Conversation]:
    """Return a conversation for every line of a language's folder: the one there was, if it still leads there."""
    content, nlu, sentences = Content.load(folder), load(folder), read(folder)
    lines = [line.id for flow in content.flows.values() for line in flow.lines()]
    kept = {
        line: before[line]
        for line in lines
        if line in before and line in have(before[line], nlu, content, sentences.lists).lines
    }
    found = find(content, sentences, set(lines) - kept.keys())
    return {line: one for line in lines if (one := kept.get(line) or found.get(line))}


def written(had: Mapping[str, Conversation]) -> str:
    """Write conversations as they are kept."""
    rows = (
        f"{name}: {json.dumps(one.model_dump(exclude_defaults=True), ensure_ascii=False)}\n"
        for name, one in sorted(had.items())
    )
    return "# Made by scripts/docs.py: a conversation for every line of the guidance.\n" + "".join(rows)


def coverage_page(folder: Path, tests: Path, had: Mapping[str, Conversation]) -> str:
    """Return the page for a language's folder, from its tests and the conversations that lead to its lines."""
    content, named = Content.load(folder), _named(tests)
    lines = [*_lines(content.flows.values()), *_wording(content)]
    parts = [_INTRODUCTION, "| statement | the source says | lines | in |\n| --- | --- | --- | --- |"]
    for name, statement in content.statements.items():
        of_it = [line for line in lines if name in line.source]
        homes = ", ".join(dict.fromkeys(line.where.partition("/")[0] for line in of_it)) or "**nothing**"
        parts.append(f"| [{name}](#{name}) | {_cell(statement.says)} | {len(of_it)} | {homes} |")
    for name, statement in content.statements.items():
        refs = ", ".join(map(str, statement.refs))
        rows = (_row(line, "", had, named) for line in lines if name in line.source)
        parts += [f"\n## {name}\n\n> {statement.says} [{refs}]\n", _HEADER, *rows]
    beyond = (_row(line, f"*{_cell(line.beyond)}*", had, named) for line in lines if line.beyond)
    parts += ["\n## Beyond the source\n\nWhat it does not say, and why it is said.\n", _HEADER, *beyond]
    rest = (_row(line, "", had, named) for line in lines if not line.source and not line.beyond)
    parts += ["\n## Nothing clinical\n", _HEADER, *rest]
    return "\n".join(parts) + "\n"


def _row(line: _Spoken, reason: str, had: Mapping[str, Conversation], named: Mapping[str, list[str]]) -> str:
    after = _cell(str(had[line.id])) if line.id in had else "-"
    cells = [f"`{line.id}` {_cell(line.text)}{'<br>' * bool(reason)}{reason}", line.where, after]
    return f"| {' | '.join(cells)} | {'<br>'.join(named.get(line.id, []))} |"


def _lines(flows: Iterable[Flow]) -> Iterator[_Spoken]:
    for flow in flows:
        for place, line in datafile.places(flow, StepLine):
            step = place[1] if place[0] == "steps" else "anywhere"
            yield _Spoken(line.id, line.text, f"{flow.flow}/{step}", line.source or (), line.beyond)


def _wording(content: Content) -> Iterator[_Spoken]:
    for place, line in datafile.places(content.wording, WordingLine):
        if line.source or line.beyond:
            name = str(place[0]).replace("_", "-")
            yield _Spoken(name, line.text, "wording.yaml", line.source, line.beyond)


def _named(tests: Path) -> Mapping[str, list[str]]:
    """Find the tests in which each text stands, by itself, as a value."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        for part in ast.parse(path.read_text(encoding="utf-8")).body:
            name = getattr(part, "name", "")
            test = f"{path.relative_to(tests)}{'::' * bool(name)}{name}"
            for node in ast.walk(part):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and test not in found[node.value]
                ):
                    found[node.value].append(test)
    return found


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
