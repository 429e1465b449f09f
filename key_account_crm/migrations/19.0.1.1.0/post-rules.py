# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    _number_qualification_rules(cr)
    _gather_completeness_items(cr)


def _gather_completeness_items(cr):
    """The facts of a complete file were a list; they become its first version."""
    # sudo: what comes with an update is approved by the installation.
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref("key_account_crm.key_account_completeness_rule_default")
    if rule.state != "draft":
        return
    cr.execute("DELETE FROM key_account_completeness_item WHERE active = FALSE")
    cr.execute(
        "UPDATE key_account_completeness_item SET rule_id = %s WHERE rule_id IS NULL",
        [rule.id],
    )
    env.invalidate_all()
    if rule.item_ids:
        rule.action_approve()


def _number_qualification_rules(cr):
    """Versions of qualification rules are counted; who confirmed them approved them."""
    cr.execute(
        """
        UPDATE key_account_qualification_rule AS rule
           SET version = counted.version, approver_id = rule.write_uid,
               author_id = rule.create_uid, date_approved = rule.write_date,
               date_proposed = rule.write_date
          FROM (
            SELECT id, row_number() OVER (ORDER BY date_from, id) AS version
              FROM key_account_qualification_rule
             WHERE state = 'approved'
          ) AS counted
         WHERE counted.id = rule.id AND rule.approver_id IS NULL
        """
    )
