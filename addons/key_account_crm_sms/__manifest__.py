{
    "name": "Key Account Notices by SMS",
    "summary": "Notices of ending grades as text messages, looked at before sending",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["key_account_crm", "sms"],
    "data": ["wizard/key_account_grade_notice_views.xml"],
    "auto_install": True,
}
