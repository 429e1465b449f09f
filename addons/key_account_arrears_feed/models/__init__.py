# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_feed
from . import key_account_feed_interface_suspension
from . import key_account_feed_refusal
from . import key_account_feed_result
from . import key_account_feed_text
from . import key_account_suspension_export
from . import key_account_suspension
from . import key_account_unit
