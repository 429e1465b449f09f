# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
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
