# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import random

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from . import demo_words as words

MONTHS = 14
# department: (lines it sells, customers it keeps, manager)
DEPARTMENTS = {
    "letter_east": (("letter", "information"), 45, "manager"),
    "letter_west": (("letter",), 40, "manager_west"),
    "letter_finance": (("information", "letter"), 35, "manager_finance"),
    "express_parcel": (("parcel",), 45, "manager_parcel"),
    "express_logistics": (("logistics", "express"), 40, "manager_logistics"),
    "express_export": (("express",), 35, "manager_export"),
    "press_press": (("press",), 35, "manager_press"),
    "press_philately": (("philately",), 25, "manager_philately"),
}
CHINESE = "zh_CN"
ENGLISH_EVERY = 4  # every fourth group that exports writes English
SHARED_EVERY = 6  # every sixth group is also served by another company
POTENTIAL_EVERY, CHURNED_EVERY, SUSPENDED_EVERY = 12, 22, 41
LATE_EVERY, OPEN_EVERY, CREDIT_EVERY = 9, 13, 3


class KeyAccountDemo(models.AbstractModel):
    """Makes the demonstration city's customers, bills and payments.

    Always the same ones (the random numbers are seeded), dated back from today, so
    that the screens look alive on whatever day they are opened.
    """

    _name = "key.account.demo"
    _description = "Key Account Demonstration Data"

    @api.model
    def _load(self):
        maker = self.with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            default_lang=CHINESE,
        )
        dice = random.Random(20020101)
        customers = maker._create_customers(dice)
        maker._share_customers(dice, customers)
        maker._create_contacts(dice, customers)
        maker._create_numbers(dice, customers)
        bills = maker._create_bills(dice, customers)
        maker._create_payments(dice, bills)
        maker._create_credits(bills)
        maker._move_customers(dice, customers)
        maker._create_persons(dice, customers)
        maker._create_members(dice, customers)
        maker._create_potentials(dice, customers)
        maker._note_demands(dice, customers)
        maker._let_some_write_english(customers)

    @api.model
    def _learn_chinese(self):
        """The language of the city, where the database does not know it yet."""
        language = self.env["res.lang"].with_context(active_test=False)
        language = language.search([("code", "=", CHINESE)])
        if not language.active:
            install = self.env["base.language.install"]
            install.create(
                {"lang_ids": [fields.Command.set(language.ids)]}
            ).lang_install()

    @api.model
    def _translate_letterhead(self):
        company = self.env.ref("base.main_company")
        for fname, terms in words.LETTERHEAD.items():
            company.update_field_translations(fname, {CHINESE: terms})

    def _let_some_write_english(self, customers):
        """Exporters with foreign owners want their papers in English."""
        exporters = customers.filtered(
            lambda customer: (
                customer.key_account_unit_id
                == self._demo("key_account_unit", "express_export")
            )
        )
        groups = exporters.filtered(lambda one: one.key_account_kind == "group")
        chosen = groups[::ENGLISH_EVERY]
        (chosen | chosen.child_ids).lang = "en_US"

    def _demo(self, kind, name):
        return self.env.ref(f"key_account_crm.{kind}_{name}_demo")

    def _create_customers(self, dice):
        vals_list = []
        for department, (_lines, count, manager) in DEPARTMENTS.items():
            home = {
                "key_account_unit_id": self._demo("key_account_unit", department).id,
                "key_account_manager_id": self._demo("user", manager).id,
            }
            for _index in range(count):
                vals = self._prepare_customer_vals(dice, len(vals_list))
                vals_list.append({**vals, **home})
        self._name_apart(vals_list)
        customers = self.env["res.partner"].create(vals_list)
        groups = customers.filtered(lambda c: c.key_account_kind == "group")
        for index, customer in enumerate(groups[1:40:4]):
            customer.key_account_parent_id = groups[index * 4]
        return customers

    def _prepare_customer_vals(self, dice, index):
        today = fields.Date.context_today(self)
        kind = ("group", "group", "professional", "group", "individual")[index % 5]
        vals = {
            "key_account_kind": kind,
            "key_account_state": "active",
            "key_account_code": f"{5100000 + index * 7}",
            "key_account_date_from": today
            - relativedelta(days=dice.randint(200, 4000)),
            "city": words.CITY,
            "street": f"{dice.choice(words.STREETS)}{dice.randint(1, 300)}号",
            "zip": f"31{dice.randint(0, 9999):04}",
            "country_id": self.env.ref("base.cn").id,
            "key_account_preferred_contact": words.CONTACTS[index % 3],
            "key_account_preferred_time": words.TIMES[index % 4],
        }
        if index % POTENTIAL_EVERY == POTENTIAL_EVERY - 1:
            vals["key_account_state"] = "potential"
        if kind == "individual":
            return {**vals, **self._prepare_person_vals(dice)}
        return {**vals, **self._prepare_company_vals(dice, kind)}

    def _prepare_person_vals(self, dice):
        return {
            "name": dice.choice(words.SURNAMES) + dice.choice(words.GIVEN),
            "key_account_occupation": dice.choice(words.POSTS),
            "key_account_origin": dice.choice(("personal", "group")),
        }

    def _prepare_company_vals(self, dice, kind):
        if kind == "professional" and dice.random() < 0.4:
            public = dice.choice(words.PUBLIC)
            industry = "base.res_partner_industry_O"
            brand, name = public, words.CITY + public
        else:
            brand, trade = dice.choice(words.BRANDS), dice.choice(list(words.TRADES))
            trade_words, industry = words.TRADES[trade]
            name = words.CITY + brand + trade_words + dice.choice(words.FORMS)
        staff = int(10 ** dice.uniform(1.2, 3.6))
        return {
            "name": name,
            "key_account_short_name": brand,
            "industry_id": self.env.ref(industry).id,
            "phone": f"0571-8{dice.randint(0, 9999999):07}",
            "key_account_credit_code": f"9133{dice.randint(0, 10**14 - 1):014}",
            "key_account_staff_count": staff,
            "key_account_capital": staff * 20000,
            "key_account_legal_person": dice.choice(words.SURNAMES)
            + dice.choice(words.GIVEN),
            "key_account_date_contract_end": fields.Date.context_today(self)
            + relativedelta(days=dice.randint(-30, 700)),
        }

    @api.model
    def _name_apart(self, vals_list):
        """Two customers of one name would be taken for duplicates: tell them apart."""
        seen = {}
        for vals in vals_list:
            count = seen[vals["name"]] = seen.get(vals["name"], 0) + 1
            if count > 1 and vals["key_account_kind"] == "individual":
                vals["name"] += words.GIVEN[count].split()[0][:1]
            elif count > 1:
                vals["name"] = vals["name"].replace(
                    words.CITY, words.CITY + words.BRANDS[count]
                )

    def _share_customers(self, dice, customers):
        """Some groups are served by a second company on one of its lines."""
        groups = customers.filtered(lambda c: c.key_account_kind == "group")
        departments = list(DEPARTMENTS)
        vals_list = []
        for customer in groups[::SHARED_EVERY]:
            home = customer.key_account_unit_id.parent_id
            others = [
                name
                for name in departments
                if self._demo("key_account_unit", name).parent_id != home
            ]
            other = dice.choice(others)
            lines, _count, manager = DEPARTMENTS[other]
            vals_list.append(
                {
                    "partner_id": customer.id,
                    "line_id": self._demo("key_account_line", lines[0]).id,
                    "unit_id": self._demo("key_account_unit", other).id,
                    "manager_id": self._demo("user", manager).id,
                    "agreement_number": f"XY{dice.randint(0, 99999):05}",
                    "amount_year": dice.randint(2, 60) * 10000,
                }
            )
        self.env["key.account.line.file"].create(vals_list)

    def _create_contacts(self, dice, customers):
        roles = ("decides", "influences", "pays", "uses")
        vals_list = []
        for customer in customers.filtered("is_company"):
            for index in range(dice.randint(1, 3)):
                vals_list.append(
                    {
                        "name": dice.choice(words.SURNAMES) + dice.choice(words.GIVEN),
                        "parent_id": customer.id,
                        "function": dice.choice(words.POSTS),
                        "phone": f"0571-8{dice.randint(0, 9999999):07}",
                        "key_account_decision_role": roles[index],
                        "key_account_relation": dice.choice("1234"),
                    }
                )
        self.env["res.partner"].create(vals_list)

    def _create_numbers(self, dice, customers):
        vals_list = []
        for customer in customers[::2]:
            for line in self._get_lines(customer)[:1]:
                vals_list.append(
                    {
                        "name": f"0571{dice.randint(80000000, 89999999)}",
                        "partner_id": customer.id,
                        "line_id": line.id,
                        "date_opened": customer.key_account_date_from,
                    }
                )
        names = {vals["name"]: vals for vals in vals_list}
        self.env["key.account.number"].create(list(names.values()))

    def _get_lines(self, customer):
        """The lines of the customer's home department and those of its line files."""
        lines = customer.key_account_line_file_ids.line_id
        for department, (names, _count, _manager) in DEPARTMENTS.items():
            if self._demo("key_account_unit", department) == (
                customer.key_account_unit_id
            ):
                for name in names:
                    lines |= self._demo("key_account_line", name)
        return lines

    def _create_bills(self, dice, customers):
        today = fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        vals_list = []
        billed = customers.filtered(lambda c: c.key_account_state == "active")
        for index, customer in enumerate(billed):
            numbers = customer.key_account_number_ids
            gone = index % CHURNED_EVERY == CHURNED_EVERY - 1
            for line in self._get_lines(customer):
                size = 10 ** dice.uniform(2.6, 4.7)
                growth = dice.uniform(-0.04, 0.05)
                number = numbers.filtered(lambda n, line=line: n.line_id == line)[:1]
                for month in range(MONTHS - 5 if gone else MONTHS):
                    amount = size * (1 + growth) ** month * dice.uniform(0.8, 1.25)
                    period = first + relativedelta(months=month)
                    vals_list.append(
                        {
                            "name": f"{period:%y%m}{index:04}{line.code}",
                            "partner_id": customer.id,
                            "line_id": line.id,
                            "number_id": number.id,
                            "period": period,
                            "date_bill": period + relativedelta(months=1),
                            "date_due": period + relativedelta(months=1, days=24),
                            "amount": round(amount, 2),
                        }
                    )
        return self.env["key.account.bill"].create(vals_list)

    def _create_payments(self, dice, bills):
        """Most pay in time, some late; a few leave the last bills open."""
        today = fields.Date.context_today(self)
        vals_list = []
        for bill in bills.sorted("id"):
            place = int(bill.partner_id.key_account_code) // 7
            slow = place % LATE_EVERY == 0
            days = dice.randint(5, 70) if slow else -dice.randint(0, 20)
            date = bill.date_due + relativedelta(days=days)
            silent = place % OPEN_EVERY == 0
            if date > today or (
                silent and bill.period > today - relativedelta(days=150)
            ):
                continue
            vals_list.append(
                {
                    "name": f"P{len(vals_list) + 1:06}",
                    "partner_id": bill.partner_id.id,
                    "bill_id": bill.id,
                    "date_payment": date,
                    "amount": bill.amount,
                    "currency_id": bill.currency_id.id,
                }
            )
        self.env["key.account.payment"].create(vals_list)
