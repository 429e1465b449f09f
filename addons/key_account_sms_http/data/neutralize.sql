-- A copy of the database sends to nobody: no secret, and no number is a test number.
UPDATE key_account_sms_gateway SET is_test = true, test_numbers = NULL;
UPDATE key_account_sms_secret SET content = NULL, is_set = false;
