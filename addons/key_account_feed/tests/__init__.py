# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_reader
from . import test_key_account_feed_customer
from . import test_key_account_feed_bill
from . import test_key_account_feed_document
from . import test_key_account_feed_order
from . import test_key_account_feed_snapshot
from . import test_key_account_feed_refusal
from . import test_key_account_feed
from . import test_key_account_feed_source
