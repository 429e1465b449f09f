# shellcheck shell=bash
# What must come from the system's package manager, and how to say so when it cannot.

KA_MISSING=()

need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || KA_MISSING+=("$package")
}

has_keyring() { [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]]; }
has_library() { compgen -G "/usr/lib/*/$1.so.*" || compgen -G "/lib/*/$1.so.*"; }
has_cjk_font() { compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null; }
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

# ensure_system [tests]: installs what is missing in one go.
ensure_system() {
    KA_MISSING=()
    need ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
    need curl command -v curl
    need python3 find_python
    need python3-venv find_python
    need postgresql find_postgres
    # WeasyPrint, which renders the papers, and what Chinese is written with
    need libpango-1.0-0 has_library libpango-1.0
    need libpangoft2-1.0-0 has_library libpangoft2-1.0
    need libharfbuzz-subset0 has_library libharfbuzz-subset
    need fonts-noto-cjk has_cjk_font
    if [[ -z ${ODOO_HOME:-} && ! -e $KA_DEV/odoo ]]; then need debian-archive-keyring has_keyring; fi
    if [[ ${1:-} == tests ]]; then
        need chromium find_chromium
        need git command -v git
    fi
    ((${#KA_MISSING[@]} == 0)) || install_missing
}

# Without root and sudo there is nothing to do but to say the command.
explain_missing() {
    die "missing on this machine: ${KA_MISSING[*]}" \
        "type this once, as root, then repeat ./dev:" \
        "  apt-get update && apt-get install -y --no-install-recommends ${KA_MISSING[*]}"
}

can_sudo() { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; }

install_missing() {
    local sudo=()
    command -v apt-get >/dev/null ||
        die "this machine has no apt-get; please install: ${KA_MISSING[*]}"
    if ((EUID != 0)); then
        can_sudo || explain_missing
        sudo=(sudo)
    fi
    step "installing ${KA_MISSING[*]} through apt-get"
    mkdir -p "$KA_LOG"
    quietly "$KA_LOG/apt-system.log" "${sudo[@]}" apt-get update ||
        warn "apt-get update failed; trying with the package lists that are here"
    quietly "$KA_LOG/apt-system.log" "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${KA_MISSING[@]}" ||
        die "apt-get could not install: ${KA_MISSING[*]}"
}
