"""The page of flows shows every step and every way on, and is the one that the guidance makes."""

import re
from pathlib import Path

import pytest
from documents.diagrams import flows_page

from voicecramp.dialogue import Content

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def content() -> Content:
    return Content.load(PROJECT / "intents/en")


@pytest.fixture(scope="module")
def diagrams(content: Content) -> dict[str, list[str]]:
    """The rows of each diagram, by its heading."""
    found = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", flows_page(content), re.DOTALL | re.MULTILINE)
    assert len(found) == len(content.flows) + 1
    return {name: [row.strip() for row in text.splitlines()] for name, text in found}


def test_the_published_page_is_up_to_date(content: Content) -> None:
    assert (PROJECT / "docs/flows.md").read_text() == flows_page(content), "run scripts/docs.py"


def test_every_step_and_every_way_on_is_drawn(content: Content, diagrams: dict[str, list[str]]) -> None:
    for name, flow in content.flows.items():
        rows = diagrams[name]
        for step in flow.steps:
            assert any(f"<b>{step}</b>" in row for row in rows), f"{name}/{step}"
        arrows = [row.split()[-1] for row in rows if "-->" in row or "-.->" in row]
        for _, target in flow.targets():
            assert "n_" + target.replace("-", "_").replace("/", "__") in arrows, f"{name}: {target}"


def test_every_node_that_an_arrow_names_is_drawn(diagrams: dict[str, list[str]]) -> None:
    for name, rows in diagrams.items():
        drawn = {match[0] for row in rows if (match := re.match(r"\w+(?=[\[({>])", row))}
        named = {
            node for row in rows if " n_" in row for node in re.findall(r"\bn_\w+", re.sub('".*?"', "", row))
        }
        assert named <= drawn, name


def test_labels_have_no_quotes_that_would_end_them(diagrams: dict[str, list[str]]) -> None:
    for rows in diagrams.values():
        assert all(row.count('"') % 2 == 0 and row.count('"') <= 2 for row in rows if row.startswith("n_"))
