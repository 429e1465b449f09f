# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What no linter knows about this repository. Needs neither Odoo nor a database."""

import ast
import hashlib
import re
import subprocess

import polib
import pytest
from repository import (
    ADDONS,
    ARROWS,
    CATALOGUE,
    CODE,
    ROOT,
    access_lines,
    comments,
    files,
    functions,
    line_count,
    manifest,
    models,
    python_files,
    tree,
    xml_records,
)

AUTHOR = "Key Account Suite contributors"
HEADER = (
    f"# Copyright 2026 {AUTHOR}\n"
    "# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).\n"
)
FACT = "key.account.fact.mixin"
MAX_FUNCTION_LINES = 40
MAX_FILE_LINES = 400
FOLDERS = ["security", "data", "wizard", "report", "views"]


@pytest.fixture(params=ADDONS, ids=lambda path: path.name)
def addon(request):
    return request.param


def where(path, node):
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', node)}"


# ---- manifests ------------------------------------------------------------------


def test_manifest_series_licence_author(addon):
    data = manifest(addon)
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", data["version"])
    assert data["license"] == "LGPL-3"
    assert data["author"] == AUTHOR
    assert data["name"] and data["summary"] and "\n" not in data["summary"]
    assert "description" not in data, "the README is it"
    assert data["depends"] == sorted(data["depends"])
    redundant = {"installable": True, "auto_install": False, "application": False}
    assert not [key for key, value in redundant.items() if data.get(key) is value]
    assert not [key for key, value in data.items() if value in ([], {}, "")]


def test_manifest_migrations_are_not_ahead_of_the_version(addon):
    version = _numbers(manifest(addon)["version"])
    for folder in (addon / "migrations").glob("*.*"):
        assert _numbers(folder.name) <= version, folder.name


def _numbers(version):
    return [int(number) for number in version.split(".")]


def test_manifest_security_loads_first_and_menus_last(addon):
    names = manifest(addon).get("data", [])
    kinds = [name.split("/")[0] for name in names]
    assert not set(kinds) - set(FOLDERS)
    assert kinds == sorted(kinds, key="security".__ne__)
    menus = [name.endswith("_menus.xml") for name in names]
    assert menus == sorted(menus), "menus name the actions of the other files"


def test_manifest_names_every_data_file(addon):
    data = manifest(addon)
    named = set(data.get("data", [])) | set(data.get("demo", []))
    present = {
        path.relative_to(addon).as_posix()
        for path in files(addon, "*.xml", "*.csv", tests=False)
        if not {"static", "i18n"} & set(path.parts)
    }
    assert present == {name for name in named if name.endswith((".xml", ".csv"))}
    assert all((addon / name).is_file() for name in named)


# ---- arrows ---------------------------------------------------------------------


def test_dependencies_follow_the_drawn_arrows(addon):
    """ARROWS is the drawing in the README, as data: no other arrow may exist."""
    ours = set(ARROWS)
    assert addon.name in ARROWS, "draw the new addon into ARROWS and the README"
    assert ours & set(manifest(addon)["depends"]) <= ARROWS[addon.name]


def test_the_arrows_have_no_circle():
    left = dict(ARROWS)
    while left:
        bottom = {name for name, below in left.items() if not below & left.keys()}
        assert bottom, f"a circle among {sorted(left)}"
        left = {name: below for name, below in left.items() if name not in bottom}


def test_no_addon_names_what_stands_above_it(addon):
    """Neither an import nor the name of a model of an addon that is not below."""
    allowed = ARROWS[addon.name] | {addon.name}
    foreign = {
        attributes["_name"]: other.name
        for other in ADDONS
        if other.name not in allowed
        for _path, _kind, attributes in models(other)
        if "_name" in attributes
    }
    bad = []
    for path in python_files(addon):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module:
                bad += _imported_foreign(path, node, allowed)
            elif isinstance(node, ast.Constant) and node.value in foreign:
                bad.append(f"{where(path, node)} {node.value}")
    assert not bad


def _imported_foreign(path, node, allowed):
    parts = node.module.split(".")
    if parts[:2] == ["odoo", "addons"] and len(parts) > 2:
        if parts[2].startswith("key_account") and parts[2] not in allowed:
            return [f"{where(path, node)} {node.module}"]
    return []


# ---- models, access, rules ------------------------------------------------------


