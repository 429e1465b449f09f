# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_complaint
from . import key_account_service_log
from . import key_account_contact_event
from . import key_account_service_event
from . import key_account_month
from . import key_account_timeline
from . import key_account_feed
from . import key_account_feed_result
from . import key_account_feed_refusal
from . import key_account_feed_text
from . import key_account_feed_interface_customer
from . import key_account_feed_interface_complaint
from . import key_account_feed_interface_complaint_load
from . import key_account_feed_interface_complaint_move
from . import key_account_feed_interface_complaint_service
from . import key_account_feed_interface_complaint_service_load
