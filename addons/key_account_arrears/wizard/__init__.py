# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_arrears_statement
from . import key_account_recovery_ask
from . import key_account_suspension_decide
from . import key_account_suspension_propose
from . import key_account_suspension_propose_line
