#!/bin/sh
# restore.sh BACKUP DATA: puts a backup in place for a Redis that runs with `appendonly yes`, and refuses one that holds
# nothing of Livehold. (Such a Redis reads its append-only files alone: beside a bare dump.rdb it starts empty, silently.)
#
# BACKUP  a dump.rdb, or a copy of an appendonlydir folder
# DATA    the folder of the Redis, which must be stopped; what is there is kept in DATA/before-restore-…
#
# Needs redis-server and redis-cli. Run it as the user whom Redis runs as.
set -eu

fail() {
  echo "restore: $*" >&2
  exit 1
}

[ $# -eq 2 ] || fail 'usage: restore.sh BACKUP DATA'
backup=$1
[ -e "$backup" ] || fail "there is no $backup"
[ -d "$2" ] || fail "there is no folder $2"
data=$(cd "$2" && pwd -P)
for place in /proc/[0-9]*/cwd; do
  case "$(readlink "$place" 2> /dev/null):$(cat "${place%cwd}comm" 2> /dev/null)" in
    "$data:redis-server" | "$data:valkey-server") fail "a Redis runs in $data: stop it first" ;;
  esac
done

run=$(mktemp -d)
work=$(mktemp -d "$data/restoring-XXXXXX")
pid=
cleanup() {
  [ -z "$pid" ] || kill -KILL "$pid" 2> /dev/null || true
  rm -rf "$run" "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

ask() {
  redis-cli -s "$run/redis.sock" "$@"
}

# start yes|no: whether it reads and writes append-only files.
start() {
  redis-server --port 0 --unixsocket "$run/redis.sock" --dir "$work" --dbfilename dump.rdb --save '' \
    --appendonly "$1" --logfile "$run/redis.log" > /dev/null 2>&1 &
  pid=$!
  until [ "$(ask ping 2> /dev/null)" = PONG ]; do
    kill -0 "$pid" 2> /dev/null || fail "Redis cannot read $backup: $(tail -n 1 "$run/redis.log")"
    sleep 0.2
  done
}

stop() {
  ask shutdown > /dev/null 2>&1 || true
  wait "$pid" || true
  pid=
}

field() {
  ask info persistence | tr -d '\r' | sed -n "s/^$1://p"
}

# How many keys of Livehold there are, over all databases.
count() {
  ask info keyspace | tr -d '\r' | sed -n 's/^db\([0-9]*\):.*/\1/p' | while read -r db; do
    ask -n "$db" --scan --pattern 'livehold:*'
  done | wc -l | tr -d ' '
}

if [ -d "$backup" ]; then
  cp -R "$backup" "$work/appendonlydir"
  start yes
else
  cp "$backup" "$work/dump.rdb"
  start no
fi
found=$(count)
[ "$found" -gt 0 ] || fail "$backup holds nothing of Livehold: nothing was changed"
if [ "$(field aof_enabled)" = 0 ]; then
  ask config set appendonly yes > /dev/null
  while [ "$(field aof_rewrite_in_progress)$(field aof_rewrite_scheduled)" != 00 ]; do sleep 0.2; done
  [ "$(field aof_last_bgrewrite_status)" = ok ] || fail "no append-only file could be written to $work"
fi
stop

# As the real one will start.
rm -f "$work/dump.rdb"
start yes
kept=$(count)
[ "$kept" -gt 0 ] || fail 'the append-only file that was written holds nothing: nothing was changed'
stop

before=$data/before-restore-$(date +%Y%m%d-%H%M%S)
for old in "$data/appendonlydir" "$data/dump.rdb"; do
  if [ -e "$old" ]; then
    mkdir -p "$before"
    mv "$old" "$before/"
  fi
done
mv "$work/appendonlydir" "$data/appendonlydir"
echo "restored $kept keys into $data"
