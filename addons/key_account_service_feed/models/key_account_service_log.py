# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountServiceLog(models.Model):
    """One service that a manager did in the branch's own system, for a customer or not:
    a row of the service log that the branch uploads (LOG-05, DX-02, SVC-18).

    A visit, call or meeting is a contact besides, which counts for the freshness and
    carries the cost. Written by files only.
    """

    _name = "key.account.service.log"
    _description = "Service Log"
    _inherit = ["key.account.fact.mixin", "key.account.cost.mixin"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["name", "remark"]
    # What is done at once costs what the same kind of request does.
    _cost_source = "request"

    # The index below begins with it.
    partner_id = fields.Many2one(required=False, index=False)
    name = fields.Char(
        string="Log Number", required=True, help="The number at the branch, as text."
    )
    feed_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Sent by",
        required=True,
        copy=False,
        ondelete="restrict",
        help="The branch whose files bring this log.",
    )
    feed_moment = fields.Char(
        string="As of", help="The period of the last file that said something of it."
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Served by",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        index="btree_not_null",
        ondelete="restrict",
    )
    class_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Service Class",
        required=True,
        ondelete="restrict",
        domain=[("category", "=", "service_class")],
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Operation",
        ondelete="restrict",
        domain=[("category", "in", ("contact_kind", "request_kind"))],
        help="What was done: a kind of request, or of contact.",
    )
    is_contact = fields.Boolean(
        string="A Contact", help="The operation is a kind of contact: see there."
    )
    date_start = fields.Datetime(string="Begun", required=True)
    date_stop = fields.Datetime(string="Ended")
    duration = fields.Float(string="Hours")
    day = fields.Date(help="Where the centre works: months count by it.")
    result = fields.Text()
    channel_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Channel",
        ondelete="restrict",
        domain=[("category", "=", "channel")],
    )
    operator = fields.Char(help="Who entered it in the branch's system.")
    remark = fields.Char(string="Remarks")
    contact_ids = fields.One2many(
        comodel_name="key.account.contact.event",
        inverse_name="service_log_id",
        string="Contacts",
    )

    _partner_idx = models.Index("(partner_id, day)")
    _unit_idx = models.Index("(unit_id, date_start)")
    _feed_uniq = models.UniqueIndex(
        "(feed_unit_id, name)", "The branch sent a service of this number before."
    )

    @api.depends("name", "kind_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for log in self:
            parts = [log.name, log.kind_id.name]
            log.display_name = " ".join(part for part in parts if part)

    def _cost_get_basis(self):
        """A contact has a cost of its own, that the log repeats."""
        self.ensure_one()
        if self.is_contact:
            return None
        return {
            "kind": self.kind_id,
            "day": self.day,
            "hours": self.duration,
            "km": 0,
        }

    def _cost_get_day(self):
        self.ensure_one()
        return self.day

    @api.model
    def _cost_get_day_sql(self) -> SQL:
        return SQL("fact.day")

    def action_view_contacts(self):
        """The contact that this row of the log is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "key.account.contact.event",
            "res_id": self.contact_ids[:1].id,
            "views": [(False, "form")],
        }
