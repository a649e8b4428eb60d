"""What is true of the code as a whole: the tools' verdicts, and the directions in which modules may look."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "voicecramp").rglob("*.py"))

STAGES = {"audio", "aec", "vad", "asr", "nlu", "dialogue", "tts", "playback", "diary"}
COMMON = {"datafile", "errors", "events", "frames", "models"}
"""What every stage may use; none of it knows a stage."""
INTENT_TYPES = {"Intent", "SlotValue", "Unsure"}
"""What the dialogue hears; the rest of `nlu` is not its business."""

KEPT = {"voicecramp.dialogue.past", "voicecramp.dialogue.records"}
"""What the diary keeps and is asked; the rest of `dialogue` is not its business."""

OWNERS = {
    "sounddevice": {"audio"},
    "vosk": {"asr"},
    "pocketsphinx": {"asr"},
    "webrtcvad": {"vad"},
    "pyttsx3": {"tts"},
    "hassil": {"nlu"},
    "unicode_rbnf": {"nlu"},
    "typer": {"cli"},
    "sqlite3": {"diary"},
    "pygal": {"diary"},
    "jinja2": {"diary"},
    "rich": {"cli", "terminal"},
}
"""Who knows a library, by its import name; nobody else does."""
CORE = STAGES - {"audio", "diary", "tts"} | {"pipeline"}
"""Deterministic code, whose only clock is the count of samples."""
MEETING = "timeline.py"
"""Where the two halves meet: one lock there, and no other thread."""
CLOCKS = {"asyncio", "datetime", "multiprocessing", "queue", "random", "sched", "threading", "time"}

PATTERNS = [
    r"/(work|root|farm|tmp)/",  # paths of one machine
    r"pypi\.org|pythonhosted\.|deb\.debian\.org|(extra-)?index-url[ =]|find-links[ =]",  # where packages come from
]


def part_of(module: Path) -> str:
    """Return the stage or top-level module a file belongs to; empty for the package itself."""
    name = module.relative_to(ROOT / "voicecramp").parts[0].removesuffix(".py")
    return "" if name == "__init__" else name


def imports(module: Path) -> Iterator[tuple[str, str]]:
    """Yield every import of a file, wherever in it, as the module and the name taken from it, if any."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: imports are absolute here"
            yield from ((node.module or "", alias.name) for alias in node.names)


def used_parts(module: Path) -> Iterator[tuple[str, str]]:
    """Yield the part of this package and the name taken from it, for every import from it."""
    for source, name in imports(module):
        match source.split("."):
            case ["voicecramp"]:
                yield name, ""
            case ["voicecramp", part, *_]:
                yield part, name


def in_parts(parts: set[str]) -> list[Path]:
    return [module for module in MODULES if part_of(module) in parts]


def named(module: Path) -> str:
    return str(module.relative_to(ROOT))


@pytest.mark.parametrize(
    "tool",
    [["ruff", "check", "--no-cache"], ["ruff", "format", "--check", "--no-cache"], ["mypy"]],
    ids=["lint", "format", "types"],
)
def test_tools_find_nothing(tool):
    done = subprocess.run(
        [sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_committed_knows_one_machine(pattern):
    found = subprocess.run(
        ["git", "grep", "-nIE", pattern], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert found.returncode == 1, found.stdout + found.stderr


def test_the_patterns_find_what_they_are_for():
    assert re.search(PATTERNS[0], "/".join(["", "tmp", "x"]))
    assert re.search(PATTERNS[1], "--" + "index-url" + "=x")


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_says_what_it_is_and_what_it_offers(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    offered = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    only_a_docstring = len(tree.body) == 1

    assert ast.get_docstring(tree)
    if module.name != "__main__.py" and module.parent.name + module.name != "voicecramp__init__.py":
        assert "__all__" in offered or only_a_docstring


@pytest.mark.parametrize("module", in_parts(STAGES), ids=named)
def test_a_stage_knows_no_other(module):
    stage = part_of(module)
    foreign = {
        (part, name)
        for part, name in used_parts(module)
        if part not in COMMON | {stage}
        and not (stage == "dialogue" and part == "nlu" and name in INTENT_TYPES)
        and not (stage == "diary" and part == "dialogue")  # see below
    }

    assert not foreign


@pytest.mark.parametrize("module", in_parts({"diary"}), ids=named)
def test_the_diary_knows_of_the_dialogue_what_it_keeps_and_is_asked(module):
    sources = {source for source, _ in imports(module)}

    assert {source for source in sources if source.startswith("voicecramp.dialogue")} <= KEPT


@pytest.mark.parametrize("module", in_parts({"diary"}), ids=named)
def test_the_diary_reads_no_clock(module):
    names = {
        node.attr
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }

    assert not names & {"now", "utcnow", "today"}


@pytest.mark.parametrize("module", in_parts(COMMON), ids=named)
def test_what_stages_share_knows_none_of_them(module):
    assert {part for part, _ in used_parts(module)} <= COMMON


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_library_is_known_to_its_owner_alone(module):
    used = {source.split(".")[0] for source, _ in imports(module)}

    assert {
        library for library in used if part_of(module) not in OWNERS.get(library, {part_of(module)})
    } == set()


def canonical(name: str) -> str:
    """Return a distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def installed_with() -> set[str]:
    """The import names of what installing the product brings by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonical(re.match(r"[\w.-]+", line)[0]) for line in project["dependencies"]}
    declared.add("pydantic-core")  # pydantic's own other half
    return {
        name
        for name, origins in packages_distributions().items()
        if declared.intersection(map(canonical, origins))
    }


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_the_product_needs_only_what_it_is_installed_with(module, installed_with):
    used = {source.split(".")[0] for source, _ in imports(module)} - sys.stdlib_module_names - {"voicecramp"}

    # What makes a model is not among them: neither scripts/training nor PyTorch.
    assert used - installed_with == set()


@pytest.mark.parametrize("module", in_parts(CORE), ids=named)
def test_the_core_knows_neither_clocks_nor_threads(module):
    used = {source.split(".")[0] for source, _ in imports(module)}

    assert used & CLOCKS <= ({"threading"} if module.name == MEETING else set())
