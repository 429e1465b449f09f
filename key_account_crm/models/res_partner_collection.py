# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .key_account_change import LOGGED


class ResPartner(models.Model):
    """How facts come into a customer file and change there: by whom, through which
    channel and method, and key fields only by decision (COL-01 to COL-06)."""

    _inherit = "res.partner"

    key_account_change_ids = fields.One2many(
        comodel_name="key.account.change", inverse_name="partner_id", string="Changes"
    )
    key_account_change_count = fields.Integer(
        string="Changes to Decide", compute="_compute_key_account_change_count"
    )
    key_account_is_guarded = fields.Boolean(
        compute="_compute_key_account_is_guarded",
        help="Key fields of this file change by a proposal another person approves.",
    )

    @api.depends("key_account_change_ids.state")
    @api.depends_context("uid")
    def _compute_key_account_change_count(self):
        groups = self._key_account_group_facts(
            "key.account.change", Domain("state", "=", "proposed"), ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.key_account_change_count = counts.get(partner.id, 0)

    @api.depends("key_account_kind", "key_account_state")
    def _compute_key_account_is_guarded(self):
        for partner in self:
            stored = partner._origin
            partner.key_account_is_guarded = bool(
                stored.key_account_kind and stored.key_account_state != "potential"
            )

    @api.model
    def _key_account_prepare_create(self, vals):
        result = super()._key_account_prepare_create(vals)
        if vals.get("key_account_kind"):
            channel, method = self._key_account_get_source()
            for name, term in (("channel", channel), ("method", method)):
                fname = f"key_account_{name}_id"
                vals[fname] = vals.get(fname) or term.id
        return result

    @api.model
    def _key_account_get_source(self):
        """Channel and method of what comes in now, where the collector names none."""
        method = "import" if self.env.context.get("import_file") else "manual"
        ref = self.env.ref
        channel = ref("key_account_crm.key_account_term_channel_department", False)
        method = ref(f"key_account_crm.key_account_term_method_{method}", False)
        empty = self.env["key.account.term"]
        return channel or empty, method or empty

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Key fields of a guarded file are read there, and changed by a proposal."""
        arch, view = super()._get_view(view_id, view_type, **options)
        guard = "key_account_is_guarded"
        if view_type == "form" and arch.xpath(f"//field[@name='{guard}']"):
            names = set(self.env["key.account.change"]._get_key_fields())
            for node in arch.xpath("//field[not(ancestor::field)]"):
                if node.get("name") in names and not node.get("readonly"):
                    node.set("readonly", guard)
        return arch, view

    def write(self, vals):
        changed = self._key_account_get_key_changes(vals)
        if not changed:
            return super().write(vals)
        if not self.env.su:
            self._key_account_check_key_fields(changed)
        old = self._key_account_get_key_texts(changed)
        result = super().write(vals)
        # The object LOGGED is no value a client can send.
        if self.env.context.get("key_account_change") is not LOGGED:
            self._key_account_log_changes(changed, old)
        return result

    def _key_account_get_key_changes(self, vals):
        """Map the customers to the key fields that these values would change."""
        names = [
            n for n in self.env["key.account.change"]._get_key_fields() if n in vals
        ]
        changed = {}
        if not names:
            return changed
        # sudo: values are only compared; the write itself is checked.
        for partner in self.sudo():
            if partner.key_account_kind:
                found = [n for n in names if partner._key_account_differs(n, vals[n])]
                if found:
                    changed[partner] = found
        return changed

    def _key_account_differs(self, fname, value):
        self.ensure_one()
        field = self._fields[fname]
        new = field.convert_to_record(field.convert_to_cache(value, self), self)
        return (new or False) != (self[fname] or False)

    def _key_account_check_key_fields(self, changed):
        """Refuse to overwrite what changes by decision only."""
        guarded = {
            partner: names
            for partner, names in changed.items()
            if partner.key_account_state != "potential"
        }
        if not guarded:
            return
        self.check_access("write")
        names = dict.fromkeys(name for found in guarded.values() for name in found)
        labels = [self._fields[name]._description_string(self.env) for name in names]
        raise UserError(
            self.env._(
                "%(fields)s of %(customer)s: key fields change after another person "
                'agreed. Undo your change here and use "Propose a Change".',
                fields=", ".join(labels),
                customer=", ".join(partner.name or "" for partner in guarded),
            )
        )

    def _key_account_get_key_texts(self, changed):
        to_text = self.env["key.account.change"]._to_text
        return {
            (partner.id, name): to_text(partner._fields[name], partner[name])
            for partner, names in changed.items()
            for name in names
        }

    def _key_account_log_changes(self, changed, old):
        """Key fields changed without a proposal: the log has the rows all the same."""
        new = self._key_account_get_key_texts(changed)
        channel, method = self._key_account_get_source()
        now = fields.Datetime.now()
        # sudo: nobody writes the log but the system.
        self.env["key.account.change"].sudo().create(
            [
                {
                    "partner_id": partner_id,
                    "field_name": name,
                    "old_value": text,
                    "old_res_id": res_id,
                    "new_value": new[partner_id, name][0],
                    "new_res_id": new[partner_id, name][1],
                    "state": "applied",
                    "channel_id": channel.id,
                    "method_id": method.id,
                    "proposed_by_id": self.env.uid,
                    "decided_by_id": self.env.uid,
                    "date_decided": now,
                }
                for (partner_id, name), (text, res_id) in old.items()
            ]
        )

    def _key_account_propose(self, vals, reason, channel, method):
        """Propose new values of key fields; return the changes that wait.

        :param vals: as for ``write``, key fields only
        :param channel: term of category channel (record or id)
        :param method: term of category method (record or id)
        """
        self.check_access("write")
        self._key_account_check_proposal(vals, reason, channel, method)
        changed = self._key_account_get_key_changes(vals)
        if not changed:
            raise UserError(
                self.env._("The file says so already: there is nothing to change.")
            )
        self._key_account_check_waiting(changed)
        self._key_account_check_proposed_twins(vals, changed)
        old = self._key_account_get_key_texts(changed)
        # sudo: nobody creates rows of the log directly; the right was checked above.
        changes = self.env["key.account.change"].sudo()
        prepared = [
            {
                "partner_id": partner.id,
                "field_name": name,
                "old_value": old[partner.id, name][0],
                "old_res_id": old[partner.id, name][1],
                **partner._key_account_prepare_new(name, vals[name]),
                "reason": reason,
                "channel_id": int(channel),
                "method_id": int(method),
                "proposed_by_id": self.env.uid,
            }
            for partner, names in changed.items()
            for name in names
        ]
        return changes.create(prepared).sudo(self.env.su)

    def _key_account_prepare_new(self, fname, value):
        field = self._fields[fname]
        new = field.convert_to_record(field.convert_to_cache(value, self), self)
        text, res_id = self.env["key.account.change"]._to_text(field, new)
        return {"new_value": text, "new_res_id": res_id}

    def _key_account_check_proposal(self, vals, reason, channel, method):
        keys = self.env["key.account.change"]._get_key_fields()
        others = [name for name in vals if name not in keys]
        if others:
            raise UserError(
                self.env._(
                    "%(fields)s are no key fields: write them on the file itself.",
                    fields=", ".join(others),
                )
            )
        if not all(self.mapped("key_account_kind")):
            raise UserError(self.env._("Changes are proposed for customers only."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the file should change."))
        if not channel or not method:
            raise UserError(
                self.env._("Say how you know: choose a source channel and a method.")
            )
        self._key_account_check_proposed_values(vals)

    def _key_account_check_waiting(self, changed):
        """One proposal at a time for one field of one customer."""
        # sudo: a proposal of any colleague counts; only that there is one comes out.
        waiting = self.env["key.account.change"].sudo()
        for partner, names in changed.items():
            domain = [
                ("partner_id", "=", partner.id),
                ("field_name", "in", names),
                ("state", "=", "proposed"),
            ]
            found = waiting.search(domain, limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "A change of %(field)s of %(customer)s is waiting for a "
                        "decision: decide or withdraw it first.",
                        field=found.field_label,
                        customer=partner.name,
                    )
                )

    def _key_account_check_proposed_values(self, vals):
        if "name" in vals and not (vals["name"] or "").strip():
            raise UserError(self.env._("A customer has a name."))
        for name, value in vals.items():
            field = self._fields[name]
            if field.type == "many2one" and value:
                self.env[field.comodel_name].browse(int(value)).check_access("read")
            elif field.type == "selection" and value:
                if value not in field.get_values(self.env):
                    raise UserError(
                        self.env._("%(value)s is no choice here.", value=value)
                    )
