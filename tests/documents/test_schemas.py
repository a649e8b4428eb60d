"""The published schemas are those of the program, and take every file there is."""

import json
from pathlib import Path
from typing import Any

import pytest
from documents.schemas import SCHEMAS, schemas
from jsonschema import Draft202012Validator

from voicecramp.datafile.formats import read_yaml

PROJECT = Path(__file__).parents[2]
INTENTS = PROJECT / "intents"


def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((INTENTS / f"schema/{kind}.schema.json").read_text()))


def parsed(path: Path) -> Any:
    data, _ = read_yaml(path, path.read_text())
    return data


@pytest.mark.parametrize(("path", "text"), schemas().items(), ids=lambda one: getattr(one, "name", ""))
def test_the_published_schemas_are_up_to_date(path: Path, text: str) -> None:
    assert (PROJECT / path).read_text() == text, "run scripts/docs.py"
    Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_file_is_as_its_schema_wants_it(kind: str) -> None:
    paths = sorted(INTENTS.glob(SCHEMAS[kind][1]))
    assert paths
    for path in paths:
        errors = [
            f"{path.name}: {error.json_path}: {error.message}"
            for error in validator(kind).iter_errors(parsed(path))
        ]
        assert errors == []


def test_no_file_is_without_a_schema() -> None:
    known = {path for _, pattern in SCHEMAS.values() for path in INTENTS.glob(pattern)}
    assert set(INTENTS.rglob("*.yaml")) == known


LINE = {"id": "a", "text": "A.", "source": []}
STEPS = {"a": {"say": [LINE], "then": "end"}}


@pytest.mark.parametrize(
    "flow",
    [
        {},
        {"flow": "A b", "first": "a", "steps": STEPS},
        {"flow": "a", "first": "a", "steps": {}},
        {"flow": "a", "first": "a", "steps": STEPS, "frist": "a"},
        {"flow": "a", "first": "a", "steps": {"a": {"hold": 3}}},
        {"flow": "a", "first": "a", "steps": {"a": {"hold": 3, "rest": 3, "then": "end"}}},
        {"flow": "a", "first": "a", "steps": {"a": {"say": [], "then": "end"}}},
        {"flow": "a", "first": "a", "steps": {"a": {"say": [{"id": "a", "text": "A."}], "then": "end"}}},
        {"flow": "a", "first": "a", "steps": {"a": {"say": [{**LINE, "beyond": "so"}], "then": "end"}}},
    ],
)
def test_an_editor_marks_what_is_wrong(flow: dict[str, Any]) -> None:
    assert list(validator("guidance").iter_errors(flow))


def test_an_editor_takes_a_value_and_a_list_of_values_as_a_condition() -> None:
    lines = [{**LINE, "when": {"side": "left", "swollen": ["no", ""]}}]
    flow = {"flow": "a", "first": "a", "steps": {"a": {"say": lines, "then": "end"}}}
    assert list(validator("guidance").iter_errors(flow)) == []
