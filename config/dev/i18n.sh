# shellcheck shell=bash
# Translations: the .pot is exported by Odoo, zh_CN.po is brought up to it by merging,
# so that no translation is lost and the headers Odoo leaves empty are filled.

update_translations() {
    local database=i18n_$$ export=$KA_DEV/run/i18n-$$ status=0
    KA_TEMPORARY+=("$database")
    clone_set all "$database"
    step "exporting the terms"
    as_odoo mkdir -p -- "$export"
    export_terms "$database" "$export" || status=1
    suite_env KA_ODOO_CORE="$KA_ODOO_CORE" "$KA_PYTHON" "$KA_ROOT/config/dev/merge_translations.py" \
        "$export" "$@" || status=1
    rm -rf -- "$export"
    return $status
}

export_terms() {
    local addon
    for addon in $(list_addons); do
        quietly "$KA_LOG/i18n.log" child odoo i18n export -d "$1" "$addon" -l pot -o "$2/$addon.pot" || return 1
    done
}
