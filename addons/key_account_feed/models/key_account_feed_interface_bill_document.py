# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountFeedInterfaceBill(models.AbstractModel):
    """Which document of the ledger a number of the file means.

    When two customers were merged, a number both had used got the former code behind
    it (``res.partner._key_account_rename_ledger``). A branch that still names the
    former code means that document.
    """

    _inherit = "key.account.feed.interface.bill"

    @api.model
    def _create_renamed(self):
        """Numbers of the ledger that a merge renamed, by code and number as sent."""
        ledgers = {"B": "key_account_bill", "P": "key_account_payment"}
        self._create_table(
            SQL.identifier("feed_renamed"),
            SQL(" UNION ALL ").join(
                SQL(
                    """
                    SELECT DISTINCT %(letter)s AS letter, alias.code, entry.name,
                           left(entry.name, -length(alias.code) - 1) AS sent
                      FROM feed_alias AS alias
                      JOIN %(ledger)s AS entry ON entry.partner_id = alias.id
                       AND right(entry.name, length(alias.code) + 1)
                           = '/' || alias.code
                    """,
                    letter=letter,
                    ledger=SQL.identifier(ledger),
                )
                for letter, ledger in ledgers.items()
            ),
        )

    @api.model
    def _numbered_source(self, record) -> SQL:
        """Besides ``owner``: the documents of the ledger that a row's numbers mean."""
        names = {"document": ("name", record.letter)}
        for column in record.columns:
            if column.type == "bill":
                names[column.name.replace("_id", "_document")] = (column.name, "B")
        return SQL(
            "(SELECT line.*, %(values)s FROM %(rows)s AS line %(joins)s)",
            values=SQL(", ").join(
                SQL(
                    "COALESCE(%s.name, line.%s) AS %s",
                    SQL.identifier(f"by_{alias}"),
                    SQL.identifier(name),
                    SQL.identifier(alias),
                )
                for alias, (name, _letter) in names.items()
            ),
            rows=super()._numbered_source(record),
            joins=SQL(" ").join(
                SQL(
                    "LEFT JOIN feed_renamed AS %(alias)s ON %(alias)s.letter = "
                    "%(letter)s AND %(alias)s.code = line.customer "
                    "AND %(alias)s.sent = line.%(name)s",
                    alias=SQL.identifier(f"by_{alias}"),
                    letter=letter,
                    name=SQL.identifier(name),
                )
                for alias, (name, letter) in names.items()
            ),
        )

    @api.model
    def _resolve_origins(self):
        """Link what names the bill it corrects, and refuse what cannot.

        A second pass, for the bill may stand in the same file. Only few rows name one.
        """
        self._execute(
            """
            UPDATE feed_bill AS checked
               SET origin_id = found.id,
                   errors = NULLIF(array_cat(checked.errors, found.errors), '{}'),
                   outcome = CASE
                       WHEN checked.errors IS NOT NULL OR found.errors <> '{}'
                       THEN 'refused'
                       WHEN checked.outcome = 'unchanged'
                            AND checked.old_origin_id IS NULL THEN 'changed'
                       ELSE checked.outcome END
              FROM (
                SELECT checked.row, origin.id, %(errors)s AS errors
                  FROM feed_bill AS checked
                  LEFT JOIN (%(bills)s) AS origin
                    ON origin.partner_id = checked.partner_id
                   AND origin.name = checked.origin_code
                 WHERE checked.origin_code IS NOT NULL
              ) AS found
             WHERE found.row = checked.row
            """,
            errors=self._rules(self._origin_rules()),
            bills=self._paid_bills(),
        )
        self._refuse_overcredited()

    @api.model
    def _refuse_overcredited(self):
        """Credit notes of a bill come to no more than was billed, all that we have and
        those of the file together; the file's in its order."""
        self._execute(
            """
            UPDATE feed_bill AS checked
               SET outcome = 'refused',
                   errors = ARRAY['origin_credited origin_id 0']
              FROM (
                SELECT credit.row, origin.amount + SUM(
                           CASE WHEN credit.old_origin_id IS NULL THEN credit.amount
                                ELSE credit.difference END)
                           OVER (PARTITION BY origin.id ORDER BY credit.row) AS rest
                  FROM feed_bill AS credit
                  JOIN (%(billed)s) AS origin ON origin.id = credit.origin_id
                 WHERE credit.kind = 'credit'
                   AND credit.outcome IN ('created', 'changed')
              ) AS found
             WHERE found.row = checked.row AND found.rest < 0
            """,
            billed=self._billed(),
        )

    @api.model
    def _billed(self) -> SQL:
        """What is left of every bill that the file credits, without the file's credit
        notes: the amount of a bill in the file is that of the file."""
        return SQL(
            """
            SELECT named.id, COALESCE(sent.amount, bill.amount + COALESCE((
                       SELECT SUM(entry.amount) FROM key_account_bill AS entry
                        WHERE entry.origin_id = bill.id AND entry.kind = 'correction'
                   ), 0))
                   + COALESCE((
                       SELECT SUM(credit.amount + COALESCE((
                                  SELECT SUM(entry.amount)
                                    FROM key_account_bill AS entry
                                   WHERE entry.origin_id = credit.id), 0))
                         FROM key_account_bill AS credit
                        WHERE credit.origin_id = bill.id AND credit.kind = 'credit'
                   ), 0) AS amount
              FROM (
                SELECT DISTINCT origin_id AS id FROM feed_bill
                 WHERE kind = 'credit' AND outcome IN ('created', 'changed')
                   AND origin_id IS NOT NULL
              ) AS named
              LEFT JOIN key_account_bill AS bill ON bill.id = named.id
              LEFT JOIN feed_bill AS sent
                ON sent.id = named.id AND sent.outcome <> 'refused'
            """
        )

    @api.model
    def _origin_rules(self):
        return [
            (SQL("checked.kind = 'bill'"), "origin_of_bill origin_id"),
            (SQL("checked.kind <> 'bill' AND origin.id IS NULL"), "origin origin_id"),
            (SQL("origin.kind <> 'bill'"), "origin_kind origin_id"),
            (
                SQL("origin.currency_id <> checked.currency_id"),
                "origin_currency origin_id",
            ),
            (SQL("checked.old_origin_id <> origin.id"), "ledger origin_id"),
        ]
