"""A pytest plugin for core's test_lint: it reads our addons, not the whole of Odoo.

Odoo's own sources would take ten minutes and are not ours to correct.
"""

import os
import sys
from pathlib import Path
from unittest import mock

import pytest

ROOT = Path(os.environ["KA_ROOT"])
# Inverses of a one2many that another index of their table begins with.
COVERED = {
    "key.account.clock.event.res_id",  # by _record_idx
    "key.account.contact.event.service_log_id",  # by _service_log_uniq
    "key.account.contact.standing.partner_id",  # by _standing_uniq
    "key.account.gift.stock.gift_id",  # by _gift_uniq
    "key.account.plan.result.target_id",  # by _target_uniq
    "key.account.standing.partner_id",  # by _partner_uniq
    "key.account.state.move.partner_id",  # by _partner_date_idx
}


@pytest.fixture(scope="session", autouse=True)
def only_our_addons():
    from odoo import tools
    from odoo.modules import Manifest

    import odoo.addons
    from odoo.addons.test_lint.tests import test_index

    test_index.BTREE_INDEX_IGNORE_FIELDS |= COVERED
    everything = Manifest.all_addon_manifests()
    ours = [m for m in everything if Path(m.path).is_relative_to(ROOT)]
    ours = [m for m in ours if ".dev" not in Path(m.path).relative_to(ROOT).parts]
    # pytest puts the addons folders on the path, test_pylint hands it to pylint, and
    # there `import calendar` would be Odoo's.
    path = [entry for entry in sys.path if entry not in set(odoo.addons.__path__)]
    with (
        mock.patch.object(sys, "path", path),
        mock.patch.object(Manifest, "all_addon_manifests", lambda: ours),
        # test_pylint adds Odoo's own folder to the list: give it one it has already.
        mock.patch.object(tools.config, "root_path", ours[0].path),
    ):
        yield
