# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def uninstall_hook(env):
    """The tables outlive the log: take its triggers away first."""
    env["key.account.audit"]._drop_all()
