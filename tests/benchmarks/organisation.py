"""One branch with eight departments, a head and two managers each; roles above them."""

from people import CITY_CODE, DEPARTMENTS, PREFIX

PASSWORD = "bench"


def build(env):
    # Where the customers are: what their telephone numbers mean depends on it.
    env.company.country_id = env.ref("base.cn")
    centre = env.ref("key_account_crm.key_account_unit_centre")
    company = _unit(env, PREFIX, centre, "company", True)
    wanted = [("centre", centre, ""), ("admin", centre, ""), ("operator", company, "")]
    wanted.append(("company", company, ""))
    for number in range(1, DEPARTMENTS + 1):
        unit = _unit(env, f"{PREFIX}-{number}", company, "department")
        env["key.account.scope"]._get_for([unit.id])
        wanted.append(("head", unit, f"_{number}"))
        wanted += [("manager", unit, f"_{number}_{place}") for place in (1, 2)]
    users = env["res.users"].with_context(no_reset_password=True)
    created = users.create([_user(env, *what) for what in wanted])
    hashed = users._crypt_context().hash(PASSWORD)
    for user in created:
        user._set_encrypted_password(user.id, hashed)


def _unit(env, code, parent, level, is_branch=False):
    level = env.ref(f"key_account_crm.key_account_unit_level_{level}")
    return env["key.account.unit"].create(
        {
            "name": code,
            "code": code,
            "parent_id": parent.id,
            "level_id": level.id,
            "is_branch": is_branch,
            "city_code": CITY_CODE if is_branch else False,
        }
    )


def _user(env, role, unit, suffix):
    groups = env.ref("base.group_user")
    groups |= env.ref(f"key_account_crm.group_key_account_{role}")
    login = f"bm_{role}{suffix}"
    return {
        "name": login,
        "login": login,
        "key_account_unit_id": unit.id,
        "group_ids": [(6, 0, groups.ids)],
    }
