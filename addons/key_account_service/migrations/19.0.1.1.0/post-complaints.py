# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api

STANDARDS = ("complaint_complex", "complaint_group", "complaint_outage", "suggestion")


def migrate(cr, version):
    """The limits and the rule of complaints come as drafts: data files approve what
    they create at installation only."""
    if not version:
        return
    # sudo: the superuser may approve what the installation proposed
    env = api.Environment(cr, SUPERUSER_ID, {})
    names = [f"key_account_standard_{name}" for name in STANDARDS]
    for name in (*names, "key_account_complaint_rule_default"):
        rule = env.ref(f"key_account_service.{name}", raise_if_not_found=False)
        if rule and rule.state == "draft":
            rule.action_approve()
