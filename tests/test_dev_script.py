"""./dev itself: what it says, and that it works from anywhere. Needs no database."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(script, *arguments, cwd="/"):
    return subprocess.run(
        [str(script), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def in_bash(script, checkout=ROOT):
    """Runs shell code with the functions of ./dev at hand."""
    prelude = 'source "$KA_ROOT/dev" paths >/dev/null; '
    return subprocess.run(
        ["bash", "-c", prelude + script],
        env={**os.environ, "KA_ROOT": str(checkout)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def copy(tmp_path):
    """The script without what it built, at a path with spaces."""
    checkout = tmp_path / "a path with spaces" / "suite"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "config", checkout / "config", ignore=ignored)
    for path in (ROOT / "dev", *ROOT.glob("requirements*.txt")):
        shutil.copy2(path, checkout)
    return checkout


def test_help_has_a_line_for_every_command():
    source = (ROOT / "config/dev/commands.sh").read_text("utf-8")
    commands = re.findall(r"^cmd_(\w+)\(\)", source, re.MULTILINE)
    result = run(ROOT / "dev", "help")
    assert result.returncode == 0
    listed = re.findall(r"^  (\w+) +\S", result.stdout, re.MULTILINE)
    assert sorted(listed) == sorted(commands)


def test_without_a_command_it_helps():
    assert run(ROOT / "dev").stdout == run(ROOT / "dev", "help").stdout


def test_an_unknown_command_is_refused():
    result = run(ROOT / "dev", "dance")
    assert result.returncode == 2
    assert "unknown command: dance" in result.stderr


def test_it_knows_its_place_from_any_folder(copy, tmp_path):
    result = run(copy / "dev", "paths", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert f"checkout\t{copy}\n" in result.stdout


def test_it_may_be_called_through_a_link(copy, tmp_path):
    link = tmp_path / "dev-link"
    link.symlink_to(copy / "dev")
    assert f"checkout\t{copy}\n" in run(link, "paths").stdout


def test_a_wrong_option_is_refused_before_any_work(copy):
    result = run(copy / "dev", "run", "--colour")
    assert result.returncode == 2
    assert "unknown option --colour" in result.stderr
    assert not (copy / ".dev").exists()


def test_a_path_that_is_not_there_is_refused(copy):
    result = run(copy / "dev", "test", "tests/test_nothing.py")
    assert result.returncode == 2
    assert "there is no tests/test_nothing.py" in result.stderr


def test_odoo_home_without_odoo_says_what_is_expected(copy, tmp_path):
    result = in_bash(f'ODOO_HOME="{tmp_path}" ensure_odoo', copy)
    assert result.returncode == 1
    assert f"there is no Odoo in ODOO_HOME={tmp_path}" in result.stderr
    assert "git checkout of Odoo 19.0" in result.stderr


def test_odoo_home_of_another_version_is_refused(copy, tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo-bin").touch()
    (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0, FINAL, 0, '')")
    result = in_bash(f'ODOO_HOME="{tmp_path}" ensure_odoo', copy)
    assert result.returncode == 1
    assert "holds Odoo 18.0, the suite needs 19.0" in result.stderr


def test_odoo_home_may_be_a_git_checkout(copy, tmp_path):
    checkout = tmp_path / "a checkout"
    for folder in ("odoo/addons/base", "addons/web"):
        (checkout / folder).mkdir(parents=True)
    (checkout / "odoo-bin").touch()
    (checkout / "odoo/release.py").write_text("version_info = (19, 0, 0, FINAL, 0, '')")
    found = 'echo "$KA_ODOO_LIB|$KA_ODOO_LAUNCHER|$KA_ODOO_CORE|$KA_ODOO_VERSION"'
    result = in_bash(f'ODOO_HOME="{checkout}" && ensure_odoo && {found}', copy)
    assert result.returncode == 0, result.stderr
    lib, launcher, core, version = result.stdout.strip().split("|")
    assert (lib, launcher) == (str(checkout), f"{checkout}/odoo-bin")
    assert core == f"{checkout}/addons,{checkout}/odoo/addons"
    assert version == "19.0"


def test_a_demo_database_in_which_nothing_changed_is_served_again(copy):
    """A second ./dev run, or ./dev load, finds nothing to update and goes on."""
    sums = "addons_py() { printf 'some_addon\t1\nother_addon\t2\n'; }; "
    ready = f'{sums}KA_CACHE="$KA_ROOT"; addons_py sums >"$KA_CACHE/demo.sums"; '
    changed = 'changed=$(changed_addons); echo "<$changed>"'
    result = in_bash(ready + changed, copy)
    assert (result.returncode, result.stdout) == (0, "<>\n"), result.stderr
    result = in_bash(f'{ready}: >"$KA_CACHE/demo.sums"; {changed}', copy)
    assert result.stdout == "<some_addon,other_addon>\n"


def test_a_busy_port_is_said_and_another_taken():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        result = in_bash(f"choose_port {port}")
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > port
    assert f"port {port} is busy, taking {result.stdout.strip()}" in result.stderr


def test_a_deep_checkout_gets_a_short_socket_folder(copy):
    deep = copy.parent / ("d" * 90)
    copy.rename(deep)
    folder = in_bash("socket_folder", deep).stdout.strip()
    assert folder.startswith("/tmp/key-account-")
    # The kernel's limit, with the file name PostgreSQL adds.
    assert len(f"{folder}/.s.PGSQL.5432") <= 107


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a run user beside it")
def test_a_checkout_closed_to_others_is_read_as_odoo_reads_it(copy):
    """Odoo looks for addons with access(2), which counts no capability by default."""
    copy.parent.chmod(0o700)
    done = in_bash(
        "choose_run_user >/dev/null; "
        'if [[ -n $KA_ODOO_AS_ROOT ]]; then as=(); else as=("${KA_AS_RUN[@]}"); fi; '
        '"${as[@]}" '
        'python3 -c "import os, sys; print(os.access(sys.argv[1], os.R_OK))" '
        '"$KA_ROOT/dev"',
        copy,
    )
    assert done.stdout.splitlines()[-1:] == ["True"], done.stdout + done.stderr


def test_missing_packages_without_root_are_one_command_to_type(copy):
    result = in_bash("KA_MISSING=(chromium); explain_missing", copy)
    assert result.returncode == 1
    assert "apt-get install -y --no-install-recommends chromium" in result.stderr


def test_a_folder_is_replaced_whole(copy, tmp_path):
    final, new = tmp_path / "final", tmp_path / "new"
    for folder in (final, new):
        folder.mkdir()
        (folder / folder.name).touch()
    result = in_bash(f'replace_folder "{new}" "{final}"', copy)
    assert result.returncode == 0, result.stderr
    assert [path.name for path in final.iterdir()] == ["new"]
    assert not new.exists()


@pytest.mark.parametrize(
    ("path", "job"),
    [
        ("tests/test_dev_script.py", "static"),
        ("tests/test_dev_script.py::test_without_a_command_it_helps", "static"),
        ("tests/scenarios/test_year.py::TestYear", "folder scenarios"),
        ("some_addon/tests", "addon some_addon"),
        ("addons/other_addon/models/thing.py", "addon other_addon"),
    ],
)
def test_a_path_tells_which_database_it_needs(copy, path, job):
    for name in ("some_addon", "addons/other_addon"):
        (copy / name).mkdir(parents=True)
        (copy / name / "__manifest__.py").write_text("{}")
    jobs = 'echo "${KA_TEST_JOBS[@]}"'
    result = in_bash(
        f'cd "$KA_ROOT"; KA_CALLED_FROM=$PWD; add_jobs_of_path "{path}"; {jobs}', copy
    )
    assert result.stdout.strip() == job, result.stderr


def test_the_longest_jobs_begin_first(copy):
    jobs = "for job in static 'addon other' 'folder lifecycle' 'folder journeys'; do "
    jobs += 'add_job "$job"; done; longest_first; echo "${KA_TEST_JOBS[*]}"'
    result = in_bash(jobs, copy)
    expected = "static folder journeys folder lifecycle addon other"
    assert result.stdout.strip() == expected, result.stderr


def test_a_job_that_would_wait_for_a_template_lets_others_pass(copy):
    """Of two that need the suite the second waits until the first has built it."""
    script = """
        addons_py() { [[ $2 == suite ]] && echo tpl_suite || echo tpl_one; }
        database_exists() { [[ " $there " == *" $1 "* ]]; }
        waiting=("folder journeys" "folder security" "addon one") there=''
        for round in 1 2; do pick_job; echo "$KA_PICKED"; done
        waiting=("folder security" static) there=tpl_suite
        pick_job; echo "$KA_PICKED"
        waiting=("addon one") there=''
        pick_job; echo "$KA_PICKED: ${#waiting[@]} left"
    """
    result = in_bash(script, copy)
    picked = "folder journeys\naddon one\nfolder security\naddon one: 0 left\n"
    assert result.stdout == picked, result.stderr


def test_the_summary_tells_time_budget_and_slowest_tests(tmp_path):
    jobs = ("static", "addon one", "addon two", "folder three")
    lines = "".join(f"{job}\t{job == 'addon two':d}\t10\n" for job in jobs)
    (tmp_path / "jobs.tsv").write_text(lines)
    for job in jobs:
        path = tmp_path / job.replace(" ", "-")
        times = f"0m0.1s 0m0.1s\n{job == 'static':d}m20.000s 0m0.400s\n"
        path.with_suffix(".times").write_text(times)
    case = '<testcase classname="test_x.TestX" name="test_slow" time="7.25"/>'
    suite = f'<testsuite tests="3" failures="1">{case}</testsuite>'
    (tmp_path / "addon-two.xml").write_text(f"<testsuites>{suite}</testsuites>")
    options = ("--wall", "100", "--postgres", "30", "--budget", "34")
    script = ROOT / "config/dev/summary.py"
    told = run(sys.executable, script, str(tmp_path), *options).stdout
    rows = {line[:40].strip(): line[40:].split() for line in told.splitlines()}
    assert rows["static"][:5] == ["-", "-", "-", "10", "80"]
    assert " ".join(rows["static"][5:]) == "47 % of the whole, more than 34 %"
    assert rows["addon two"] == ["3", "1", "0", "10", "20", "FAILED"]
    assert rows["PostgreSQL"][-1] == "30"
    assert "7.2  test_x.TestX::test_slow" in told
    assert f"100 s, {170 / os.cpu_count():.0f} % of {os.cpu_count()} cores" in told
    assert f"FAILED: addon two; logs: {tmp_path}" in told


def test_the_script_is_clean_shell():
    result = in_bash("lint_shell")
    assert result.returncode == 0, result.stdout
