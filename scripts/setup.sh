#!/usr/bin/env bash
# Makes the checkout ready to run: .venv with the locked packages, and the libraries that PDF
# reports need. With --dev also the packages of the tests and checks. Doing it again costs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

locks=(requirements.lock)
case "${1-}" in
  "") ;;
  --dev) locks+=(requirements-dev.lock) ;;
  *) fail "unknown option $1; there is only --dev" ;;
esac

# What is installed, one line for each lock file. It is written last and removed first: a .venv
# without it was left half-made and is made anew.
stamp=.venv/.installed

# Prints a Python to make .venv with: never the one of an active virtual environment, which may be
# the .venv that is about to be replaced.
find_python() {
  local name probe='import sys; sys.version_info < (3, 11) or print(sys._base_executable)'
  for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c "$probe" 2>/dev/null | grep .; then
      return
    fi
  done
  return 1
}

make_venv() {
  local python venv_package
  if ! python=$(find_python); then
    debian_install python3 python3-venv || true
    python=$(find_python) || fail "Python 3.11 or newer is needed; PYTHON=... names one."
  fi
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    venv_package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    debian_install "$venv_package" ||
      fail "$python cannot make a virtual environment. Install the package $venv_package," \
        "then run this again."
  fi
  rm -rf .venv
  say "Creating .venv"
  "$python" -m venv .venv
}

install_packages() {
  if [ ! -e "$stamp" ] || ! .venv/bin/python -c '' 2>/dev/null; then
    make_venv
  fi
  rm -f "$stamp"
  say "Installing Python packages (a minute or two the first time)"
  attended .venv/bin/python -m pip --disable-pip-version-check --no-input install -qq \
    --no-deps --require-hashes "${locks[@]/#/--requirement=}"
  cksum "${locks[@]}" >"$stamp"
}

is_installed() {
  local line
  while read -r line; do
    grep -qxF "$line" "$stamp" 2>/dev/null || return 1
  done < <(cksum "${locks[@]}")
}

# Prints the packages, by their Debian names, whose library the loader does not find.
missing_libraries() {
  .venv/bin/python -S - <<'PYTHON'
import ctypes
import ctypes.util

LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
for library, package in LIBRARIES.items():
    try:
        ctypes.CDLL(f"lib{library}.so.0")
    except OSError:
        if not ctypes.util.find_library(library):
            print(package)
PYTHON
}

install_libraries() {
  local missing
  missing=$(missing_libraries)
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086  # one word for each package
  debian_install $missing || true
  missing=$(missing_libraries | paste -sd ' ')
  case "$missing" in
    "") ;;
    libharfbuzz-subset0)
      say "Note: without the package $missing, reports take longer and are larger." ;;
    *)
      fail "PDF reports need libraries that could not be installed from here. As an" \
        "administrator, install $missing (their names in Debian), then run this again." ;;
  esac
}

if ! is_installed || ! .venv/bin/python -c '' 2>/dev/null; then
  install_packages
fi
install_libraries
