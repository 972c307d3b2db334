"""Every table in one import, for migrations and for the tests that look at all of them."""

from importlib import import_module
from pkgutil import iter_modules

from models import tables
from models.tables.base import Base

for module in iter_modules(tables.__path__):
    if module.name != "all":
        import_module(f"{tables.__name__}.{module.name}")

METADATA = Base.metadata
