# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

WAYS = [
    ("card", "Card Authentication"),
    ("person", "Private Data Read"),
]


class KeyAccountLookup(models.Model):
    """One time somebody looked a customer up: asked whether a card is valid, or read
    what is private to a person (ANA-14, ANA-15).

    Counted from the logs themselves, kept nowhere twice. Whoever reads those logs
    reads this.
    """

    _name = "key.account.lookup"
    _description = "Look-up"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "date"

    way = fields.Selection(selection=WAYS, string="What", readonly=True)
    detail = fields.Char(
        string="How",
        readonly=True,
        help="Asked by card, service number or document; read on a form or list.",
    )
    outcome = fields.Char(readonly=True, help="Of an authentication, as in its log.")
    date = fields.Datetime(readonly=True)
    day = fields.Date(readonly=True)
    hour = fields.Integer(
        readonly=True, aggregator=None, help="Of the day, where the centre works."
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    customer_kind = fields.Selection(
        selection=[
            ("group", "Group"),
            ("professional", "Professional"),
            ("individual", "Individual"),
        ],
        readonly=True,
        help="As the customer is filed now; empty where none was found.",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit", string="Unit", readonly=True
    )
    user_id = fields.Many2one(comodel_name="res.users", string="Person", readonly=True)
    lookup_count = fields.Integer(string="Look-ups", readonly=True)

    _depends = {
        "key.account.access": ["date", "partner_id", "unit_id", "user_id", "way"],
        "key.account.card.attempt": [
            "date",
            "outcome",
            "partner_id",
            "unit_id",
            "user_id",
            "way",
        ],
        "res.partner": ["commercial_partner_id", "key_account_kind"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            "%s UNION ALL %s",
            self._get_part(
                "card", 0, SQL("key_account_card_attempt"), SQL("log.outcome")
            ),
            self._get_part("person", 1, SQL("key_account_access"), SQL("NULL")),
        )

    def _get_part(self, way, place, table, outcome) -> SQL:
        zone = self.env["key.account.month"]._get_zone()
        return SQL(
            """
            SELECT log.id::bigint * 2 + %(place)s AS id, %(way)s::varchar AS way,
                   log.way AS detail, (%(outcome)s)::varchar AS outcome, log.date,
                   (log.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
                   EXTRACT(hour FROM log.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)
                       ::int AS hour,
                   log.partner_id, customer.key_account_kind AS customer_kind,
                   log.unit_id, log.user_id, 1 AS lookup_count
              FROM %(table)s AS log
              LEFT JOIN res_partner AS partner ON partner.id = log.partner_id
              LEFT JOIN res_partner AS customer
                ON customer.id = partner.commercial_partner_id
            """,
            place=place,
            way=way,
            outcome=outcome,
            zone=zone,
            table=table,
        )
