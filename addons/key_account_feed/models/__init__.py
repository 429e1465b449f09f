# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_feed_source
from . import key_account_feed_text
from . import key_account_feed_text_record
from . import key_account_feed_part
from . import key_account_feed_result
from . import key_account_feed_refusal
from . import key_account_feed_interface
from . import key_account_feed_interface_resolve
from . import key_account_feed_interface_known
from . import key_account_feed_interface_customer
from . import key_account_feed_interface_customer_parts
from . import key_account_feed_interface_customer_load
from . import key_account_feed_interface_customer_changes
from . import key_account_feed_interface_customer_contacts
from . import key_account_feed_interface_bill
from . import key_account_feed_interface_bill_payment
from . import key_account_feed_interface_bill_document
from . import key_account_feed_interface_bill_snapshot
from . import key_account_feed_interface_bill_load
from . import key_account_feed
from . import key_account_feed_order
from . import key_account_feed_receive
from . import key_account_feed_run
from . import key_account_feed_download
