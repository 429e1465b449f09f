# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""WeasyPrint is loaded with the first paper, and where it cannot be, says what to type.

It stands on Pango, which comes from the system: where that is missing the import fails
with an error of the loader, which tells nobody what to do.
"""

import importlib
import logging
from functools import cache

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"

# They tell each step, and each property of a style sheet that they do not know.
CHATTY = ("weasyprint", "weasyprint.progress", "fontTools")


class EngineMissing(Exception):
    """WeasyPrint cannot be used here; ``remedy`` is the command that changes it."""

    def __init__(self, remedy, reason):
        super().__init__(reason)
        self.remedy = remedy


@cache
def load():
    """The module that renders, or EngineMissing, which may be mended meanwhile."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return importlib.import_module(".paper", __package__)
    except ImportError as error:
        raise EngineMissing("pip install weasyprint", str(error)) from error
    except OSError as error:
        remedy = f"apt-get install -y --no-install-recommends {PACKAGES}"
        raise EngineMissing(remedy, str(error)) from error


def is_there():
    try:
        load()
    except EngineMissing:
        return False
    return True
