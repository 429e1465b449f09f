# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api

NO_CONTACT = "key_account_service.key_account_care_plan_no_contact"
DAYS = {
    "diamond": 30,
    "gold": 60,
    "silver": 60,
    "A1": 30,
    "A2": 30,
    "B1": 60,
    "B2": 60,
}


def migrate(cr, version):
    """The shipped care plans are in force, as after an installation: an update loads
    their drafts but calls no function of data that are not updated."""
    # sudo: the superuser approves what comes with an update
    env = api.Environment(cr, SUPERUSER_ID, {})
    plans = env["key.account.care.plan"].search([("state", "=", "draft")])
    known = plans.get_external_id()
    shipped = plans.filtered(
        lambda plan: known[plan.id].startswith("key_account_service.")
    )
    no_contact = env.ref(NO_CONTACT, raise_if_not_found=False)
    if no_contact in shipped and len(no_contact.line_ids) == 1:
        shipped._add_shipped_days(NO_CONTACT, DAYS)
    shipped._name_shipped_rows()
    shipped.action_approve()
