# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Corrections name the bill they correct: the one of their number (ARR-01)."""
    cr.execute(
        """
        UPDATE key_account_bill AS correction
           SET origin_id = bill.id
          FROM key_account_bill AS bill
         WHERE correction.kind = 'correction' AND correction.origin_id IS NULL
           AND bill.partner_id = correction.partner_id
           AND bill.name = correction.name AND bill.revision = 0
           AND bill.currency_id = correction.currency_id
        """
    )
