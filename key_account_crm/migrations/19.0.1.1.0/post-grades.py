# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The rules of the default profile come into force where nothing regulates yet, as
    at an installation (GRD-03)."""
    # sudo: what comes with an update is approved by the installation.
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["key.account.profile"]._install("telecom")
