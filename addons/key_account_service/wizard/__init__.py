# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_request_wait
from . import key_account_request_close
from . import key_account_request_callback
from . import key_account_request_visit
from . import key_account_complaint_dispatch
from . import key_account_complaint_wait
from . import key_account_complaint_reply
from . import key_account_complaint_callback
from . import key_account_complaint_reason
from . import key_account_compensation_refuse
from . import key_account_standard_proposal
from . import key_account_care_finish
from . import key_account_care_refuse
from . import key_account_message_mixin
from . import key_account_message_line_mixin
from . import key_account_care_message
from . import key_account_care_message_line
from . import key_account_activity_invite
from . import key_account_activity_message
from . import key_account_activity_message_line
