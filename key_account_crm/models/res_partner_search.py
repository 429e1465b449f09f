# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re
import unicodedata

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus
from odoo.tools import SQL

# What a customer is found by besides its name: one trigram index over all of them.
IDENTIFIERS = (
    "key_account_short_name",
    "key_account_code",
    "email",
    "ref",
    "vat",
    "company_registry",
)
# Kana, ideographs and hangul, as a character class of PostgreSQL and Python alike.
CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
CHARS_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION key_account_chars(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT string_to_array(regexp_replace($1, '[^{CJK}]+', '', 'g'), NULL) $$
"""
IN_NAME, ANYWHERE = "name", "anywhere"
HAS_TRIGRAM = re.compile(r"[^\W_]{3}")
PHONE_SPACING = r"[\s\\./\(\)\-]"
HAS_NUMBER = re.compile(r"[0-9]{3}")


def _join_identifiers(column) -> SQL:
    """The identifiers as one text, written alike in the index and in a query.

    :param column: function from the name of a field to its SQL
    """
    return SQL("||").join(
        SQL("COALESCE(%s||E'\\n', '')", column(fname)) for fname in IDENTIFIERS
    )


def _join_all(column) -> SQL:
    name = SQL("COALESCE(%s||E'\\n', '')", column("complete_name"))
    return SQL("%s||%s", name, _join_identifiers(column))


def _can_index(registry):
    """The database has trigrams, and its unaccent (if any) may stand in an index."""
    return registry.has_trigram and registry.has_unaccent != FunctionStatus.PRESENT


def _define_trigrams(text: SQL):
    def define(registry):
        if not _can_index(registry):
            return ""
        return f"USING gin (({registry.unaccent(text).code}) gin_trgm_ops)"

    return define


def _define_chars(text: SQL):
    def define(registry):
        if not _can_index(registry):
            return ""
        return f"USING gin (key_account_chars({registry.unaccent(text).code}))"

    return define


class SearchedChar(fields.Char):
    """A name that is searched by part through the indexes of its model."""

    def _condition_to_sql(self, field_expr, operator, value, model, alias, query):
        condition = super()._condition_to_sql(
            field_expr, operator, value, model, alias, query
        )
        if operator not in ("like", "ilike") or not isinstance(value, str):
            return condition
        narrowed = model._key_account_narrow(value, alias, query, IN_NAME)
        return SQL("(%s AND %s)", condition, narrowed) if narrowed else condition


class ResPartner(models.Model):
    """A customer is found by part of its name, short name, code, number or phone.

    A word of three characters or more goes through trigrams. One or two Chinese
    characters have none (and are what a colleague types): they go through the single
    characters of the name. Both only narrow the rows down: the plain condition is
    always asked too, so that the same rows are found as without an index.
    """

    _inherit = "res.partner"

    name = SearchedChar()
    complete_name = SearchedChar()
    key_account_search = fields.Char(
        string="Customer",
        compute="_compute_key_account_search",
        search="_search_key_account_search",
        help="Part of a name or short name, of a customer code, of a service number "
        "or of a phone number.",
    )

    _key_account_name_trigram_idx = models.Index(
        _define_trigrams(SQL.identifier("complete_name"))
    )
    _key_account_identifier_trigram_idx = models.Index(
        _define_trigrams(_join_identifiers(SQL.identifier))
    )
    _key_account_chars_idx = models.Index(_define_chars(_join_all(SQL.identifier)))

    def _compute_key_account_search(self):
        for partner in self:
            partner.key_account_search = partner.display_name

    def _search_key_account_search(self, operator, value):
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return NotImplemented
        words = dict.fromkeys((value, unicodedata.normalize("NFKC", value).strip()))
        return Domain.OR(Domain("display_name", operator, word) for word in words)

    def _auto_init(self):
        # The indexes below need the function.
        self.env.cr.execute(CHARS_FUNCTION)
        return super()._auto_init()

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if operator not in ("ilike", "like") or not value or not isinstance(value, str):
            return domain
        domain = domain | Domain.OR(
            Domain(fname, operator, value) for fname in IDENTIFIERS[:2]
        )
        if set(self._rec_names_search) <= {"complete_name", *IDENTIFIERS}:
            domain &= Domain.custom(
                to_sql=lambda model, alias, query: (
                    model._key_account_narrow(value, alias, query, ANYWHERE)
                    or SQL("TRUE")
                )
            )
        return self._key_account_with_numbers(domain, operator, value)

    def _key_account_with_numbers(self, domain, operator, value):
        """The domain, or whoever has this part in a phone or service number.

        As a union: an OR of several tables would read all of them from end to end.
        """
        if not HAS_NUMBER.search(value):
            return domain
        # sudo: only ids, which the search that asked holds against the user's rules.
        partners = self.sudo().with_context(active_test=False)
        found = [
            partners._search(domain).subselect("id"),
            partners._search(self._key_account_phone_domain(value)).subselect("id"),
        ]
        numbers = self.env["key.account.number"]
        if numbers.has_access("read"):
            owners = numbers._search([("name", operator, value)])
            found.append(owners.subselect("partner_id"))
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(found)))

    @api.model
    def _key_account_phone_domain(self, value):
        """Phones that contain the digits, however they are spaced.

        Written as the index that phone_validation keeps.
        """
        digits = re.sub(PHONE_SPACING, "", value)

        def to_sql(model, alias, query):
            phone = model._field_to_sql(alias, "phone", query)
            return SQL(
                "(%s IS NOT NULL AND regexp_replace(%s::text, %s, '', 'g') ILIKE %s)",
                phone,
                phone,
                PHONE_SPACING,
                f"%{digits}%",
            )

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _key_account_narrow(self, word, alias, query, where):
        """SQL that holds for every row with the word in it and that an index answers.

        :return: None where no index helps: short Latin words, wildcards only
        """
        if not _can_index(self.pool):
            return None
        # sudo: what the columns hold decides nothing here, the condition itself does.
        model = self.sudo()
        unaccent = self.pool.unaccent

        def column(fname):
            return model._field_to_sql(alias, fname, query)

        if HAS_TRIGRAM.search(word.replace("\\", " ")) and word == word.strip():
            pattern = unaccent(SQL("%s", f"%{word}%"))
            narrowed = SQL("%s ILIKE %s", unaccent(column("complete_name")), pattern)
            if where == IN_NAME:
                return narrowed
            identifiers = unaccent(_join_identifiers(column))
            return SQL("(%s OR %s ILIKE %s)", narrowed, identifiers, pattern)
        if re.search(f"[{CJK}]", word):
            return SQL(
                "key_account_chars(%s) @> key_account_chars(%s)",
                unaccent(_join_all(column)),
                unaccent(SQL("%s", word)),
            )
        return None
