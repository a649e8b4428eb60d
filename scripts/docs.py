"""Makes what is published of the program and its content: `python scripts/docs.py`, and commit what changed.

docs/session.svg, the picture of a session; docs/events.schema.json, a line of the event log; docs/flows.md, the
guidance as diagrams; docs/coverage.md, what is said of each statement of the source, with the conversations that
lead there in tests/documents/conversations.yaml (where many lines are new, finding them takes minutes);
intents/schema, the shape of every content file.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from documents.coverage import CONVERSATIONS, conversations, coverage_page, known, written
from documents.diagrams import flows_page
from documents.picture import picture
from documents.schemas import schemas

from voicecramp import events, resources
from voicecramp.assistant import LANGUAGE
from voicecramp.dialogue import Content

PROJECT = Path(__file__).resolve().parents[1]


def pages() -> Mapping[Path, str]:
    """Return all there is to publish, by its path in the checkout."""
    content = resources.intents() / LANGUAGE
    had = conversations(content, known(PROJECT))
    return {
        **schemas(),
        Path("docs/events.schema.json"): json.dumps(events.json_schema(), indent=2) + "\n",
        Path("docs/flows.md"): flows_page(Content.load(content)),
        CONVERSATIONS: written(had),
        Path("docs/coverage.md"): coverage_page(content, PROJECT / "tests", had),
        Path("docs/session.svg"): picture(),
    }


if __name__ == "__main__":
    for path, text in pages().items():
        (PROJECT / path).parent.mkdir(exist_ok=True)
        (PROJECT / path).write_text(text, encoding="utf-8")
