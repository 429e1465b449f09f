# shellcheck shell=bash
# The virtual environment: Odoo's libraries and, for the tests, the test tools.

KA_VENV=$KA_DEV/venv
KA_PYTHON=$KA_VENV/bin/python

# The system's own Python first: a user's one (pyenv) is often closed to the run user.
find_python() {
    local candidate
    for candidate in "${KA_BASE_PYTHON:-}" /usr/bin/python3 /usr/bin/python3.1{3,2,1} python3 python3.1{3,2,1}; do
        [[ -n $candidate ]] || continue
        if is_usable_python "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

is_usable_python() {
    command -v "$1" >/dev/null && "$1" - <<'PY' 2>/dev/null
import sys, venv, ensurepip
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PY
}

# Two stamps: another Python asks for a new environment, other requirements for an update.
ensure_python() {
    local base python packages
    base=$(find_python) || die "Python 3.11, 3.12 or 3.13 with venv is needed" "as root: apt-get install python3 python3-venv"
    python="$("$base" --version) $KA_ROOT"
    packages=$(checksum "$KA_ROOT"/requirements*.txt)
    if ! has_stamp python "$python"; then
        create_venv "$base"
        printf '%s\n' "$python" >"$KA_VENV/stamp-python"
    fi
    if ! has_stamp packages "$packages"; then
        install_packages
        printf '%s\n' "$packages" >"$KA_VENV/stamp-packages"
    fi
    link_odoo
}

has_stamp() { [[ -e $KA_VENV/stamp-$1 && $(<"$KA_VENV/stamp-$1") == "$2" ]]; }

# Built in place, since an environment cannot be renamed; without its stamp it does not count.
create_venv() {
    step "creating the Python environment with $("$1" --version)"
    rm -rf -- "$KA_VENV"
    "$1" -m venv "$KA_VENV"
}

install_packages() {
    step "installing the Python packages (about 100)"
    quietly "$KA_LOG/pip.log" "$KA_PYTHON" -m pip install --disable-pip-version-check --no-input \
        --prefer-binary -r "$KA_ROOT/requirements-dev.txt" ||
        die "the Python packages could not be installed, see $KA_LOG/pip.log"
    chmod -R a+rX "$KA_VENV"
}

link_odoo() {
    local link
    link=$(echo "$KA_VENV"/lib/python3.*/site-packages)/odoo19.pth
    [[ -e $link && $(<"$link") == "$KA_ODOO_LIB" ]] || printf '%s\n' "$KA_ODOO_LIB" >"$link"
}
