# shellcheck shell=bash
# Environment of every command that talks to Odoo or PostgreSQL, and plain database work.

suite_env() {
    env -u HOST -u PORT -u USER -u PASSWORD HOME="$KA_DEV/home" PYTHONPYCACHEPREFIX="$KA_DEV/pycache" \
        PGHOST="${KA_PGHOST:-}" PGPORT=5432 PGUSER="$KA_DB_USER" PGDATABASE=postgres PGOPTIONS="-c client_min_messages=warning" \
        ODOO_RC="$KA_DEV/odoo.conf" LC_ALL=C.UTF-8 TZ=UTC \
        PATH="$KA_VENV/bin:${KA_PG_BIN:-/usr/bin}:$PATH" \
        GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$KA_ROOT" \
        KA_ROOT="$KA_ROOT" KA_PGHOST="${KA_PGHOST:-}" KA_CONF="$KA_DEV/odoo.conf" \
        KA_ODOO_BIN="$KA_DEV/bin/odoo" KA_PG_BIN="${KA_PG_BIN:-}" KA_DATA="$(data_folder)" \
        KA_CHROMIUM="$(find_chromium || true)" "$@"
}

data_folder() {
    local folder=${KA_DATA:-$KA_ROOT/../shared/data}
    [[ ! -d $folder ]] || readlink -f -- "$folder"
}

list_addons() {
    local manifest
    for manifest in "$KA_ROOT"/*/__manifest__.py "$KA_ROOT"/addons/*/__manifest__.py; do
        [[ ! -e $manifest ]] || basename -- "$(dirname -- "$manifest")"
    done
}

# Odoo accepts only folders that contain an addon. The inner folder comes first: of the
# two that hold a file of it, the export of terms takes the first for that of the addons.
addons_path() {
    local path=$KA_ODOO_CORE
    if compgen -G "$KA_ROOT/addons/*/__manifest__.py" >/dev/null; then path+=,$KA_ROOT/addons; fi
    if compgen -G "$KA_ROOT/*/__manifest__.py" >/dev/null; then path+=,$KA_ROOT; fi
    echo "$path"
}

# The settings of config/odoo.dev.conf with the paths of this checkout.
write_odoo_conf() {
    local new=$KA_DEV/odoo.conf.$$
    {
        cat -- "$KA_ROOT/config/odoo.dev.conf"
        printf 'addons_path = %s\ndata_dir = %s\ndb_host = %s\ndb_port = 5432\ndb_user = %s\n' \
            "$(addons_path)" "$KA_DEV/data" "$KA_PGHOST" "$KA_DB_USER"
    } >"$new"
    mv -f -- "$new" "$KA_DEV/odoo.conf"
    chmod a+r "$KA_DEV/odoo.conf"
    write_odoo_launcher
}

# What scripts and tests call to get Odoo: `$KA_ODOO_BIN -d … -i …`.
write_odoo_launcher() {
    mkdir -p "$KA_DEV/bin"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$KA_PYTHON" "$KA_ODOO_LAUNCHER" >"$KA_DEV/bin/odoo.$$"
    chmod 755 "$KA_DEV/bin/odoo.$$"
    mv -f -- "$KA_DEV/bin/odoo.$$" "$KA_DEV/bin/odoo"
}

odoo() { as_odoo "$KA_DEV/bin/odoo" "$@"; }

# clone_database SOURCE TARGET: the rows, and the files by hard link (they never change).
clone_database() {
    local files=$KA_DEV/data/filestore
    as_run "$KA_PG_BIN/createdb" -T "$1" "$2" || return 1
    if [[ -d $files/$1 ]]; then as_odoo cp -al -- "$files/$1" "$files/$2"; fi
}

drop_database() {
    as_run "$KA_PG_BIN/dropdb" --if-exists --force "$1"
    rm -rf -- "$KA_DEV/data/filestore/${1:?}"
}

rename_database() {
    psql_value -d postgres -c "ALTER DATABASE \"$1\" RENAME TO \"$2\""
    if [[ -d $KA_DEV/data/filestore/$1 ]]; then mv -T -- "$KA_DEV/data/filestore/$1" "$KA_DEV/data/filestore/$2"; fi
}
