# Read by the other scripts with `source`: messages, Debian packages, and stopping on a signal.
# shellcheck shell=bash

say() { printf '%s\n' "$*"; }

fail() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

# as_root COMMAND...: runs it, through sudo unless root; false when that is not possible.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    return 1
  fi
}

# debian_install PACKAGE...: installs packages, or is false where that is not possible.
debian_install() {
  if ! command -v apt-get >/dev/null || ! as_root true; then return 1; fi
  say "Installing from the system's packages: $*"
  local output apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
  # The index may be old, or empty on a new machine; if it cannot be read, the old one may do.
  as_root "${apt[@]}" update >/dev/null || true
  if ! output=$(as_root "${apt[@]}" install --no-install-recommends "$@" 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

# attended COMMAND...: runs it so that a signal to this script stops it at once: a shell that
# waits for a command in the foreground would act only after the command's own end.
child=
attended() {
  local status=0
  "$@" <&0 &
  child=$!
  wait "$child" || status=$?
  child=
  return "$status"
}

end_with() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
  fi
  exit "$1"
}
trap 'end_with 129' HUP
trap 'end_with 130' INT
trap 'end_with 143' TERM
