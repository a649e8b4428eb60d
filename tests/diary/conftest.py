from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a diary may be begun."""
    return tmp_path / "data" / "diary.db"
