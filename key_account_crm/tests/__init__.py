# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_key_account_scope
from . import test_key_account_unit
from . import test_key_account_bill
from . import test_res_partner_file
from . import test_res_partner_search
from . import test_key_account_open_item
from . import test_res_users
from . import test_res_users_account
from . import test_key_account_change
from . import test_key_account_lifecycle
from . import test_key_account_potential
from . import test_key_account_rule
from . import test_key_account_churn
from . import test_key_account_audit
from . import test_key_account_person
from . import test_key_account_duplicate
from . import test_key_account_completeness
from . import test_key_account_merge
from . import test_key_account_move_proposal
from . import test_key_account_timeline
from . import test_key_account_views
from . import test_key_account_event
from . import test_key_account_export
from . import test_key_account_card
from . import test_key_account_card_nightly
from . import test_key_account_card_endpoint
from . import test_key_account_card_print
from . import test_key_account_audit_origin
from . import test_key_account_audit_note
from . import test_key_account_allocation
from . import test_res_partner_currency
from . import test_res_partner_habits
from . import test_key_account_group
from . import test_js
from . import test_key_account_card_use
