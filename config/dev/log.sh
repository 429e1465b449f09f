# shellcheck shell=bash
# What ./dev says, and the folders it keeps.

KA_DEV=$KA_ROOT/.dev
KA_LOG=$KA_DEV/log
KA_CACHE=$KA_DEV/cache
KA_STARTED=$SECONDS

if [[ -t 2 ]]; then
    BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' GREEN='' PLAIN=''
fi

step() { printf '%s[%4ds]%s %s\n' "$BOLD" $((SECONDS - KA_STARTED)) "$PLAIN" "$*" >&2; }
say() { printf '        %s\n' "$*" >&2; }
warn() { printf '%s[ note]%s %s\n' "$BOLD" "$PLAIN" "$*" >&2; }

# The first argument is what is wrong, each further one a line on what to do about it.
die() {
    printf '%serror:%s %s\n' "$RED" "$PLAIN" "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

checksum() { sha256sum "$@" | sha256sum | cut -c1-12; }
short_hash() { printf '%s' "$1" | sha256sum | cut -c1-10; }

# quietly LOGFILE COMMAND…: output goes to the log, and to the screen only when it fails.
quietly() {
    local log=$1
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        warn "the whole output is in $log"
        return 1
    fi
}

# A folder replaces another in one rename, so that an interrupted step leaves no half.
replace_folder() {
    local new=$1 final=$2
    rm -rf -- "$final.old"
    if [[ -e $final ]]; then mv -T -- "$final" "$final.old"; fi
    mv -T -- "$new" "$final"
    rm -rf -- "$final.old"
}
