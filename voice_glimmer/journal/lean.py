"""sqlite-utils without what it has for a command line, for dates, for NumPy and for pandas.

With NumPy, a command that reads a few glimmers would take half as long again.
"""

import sys
from functools import partial

from voice_glimmer.lean import without

_NO_TYPES = [name for name in ("numpy", "pandas") if name not in sys.modules]

# What is None there cannot be imported (https://docs.python.org/3/reference/import.html#the-module-cache),
# and of these it asks whether they can.
sys.modules.update(dict.fromkeys(_NO_TYPES))  # type: ignore[arg-type]
try:
    with without("click", "dateutil"):
        from sqlite_utils import Database
finally:
    for _name in _NO_TYPES:
        del sys.modules[_name]

database = partial(Database, execute_plugins=False)
"""Opens one; whatever else is installed on this machine has no say in it, and is not looked for."""
