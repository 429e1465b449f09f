from . import key_account_operation
