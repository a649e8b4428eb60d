"""What only some tests need, and not every machine has."""

import importlib
import os
from types import ModuleType

import pytest

__all__ = ["need"]


def need(module: str, reason: str) -> ModuleType:
    """Import a module for a whole file of tests.

    Where it is missing the file is skipped on somebody's machine, and fails where `CI` is set.
    """
    if os.environ.get("CI"):
        return importlib.import_module(module)
    found: ModuleType = pytest.importorskip(module, reason=reason)
    return found
