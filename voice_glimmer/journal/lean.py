"""sqlite-utils without NumPy and pandas, which it loads for types that no glimmer has.

With them, a command that reads a few glimmers would take half as long again.
"""

import sys

_UNUSED = [name for name in ("numpy", "pandas") if name not in sys.modules]

# What is None there cannot be imported (https://docs.python.org/3/reference/import.html#the-module-cache).
sys.modules.update(dict.fromkeys(_UNUSED))  # type: ignore[arg-type]
try:
    import sqlite_utils  # noqa: F401
finally:
    for _name in _UNUSED:
        del sys.modules[_name]
