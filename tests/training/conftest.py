"""What all tests of the training share."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> Iterator[None]:
    """Compute on one thread: so small networks are trained faster without threads that wait for each other."""
    try:
        import torch  # noqa: PLC0415  # not every machine has it; the tests that need it say so
    except ImportError:
        yield
        return
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
