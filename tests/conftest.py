"""What every test may ask for."""

from pathlib import Path

import pytest
from hypothesis import settings
from voices import give_up

# Whether a property holds does not depend on how fast the machine is.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and source texts that lies beside the checkout, too large to be in it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        give_up(f"the recordings are missing: there is no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def clips(pytestconfig: pytest.Config) -> Path:
    """The cache that the product keeps rendered speech in, kept from run to run."""
    return pytestconfig.cache.mkdir("clips")  # type: ignore[no-any-return]  # pytest gives no type for its cache
