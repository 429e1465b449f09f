# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from copy import deepcopy

from lxml import etree

from odoo import api, models

DRAFT_ONLY = "state != 'draft'"
PLAIN = ("field", "filter")
OPEN = "state not in ('draft', 'approved')"


class KeyAccountRuleMixin(models.AbstractModel):
    """What the screens of all rules have in common is put into the views of each.

    The view of a rule model holds its own fields only; the parts come from the
    templates ``key_account_rule_<view type>_template``. A part goes into the element
    with its name; where there is none, to the end of the view (lists, searches), or
    it is left out (forms; the header is made).
    """

    _inherit = "key.account.rule.mixin"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        parts = self._get_view_parts(view_type)
        if parts is None:
            return arch, view
        if view_type == "form":
            self._fill_form(arch, parts)
        else:
            self._extend_arch(arch, parts[0])
        return arch, view

    @api.model
    def _get_view_parts(self, view_type):
        # sudo: templates are no record of the reader's; only the words are taken.
        template = self.env.ref(
            f"key_account_crm.key_account_rule_{view_type}_template",
            raise_if_not_found=False,
        )
        if not template:
            return None
        return etree.fromstring(template.sudo().arch)

    @api.model
    def _fill_form(self, arch, parts):
        if arch.find("header") is None:
            arch.insert(0, etree.Element("header"))
        arch.find("header").set("name", "rule_header")
        for part in parts:
            for place in arch.xpath("//*[@name=$name]", name=part.get("name")):
                for key, value in part.attrib.items():
                    if key not in place.attrib:
                        place.set(key, value)
                for offset, node in enumerate(part):
                    place.insert(offset, deepcopy(node))
        self._lock_fields(arch)

    @api.model
    def _lock_fields(self, arch):
        """Content changes in drafts only: say so on each field of the form."""
        content = set(self._get_content_fields())
        content |= {"date_from", "date_to", "note", "unit_id", "limit_ids"}
        for node in arch.iter("field"):
            is_nested = any(parent.tag == "field" for parent in node.iterancestors())
            name = node.get("name")
            if name in content and not is_nested and not node.get("readonly"):
                is_open = name in self._rule_open_fields
                node.set("readonly", OPEN if is_open else DRAFT_ONLY)

    @api.model
    def _extend_arch(self, arch, parts):
        for key, value in parts.attrib.items():
            if key.startswith("decoration-") and key not in arch.attrib:
                arch.set(key, value)
        present = {node.get("name") for node in arch.iter(*PLAIN)}
        for node in parts:
            if node.tag == "header":
                arch.insert(0, deepcopy(node))
            elif node.tag not in PLAIN or node.get("name") not in present:
                arch.append(deepcopy(node))
