# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import psycopg2

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .key_account_change import LOGGED

# Rebuilt from what is moved.
DERIVED = (
    "key_account_month",
    "key_account_line_standing",
    "key_account_standing",
    "key_account_point_balance",
    "key_account_point_month",
)
LINE_TEXTS = (
    "agreement_number",
    "date_from",
    "date_agreement_end",
    "amount_year",
    "volume",
    "station_count",
    "season",
    "product_data",
    "competitor_id",
)


class ResPartner(models.Model):
    """Two files of one customer become one, with everything they own (FILE-20)."""

    _inherit = "res.partner"

    def _key_account_merge(self, sources, reason):
        """Move all that the sources own to this customer and close their files.

        Their codes go on leading here. Money is conserved to the cent.
        """
        self.ensure_one()
        sources -= self
        self._key_account_check_merge(sources, reason)
        # sudo: the user may write every file concerned (just checked); what they own
        # includes rows of lines and ledgers he may not write one by one.
        target, others = self.sudo(), sources.sudo()
        (target | others).lock_for_update()
        self.env.flush_all()
        money = (target | others)._key_account_get_money()
        for source in others:
            target._key_account_merge_one(source, reason)
        target._key_account_refresh_merged()
        if target._key_account_get_money() != money:
            raise UserError(
                self.env._("Bills or payments would be lost: nothing was merged.")
            )

    def _key_account_check_merge(self, sources, reason):
        customers = self | sources
        if not sources:
            raise UserError(self.env._("Choose at least two customers to merge."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why these files are one customer."))
        customers.check_access("write")
        approver = "key_account_crm.group_key_account_approver"
        if not self.env.user.has_group(approver):
            raise AccessError(
                self.env._("Ask the head of your department to merge customers.")
            )
        # sudo: only the structure is looked at.
        for customer in customers.sudo():
            if not customer.key_account_kind:
                raise UserError(
                    self.env._("%(name)s is no customer.", name=customer.name)
                )
            if customer.key_account_parent_id in customers:
                raise UserError(
                    self.env._(
                        "%(child)s stands below %(parent)s: if they are one customer, "
                        "first take the parent group out.",
                        child=customer.name,
                        parent=customer.key_account_parent_id.name,
                    )
                )

    def _key_account_get_money(self):
        """What these customers were billed, paid and owe, per currency."""
        return sorted(
            self.env.execute_query(
                SQL(
                    """
                    SELECT currency_id, SUM(billed), SUM(paid), SUM(open), SUM(rows)
                      FROM (
                        SELECT currency_id, amount AS billed, 0 AS paid,
                               amount_open AS open, 1 AS rows
                          FROM key_account_bill WHERE partner_id = ANY(%(ids)s)
                        UNION ALL
                        SELECT currency_id, 0, amount, 0, 1
                          FROM key_account_payment WHERE partner_id = ANY(%(ids)s)
                      ) AS entry
                     GROUP BY currency_id
                    """,
                    ids=self.ids,
                )
            )
        )

    def _key_account_merge_one(self, source, reason):
        """Fold what both have, move the rest, close the source's file."""
        code, label = source.key_account_code, source.display_name
        self._key_account_fold_line_files(source)
        self._key_account_fold_person(source)
        self._key_account_rename_ledger(source)
        self._key_account_settle_changes(source)
        self.env.flush_all()
        self._key_account_move_rows(source)
        source.with_context(key_account_change=LOGGED).write(
            {"key_account_kind": False, "key_account_state": False}
        )
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([source.id, self.id], self)
        self.env.flush_all()
        self._key_account_log_merge(code, label, reason)

    def _key_account_fold_line_files(self, source):
        """Of two files of one line the target's stays; it takes in what it lacks."""
        own = {file.line_id: file for file in self.key_account_line_file_ids}
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for other in source.key_account_line_file_ids:
            file = own.get(other.line_id)
            if not file:
                continue
            file.write(self._key_account_prepare_folded(file, other))
            wizard._update_foreign_keys_generic(file._name, other, file)
            wizard._update_reference_fields_generic(file._name, other, file)
            other.invalidate_recordset()
            other.unlink()

    def _key_account_prepare_folded(self, file, other):
        """Values for a line file: what it lacks, and in words what differs."""
        vals, notes = {}, []
        for name in LINE_TEXTS:
            if not other[name] or other[name] == file[name]:
                continue
            field = file._fields[name]
            if not file[name]:
                vals[name] = field.convert_to_write(other[name], other)
            else:
                value = field.convert_to_display_name(other[name], other)
                label = field._description_string(self.env)
                notes.append(f"{label}: {value}")
        if notes:
            code = other.partner_id.key_account_code
            text = vals.get("product_data") or file.product_data or ""
            vals["product_data"] = "\n".join([text, f"{code}:", *notes]).strip()
        return vals

    def _key_account_fold_person(self, source):
        """Private data are one row per person: the target's, completed."""
        persons = self.env["key.account.person"]
        mine = persons.search([("partner_id", "=", self.id)])
        other = persons.search([("partner_id", "=", source.id)])
        if mine and other:
            names = set(self._key_account_private_fields().values())
            missing = {n: other[n] for n in names if other[n] and not mine[n]}
            if missing:
                mine.write(missing)
            other.unlink()

    def _key_account_rename_ledger(self, source):
        """Numbers are unique per customer: one that both used gets the former code."""
        for table in ("key_account_bill", "key_account_payment"):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE %(table)s AS row
                       SET name = row.name || '/' || %(code)s
                     WHERE row.partner_id = %(source)s
                       AND row.name IN (
                            SELECT name FROM %(table)s WHERE partner_id = %(target)s)
                    """,
                    table=SQL.identifier(table),
                    code=source.key_account_code or str(source.id),
                    source=source.id,
                    target=self.id,
                )
            )

    def _key_account_settle_changes(self, source):
        """Proposals for the source are void; its history keeps its former code."""
        changes = self.env["key.account.change"].search(
            [("partner_id", "=", source.id)]
        )
        changes.filtered(lambda change: change.state == "proposed")._decide(
            "withdrawn", refusal=self.env._("The file was merged into another one.")
        )
        source.key_account_move_proposal_ids.filtered(
            lambda proposal: proposal.state == "proposed"
        )._decide(
            "withdrawn", refusal=self.env._("The file was merged into another one.")
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_change SET former_code = %s "
                "WHERE partner_id = %s AND former_code IS NULL",
                source.key_account_code or str(source.id),
                source.id,
            )
        )

    def _key_account_move_rows(self, source):
        """Rows of the suite's tables, one statement per link; nothing is left out."""
        for table in self._key_account_get_derived_tables():
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE partner_id = %s",
                    SQL.identifier(table),
                    source.id,
                )
            )
        wizard = self.env["base.partner.merge.automatic.wizard"]
        for table, column in wizard._get_fk_on("res_partner"):
            # Relation tables have no id: the machinery of base merges their rows.
            if table.startswith("key_account_") and column_exists(
                self.env.cr, table, "id"
            ):
                self._key_account_move_link(table, column, source)
        # A member whose own file this is would be a member of itself.
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_member SET member_id = NULL "
                "WHERE member_id = partner_id"
            )
        )
        self.env.invalidate_all(flush=False)

    def _key_account_get_derived_tables(self):
        """Tables whose rows of a merged customer are rebuilt, not moved. Hook."""
        return list(DERIVED)

    def _key_account_move_link(self, table, column, source):
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %(table)s SET %(column)s = %(target)s "
                        "WHERE %(column)s = %(source)s",
                        table=SQL.identifier(table),
                        column=SQL.identifier(column),
                        target=self.id,
                        source=source.id,
                    )
                )
        except psycopg2.errors.UniqueViolation as error:
            label = self._key_account_get_table_label(table)
            raise UserError(
                self.env._(
                    "Both %(one)s and %(other)s have a %(what)s, and one customer "
                    "has one only: settle that first.",
                    one=self.name,
                    other=source.name,
                    what=label,
                )
            ) from error

    def _key_account_get_table_label(self, table):
        for model in self.env.registry.values():
            if model._table == table and model._auto:
                return self.env[model._name]._description
        return table

    def _key_account_log_merge(self, code, label, reason):
        """The former code leads here, and the log says what happened."""
        if code:
            self.env["key.account.code.alias"].create(
                {"name": code, "partner_id": self.id}
            )
        channel, method = self._key_account_get_source()
        self.env["key.account.change"].create(
            {
                "partner_id": self.id,
                "kind": "merge",
                "field_name": "key_account_code",
                "old_value": f"{code} {label}",
                "new_value": self.key_account_code,
                "state": "applied",
                "reason": reason,
                "channel_id": channel.id,
                "method_id": method.id,
                "proposed_by_id": self.env.uid,
                "decided_by_id": self.env.uid,
                "date_decided": self.env.cr.now(),
            }
        )
        self.message_post(
            body=self.env._(
                "%(customer)s (%(code)s) was merged into this customer: %(reason)s",
                customer=label,
                code=code,
                reason=reason,
            )
        )

    def _key_account_refresh_merged(self):
        """Scope, contacts, facts and figures follow what the customer now owns."""
        self.env.invalidate_all()
        contacts = self.with_context(active_test=False).search(
            [("id", "child_of", self.id), ("id", "!=", self.id)]
        )
        contacts.write(
            {
                "key_account_unit_id": self.key_account_unit_id.id,
                "key_account_manager_id": self.key_account_manager_id.id,
            }
        )
        scope = self._fields["key_account_scope_id"]
        self.env.add_to_compute(scope, self | contacts)
        self.env.flush_all()
        self._key_account_realign_facts()
        self.env["key.account.month"]._refresh(self.ids)
        self._key_account_refresh_completeness()
        self.env.registry.clear_cache()

    def _key_account_get_owned(self):
        """Map the label of what these customers own to the number of rows."""
        owned = {}
        # sudo: only counted, for somebody who may write every one of these files.
        for model in self._key_account_get_owner_models():
            names = [
                field.name
                for field in model._fields.values()
                if field.type == "many2one"
                and field.comodel_name == "res.partner"
                and field.store
            ]
            domain = ["|"] * (len(names) - 1) + [(n, "in", self.ids) for n in names]
            rows = model.sudo().with_context(active_test=False).search_count(domain)
            if rows:
                owned[model._description] = rows
        records = ("res_model", "in", ["res.partner"]), ("res_id", "in", self.ids)
        files = self.env["ir.attachment"].sudo().search_count(list(records))
        contacts = self.sudo().with_context(active_test=False)
        owned[self.env._("Contact")] = contacts.search_count(
            [("id", "child_of", self.ids), ("id", "not in", self.ids)]
        )
        owned[self.env._("Attachment")] = files
        owned[self.env._("Message")] = len(self.sudo().message_ids)
        return {label: rows for label, rows in owned.items() if rows}

    def _key_account_get_owner_models(self):
        """The suite's tables that name a customer, without what is rebuilt."""
        derived = self._key_account_get_derived_tables()
        return [
            self.env[name]
            for name, model in sorted(self.env.registry.items())
            if name.startswith("key.account.")
            and model._auto
            and not model._transient
            and not model._abstract
            and model._table not in derived
            and any(
                f.type == "many2one" and f.comodel_name == "res.partner" and f.store
                for f in model._fields.values()
            )
            and not hasattr(model, "_protect_table")
        ]
