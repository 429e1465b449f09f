{
    "name": "Key Account Service",
    "summary": "Requests of key accounts, service standards and exact clocks",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_crm", "resource"],
}
