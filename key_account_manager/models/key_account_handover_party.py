# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class KeyAccountHandoverParty(models.Model):
    """A manager who gives or takes customers by an order: what it means for him, and
    that he acknowledged it (ASG-07). The hand-over sheet is printed from here."""

    _name = "key.account.handover.party"
    _description = "Party of a Hand-over"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "order_id desc, side, id"

    order_id = fields.Many2one(
        comodel_name="key.account.handover",
        string="Hand-over",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    # Managers do not read orders, only what concerns themselves.
    name = fields.Char(string="Number", related="order_id.name", store=True)
    state = fields.Selection(related="order_id.state", store=True)
    date_effective = fields.Date(related="order_id.date_effective", store=True)
    date_end = fields.Date(related="order_id.date_end")
    reason = fields.Char(related="order_id.reason")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit", readonly=True, index=True, ondelete="restrict"
    )
    side = fields.Selection(
        selection=[("gives", "Gives"), ("takes", "Takes")], required=True, readonly=True
    )
    customer_count = fields.Integer(string="Customers", readonly=True)
    line_count = fields.Integer(string="Line Files", readonly=True)
    load_before = fields.Integer(readonly=True, aggregator=None)
    load_after = fields.Integer(readonly=True, aggregator=None)
    load_max = fields.Integer(string="Most", readonly=True, aggregator=None)
    is_over = fields.Boolean(string="Over the Limit", readonly=True)
    travel_text = fields.Char(string="Travels along", readonly=True)
    warning = fields.Text(readonly=True, help="What the new manager may not do.")
    date_acknowledged = fields.Datetime(string="Acknowledged on", readonly=True)
    remark = fields.Text(readonly=True, help="What the manager noted on it.")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for party in self:
            party.is_mine = party.user_id == self.env.user

    @api.model
    def _make(self, order):
        """The parties of an order with its present rows. As superuser."""
        counts = self._count_rows(order)
        travelling = order._count_parts()
        user_ids = {user_id for user_id, _side in counts}
        managers = self.env["key.account.manager"].with_context(active_test=False)
        loads = managers._count_load(list(user_ids))
        files = managers.search([("user_id", "in", list(user_ids))])
        files = {file.user_id.id: file for file in files}
        vals_list = []
        for (user_id, side), (homes, lines, _all) in sorted(counts.items()):
            file = files.get(user_id, managers.browse())
            before = loads.get(user_id, {}).get("load", 0)
            after = before + self._get_change(counts, user_id)
            user = self.env["res.users"].browse(user_id)
            vals_list.append(
                {
                    "order_id": order.id,
                    "user_id": user_id,
                    "unit_id": user.key_account_unit_id.id,
                    "side": side,
                    "customer_count": homes,
                    "line_count": lines,
                    "load_before": before,
                    "load_after": after,
                    "load_max": file.load_max,
                    "is_over": bool(file) and after > file.load_max,
                    "travel_text": self._get_travel_text(travelling, user_id, side),
                    "warning": side == "takes"
                    and self._get_warning(order, user, file, files),
                }
            )
        return self.create(vals_list)

    def _count_rows(self, order):
        """{(user id, side): (customers, line files, different customers)}"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT user_id, side, COUNT(*) FILTER (WHERE line_id IS NULL),
                       COUNT(line_id), COUNT(DISTINCT partner_id)
                  FROM (
                    SELECT from_user_id AS user_id, 'gives' AS side, partner_id, line_id
                      FROM key_account_handover_line WHERE order_id = %(order)s
                       AND %(is_main)s
                     UNION ALL
                    SELECT to_user_id, 'takes', partner_id, line_id
                      FROM key_account_handover_line WHERE order_id = %(order)s
                  ) AS row
                 WHERE user_id IS NOT NULL GROUP BY user_id, side
                """,
                order=order.id,
                is_main=order.role == "main",
            )
        )
        return {(user, side): (home, line, n) for user, side, home, line, n in rows}

    def _get_change(self, counts, user_id):
        nothing = (0, 0, 0)
        taken = counts.get((user_id, "takes"), nothing)[2]
        return taken - counts.get((user_id, "gives"), nothing)[2]

    def _get_travel_text(self, travelling, user_id, side):
        sums = {}
        for (giver, taker), found in travelling.items():
            if user_id == (giver if side == "gives" else taker):
                for label, count in found.items():
                    sums[label] = sums.get(label, 0) + count
        return ", ".join(f"{count} {label}" for label, count in sums.items())

    def _get_warning(self, order, user, file, files):
        """What stands against the new manager, in sentences."""
        problems = []
        if not file:
            problems.append(self.env._("No manager file: no limit is known."))
        elif file.state != "active":
            label = dict(file._fields["state"]._description_selection(self.env))
            problems.append(self.env._("Status: %(status)s.", status=label[file.state]))
        givers = order.line_ids.from_user_id
        missing = self.env["key.account.operation"]
        for giver in givers:
            missing |= files.get(giver.id, file).operation_ids - file.operation_ids
        if file and missing:
            problems.append(
                self.env._(
                    "May not do: %(operations)s.",
                    operations=", ".join(missing.mapped("name")),
                )
            )
        taken = order.line_ids.filtered(lambda row: row.to_user_id == user).line_id
        foreign = taken - file.line_ids
        if file.kind == "professional" and foreign:
            problems.append(
                self.env._(
                    "Not his lines: %(lines)s.", lines=", ".join(foreign.mapped("name"))
                )
            )
        return "\n".join(problems)

    @api.model
    def _ask(self, order):
        """A task for each party to acknowledge what was done."""
        for party in order.party_ids.filtered("user_id.active"):
            party.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Acknowledge the hand-over"),
                user_id=party.user_id.id,
            )

    def action_acknowledge(self):
        """I know what I gave or took. Only the manager himself says so."""
        for party in self:
            if party.user_id != self.env.user:
                raise AccessError(
                    self.env._("Each manager acknowledges for himself only.")
                )
            if party.state != "done":
                raise UserError(self.env._("It is not done yet."))
            if party.date_acknowledged:
                raise UserError(self.env._("It is acknowledged already."))
            # sudo: the parties of an order are written by the system; this one's own.
            party.sudo().date_acknowledged = fields.Datetime.now()
            party.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _get_sheet(self):
        """What the hand-over sheet says: head (label, value), rows of customers."""
        self.ensure_one()
        self.check_access("read")
        # sudo: the number, days and reason of the order that the party belongs to.
        order = self.sudo().order_id
        labels = dict(self._fields["side"]._description_selection(self.env))
        head = [
            (self.env._("Hand-over"), order.name),
            (
                self.env._("Account Manager"),
                f"{self.user_id.name} ({labels[self.side]})",
            ),
            (self.env._("Effective on"), self.date_effective),
            (self.env._("Stand-in until"), self.date_end),
            (self.env._("Reason"), order.reason),
            (self.env._("Customers"), self.customer_count),
            (self.env._("Line Files"), self.line_count or None),
            (self.env._("Travels along"), self.travel_text),
            (self.env._("Acknowledged on"), self.date_acknowledged),
        ]
        rows = [
            (
                row.partner_id.key_account_code,
                row.partner_id.name,
                row.line_id.name or "",
                row.from_user_id.name or "",
                row.to_user_id.name or "",
            )
            for row in self._get_sheet_rows()
        ]
        return {"head": [fact for fact in head if fact[1]], "rows": rows}

    def _get_sheet_rows(self):
        """The rows of the order that concern this manager.

        The giver's sheet names what he gave, also once he reads those customers no
        more: it is the evidence both sign.
        """
        column = "from_user_id" if self.side == "gives" else "to_user_id"
        # sudo: as said above; only codes and names are shown.
        return (
            self.env["key.account.handover.line"]
            .sudo()
            .search(
                [
                    ("order_id", "=", self.order_id.id),
                    (column, "=", self.user_id.id),
                    ("state", "!=", "skipped"),
                ],
                order="id",
            )
        )