def test_every_model_has_an_access_line(addon):
    names = {
        attributes["_name"]
        for _path, kind, attributes in models(addon)
        if kind != "AbstractModel" and "_name" in attributes
    }
    granted = {
        line["model_id:id"].split(".")[-1].removeprefix("model_")
        for line in access_lines(addon)
    }
    assert {name.replace(".", "_") for name in names} <= granted


def test_access_lines_are_named_after_model_and_group(addon):
    for line in access_lines(addon):
        model = line["model_id:id"].split(".")[-1].removeprefix("model_")
        group = line["group_id:id"].split(".")[-1]
        assert group, f"{line['id']} opens {model} to everybody"
        group = group.removeprefix("group_key_account_").removeprefix("group_")
        assert line["id"] == f"access_{model}_{group}"


def test_every_fact_has_a_rule(addon):
    """A model that inherits the fact mixin is read by unit or manager only."""
    ruled = {
        element.get("ref", "").split(".")[-1].removeprefix("model_")
        for _path, record in xml_records(addon)
        if record.get("model") == "ir.rule"
        for element in record.iterfind("field[@name='model_id']")
    }
    facts = {
        attributes["_name"].replace(".", "_")
        for _path, kind, attributes in models(addon)
        if FACT in attributes["_inherit"] and kind == "Model" and "_name" in attributes
    }
    assert facts <= ruled


def test_rules_are_global(addon):
    """A rule for a group adds rows to those of the other groups: ours never do."""
    for path, record in xml_records(addon):
        if record.get("model") == "ir.rule":
            assert record.find("field[@name='groups']") is None, where(
                path, record.sourceline
            )


def test_models_have_our_prefix_and_a_docstring(addon):
    for path, kind, attributes in models(addon):
        name = attributes.get("_name")
        if name:
            assert name.startswith("key.account."), path
            assert attributes.get("_description"), f"{name} has no _description"
        if kind == "Model":
            classes = [n for n in tree(path).body if isinstance(n, ast.ClassDef)]
            assert all(ast.get_docstring(node) for node in classes), path
        assert "_sql_constraints" not in attributes, path


def test_a_file_is_named_after_its_one_model(addon):
    for folder in ("models", "wizard", "report"):
        found = {}
        for path, _kind, attributes in models(addon):
            if path.parent.name == folder:
                name = attributes.get("_name") or attributes["_inherit"][0]
                found.setdefault(path, []).append((name, "_name" in attributes))
        for path, named in found.items():
            assert len(named) == 1, f"{path} holds several models: {named}"
            [(name, is_new)] = named
            stem = name.replace(".", "_")
            extends = not is_new and path.stem.startswith(f"{stem}_")
            assert path.stem == stem or extends, f"{path} holds {name}"


def test_files_of_one_model_do_not_overwrite_each_other(addon):
    """The same method in two files of a model: the later one must call the earlier."""
    seen, bad = {}, []
    for path in python_files(addon, tests=False):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                for method in (n for n in node.body if isinstance(n, ast.FunctionDef)):
                    seen.setdefault((node.name, method.name), []).append((path, method))
    for (class_name, name), found in seen.items():
        without = [
            path for path, method in found if "super()" not in ast.unparse(method)
        ]
        if len(without) > 1:
            bad.append(f"{class_name}.{name}: {[path.name for path in without]}")
    assert not bad


# ---- Python ---------------------------------------------------------------------


def test_licence_header(addon):
    for path in python_files(addon):
        text = path.read_text()
        code = [node for node in tree(path).body if not _is_import(node)]
        if path.name not in ("__manifest__.py", "__init__.py") or (
            path.name == "__init__.py" and code
        ):
            assert text.startswith(HEADER), path


def _is_import(node):
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_no_todo(addon):
    for path in files(addon, "*.py", "*.xml", "*.js", "*.scss", "*.csv"):
        if "lib" not in path.parts:
            found = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", path.read_text())
            assert not found, f"{path}: {found.group()}"


def test_every_sudo_says_what_it_steps_over(addon):
    """A comment with the word sudo: in the function, not below the call."""
    bad = []
    for path in python_files(addon, tests=False):
        for function in functions(path):
            start = function.lineno - 3
            for node in _own_nodes(function):
                if _is_call(node, "sudo") or _is_superuser(node):
                    lines = range(start, node.end_lineno + 2)
                    if not any("sudo" in comments(path).get(n, "") for n in lines):
                        bad.append(where(path, node))
    assert not bad


