"""Fed to `odoo shell` in a template database: builds the bundles of the web client."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
env.cr.commit()  # noqa: F821
