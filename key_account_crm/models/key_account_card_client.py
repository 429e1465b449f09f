# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import hmac
import secrets

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

# Compared with the hash of a key that no client has, so that a wrong prefix takes as
# long as a wrong key.
NO_HASH = hashlib.sha256(b"").hexdigest()
PREFIX_LENGTH = 8
MAX_RATE = 6000


class KeyAccountCardClient(models.Model):
    """A partner's system that asks whether a card is valid (CARD-08).

    It has a key of its own, which is shown once: what is kept is its hash. The key is
    random (256 bits), so that one round of SHA-256 keeps it as safe as many would.
    """

    _name = "key.account.card.client"
    _description = "System that Authenticates VIP Cards"
    _order = "name, id"

    name = fields.Char(required=True)
    place_id = fields.Many2one(
        comodel_name="key.account.card.place", required=True, ondelete="restrict"
    )
    benefit_ids = fields.Many2many(
        comodel_name="key.account.card.benefit",
        relation="key_account_card_client_benefit_rel",
        string="Benefits",
        help="The benefits it is told the remaining allowance of; empty: those of its "
        "place.",
    )
    active = fields.Boolean(default=True, help="An archived system is refused at once.")
    rate_limit = fields.Integer(string="Questions a Minute", default=120, required=True)
    allows_identity = fields.Boolean(
        string="By Identity Document",
        help="It may ask by the number of an identity document as well.",
    )
    needs_proof = fields.Boolean(
        string="Asks for Proof",
        help="With each question it sends the last four characters of the holder's "
        "identity document or of the service number.",
    )
    key_prefix = fields.Char(readonly=True, copy=False)
    key_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    date_key = fields.Datetime(string="Key Made on", readonly=True, copy=False)
    date_unlocked = fields.Datetime(string="Unlocked on", readonly=True, copy=False)
    locked_until = fields.Datetime(compute="_compute_locked_until")
    note = fields.Text(string="Remarks")

    _prefix_uniq = models.UniqueIndex("(key_prefix)", "Make the key again.")
    _rate_range = models.Constraint(
        f"CHECK (rate_limit BETWEEN 1 AND {MAX_RATE})",
        f"A system may ask 1 to {MAX_RATE} times a minute.",
    )

    def _compute_locked_until(self):
        attempts = self.env["key.account.card.attempt"]
        for client in self:
            until = attempts._get_locked_until(client._get_caller(), client)
            client.locked_until = until

    def _get_caller(self):
        self.ensure_one()
        return f"client:{self.id}"

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        self.env.registry.clear_cache()
        return clients

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether it ever asked decides, whoever may read the log.
        attempts = self.env["key.account.card.attempt"].sudo()
        if attempts.search_count([("client_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("A system that asked stays on record: archive it.")
            )

    def action_make_key(self):
        """A new key, shown once; the one before ends with it."""
        self.ensure_one()
        key = f"{secrets.token_hex(PREFIX_LENGTH // 2)}.{secrets.token_urlsafe(32)}"
        self.check_access("write")
        # sudo: the hash is not readable for anybody; the user may write the system.
        self.sudo().write(
            {
                "key_prefix": key[:PREFIX_LENGTH],
                "key_hash": self._hash(key),
                "date_key": fields.Datetime.now(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %(name)s", name=self.name),
            "res_model": "key.account.card.key",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }

    def action_unlock(self):
        """Failed attempts until now count no more."""
        self.write({"date_unlocked": fields.Datetime.now()})

    @api.model
    def _hash(self, key):
        return hashlib.sha256(key.encode()).hexdigest()

    @api.model
    def _identify(self, key):
        """The settings of the system this key belongs to, or None.

        As long for a key that is nearly right as for one that is all wrong.
        """
        settings = self._get_settings(key[:PREFIX_LENGTH])
        known = settings["hash"] if settings else NO_HASH
        is_right = hmac.compare_digest(self._hash(key), known)
        return settings if settings and is_right else None

    @api.model
    @tools.ormcache("prefix")
    def _get_settings(self, prefix):
        """What the endpoint has to know of a system, or None; read once per worker."""
        # sudo: the endpoint serves no user; the hash stays on the server.
        client = self.sudo().search([("key_prefix", "=", prefix)], limit=1)
        if not client or not client.key_hash:
            return None
        benefits = client.benefit_ids or client.place_id.benefit_ids
        return {
            "id": client.id,
            "hash": client.key_hash,
            "rate_limit": client.rate_limit,
            "allows_identity": client.allows_identity,
            "needs_proof": client.needs_proof,
            "date_unlocked": client.date_unlocked,
            "benefit_ids": tuple(benefits.ids),
        }