def _own_nodes(function):
    """The nodes of a function that belong to no function inside it."""
    todo = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            todo.extend(ast.iter_child_nodes(node))


def _is_call(node, *names):
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    )


def _is_superuser(node):
    names = {"SUPERUSER_ID"}
    return isinstance(node, ast.Name) and node.id in names


def test_no_text_is_translated_inside_an_f_string(addon):
    """What is exported for translation is not looked for there: it stays English."""
    bad = []
    for path in python_files(addon):
        strings = [n for n in ast.walk(tree(path)) if isinstance(n, ast.JoinedStr)]
        for node in (inner for string in strings for inner in ast.walk(string)):
            if _is_call(node, "_", "_lt"):
                bad.append(where(path, node))
    assert not bad


def test_sql_is_never_formatted(addon):
    """Neither f-string nor %, + or .format() makes a statement: SQL() composes."""
    bad = []
    for path in python_files(addon):
        for node in ast.walk(tree(path)):
            executes = _is_call(node, "execute", "execute_query", "execute_query_dict")
            composes = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "SQL"
            )
            if (executes or composes) and node.args and _is_formatted(node.args[0]):
                bad.append(where(path, node))
    assert not bad


def _is_formatted(node):
    is_text = isinstance(node, ast.JoinedStr | ast.BinOp)
    return is_text or _is_call(node, "format", "join") and _is_text(node.func.value)


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_no_behaviour_is_steered_by_a_forgeable_superuser_switch(addon):
    """Rights never hang on a context key: any client can send one."""
    keys = re.compile(r"sudo|bypass|force|skip|ignore|no_check|trusted|allow|install")
    bad = []
    for path in python_files(addon, tests=False):
        for node in ast.walk(tree(path)):
            if _is_call(node, "get") and ast.unparse(node.func).endswith("context.get"):
                key = node.args[0]
                if isinstance(key, ast.Constant) and keys.search(str(key.value)):
                    bad.append(f"{where(path, node)} {key.value}")
    assert not bad


def test_functions_and_files_stay_small(addon):
    bad = []
    for path in python_files(addon, tests=False):
        if "demo" not in path.parts:
            lines = len(path.read_text().splitlines())
            if lines > MAX_FILE_LINES:
                bad.append(f"{path.relative_to(ROOT)}: {lines} lines")
        bad += [
            f"{where(path, node)} {node.name}: {line_count(node)} lines"
            for node in functions(path)
            if line_count(node) > MAX_FUNCTION_LINES
        ]
    assert not bad


def test_odoo_tests_run_after_installation(addon):
    for path in files(addon, "test_*.py"):
        for node in tree(path).body:
            has_tests = isinstance(node, ast.ClassDef) and any(
                isinstance(part, ast.FunctionDef) and part.name.startswith("test_")
                for part in node.body
            )
            if has_tests:
                tags = " ".join(ast.unparse(mark) for mark in node.decorator_list)
                assert "post_install" in tags and "-at_install" in tags, where(
                    path, node
                )


