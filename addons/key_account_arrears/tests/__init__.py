# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_key_account_arrears_statement
from . import test_key_account_arrears_timeline
from . import test_key_account_arrears_trial
from . import test_key_account_bad_debt
from . import test_key_account_dispute
from . import test_key_account_dunning_exemption
from . import test_key_account_dunning_isolation
from . import test_key_account_dunning_policy
from . import test_key_account_dunning_run
from . import test_key_account_late_fee_rule
from . import test_key_account_late_fee_run
from . import test_key_account_open_item
from . import test_key_account_promise
from . import test_key_account_recovery
from . import test_key_account_suspension
