# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_arrears_move
from . import key_account_open_item
from . import key_account_open_item_suspension
from . import key_account_recovery
