# shellcheck shell=bash
# Odoo 19 Community: from ODOO_HOME when that is set, else from Debian's package.

KA_SUITE=sid
KA_STABLE=trixie      # fonts-font-awesome 4.7, whose file names Odoo links to
KA_MIRROR=${KA_DEBIAN_MIRROR:-http://deb.debian.org/debian}
KA_ODOO_PACKAGES=(odoo-19 libjs-jquery libjs-jquery-form libjs-underscore
    fonts-roboto-unhinted fonts-montserrat fonts-inconsolata fonts-ocr-b)

# Debian removes this one file, mail's bundle still names it: every page would log an error.
KA_SEGMENTATION=0.1.1675465747
KA_SEGMENTATION_SHA512=231631361c04e55c0e9b9d8bd72a055982cfeeaf4f77e3498f3382e6d95ea5fbc419a637a3d86c96152bc7d060b1ea9d7d9b4a483b5dff835f09232337341a94
KA_NPM=${KA_NPM_REGISTRY:-https://registry.npmjs.org}

KA_ODOO_LIB='' KA_ODOO_CORE='' KA_ODOO_LAUNCHER='' KA_ODOO_VERSION=''

ensure_odoo() {
    if [[ -z ${ODOO_HOME:-} ]]; then
        [[ -e $KA_DEV/odoo/complete ]] || unpack_odoo
        locate_odoo "$KA_DEV/odoo"
    else
        locate_odoo "$ODOO_HOME"
    fi
}

# Understands an unpacked or installed Debian package and a git checkout.
locate_odoo() {
    local home
    home=$(readlink -f -- "$1") || home=$1
    if [[ -f $home/usr/lib/python3/dist-packages/odoo/release.py ]]; then
        KA_ODOO_LIB=$home/usr/lib/python3/dist-packages
        KA_ODOO_LAUNCHER=$home/usr/bin/odoo
        KA_ODOO_CORE=$KA_ODOO_LIB/odoo/addons
    elif [[ -f $home/odoo-bin && -f $home/odoo/release.py ]]; then
        KA_ODOO_LIB=$home
        KA_ODOO_LAUNCHER=$home/odoo-bin
        KA_ODOO_CORE=$home/addons,$home/odoo/addons
    else
        die "there is no Odoo in ODOO_HOME=$1" \
            "it must be a git checkout of Odoo 19.0 (with odoo-bin) or an unpacked package of it" \
            "without ODOO_HOME, ./dev takes Odoo 19 from Debian's archive"
    fi
    KA_ODOO_VERSION=$(sed -n 's/^version_info = (\([0-9]*\), \([0-9]*\).*/\1.\2/p' "$KA_ODOO_LIB/odoo/release.py")
    [[ $KA_ODOO_VERSION == 19.0 ]] ||
        die "$1 holds Odoo ${KA_ODOO_VERSION:-of an unknown version}, the suite needs 19.0"
}

# apt with state of its own: the system's lists and sources stay as they are.
private_apt() {
    apt-get -qq -o "Dir::State::Lists=$KA_CACHE/apt/lists" -o "Dir::Cache=$KA_CACHE/apt/cache" \
        -o "Dir::Etc::sourcelist=$KA_CACHE/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Acquire::Languages=none -o Acquire::Retries=3 -o Debug::NoLocking=1 \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

unpack_odoo() {
    local work=$KA_DEV/odoo.new
    command -v apt-get >/dev/null ||
        die "this machine has no apt to fetch Odoo with" "set ODOO_HOME to a checkout of Odoo 19.0"
    rm -rf -- "$work" && mkdir -p "$work" "$KA_CACHE/apt/lists/partial" "$KA_CACHE/apt/cache/archives/partial"
    download_packages
    step "unpacking Odoo"
    local package
    for package in "$KA_CACHE"/apt/packages/*.deb; do dpkg-deb -x "$package" "$work"; done
    add_missing_asset "$work"
    chmod -R a+rX "$work"
    touch "$work/complete"
    replace_folder "$work" "$KA_DEV/odoo"
    rm -rf -- "$KA_CACHE/apt"
}

download_packages() {
    local keys='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
    printf 'deb %s %s %s main\n' "$keys" "$KA_MIRROR" "$KA_SUITE" "$keys" "$KA_MIRROR" "$KA_STABLE" \
        >"$KA_CACHE/apt/sources.list"
    step "fetching Odoo 19 from $KA_MIRROR, suite $KA_SUITE (about 130 MB)"
    quietly "$KA_LOG/apt-odoo.log" private_apt update ||
        die "Debian's archive does not answer" "check the network, or set ODOO_HOME to a checkout of Odoo 19.0"
    [[ -n $(private_apt download --print-uris odoo-19 2>/dev/null) ]] ||
        die "Debian's suite $KA_SUITE no longer carries odoo-19" \
            "take a checkout instead: git clone --depth 1 -b 19.0 https://github.com/odoo/odoo" \
            "then: ODOO_HOME=/path/to/odoo ./dev …"
    rm -rf -- "$KA_CACHE/apt/packages" && mkdir -p "$KA_CACHE/apt/packages"
    (cd -- "$KA_CACHE/apt/packages" &&
        quietly "$KA_LOG/apt-odoo.log" private_apt download \
            "${KA_ODOO_PACKAGES[@]/%//$KA_SUITE}" "fonts-font-awesome/$KA_STABLE") ||
        die "a package of Odoo could not be fetched, see $KA_LOG/apt-odoo.log"
}

add_missing_asset() {
    local target=$1/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
    local tarball=$KA_CACHE/selfie_segmentation.tgz
    [[ ! -e $target/selfie_segmentation.js ]] || return 0
    curl --fail --silent --show-error --location --retry 3 -o "$tarball" \
        "$KA_NPM/@mediapipe/selfie_segmentation/-/selfie_segmentation-$KA_SEGMENTATION.tgz" ||
        die "the npm registry does not answer" "set KA_NPM_REGISTRY to a mirror of it"
    echo "$KA_SEGMENTATION_SHA512  $tarball" | sha512sum --check --quiet - ||
        die "the checksum of @mediapipe/selfie_segmentation $KA_SEGMENTATION is wrong"
    mkdir -p "$target"
    tar -xzf "$tarball" -C "$target" --strip-components=1 package/selfie_segmentation.js
    rm -f -- "$tarball"
}
