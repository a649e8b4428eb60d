import sys
from pathlib import Path

import pytest
from command_line import Result, Run

from voicecramp.cli import main


@pytest.fixture
def voicecramp(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clips: Path, tmp_path: Path
) -> Run:
    """Run the command line here, as a person whose home is empty and whose terminal is wide."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(clips))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr(sys, "argv", ["voicecramp", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Result(code, printed.out, printed.err)

    return run
