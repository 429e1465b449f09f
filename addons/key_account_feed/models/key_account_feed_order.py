# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

# Codes of a file that is loaded when somebody insists (``action_accept``).
ACCEPTABLE = ("26", "27")
# Absent customers that the form shows; the rest is in the file to download.
SAMPLE = 20


class KeyAccountFeed(models.Model):
    """Which of two transmissions knows better, and what a whole file lacks.

    Increments and stocks (a, i) of an earlier day do not overwrite those of a later
    one, and a month's snapshot (s) not a later snapshot of the month. Who knows that
    the older file is right says so, sees its dry run and loads it.
    """

    _inherit = "key.account.feed"

    kind_label = fields.Char(string="Kind of File", compute="_compute_kind_label")
    moment = fields.Char(
        compute="_compute_moment",
        store=True,
        index=True,
        help="The end of the period, to the hour: what is later in time sorts later.",
    )
    accepted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Accepted by",
        readonly=True,
        ondelete="restrict",
        help="Who had the file loaded although a later one was, or although it takes "
        "much of its month back.",
    )
    withdrawn_count = fields.Integer(
        string="Taken Back",
        readonly=True,
        help="Bills and payments of the month that the file lacks: each gets a "
        "counter-entry.",
    )
    absent_count = fields.Integer(
        string="Not in the File",
        readonly=True,
        help="Customers of the branch that the whole stock does not name. They stay.",
    )
    absent_text = fields.Text(
        readonly=True,
        prefetch=False,
        groups="key_account_crm.group_key_account_operator",
    )
    absent_file = fields.Binary(
        compute="_compute_absent_file",
        groups="key_account_crm.group_key_account_operator",
    )
    absent_sample = fields.Text(
        string="Customers Not in the File",
        compute="_compute_absent_sample",
        groups="key_account_crm.group_key_account_operator",
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_label(self):
        labels = {
            "a": self.env._("What changed (a)"),
            "i": self.env._("All customers (i)"),
            "s": self.env._("All of the month (s)"),
        }
        for feed in self:
            feed.kind_label = labels.get(feed.kind, feed.kind)

    @api.depends("period")
    def _compute_moment(self):
        for feed in self:
            feed.moment = (feed.period or "").ljust(10, "9")

    @api.depends("absent_text")
    def _compute_absent_sample(self):
        for feed in self:
            lines = (feed.absent_text or "").splitlines()
            more = ["…"] if len(lines) > SAMPLE else []
            feed.absent_sample = "\n".join(
                [line.replace("|", "  ") for line in lines[:SAMPLE]] + more
            )

    def _compute_absent_file(self):
        for feed in self:
            lines = feed.absent_text or ""
            feed.absent_file = base64.b64encode(f"{lines}\n".encode())

    def _get_month(self):
        """The first day of the month a snapshot is about."""
        return self.date_period and self.date_period.replace(day=1)

    def _find_later(self):
        """A transmission whose values would be overwritten by older ones."""
        domain = [
            ("unit_id", "=", self.unit_id.id),
            ("interface", "=", self.interface),
            ("state", "in", ("done", "replaced")),
            ("moment", ">", self.moment),
        ]
        if self.kind == "s":
            domain += [("kind", "=", "s"), ("moment", "=like", f"{self.period[:6]}%")]
        else:
            domain += [("kind", "!=", "s")]
        return self.search(domain, order="moment desc, id desc", limit=1)

    def _write_absent(self, rows):
        """Keep what the whole stock does not name, as lines of a text."""
        self.absent_count = len(rows)
        self.absent_text = "\n".join("|".join(map(str, row)) for row in rows) or False

    def _exceeds_withdrawn(self, covered):
        """Whether more of the month is missing than may be by itself."""
        if self.accepted_by_id or not covered:
            return False
        return 100 * self.withdrawn_count / covered > self._get_source().withdrawn_limit

    def action_accept(self):
        """Let an older or incomplete file be checked and loaded, by whom is logged."""
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state != "failed" or feed.file_code not in ACCEPTABLE:
                raise UserError(
                    feed.env._(
                        "Only a file refused for its age or for what it lacks is "
                        "loaded anyway: mend %(name)s and send it again.",
                        name=feed.name,
                    )
                )
            feed.write(
                {
                    "accepted_by_id": self.env.uid,
                    "state": "received",
                    "file_code": "00",
                    "file_value": "",
                }
            )
            for part in feed.part_ids:
                part._open().close()  # says so when it is kept no more
            feed._examine_soon(feed._is_large())
        return True

    def action_download_absent(self):
        return self._download("absent_file", f"absent_{self.name}.txt")
