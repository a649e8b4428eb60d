"""The shape of every kind of file in `intents/`, as JSON Schema: an editor that reads it completes and explains them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from voicecramp.dialogue.guidance import Flow
from voicecramp.dialogue.statements import Statements
from voicecramp.dialogue.wording import Wording
from voicecramp.nlu.schema import Common, SentenceFile

__all__ = ["SCHEMAS", "schema", "schemas"]

SCHEMAS: Mapping[str, tuple[type[BaseModel], str]] = {
    "guidance": (Flow, "en/guidance/*.yaml"),
    "sentences": (SentenceFile, "en/sentences/*.yaml"),
    "common": (Common, "en/_common.yaml"),
    "wording": (Wording, "en/wording.yaml"),
    "statements": (Statements, "statements.yaml"),
}
"""Each kind of file: what it must be, and where in `intents/` such files are."""


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return what a kind of file must be, as far as a schema can tell."""
    document = model.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_untitled(document)}


def schemas() -> dict[Path, str]:
    """Return the files to publish, by their path in the checkout."""
    return {
        Path(f"intents/schema/{name}.schema.json"): json.dumps(schema(model), indent=2) + "\n"
        for name, (model, _) in SCHEMAS.items()
    }


def _untitled(value: Any) -> Any:
    """Leave out the titles that pydantic makes of names: editors show them in place of what matters."""
    if isinstance(value, dict):
        return {
            key: _untitled(item) for key, item in value.items() if key != "title" or not isinstance(item, str)
        }
    return [_untitled(item) for item in value] if isinstance(value, list) else value
