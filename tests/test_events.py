"""The event log is an interface: written as documented, read back as written."""

import json
import stat
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from voicecramp import events
from voicecramp.eventlog import EventLog

PROJECT = Path(__file__).resolve().parents[1]
KINDS = get_args(get_args(events.Event)[0])


def test_every_event_and_field_stands_in_the_readme() -> None:
    table = (PROJECT / "README.md").read_text().split("## The event log")[1].split("\n## ")[0]
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    for kind in KINDS:
        name = kind.model_fields["event"].default
        (row,) = (row for row in rows if f"`{name}`" in row.split("|")[1])
        for field, about in kind.model_fields.items():
            if field not in {"t", "event"}:
                assert f"`{about.alias or field}`" in row, f"{name} has {field}"


def test_the_published_schema_is_that_of_the_events() -> None:
    published = json.loads((PROJECT / "docs/events.schema.json").read_text())
    assert published == events.json_schema(), "run scripts/docs.py"


def test_an_event_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    said = events.Said(t=1.0, id="a", text="Straighten.", start=1.0, end=1.5, source=["stretch-first"])
    moved = events.StateChange.model_validate({"t": 2.0, "from": "idle", "to": "guiding calf/straighten"})
    with EventLog(tmp_path / "log.jsonl") as log:
        log.write(said)
        assert (tmp_path / "log.jsonl").read_text().endswith("}\n"), "flushed as it happens"
        log.write(moved)
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [events.parse(line) for line in lines] == [said, moved]
    assert json.loads(lines[1])["from"] == "idle"


@pytest.mark.parametrize("before", [None, 0o640])
def test_a_log_is_private_unless_it_was_there_and_was_not(tmp_path: Path, before: int | None) -> None:
    path = tmp_path / "log.jsonl"
    if before:
        path.touch()
        path.chmod(before)
    with EventLog(path):
        assert stat.S_IMODE(path.stat().st_mode) == (before or 0o600)


@pytest.mark.parametrize(
    "line", ["", "{}", '{"event": "dance", "t": 1}', '{"event": "partial", "t": -1, "text": ""}']
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValidationError):
        events.parse(line)
