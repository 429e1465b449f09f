{
    "name": "Key Account Managers",
    "summary": "Account managers: files, assignment, hand-over, plans and tasks",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Key Account Suite contributors",
    "website": "https://github.com/key-account-suite/key-account-suite",
    "license": "LGPL-3",
    "depends": ["hr_skills", "key_account_crm"],
    "data": [
        "security/ir.model.access.csv",
        "data/key_account_operation_data.xml",
        "views/key_account_manager_menu_views.xml",
        "views/key_account_operation_views.xml",
        "views/key_account_manager_menus.xml",
    ],
}
