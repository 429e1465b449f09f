# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Qualification rules were drafts or confirmed; now they are approved."""
    cr.execute(
        "UPDATE key_account_qualification_rule SET state = 'approved' "
        "WHERE state = 'confirmed'"
    )
