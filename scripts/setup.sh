# Sourced by scripts/start and scripts/test: system packages and .venv, each only where missing.
# Says what it is about to do and why, before it does it.

say() { printf '%s\n' "$*" >&2; }

# need_package PACKAGE TEST... : remember a Debian package whose test fails.
missing=()
need_package() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
# Not grep -q: it would end first, and under pipefail ldconfig's broken pipe reads as "missing".
has_library() { /sbin/ldconfig -p | grep "$1"; }
has_alsa_plugin() { compgen -G "/usr/lib/*/alsa-lib/libasound_module_$1.so"; }

# A Python of at least 3.11 that can make virtual environments; the first that fits.
find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

install_packages() {
    [ ${#missing[@]} -gt 0 ] || return 0
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            say "Please install these as root, then run this again: apt-get install ${missing[*]}"
            exit 2
        }
        as_root=(sudo)
    fi
    command -v apt-get >/dev/null || {
        say "This needs Debian's packages ${missing[*]}. Please install them with your system's tool."
        exit 2
    }
    say "Installing from Debian: ${missing[*]}"
    say "  $1"
    if ! { "${as_root[@]}" apt-get update -q >&2 &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "${missing[@]}" >&2; }; then
        say "The packages could not be installed. Please check the connection and run this again."
        exit 2
    fi
}

# make_venv LOCKFILE [OTHER] : .venv as LOCKFILE says, renewed only when that or pyproject.toml
# changed. OTHER is a lock file that would do as well.
make_venv() {
    local lock python
    for lock in "$@"; do
        if [ "$(cat .venv/stamp 2>/dev/null)" = "$(stamp "$lock")" ]; then
            return 0
        fi
    done
    lock=$1
    python=$(find_python) || {
        say "This needs Python 3.11 or newer. Debian 12 and Raspberry Pi OS bring it."
        exit 2
    }
    say "Installing the Python packages of $lock into .venv, in this folder. Only this once."
    "$python" -m venv --clear .venv
    if ! { .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes \
        -r "$lock" >&2 &&
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps \
            --no-build-isolation -e . >&2; }; then
        say "The Python packages could not be installed. Please check the connection and run this again."
        exit 2
    fi
    stamp "$lock" >.venv/stamp
}
# A moved folder or a new Python would leave .venv with commands that do not start.
stamp() { { pwd && find_python && "$(find_python)" --version && cat "$1" pyproject.toml; } 2>&1 | sha256sum; }
