"""Delay the import of modules that other libraries import and rarely use."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _LazyModule(ModuleType):
    """A placeholder for a module, also in its package, that imports the module when an attribute is used."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        sys.modules[name] = self
        package, _, child = name.rpartition(".")
        if package:
            setattr(importlib.import_module(package), child, self)

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def import_lazily(*names: str) -> None:
    """Delay the import of these modules until they are used. Modules already imported are unchanged."""
    for name in names:
        if name not in sys.modules:
            _LazyModule(name)
