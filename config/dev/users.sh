# shellcheck shell=bash
# Who runs what. PostgreSQL refuses to run as root and Odoo should not: when ./dev is
# started by root, both run as an unprivileged user and everything else as root.

KA_RUN_USER=''
KA_AS_RUN=()         # the command that turns root into the run user; empty otherwise

# Called once the system packages are there (PostgreSQL's bring the user `postgres`).
choose_run_user() {
    [[ -z $KA_RUN_USER ]] || return 0
    if ((EUID != 0)); then
        KA_RUN_USER=$(id -un)
    else
        KA_RUN_USER=postgres
        id -u "$KA_RUN_USER" >/dev/null 2>&1 || create_run_user
        KA_AS_RUN=(setpriv --reuid "$KA_RUN_USER" --regid "$(id -g "$KA_RUN_USER")" --init-groups)
        let_run_user_in
    fi
    make_state_folders
}

create_run_user() {
    KA_RUN_USER=key-account
    id -u "$KA_RUN_USER" >/dev/null 2>&1 ||
        useradd --system --no-create-home --shell /usr/sbin/nologin "$KA_RUN_USER"
}

# A checkout below /root is closed to others. Reading past that needs one capability, and
# a bit that lets access(2) count it, by which Odoo looks for addons; where the container
# withholds them, only the database leaves the checkout.
let_run_user_in() {
    if can_read "${KA_AS_RUN[@]}"; then return; fi
    local with_caps=(setpriv --securebits +no_setuid_fixup "${KA_AS_RUN[@]:1}"
        --inh-caps +dac_read_search --ambient-caps +dac_read_search)
    if can_read "${with_caps[@]}"; then
        KA_AS_RUN=("${with_caps[@]}")
        return
    fi
    KA_STATE=/var/tmp/key-account-$(short_hash "$KA_ROOT")
    KA_ODOO_AS_ROOT=1
    warn "user $KA_RUN_USER may not read $KA_ROOT: the database is kept in $KA_STATE, Odoo runs as root"
}

# By reading, and by access(2).
can_read() { (cd / && "$@" cat "$KA_ROOT/dev" && "$@" test -r "$KA_ROOT/dev") >/dev/null 2>&1; }

KA_STATE=$KA_DEV     # where PostgreSQL's data and socket are
KA_ODOO_AS_ROOT=''

make_state_folders() {
    mkdir -p "$KA_STATE" "$KA_LOG" "$KA_CACHE" "$KA_DEV"/{run,data,home,pycache,screenshots}
    if ((EUID == 0)); then
        chown "$KA_RUN_USER:" "$KA_LOG" "$KA_DEV"/{run,data,home,pycache,screenshots}
    fi
}

# Runs a command as the user of the server, with the environment of the suite.
as_run() {
    if [[ -n $KA_ODOO_AS_ROOT ]]; then
        (cd -- "$KA_STATE" && suite_env "${KA_AS_RUN[@]}" env "$@")
    else
        suite_env "${KA_AS_RUN[@]}" env "$@"
    fi
}

as_odoo() {
    if [[ -n $KA_ODOO_AS_ROOT ]]; then suite_env env "$@"; else as_run "$@"; fi
}
