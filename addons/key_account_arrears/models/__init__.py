# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_ageing_bucket
from . import key_account_dispute
from . import key_account_dunning_exemption
from . import key_account_dunning_holiday
from . import key_account_dunning_line
from . import key_account_dunning_line_send
from . import key_account_dunning_line_text
from . import key_account_dunning_policy
from . import key_account_dunning_policy_trial
from . import key_account_dunning_run
from . import key_account_dunning_run_select
from . import key_account_dunning_step
from . import key_account_indicator
from . import key_account_late_fee_rule
from . import key_account_month
from . import key_account_profile
from . import key_account_promise
from . import key_account_promise_follow
from . import key_account_promise_instalment
from . import key_account_timeline
from . import key_account_timeline_dunning
from . import key_account_unit
from . import res_partner
from . import res_partner_dunning
