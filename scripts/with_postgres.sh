#!/usr/bin/env bash
# with_postgres.sh COMMAND...: runs the command with DATABASE_URL naming a PostgreSQL server of its
# own, in a temporary folder and on a free port. Server and folder are gone afterwards.
set -euo pipefail
source "$(dirname "$0")/common.sh"

# Prints the folder of PostgreSQL's programs, the newest version from 15 on.
find_postgres() {
  local bin version
  {
    dirname "$(command -v initdb || true)"
    pg_config --bindir 2>/dev/null || true
    printf '%s\n' /usr/lib/postgresql/*/bin
  } | while read -r bin; do
    if [ ! -x "$bin/initdb" ] || [ ! -x "$bin/postgres" ]; then continue; fi
    version=$("$bin/postgres" --version | grep -oE '[0-9]+' | head -n 1)
    [ "$version" -lt 15 ] || say "$version $bin"
  done | sort -s -n -k 1,1 | tail -n 1 | cut -d ' ' -f 2-
}

# Debian makes and starts a server for everyone on installation; this one file prevents that.
install_postgres() {
  local no_cluster=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
  as_root sh -c "mkdir -p '${no_cluster%/*}' && echo 'create_main_cluster = false' >'$no_cluster'" ||
    return 1
  debian_install postgresql || true
  as_root rm -f "$no_cluster"
}

bin=$(find_postgres)
if [ -z "$bin" ]; then
  ! command -v apt-get >/dev/null || install_postgres || true
  bin=$(find_postgres)
  [ -n "$bin" ] || fail "PostgreSQL 15 or newer is needed; its package in Debian is postgresql."
fi

# PostgreSQL refuses to run as root.
as_server=()
if [ "$(id -u)" -eq 0 ]; then
  owner=nobody
  ! id postgres >/dev/null 2>&1 || owner=postgres
  as_server=(runuser -u "$owner" --)
fi

folder=$(mktemp -d /tmp/postgres.XXXXXX)
remove_server() {
  trap '' INT TERM HUP
  if [ -e "$folder/data/postmaster.pid" ]; then
    (cd "$folder" && "${as_server[@]}" "$bin/pg_ctl" stop -D data -m immediate -s) || true
  fi
  rm -rf "$folder"
}
trap remove_server EXIT

read -r port password < <(python3 -c '
import secrets, socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1], secrets.token_hex(16))')
(umask 077 && echo "$password" >"$folder/password")
[ ${#as_server[@]} -eq 0 ] || chown -R "$owner" "$folder"
start_server() {
  cd "$folder"
  "${as_server[@]}" "$bin/initdb" -D data --username=tester --pwfile=password \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 || return 1
  # Nothing here has to survive a crash.
  "${as_server[@]}" tee -a data/postgresql.conf >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
jit = off
wal_level = minimal
max_wal_senders = 0
CONF
  "${as_server[@]}" "$bin/pg_ctl" start -D data -l server.log -w -t 60 -s >/dev/null
}
if ! (start_server); then
  cat "$folder"/*.log >&2
  fail "the private PostgreSQL server did not start."
fi

# By the socket in the folder: a statement takes a sixth less than over the network.
export DATABASE_URL="postgres://tester:$password@${folder//\//%2F}:$port/postgres"
attended "$@"
