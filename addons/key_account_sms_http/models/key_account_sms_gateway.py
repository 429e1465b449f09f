# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from .. import signing, template


class KeyAccountSmsGateway(models.Model):
    """How one HTTP gateway is talked to: address, fields, signature, what it answers.

    A company sends through the first of its gateways that serves the number; the next
    one takes over what the first certainly did not take. What a secret is worth stands
    in ``key.account.sms.secret`` and is never given back.
    """

    _name = "key.account.sms.gateway"
    _description = "SMS Gateway"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The first gateway sends; the next ones stand in for it."
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    profile_id = fields.Many2one(
        comodel_name="key.account.sms.profile",
        string="Shape",
        ondelete="set null",
        help="A known shape of request and answer to begin with.",
    )
    is_test = fields.Boolean(
        string="Test Mode",
        help="Messages go to the test numbers only; all others are refused.",
    )
    test_numbers = fields.Char(
        help="Numbers in international form, separated by commas."
    )
    country_ids = fields.Many2many(
        comodel_name="res.country",
        string="Countries",
        help="Only numbers of these countries. Empty: all.",
    )

    # the request
    url = fields.Char(string="Address", required=True)
    method = fields.Selection(
        selection=[("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")],
        required=True,
        default="POST",
    )
    body_format = fields.Selection(
        selection=[
            ("none", "Nothing: all in the address"),
            ("form", "Form fields"),
            ("json", "JSON"),
            ("xml", "XML"),
        ],
        string="Body",
        required=True,
        default="form",
    )
    body_template = fields.Text(
        help="JSON or XML with variables such as {number} and {text} in its texts.",
    )
    charset = fields.Selection(
        selection=[("utf-8", "UTF-8"), ("gb18030", "GB18030")],
        required=True,
        default="utf-8",
    )
    account = fields.Char(help="What {account} stands for. Not secret.")
    sender = fields.Char(help="What {sender} stands for.")
    text_prefix = fields.Char(
        string="Signature of Texts",
        help="Put before every text, e.g. 【Company】; it counts as part of it.",
    )
    number_format = fields.Selection(
        selection=[
            ("plus", "+8613812345678"),
            ("digits", "8613812345678"),
            ("zeros", "008613812345678"),
            ("national", "13812345678"),
        ],
        required=True,
        default="digits",
    )
    batch_size = fields.Integer(
        string="Numbers per Request",
        default=1,
        help="How many numbers the gateway takes with one text in one request.",
    )
    number_separator = fields.Char(default=",")
    time_format = fields.Char(default="%Y%m%d%H%M%S", help="The form of {datetime}.")
    time_zone = fields.Selection(selection=_tz_get, default="UTC", required=True)
    timeout = fields.Float(
        string="Answer Within Seconds", default=10.0, help="For the whole answer."
    )
    is_internal = fields.Boolean(
        string="In Our Own Network",
        help="Permits an address of a private network or of this machine.",
    )
    field_ids = fields.One2many(
        comodel_name="key.account.sms.field",
        inverse_name="gateway_id",
        string="Fields and Headers",
        copy=True,
    )
    secret_ids = fields.One2many(
        comodel_name="key.account.sms.secret",
        inverse_name="gateway_id",
        string="Secrets",
        copy=False,
    )
    missing_secrets = fields.Char(compute="_compute_missing_secrets")

    # the signature
    sign_algorithm = fields.Selection(
        selection=list(signing.ALGORITHMS.items()), string="Signature"
    )
    sign_template = fields.Char(
        string="Signed Text",
        default="{fields}",
        help="{fields} are the joined fields, {fields_encoded} the same "
        "percent-encoded once more, {body} is the body.",
    )
    sign_key = fields.Char(string="Key", help="Of an HMAC, e.g. {secret:key}.")
    sign_names = fields.Char(
        string="Signed Fields",
        help="Separated by commas, in their order. Empty: all, by name.",
    )
    sign_joiner = fields.Char(
        string="Between Name and Value",
        default="=",
        help="Empty: only the values are joined.",
    )
    sign_separator = fields.Char(string="Between Fields", default="&")
    sign_is_encoded = fields.Boolean(string="Percent-Encoded")
    sign_output = fields.Selection(
        selection=list(signing.OUTPUTS.items()), string="Written As", default="hex"
    )

    # the answer
    rule_ids = fields.One2many(
        comodel_name="key.account.sms.rule",
        inverse_name="gateway_id",
        string="Rules",
        copy=True,
    )
    items_path = fields.Char(
        string="List of Results",
        help="Where an answer to several numbers lists them, e.g. data.list.",
    )
    item_number_path = fields.Char(string="Number of a Result", default="@.number")
    reference_path = fields.Char(
        string="Number of the Message",
        help="Where the gateway names the message, e.g. data.id or @.id.",
    )
    reason_path = fields.Char(string="Text of an Error")
    cost_path = fields.Char(
        string="Cost", help="Where the gateway says the price of the message."
    )
    is_idempotent = fields.Boolean(
        string="Recognises Repetitions",
        help="The gateway sends a message with the same {uuid} only once. Only then is "
        "a request repeated whose answer did not come.",
    )

    # how fast, how often, for how much
    rate_limit = fields.Integer(
        string="At Most", default=20, help="0: as fast as it goes."
    )
    rate_unit = fields.Selection(
        selection=[("message", "Messages"), ("request", "Requests")],
        required=True,
        default="message",
    )
    rate_seconds = fields.Float(string="Within Seconds", default=1.0)
    retry_tries = fields.Integer(
        string="Tries", default=5, help="Of a message that is refused for the moment."
    )
    retry_seconds = fields.Float(
        string="First Retry After Seconds", default=30.0, help="Doubles with every try."
    )
    retry_max_seconds = fields.Float(string="Longest Wait in Seconds", default=3600.0)
    price = fields.Float(string="Price per Part", digits=(12, 6))
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )

    # delivery reports
    report_code = fields.Char(
        copy=False,
        readonly=True,
        required=True,
        default=lambda self: uuid.uuid4().hex,
        help="Names the gateway in the address for reports. Not secret.",
    )
    report_url = fields.Char(string="Address for Reports", compute="_compute_report")
    report_auth = fields.Selection(
        selection=[
            ("none", "No reports"),
            ("header", "Secret in a header"),
            ("field", "Secret in a field"),
            ("hmac", "HMAC of the body in a header"),
        ],
        string="Reports Are Known By",
        required=True,
        default="none",
    )
    report_auth_name = fields.Char(
        string="Header or Field", help="E.g. X-Signature, or the path of a JSON field."
    )
    report_algorithm = fields.Selection(
        selection=[
            entry for entry in signing.ALGORITHMS.items() if entry[0].startswith("hmac")
        ],
        default="hmac_sha256",
    )
    report_output = fields.Selection(
        selection=list(signing.OUTPUTS.items()), default="hex"
    )
    report_time_header = fields.Char(
        string="Header of the Time",
        help="Unix seconds, signed before the body with a full stop between; "
        "older than five minutes is refused.",
    )
    report_items_path = fields.Char(string="List of Reports")
    report_uuid_path = fields.Char(string="Our Number", help="Where {uuid} comes back.")
    report_reference_path = fields.Char(string="Gateway's Number")
    report_number_path = fields.Char(string="Telephone Number")
    report_answer = fields.Char(string="Answer to Reports", default="OK")

    delivery_ids = fields.One2many("key.account.sms.delivery", "gateway_id")
    sent_count = fields.Integer(compute="_compute_counts")
    delivered_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    unknown_count = fields.Integer(compute="_compute_counts")
    cost_total = fields.Float(compute="_compute_counts", digits=(16, 4))

    _report_code_uniq = models.UniqueIndex("(report_code)")
    _numbers_valid = models.Constraint(
        "CHECK (batch_size BETWEEN 1 AND 1000 AND rate_limit >= 0"
        " AND rate_seconds > 0 AND retry_tries BETWEEN 1 AND 20"
        " AND retry_seconds >= 1 AND retry_max_seconds BETWEEN 1 AND 86400"
        " AND timeout BETWEEN 1 AND 60 AND price >= 0)",
        "Numbers per request 1 to 1000, tries 1 to 20, waits 1 second to 1 day, "
        "seconds to wait for an answer 1 to 60; limits and prices are not negative.",
    )

    @api.depends("report_code")
    def _compute_report(self):
        for gateway in self:
            base = gateway.get_base_url()
            gateway.report_url = (
                f"{base}/key_account_sms_http/report/{gateway.report_code}"
            )

    @api.depends("secret_ids.code", "secret_ids.is_set", "field_ids.value")
    def _compute_missing_secrets(self):
        for gateway in self:
            ready = set(gateway.secret_ids.filtered("is_set").mapped("code"))
            missing = sorted(gateway._get_secret_names() - ready)
            gateway.missing_secrets = ", ".join(missing)

    def _get_secret_names(self):
        """The secrets the description speaks of."""
        self.ensure_one()
        texts = [self.body_template, self.sign_template, self.sign_key, self.url]
        texts += self.field_ids.mapped("value")
        names = set().union(*(template.secrets(text) for text in texts))
        return names | ({"report"} if self.report_auth != "none" else set())

    @api.depends("delivery_ids")
    def _compute_counts(self):
        groups = self.env["key.account.sms.delivery"]._read_group(
            [("gateway_id", "in", self.ids)],
            ["gateway_id", "state"],
            ["__count", "cost:sum"],
        )
        found = {(gateway.id, state): rest for gateway, state, *rest in groups}
        for gateway in self:
            counts = {
                state: found.get((gateway.id, state), (0, 0.0))
                for state in ("accepted", "delivered", "failed", "unknown")
            }
            gateway.delivered_count = counts["delivered"][0]
            gateway.sent_count = gateway.delivered_count + counts["accepted"][0]
            gateway.failed_count = counts["failed"][0]
            gateway.unknown_count = counts["unknown"][0]
            gateway.cost_total = sum(cost for _count, cost in counts.values())

    @api.constrains("active", "url", "body_format", "body_template")
    def _check_description(self):
        for gateway in self:
            problem = gateway._get_problem()
            if problem:
                raise ValidationError(problem)

    @api.constrains("sign_algorithm", "sign_template", "sign_key", "time_format")
    def _check_signature(self):
        allowed = template.MESSAGE + template.SIGNED
        for gateway in self:
            for text in (gateway.sign_template, gateway.sign_key):
                gateway._check_variables(text, allowed)

    def _check_variables(self, text, allowed=template.MESSAGE):
        unknown = template.unknown(text, allowed)
        if unknown:
            raise ValidationError(
                self.env._(
                    "There is no variable %(names)s. Use one of: %(known)s, or "
                    "{secret:…} with the name of a secret.",
                    names=", ".join(f"{{{name}}}" for name in unknown),
                    known=", ".join(f"{{{name}}}" for name in allowed),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env["key.account.sms.delivery"].search_count(
            [("gateway_id", "in", self.ids)], limit=1
        ):
            raise UserError(
                self.env._("Archive a gateway that has sent messages instead.")
            )

    def action_apply_profile(self):
        for gateway in self:
            gateway.profile_id._apply(gateway)

    def action_view_deliveries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_sms_http.key_account_sms_delivery_action"
        )
        action["domain"] = [("gateway_id", "=", self.id)]
        return action
