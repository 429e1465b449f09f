# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest

from odoo.tests import BaseCase, tagged

from .. import incoming


@tagged("post_install", "-at_install")
class TestIncoming(BaseCase):
    """What the headers of a mail say (SVC-18)."""

    def test_what_the_docstrings_show(self):
        self.assertFalse(doctest.testmod(incoming).failed)
