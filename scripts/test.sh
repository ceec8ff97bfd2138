#!/usr/bin/env bash
# test.sh [PYTEST ARGUMENTS]: installs what the tests need, then runs them on SQLite (with the
# browser tests), and those that use a database on PostgreSQL. Paths under tests/ replace the
# whole of that part.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

# Each process would compile all tests anew, a tenth of the time of a pass.
unset PYTHONDONTWRITEBYTECODE

attended scripts/setup.sh --dev

main=() browser=() options=()
for argument in "$@"; do
  case "${argument#./}" in
    tests/browser*) browser+=("$argument") ;;
    tests/*) main+=("$argument") ;;
    *) options+=("$argument") ;;
  esac
done
if [ ${#main[@]} -eq 0 ] && [ ${#browser[@]} -eq 0 ]; then
  main=(tests/unit tests/integration)
  browser=(tests/browser)
fi

# Chromium without windows starts and draws a third faster; any other will do.
find_chromium() {
  command -v "${CHROMIUM_PATH:-chromium-headless-shell}" || command -v chromium ||
    command -v chromium-browser || command -v google-chrome ||
    command -v google-chrome-stable
}
if [ ${#browser[@]} -gt 0 ]; then
  command -v "${CHROMIUM_PATH:-chromium-headless-shell}" >/dev/null ||
    debian_install chromium-headless-shell || find_chromium >/dev/null ||
    debian_install chromium || true
  CHROMIUM_PATH=$(find_chromium) ||
    fail "the browser tests need Chromium; CHROMIUM_PATH=... names one."
  export CHROMIUM_PATH
  # Playwright's own driver, which starts Chromium, is built against this library.
  .venv/bin/python -S -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null ||
    debian_install libatomic1 || fail "the browser tests need the package libatomic1."
fi

selection=$#
failed=()
# run TITLE COMMAND...: a pass. That a selection finds no test in one pass is no failure (pytest: 5).
run() {
  local title=$1 status=0
  shift
  printf '\n==== %s\n' "$title"
  attended "$@" || status=$?
  if [ "$status" -ne 0 ] && { [ "$status" -ne 5 ] || [ "$selection" -eq 0 ]; }; then
    failed+=("$title")
  fi
}

# Two processes; one that has nothing left takes tests from the other. In a browser a fifth of
# the time is waiting, which a third process uses.
pytest=(.venv/bin/python -m pytest --dist worksteal)
unset DATABASE_URL
if [ ${#main[@]} -gt 0 ]; then
  run "Unit and integration tests on SQLite" "${pytest[@]}" -n 2 "${options[@]}" "${main[@]}"
fi
if [ ${#browser[@]} -gt 0 ]; then
  run "Browser tests on SQLite" "${pytest[@]}" -n 3 "${options[@]}" "${browser[@]}"
fi
if [ ${#main[@]} -gt 0 ]; then
  run "Unit and integration tests on PostgreSQL" \
    scripts/with_postgres.sh "${pytest[@]}" -n 2 --with-database-only "${options[@]}" "${main[@]}"
fi

say ""
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
say "All passes succeeded."
