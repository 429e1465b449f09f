# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged, warmup
from odoo.tools.safe_eval import safe_eval

from .common import ROLES, KeyAccountCommon

READERS = ("manager", "head", "company", "centre", "office", "finance", "agent")
# What the form of a customer and a page of the list may cost.
FORM_QUERIES = 72
LIST_QUERIES = 21
FORM = "key_account_crm.res_partner_view_form_key_account"


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestKeyAccountViews(KeyAccountCommon):
    """Screens: what each role is shown, and what showing it costs (issue 2, 5)."""

    def _user(self, role):
        return self.director if role == "centre" else getattr(self, role)

    def _get_form(self, user):
        """The form as the client gets it, and what it then asks the server for."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_action"
        )
        view_id = dict((mode, view) for view, mode in action["views"])["form"]
        partners = self.env["res.partner"].with_user(user)
        views = partners.get_views([(view_id, "form")])
        arch = etree.fromstring(views["views"]["form"]["arch"])
        return arch, self._get_specification(arch, "res.partner", views["models"])

    def _get_specification(self, node, model, models):
        fields = models[model]["fields"]
        specification = {}
        for child in node.iterchildren(etree.Element):
            if child.tag != "field":
                specification.update(self._get_specification(child, model, models))
                continue
            field = fields[child.get("name")]
            entry = specification.setdefault(child.get("name"), {})
            if field["type"] in ("many2one", "reference"):
                entry["fields"] = {"display_name": {}}
            elif field["type"] in ("one2many", "many2many"):
                inner = child.find("list")
                entry["limit"] = 40
                entry["fields"] = (
                    self._get_specification(inner, field["relation"], models)
                    if inner is not None
                    else {"display_name": {}}
                )
        return specification

    def _count(self, function):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def test_every_reader_opens_the_form_and_the_lists(self):
        customer = self._create_customer(manager=self.manager)
        self._create_bill(customer, 100, self.letter)
        for role in (*READERS, "admin"):
            user = self._user(role)
            with self.subTest(role=role):
                arch, specification = self._get_form(user)
                record = customer.with_user(user)
                [values] = record.web_read(specification)
                self.assertEqual(values["name"], "Acme")
                self.assertIn("profile", arch.xpath("//page/@name"))

    def test_money_is_not_on_the_form_of_an_administrator(self):
        arch, specification = self._get_form(self.admin)
        pages = arch.xpath("//page/@name")
        self.assertNotIn("money", pages)
        self.assertNotIn("history", pages)
        self.assertFalse(
            {"key_account_year", "key_account_open", "key_account_revenue_chart"}
            & specification.keys()
        )
        arch, specification = self._get_form(self.finance)
        self.assertIn("money", arch.xpath("//page/@name"))
        self.assertIn("key_account_overdue", specification)

    def test_only_who_assigns_can_change_the_assignment_on_the_form(self):
        def readonly(user):
            arch, _specification = self._get_form(user)
            nodes = arch.xpath("//field[@name='key_account_manager_id']")
            return [node.get("readonly") for node in nodes]

        self.assertEqual(readonly(self.manager), ["1"])
        self.assertEqual(readonly(self.head), [None])

    def test_a_new_customer_is_proposed_the_unit_of_its_registrar(self):
        partners = self.env["res.partner"].with_user(self.manager)
        with Form(
            partners.with_context(default_key_account_kind="group"), FORM
        ) as form:
            form.name = "Newcomer"
            self.assertEqual(form.key_account_unit_id, self.post_1)
        customer = form.save()
        self.assertRecordValues(
            customer,
            [
                {
                    "key_account_unit_id": self.post_1.id,
                    "key_account_manager_id": self.manager.id,
                    "key_account_state": "active",
                    "is_company": True,
                }
            ],
        )

    def test_an_ordinary_contact_is_proposed_no_unit(self):
        values = (
            self.env["res.partner"]
            .with_user(self.manager)
            .default_get(["name", "key_account_unit_id", "key_account_manager_id"])
        )
        self.assertNotIn("key_account_unit_id", values)

    def test_menus_follow_the_acceptance_table(self):
        expected = {
            "key_account_menu_customers_all": {*READERS, "admin"},
            "key_account_menu_contacts": set(READERS),
            "key_account_menu_bills": set(READERS),
            "key_account_menu_runs": {
                "company",
                "centre",
                "office",
                "operator",
                "admin",
            },
            "key_account_menu_units": {"head", "company", "centre", "office", "admin"},
            "key_account_menu_unit_levels": {"centre", "admin"},
            "key_account_menu_users": {"head", "company", "centre", "office", "admin"},
            "key_account_menu_terms": {"centre", "office", "admin"},
        }
        shown = {
            role: self.env["ir.ui.menu"].with_user(self._user(role))._visible_menu_ids()
            for role in ROLES
        }
        for name, roles in expected.items():
            menu = self.env.ref(f"key_account_crm.{name}")
            with self.subTest(menu=name):
                self.assertEqual(
                    {role for role in ROLES if menu.id in shown[role]}, roles
                )

    def test_what_a_menu_opens_its_reader_may_read(self):
        root = self.env.ref("key_account_crm.key_account_menu_root")
        for role in ROLES:
            menus = self.env["ir.ui.menu"].with_user(self._user(role))
            shown = menus.browse(menus._visible_menu_ids())
            for menu in shown.sudo().filtered("action"):
                if not menu.parent_path.startswith(f"{root.id}/"):
                    continue
                if menu.action._name != "ir.actions.act_window":
                    continue
                with self.subTest(role=role, menu=menu.name):
                    model = self.env[menu.action.res_model]
                    model.with_user(self._user(role)).check_access("read")

    def test_every_filter_and_grouping_can_be_used(self):
        customer = self._create_customer(manager=self.manager)
        self._pay(self._create_bill(customer, 100, self.letter), 10)
        views = self.env["ir.ui.view"].search(
            [
                ("type", "=", "search"),
                ("model", "=like", "key.account.%"),
                ("inherit_id", "=", False),
            ]
        ) | self.env.ref("key_account_crm.res_partner_view_search_key_account")
        for view in views:
            model = self.env[view.model].with_user(self.director)
            if not model.has_access("read"):
                continue
            arch = etree.fromstring(model.get_view(view.id, "search")["arch"])
            for node in arch.iter("filter"):
                with self.subTest(view=view.name, filter=node.get("name")):
                    self._use(model, node)

    def _use(self, model, node):
        values = {"uid": model.env.uid}
        if node.get("domain"):
            domain = safe_eval(node.get("domain"), values)
            model.search(domain, limit=1)
        context = safe_eval(node.get("context") or "{}", values)
        if context.get("group_by"):
            model.formatted_read_group([], [context["group_by"]], ["__count"])

    def test_filters_find_whom_they_name(self):
        owing = self._create_customer("Owing", manager=self.manager)
        self._create_bill(owing, 100, self.letter, date_due="2026-04-30")
        late = self._create_customer("Late", manager=self.colleague)
        self._create_bill(late, 100, self.letter, date_due="2026-02-15")
        quiet = self._create_customer("Quiet")
        self._create_bill(
            quiet,
            50,
            period="2025-11-01",
            date_bill="2025-12-01",
            date_due="2025-12-20",
        )
        self._pay(quiet.env["key.account.bill"].search([("amount", "=", 50)]), 50)
        everybody = owing | late | quiet
        expected = {
            "my_customers": owing,
            "my_unit": everybody,
            "without_manager": quiet,
            "owes": owing | late,
            "overdue": late,
            "no_bill": quiet,
        }
        arch = self._get_search_arch(self.manager)
        partners = self.env["res.partner"].with_user(self.head)
        for name, found in expected.items():
            with self.subTest(filter=name):
                [node] = arch.xpath(f"//filter[@name='{name}']")
                domain = safe_eval(node.get("domain"), {"uid": self.manager.id})
                self.assertEqual(
                    partners.search([("id", "in", everybody.ids), *domain]), found
                )

    def _get_search_arch(self, user):
        view = self.env.ref("key_account_crm.res_partner_view_search_key_account")
        partners = self.env["res.partner"].with_user(user)
        return etree.fromstring(partners.get_view(view.id, "search")["arch"])

    def test_overdue_bills_are_in_one_bucket_each(self):
        """Buckets of domain 2.7: up to 30, 60, 90, 180, 365 days, and more."""
        customer = self._create_customer()
        days = {
            "overdue_30": (1, 30),
            "overdue_60": (31, 60),
            "overdue_90": (61, 90),
            "overdue_180": (91, 180),
            "overdue_365": (181, 365),
            "overdue_more": (366,),
        }
        late = {
            day: self._create_bill(
                customer,
                date_bill="2025-01-01",
                date_due=date(2026, 3, 10) - timedelta(days=day),
            )
            for limits in days.values()
            for day in limits
        }
        self._create_bill(customer, date_bill="2025-01-01", date_due="2026-03-10")
        view = self.env.ref("key_account_crm.key_account_bill_view_search")
        arch = etree.fromstring(view.arch)
        bills = self.env["key.account.bill"].with_user(self.head)
        for name, limits in days.items():
            with self.subTest(bucket=name):
                [node] = arch.xpath(f"//filter[@name='{name}']")
                found = bills.search(safe_eval(node.get("domain")))
                self.assertEqual(found, self._join(late[day] for day in limits))

    def _join(self, records):
        joined = self.env["key.account.bill"].union(*records)
        return joined.sorted(lambda bill: bill.id, reverse=True)

    def test_search_panel_counts_by_unit_kind_state_and_line(self):
        customer = self._create_customer(manager=self.manager)
        self._create_line_file(customer, self.express, self.manager_b)
        partners = self.env["res.partner"].with_user(self.head)
        scope = {"search_domain": [("id", "=", customer.id)]}
        units = partners.search_panel_select_range(
            "key_account_unit_id", enable_counters=True, **scope
        )
        self.assertEqual(units["parent_field"], "parent_id")
        counts = {value["id"]: value["__count"] for value in units["values"]}
        self.assertEqual(counts[self.centre.id], 1)
        self.assertEqual(counts[self.post_1.id], 1)
        for fname in ("key_account_kind", "key_account_state", "key_account_line_ids"):
            with self.subTest(field=fname):
                found = partners.search_panel_select_multi_range(
                    fname, expand=fname == "key_account_line_ids", **scope
                )
                self.assertTrue(found["values"])

    def test_customers_of_a_line_are_found_by_who_may_read_it(self):
        customer = self._create_customer(manager=self.manager)
        self._create_line_file(customer, self.express, self.manager_b)
        domain = [("key_account_line_ids", "in", self.express.ids)]
        for user, found in ((self.head_b, customer), (self.head, customer.browse())):
            with self.subTest(user=user.login):
                self.assertEqual(
                    self.env["res.partner"].with_user(user).search(domain), found
                )

    def test_customers_are_sorted_by_the_money_their_reader_sees(self):
        shared = self._create_customer("Shared", manager=self.manager)
        self._create_line_file(shared, self.express, self.manager_b)
        self._create_bill(shared, 500, self.express)
        self._create_bill(shared, 10)
        single = self._create_customer("Single", manager=self.manager)
        self._create_bill(single, 200)
        none = self._create_customer("None", manager=self.manager)
        domain = [("id", "in", (shared | single | none).ids)]
        for fname in ("key_account_year", "key_account_open", "key_account_overdue"):
            for user, order in (
                (self.director, shared + single + none),
                (self.head, single + shared + none),
            ):
                with self.subTest(field=fname, user=user.login):
                    partners = self.env["res.partner"].with_user(user)
                    self.assertEqual(
                        partners.search(domain, order=f"{fname} desc"), order
                    )

    def test_groups_of_customers_sum_what_their_reader_may_open(self):
        """Design 3.4: every total is the sum of the rows its reader may open."""
        shared = self._create_customer("Shared", manager=self.manager)
        self._create_line_file(shared, self.express, self.manager_b)
        self._create_bill(shared, 500, self.express)
        self._create_bill(shared, 10)
        for user, total in ((self.director, 510), (self.head, 10), (self.head_b, 500)):
            with self.subTest(user=user.login):
                partners = self.env["res.partner"].with_user(user)
                [(unit, year, late, currencies)] = partners._read_group(
                    [("id", "=", shared.id)],
                    ["key_account_unit_id"],
                    [
                        "key_account_year:sum",
                        "key_account_overdue:sum",
                        "key_account_currency_id:array_agg_distinct",
                    ],
                )
                self.assertEqual((unit, year, late), (self.post_1, total, total))
                self.assertEqual(currencies, self.env.company.currency_id.ids)
                self.assertEqual(partners.browse(shared.id).key_account_year, total)

    def test_money_cannot_be_sorted_or_summed_without_access(self):
        for user in (self.admin, self.operator):
            partners = self.env["res.partner"].with_user(user)
            with self.subTest(user=user.login):
                described = partners.fields_get(
                    ["key_account_year"], ["sortable", "aggregator"]
                )["key_account_year"]
                self.assertFalse(described["sortable"])
                self.assertFalse(described.get("aggregator"))
                with self.assertRaises(AccessError):
                    partners.search([], order="key_account_year desc", limit=1)
                with self.assertRaises(AccessError):
                    partners._read_group([], [], ["key_account_open:sum"])

    def test_chart_shows_twelve_months_of_the_lines_one_may_read(self):
        customer = self._create_customer("Shared", manager=self.manager)
        self._create_line_file(customer, self.express, self.manager_b)
        self._create_bill(customer, 500, self.express, period="2025-12-01")
        self._create_bill(customer, 30, period="2026-01-01")
        self._create_bill(customer, -5, period="2025-02-01", date_bill="2025-03-01")
        self._create_bill(customer, 99, period="2025-01-01", date_bill="2025-02-01")
        for user, amounts in (
            (self.director, {"2025-02-01": -5, "2025-12-01": 500, "2026-01-01": 30}),
            (self.head, {"2025-02-01": -5, "2026-01-01": 30}),
            (self.manager_b, {"2025-12-01": 500}),
        ):
            with self.subTest(user=user.login):
                record = customer.with_user(user)
                chart = record.key_account_revenue_chart
                self.assertEqual(len(chart), 12)
                self.assertEqual(chart[0]["month"], "2025-02-01")
                self.assertEqual(chart[-1]["month"], "2026-01-01")
                drawn = {bar["month"]: bar["amount"] for bar in chart if bar["amount"]}
                self.assertEqual(drawn, amounts)
                self.assertEqual(sum(drawn.values()), record.key_account_year)

    def test_chart_of_a_customer_without_bills_is_empty(self):
        self.assertFalse(self._create_customer().key_account_revenue_chart)

    def test_counts_of_the_buttons_are_those_of_the_lists_they_open(self):
        customer = self._create_customer("Shared", manager=self.manager)
        self._create_line_file(customer, self.express, self.manager_b)
        self._pay(self._create_bill(customer, 500, self.express), 10)
        self._create_bill(customer, 10)
        self._create_customer("Below", key_account_parent_id=customer.id)
        self.env["res.partner"].create({"name": "Li", "parent_id": customer.id})
        buttons = {
            "key_account_bill_count": "action_view_key_account_bills",
            "key_account_payment_count": "action_view_key_account_payments",
            "key_account_number_count": "action_view_key_account_numbers",
            "key_account_line_file_count": "action_view_key_account_line_files",
            "key_account_member_count": "action_view_key_account_members",
            "key_account_contact_count": "action_view_key_account_contacts",
            "key_account_child_count": "action_view_key_account_children",
        }
        for user in (self.director, self.head, self.manager_b):
            record = customer.with_user(user)
            for count, name in buttons.items():
                with self.subTest(user=user.login, button=name):
                    action = getattr(record, name)()
                    rows = self.env[action["res_model"]].with_user(user)
                    self.assertEqual(record[count], rows.search_count(action["domain"]))
        self.assertEqual(customer.with_user(self.director).key_account_bill_count, 2)
        self.assertEqual(customer.with_user(self.head).key_account_bill_count, 1)

    def test_a_bar_of_the_chart_opens_its_month(self):
        customer = self._create_customer(manager=self.manager)
        bill = self._create_bill(customer, 10, period="2026-01-01")
        self._create_bill(customer, 10, period="2025-12-01")
        action = customer.with_user(self.head).action_view_key_account_bills(
            "2026-01-01"
        )
        self.assertEqual(self.env["key.account.bill"].search(action["domain"]), bill)

    def test_form_shows_the_twelve_latest_bills_only(self):
        customer = self._create_customer(manager=self.manager)
        bills = [
            self._create_bill(customer, 10, date_bill=f"2026-01-{day:02}")
            for day in range(1, 15)
        ]
        latest = customer.with_user(self.head).key_account_latest_bill_ids
        self.assertEqual(latest.ids, [bill.id for bill in bills[:1:-1]])

    @warmup
    def test_queries_of_the_form_do_not_grow_with_the_bills(self):
        """Issue 2, 6 (c)."""
        few = self._create_customer("Few", manager=self.manager)
        many = self._create_customer("Many", manager=self.manager)
        for customer, count in ((few, 5), (many, 200)):
            self.env["key.account.bill"].create(
                [
                    {
                        "name": f"Q{index}",
                        "partner_id": customer.id,
                        "line_id": self.letter.id,
                        "period": "2026-01-01",
                        "date_bill": "2026-01-31",
                        "date_due": "2026-02-15",
                        "amount": 10,
                    }
                    for index in range(count)
                ]
            )
        _arch, specification = self._get_form(self.head)
        self.env.flush_all()

        def open_form(customer):
            customer.with_user(self.head).web_read(specification)

        self._count(lambda: open_form(few))
        counts = [
            self._count(lambda customer=customer: open_form(customer))
            for customer in (few, many)
        ]
        self.assertEqual(*counts)
        self.env.invalidate_all()
        with self.assertQueryCount(FORM_QUERIES):
            open_form(many)

    @warmup
    def test_queries_of_the_list_do_not_grow_with_the_customers(self):
        view = self.env.ref("key_account_crm.res_partner_view_list_key_account")
        partners = self.env["res.partner"].with_user(self.head)
        views = partners.get_views([(view.id, "list")])
        arch = etree.fromstring(views["views"]["list"]["arch"])
        specification = self._get_specification(arch, "res.partner", views["models"])
        domain = [("key_account_kind", "!=", False)]
        for index in range(80):
            customer = self._create_customer(f"Customer {index}", manager=self.manager)
            if index < 5:
                self._create_bill(customer, 10, self.letter)
        self.env.flush_all()

        def read(limit):
            return partners.web_search_read(domain, specification, limit=limit)

        self._count(lambda: read(5))
        counts = [self._count(lambda limit=limit: read(limit)) for limit in (5, 80)]
        self.assertEqual(*counts)
        self.env.invalidate_all()
        with self.assertQueryCount(LIST_QUERIES):
            read(80)

    def test_groups_are_drawn_as_a_tree_of_bounded_size(self):
        top = self._create_customer("Top")
        self._create_customer("Below", key_account_parent_id=top.id)
        partners = self.env["res.partner"].with_user(self.head)
        domain = [("key_account_parent_id", "=", False), ("id", "=", top.id)]
        rows = partners.hierarchy_read(
            domain,
            {"name": {}, "key_account_child_ids": {}},
            "key_account_parent_id",
            "key_account_child_ids",
        )
        self.assertEqual({row["name"] for row in rows}, {"Top", "Below"})

    def test_unit_tree_counts_users_and_customers(self):
        self._create_customer(manager=self.manager)
        units = self.env["key.account.unit"].with_user(self.head)
        rows = units.hierarchy_read(
            [("id", "=", self.post_1.id)],
            {"name": {}, "user_count": {}, "customer_count": {}},
            "parent_id",
            "child_ids",
        )
        counts = {row["id"]: (row["user_count"], row["customer_count"]) for row in rows}
        self.assertEqual(counts[self.post_1.id], (3, 1))

    def test_role_and_unit_are_set_on_the_user_form(self):
        """ORG-10: one role, one unit."""
        user = self._create_user("ka_new", "manager", self.post_1)
        with Form(user, "base.view_users_form") as form:
            form.key_account_role = "head"
            form.key_account_unit_id = self.post_2
        self.assertRecordValues(
            user, [{"key_account_role": "head", "key_account_unit_id": self.post_2.id}]
        )
        self.assertTrue(user.has_group("key_account_crm.group_key_account_head"))
        self.assertFalse(user.has_group("key_account_crm.group_key_account_manager"))

    def test_roles_and_units_are_imported(self):
        result = self.env["res.users"].load(
            ["name", "login", "key_account_role", "key_account_unit_id"],
            [
                ["Wang Fang", "ka_wang", "Account Manager", "T-POST-2"],
                ["Zhao Lei", "ka_zhao", "head", "T-Post-1"],
            ],
        )
        self.assertTrue(result["ids"], result["messages"])
        self.assertRecordValues(
            self.env["res.users"].browse(result["ids"]),
            [
                {"key_account_role": "manager", "key_account_unit_id": self.post_2.id},
                {"key_account_role": "head", "key_account_unit_id": self.post_1.id},
            ],
        )

    def test_users_are_found_by_unit_and_role(self):
        view = self.env.ref("base.view_users_search")
        arch = etree.fromstring(self.env["res.users"].get_view(view.id)["arch"])
        [node] = arch.xpath("//filter[@name='key_account_managers']")
        found = self.env["res.users"].search(
            [
                *safe_eval(node.get("domain")),
                ("key_account_unit_id", "child_of", self.post.id),
            ]
        )
        self.assertEqual(set(found), {self.manager, self.colleague, self.manager_2})