def test_every_test_file_is_imported(addon):
    folder = addon / "tests"
    if folder.is_dir():
        imported = {
            alias.name
            for node in tree(folder / "__init__.py").body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert {path.stem for path in folder.glob("test_*.py")} <= imported


def test_cited_requirements_exist(addon):
    bad = []
    for path in files(addon, "*.py", "*.xml", "*.md"):
        for group, number in CODE.findall(path.read_text()):
            if group in CATALOGUE and not 1 <= int(number) <= CATALOGUE[group]:
                bad.append(f"{path.relative_to(ROOT)}: {group}-{number}")
    assert not bad


# ---- XML ids --------------------------------------------------------------------

SUFFIXES = {
    "ir.ui.view": r"_view_[a-z]+(_|$)|_template(_|$)",
    "ir.actions.act_window": r"_action(_|$)",
    "ir.actions.client": r"_action(_|$)",
    "ir.actions.server": r"_action(_|$)",
    "ir.actions.act_url": r"_action(_|$)",
    "ir.rule": r"_rule(_|$)",
    "ir.cron": r"(^|_)(ir_)?cron(_|$)",
    "res.groups": r"^group_",
    "res.groups.privilege": r"^privilege_",
    "menuitem": r"_menu(_|$)",
}


def test_xml_ids_are_named_by_what_they_are(addon):
    bad, seen = [], set()
    for path, element in xml_records(addon):
        xml_id = element.get("id")
        kind = element.get("model") or element.tag
        is_demo = "demo" in path.parts
        if xml_id.startswith(f"{addon.name}."):
            bad.append(f"{where(path, element.sourceline)} {xml_id}: own prefix")
        if "." in xml_id:
            continue  # completes a record of another addon
        if not re.fullmatch(r"[a-z0-9_]+", xml_id):
            bad.append(f"{where(path, element.sourceline)} {xml_id}: characters")
        if element.find("field[@name='inherit_id']") is not None:
            continue  # keeps the id of the view it completes
        if kind in SUFFIXES and not is_demo and not re.search(SUFFIXES[kind], xml_id):
            bad.append(f"{where(path, element.sourceline)} {xml_id}: {kind}")
        if is_demo and "_demo" not in xml_id:
            bad.append(f"{where(path, element.sourceline)} {xml_id}: not _demo")
        if xml_id in seen:
            bad.append(f"{where(path, element.sourceline)} {xml_id}: twice")
        seen.add(xml_id)
    assert not bad


def test_xml_files_have_no_tabs_and_one_root(addon):
    for path in files(addon, "*.xml", tests=False):
        if "static" not in path.parts:
            text = path.read_text()
            assert "\t" not in text, path
            assert "<data" not in text or "noupdate" in text, path


# ---- translations ---------------------------------------------------------------

PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0-9.]*[a-z]|%[sdrf]|\$\{\w+\}")


@pytest.fixture
def catalogues(addon):
    folder = addon / "i18n"
    if not (folder / f"{addon.name}.pot").exists():
        pytest.skip("no i18n folder yet: ./dev i18n writes it")
    pot = polib.pofile(str(folder / f"{addon.name}.pot"))
    return pot, polib.pofile(str(folder / "zh_CN.po"))


def test_every_text_is_translated(catalogues):
    pot, po = catalogues
    wanted = {(entry.msgctxt, entry.msgid) for entry in pot if not entry.obsolete}
    done = {(entry.msgctxt, entry.msgid): entry for entry in po if not entry.obsolete}
    assert not sorted(msgid for _ctx, msgid in wanted - done.keys())
    assert not [entry.msgid for entry in done.values() if not entry.msgstr.strip()]
    assert not [entry.msgid for entry in po.fuzzy_entries()]
    assert po.metadata["Language"] == "zh_CN"


def test_placeholders_survive_translation(catalogues):
    for entry in catalogues[1]:
        wanted = sorted(PLACEHOLDER.findall(entry.msgid))
        assert sorted(PLACEHOLDER.findall(entry.msgstr)) == wanted, entry.msgid


def test_places_in_code_have_a_line(catalogues):
    """Odoo reads it as a number: without one no database installs the addon."""
    for entry in (*catalogues[0], *catalogues[1]):
        for place, line in entry.occurrences:
            assert not place.startswith("code:") or line.isdigit(), entry.msgid


# ---- the repository -------------------------------------------------------------


def test_readme_cites_requirements_that_exist():
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("no README.md yet")
    codes = CODE.findall(readme.read_text())
    known = [(group, number) for group, number in codes if group in CATALOGUE]
    assert known, "the feature table names its requirements by code"
    bad = [(g, n) for g, n in known if not 1 <= int(n) <= CATALOGUE[g]]
    assert not bad


def committed():
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z"],
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_borrowed_data_is_committed():
    """Real data stay where they are, whatever name they would be given here."""
    shared = ROOT.parent / "shared" / "data"
    sums = shared / "SHA256SUMS"
    borrowed = {}
    if sums.exists():
        borrowed = dict(line.split(maxsplit=1) for line in sums.open() if line.strip())
    for path in committed():
        assert path.stat().st_size < 2_000_000, f"{path} is large"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert digest not in borrowed, f"{path} is {borrowed[digest]}"
        data_like = path.suffix in {".parquet", ".xlsx", ".zip", ".gz", ".dump"}
        assert not data_like, path


def test_only_sources_are_committed():
    for path in committed():
        assert not {"__pycache__", ".dev"} & set(path.relative_to(ROOT).parts), path
