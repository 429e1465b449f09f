"""The organisation a data set is loaded into, made through the ORM where it is absent.

Below the centre of the database: three companies (branches of the feed) with a business
line each, eight departments, and users of all nine roles. Everything carries the prefix
of the data set and finds its place in a demonstration database too. The password of
all of them is the name of the data set.
"""

from feed_files import Names
from spread import COMPANIES, DEPARTMENTS, MANAGERS, company_of

CENTRE_ROLES = ("centre", "office", "agent", "admin")
COMPANY_ROLES = ("company", "finance", "operator")


class City:
    """The units, lines and users of one data set."""

    def __init__(self, env, dataset):
        self.env = env
        self.dataset = dataset
        self.names = Names(dataset.prefix, dataset.city)

    def build(self):
        self.company = self._ensure_company()
        self.centre = self.env.ref("key_account_crm.key_account_unit_centre")
        self.companies = [self._ensure_branch(n) for n in range(len(COMPANIES))]
        self.departments = [self._ensure_department(n) for n in range(DEPARTMENTS)]
        self._ensure_users()
        return self

    def _ensure_company(self):
        """A ledger in the currency of the data."""
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", self.dataset.currency)])
        currency.active = True
        name = f"{self.dataset.prefix} {self.dataset.name}"
        company = self.env["res.company"].search([("name", "=", name)])
        return company or self.env["res.company"].create(
            {"name": name, "currency_id": currency.id}
        )

    def _ensure_unit(self, code, name, parent, level, **vals):
        units = self.env["key.account.unit"]
        return units.search([("code", "=", code)]) or units.create(
            {
                "code": code,
                "name": name,
                "parent_id": parent.id,
                "level_id": self.env.ref(
                    f"key_account_crm.key_account_unit_level_{level}"
                ).id,
                "company_id": self.company.id,
                **vals,
            }
        )

    def _ensure_branch(self, number):
        unit = self._ensure_unit(
            self.names.company(number),
            f"{self.dataset.prefix} Company {number + 1}",
            self.centre,
            "company",
            is_branch=True,
            city_code=self.names.city_code(number),
        )
        lines = self.env["key.account.line"]
        code = self.names.line(number)
        if not lines.search([("code", "=", code)]):
            name = f"{self.dataset.prefix} Line {number + 1}"
            lines.create({"code": code, "name": name, "unit_id": unit.id})
        return unit

    def _ensure_department(self, number):
        return self._ensure_unit(
            self.names.department(number),
            f"{self.dataset.prefix} Department {number + 1}",
            self.companies[company_of(number)],
            "department",
        )

    def _ensure_users(self):
        wanted = [(role, self.centre, ()) for role in CENTRE_ROLES]
        for number, unit in enumerate(self.companies):
            wanted += [(role, unit, (number,)) for role in COMPANY_ROLES]
        for number, unit in enumerate(self.departments):
            wanted.append(("head", unit, (number,)))
            wanted += [("manager", unit, (number, m)) for m in range(MANAGERS)]
        logins = [self.names.login(role, *numbers) for role, _, numbers in wanted]
        users = self.env["res.users"].with_context(no_reset_password=True)
        known = set(users.search([("login", "in", logins)]).mapped("login"))
        created = users.create(
            [
                self._prepare_user(role, unit, login)
                for (role, unit, _), login in zip(wanted, logins, strict=True)
                if login not in known
            ]
        )
        self._set_passwords(created)

    def _set_passwords(self, users):
        """One hash for all: a good one takes a second, and there are 37 users."""
        hashed = users._crypt_context().hash(self.dataset.name)
        for user in users:
            user._set_encrypted_password(user.id, hashed)

    def _prepare_user(self, role, unit, login):
        group = self.env.ref(f"key_account_crm.group_key_account_{role}")
        others = self.env.ref("base.group_user") | self.env.ref(
            "base.group_allow_export"
        )
        return {
            "name": login.replace("_", " ").title(),
            "login": login,
            "key_account_unit_id": unit.id,
            "group_ids": [(6, 0, [*others.ids, group.id])],
        }

    def operator(self, number):
        login = self.names.login("operator", number)
        return self.env["res.users"].search([("login", "=", login)])
