# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets at rest: encrypted with a key that stands outside the database.

The key is ``key_account_secret_key`` of the server's configuration file, or the
variable ``KEY_ACCOUNT_SECRET_KEY`` of its environment: one or more Fernet keys, with
commas between. The first one encrypts, every one decrypts, so that a key can be
replaced. Without a key a secret is kept as it was typed: who has the database has it.

>>> key, other = make_key(), make_key()
>>> sealed = seal("p4ss", [key])
>>> "p4ss" in sealed, is_sealed(sealed), unseal(sealed, [other, key])
(False, True, 'p4ss')
>>> seal("p4ss", []), unseal("p4ss", [])
('p4ss', 'p4ss')
>>> unseal(sealed, [other]) is None, unseal(sealed, []) is None
(True, True)
"""

import os

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

OPTION, VARIABLE = "key_account_secret_key", "KEY_ACCOUNT_SECRET_KEY"
PREFIX = "fernet:"


def make_key():
    """A new key, as the server's configuration takes it."""
    return Fernet.generate_key().decode()


def get_keys():
    """The server's keys, the one that encrypts first."""
    text = os.environ.get(VARIABLE) or config.get(OPTION) or ""
    return [key.strip() for key in str(text).split(",") if key.strip()]


def seal(value, keys):
    """What is stored of a secret."""
    return PREFIX + _get_box(keys).encrypt(value.encode()).decode() if keys else value


def unseal(content, keys):
    """The secret, or None where no key of the server opens it."""
    if not is_sealed(content):
        return content
    if not keys:
        return None
    try:
        return _get_box(keys).decrypt(content[len(PREFIX) :].encode()).decode()
    except InvalidToken:
        return None


def is_sealed(content):
    return bool(content) and content.startswith(PREFIX)


def _get_box(keys):
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        # without the key itself, which the error would be logged with
        message = f"{OPTION} is no Fernet key: 32 bytes in URL-safe base64."
        raise ValueError(message) from error
