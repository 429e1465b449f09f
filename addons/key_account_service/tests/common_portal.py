# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo.tests import HttpCase, new_test_user

from .common import ServiceCommon


class PortalCommon(ServiceCommon, HttpCase):
    """``ada`` is a contact of Acme, ``eve`` of Far, ``bob`` of nobody we serve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls._portal_user("ada", cls.acme)
        cls.eve = cls._portal_user("eve", cls.far)
        cls.bob = new_test_user(cls.env, "bob_portal", "base.group_portal")
        cls.ours = cls._request(subject="Secret-acme")
        cls.theirs = cls._request(customer=cls.far, subject="Secret-far")

    @classmethod
    def _portal_user(cls, name, customer):
        user = new_test_user(cls.env, f"{name}_portal", "base.group_portal")
        user.partner_id.parent_id = customer
        return user

    def _get(self, path):
        return self.url_open(path)

    def _post(self, path, page=None, **data):
        token = re.search(
            r'csrf_token"\s+value="([^"]+)"', self._get(page or path).text
        )
        return self.url_open(path, {**data, "csrf_token": token.group(1)})

    def _log_in(self, user):
        self.authenticate(user.login, user.login)
