"""Modules that others import and hardly use are loaded when they are used."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until something in it is used; in its package too, which would import it."""

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


def load_later(*names: str) -> None:
    """From now on, who imports these modules waits only for those that it uses. What is loaded stays as it is."""
    for name in names:
        if name not in sys.modules:
            _Later(name)
