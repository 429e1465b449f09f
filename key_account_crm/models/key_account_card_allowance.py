# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models


class KeyAccountCard(models.Model):
    """What a VIP card gives in a year, and how much of it is left."""

    _inherit = "key.account.card"

    def _get_used(self, year, benefits=None):
        """Map benefits to what was used of them in a year, over the whole chain."""
        self.ensure_one()
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("number_id", "=", self.number_id.id),
            ("line_id", "=", self.line_id.id),
            ("year", "=", year),
        ]
        if benefits is not None:
            domain.append(("benefit_id", "in", benefits.ids))
        # sudo: all uses count, of whatever place; only their sum comes out.
        uses = self.env["key.account.card.use"].sudo()
        groups = uses._read_group(domain, ["benefit_id"], ["counted:sum"])
        return {benefit.id: counted for benefit, counted in groups}

    def _get_allowance(self, benefit, day):
        """Pair of what a benefit allows in the year of a day (None: without limit,
        0: nothing) and what was used of it."""
        used = self._get_used(day.year, benefit).get(benefit.id, 0)
        return self._get_allowed(day).get(benefit.id, 0), used

    def _get_allowance_text(self, benefit, day):
        """Allowed, used and left, in words."""
        allowed, used = self._get_allowance(benefit, day)
        if allowed is None:
            return self.env._("Without limit; %(used)s used", used=used)
        return self.env._(
            "%(left)s of %(allowed)s left in %(year)s",
            left=max(allowed - used, 0),
            allowed=allowed,
            year=day.year,
        )

    def _get_allowed(self, day):
        """Map the benefits of this card on a day to how often a year (None: without
        limit). By the allowance rule in force for the unit."""
        self.ensure_one()
        rules = self.env["key.account.card.rule"]
        return dict(rules._get_offer(day, self.unit_id.id, self._get_kind_id()))

    def _get_kind_id(self):
        """The kind whose allowances hold: of the card, whatever is printed on it."""
        return self.kind_id.id
