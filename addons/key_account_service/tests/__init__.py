# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_clock
from . import test_incoming
from . import test_key_account_alarm
from . import test_key_account_attainment
from . import test_key_account_clock
from . import test_key_account_indicator
from . import test_key_account_request
from . import test_key_account_request_api
from . import test_key_account_request_handoff
from . import test_key_account_request_mail
from . import test_key_account_request_portal
from . import test_key_account_request_portal_file
from . import test_key_account_request_step
from . import test_key_account_request_visit
from . import test_key_account_standard
from . import test_key_account_standard_trial
from . import test_key_account_complaint
from . import test_key_account_complaint_repeat
from . import test_key_account_complaint_api
from . import test_key_account_complaint_portal
from . import test_key_account_complaint_report
from . import test_key_account_complaint_secret
from . import test_key_account_compensation
from . import test_lunar
from . import test_key_account_care_run
from . import test_key_account_care
from . import test_key_account_gift
from . import test_key_account_optout
from . import test_key_account_festival
from . import test_key_account_activity
from . import test_key_account_contact_event
from . import test_key_account_contact_standing
from . import test_key_account_cost
from . import test_key_account_inquiry
from . import test_key_account_intelligence
