# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountComplaint(models.Model):
    """A complaint that a branch sent: known by the number it has there."""

    _inherit = "key.account.complaint"

    feed_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Sent by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The branch whose files bring this complaint.",
    )
    feed_moment = fields.Char(
        string="As of",
        readonly=True,
        copy=False,
        help="The period of the last file that said something of it.",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _feed_uniq = models.UniqueIndex(
        "(feed_unit_id, reference) WHERE feed_unit_id IS NOT NULL",
        "The branch sent a complaint of this number before.",
    )
