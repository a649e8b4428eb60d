"""Half precision only where the processor has it: imitated, it takes a training of two hours through the week."""

import pytest
from optional import need

torch = need("torch", "scripts/train installs it")

from training.network import fast  # noqa: E402  # after torch is known to be there


@pytest.mark.parametrize(
    ("capability", "precision"),
    [("AVX512", torch.bfloat16), ("AVX2", torch.float32), ("DEFAULT", torch.float32)],
)
def test_products_are_of_half_precision_only_where_the_processor_has_them(
    capability: str, precision: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    some = torch.eye(2)
    with fast(torch.device("cpu")):
        product = some @ some
    assert product.dtype is precision
