"""Steps beside each other, where none is to be shipped."""

import json
from pathlib import Path

from optional import need
from typer.testing import CliRunner

need("torch", "scripts/train installs it")

from training.__main__ import app  # noqa: E402  # after torch is known to be there

TABLE = """\
| step | commands | sentences |
| --- | --- | --- |
| only | 3 of 4 | 1 of 2 |
| further | 4 of 4 | - |
"""


def test_what_was_measured_is_printed_side_by_side(tmp_path: Path) -> None:
    settings = tmp_path / "compared.toml"
    mini = Path(__file__).with_name("mini.toml").read_text(encoding="utf-8")
    settings.write_text(mini.replace('ship = "only"', 'ship = ""'), encoding="utf-8")
    (tmp_path / "models" / "mini").mkdir(parents=True)  # what `further` goes on from
    results = tmp_path / "work" / "results"
    results.mkdir(parents=True)
    for step, tests in {
        "only": {"commands": (3, 4), "sentences": (1, 2)},
        "further": {"commands": (4, 4)},
    }.items():
        rows = {test: {"hits": hits, "total": total} for test, (hits, total) in tests.items()}
        (results / f"{step}.json").write_text(json.dumps(rows), encoding="utf-8")
    folders = ["--work", str(tmp_path / "work"), "--models", str(tmp_path / "models")]
    done = CliRunner().invoke(app, [str(settings), *folders, "--only", "compare"])
    assert TABLE in done.output
    assert (
        "no such stage: ship" in CliRunner().invoke(app, [str(settings), *folders, "--only", "ship"]).output
    )
