#!/usr/bin/env bash
# setup.sh program|tests: installs what is missing, silently and at once when nothing is.
# program: what building and running dubwatch needs. tests: what its tests need besides; no system service is started.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:?usage: setup.sh program|tests}

case $what in
  program) wanted="libncurses-dev libcurl4-openssl-dev libyaml-dev libzstd-dev pkg-config tzdata zlib1g-dev ffmpeg" ;;
  tests)
    wanted="tmux python3-venv procps util-linux librsvg2-bin chromium asciinema poppler-utils"
    # An engine for the compose tests, only where nobody's own machine is meant; it is installed, never started here.
    if [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] && ! command -v dockerd >/dev/null 2>&1; then
      wanted="$wanted docker.io iptables iproute2"
    fi
    ;;
  *) echo "setup.sh: unknown part '$what'; use program or tests" >&2; exit 2 ;;
esac

missing_macos() {
  local formula
  for formula in "$@"; do
    command -v "$formula" >/dev/null 2>&1 || { echo "dubwatch needs $formula: brew install $formula" >&2; return 1; }
  done
}

if [ "$(uname)" = Darwin ]; then
  case $what in
    program) missing_macos ffmpeg zstd libyaml ;;
    tests) missing_macos tmux python3 ;;
  esac
elif command -v dpkg-query >/dev/null 2>&1; then
  missing=""
  for package in $wanted; do
    dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null | grep '^ii' >/dev/null || missing="$missing $package"
  done
  if [ -n "$missing" ]; then
    install="apt-get update && apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" -ne 0 ]; then
      echo "dubwatch needs packages that only root can install. Run this, then make again:" >&2
      echo "  sudo sh -c '$install'" >&2
      exit 3
    fi
    echo "installing:$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # No package may start a service here; and a first bulk install can fail in dpkg and pass on a second try.
    export RUNLEVEL=1
    if [ "${CI:-}" = true ] && [ ! -e /usr/sbin/policy-rc.d ]; then
      printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
      chmod 755 /usr/sbin/policy-rc.d
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    # shellcheck disable=SC2086
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
      { dpkg --configure -a >/dev/null || true; apt-get update -qq; apt-get install -y -qq --no-install-recommends $missing >/dev/null; }
  fi
fi

# Packages that are unpacked here and not installed: an installed nginx or Prometheus would serve from the next boot on.
#   unpack FOLDER PROGRAM PACKAGE... [-- PACKAGE_THAT_NOT_EVERY_SYSTEM_HAS...]
unpack() {
  local folder=$1 program=$2 wanted=() optional=() package
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do wanted+=("$1"); shift; done
  [ $# -eq 0 ] || { shift; optional=("$@"); }
  [ ! -x "$folder/$program" ] || return 0
  echo "unpacking: ${wanted[*]}" >&2
  rm -rf "$folder" "$folder.new"
  mkdir "$folder.new"
  (
    cd "$folder.new"
    get() { apt-get -o APT::Sandbox::User=root download -qq "$@" 2>/dev/null; }
    get "${wanted[@]}" || { [ "$(id -u)" -ne 0 ] || apt-get update -qq; get "${wanted[@]}"; }
    for package in "${optional[@]}"; do get "$package" || true; done
    for package in *.deb; do dpkg -x "$package" .; done
    rm -f ./*.deb
    [ -x "$program" ]
  ) || { rm -rf "$folder.new"; echo "dubwatch's tests need ${wanted[*]}, which cannot be had: what needs them is skipped" >&2; return 0; }
  mv "$folder.new" "$folder"
}

# nginx with its RTMP module stands for MediaMTX; older Ubuntus have the program in another package.
unpack_nginx() {
  [ ! -e /usr/lib/nginx/modules/ngx_rtmp_module.so ] || [ ! -x /usr/sbin/nginx ] || return 0
  unpack .nginx-rtmp usr/sbin/nginx nginx libnginx-mod-rtmp -- nginx-core
}

if [ "$what" = tests ]; then
  if [ "$(uname)" != Darwin ] && command -v apt-get >/dev/null 2>&1; then
    unpack_nginx
    unpack .prometheus usr/bin/promtool prometheus
  fi
  requirements=Tests/Support/requirements.txt
  stamp=.venv/.installed-$(cksum <"$requirements" | tr -d ' ')
  if [ ! -e "$stamp" ]; then
    python3 -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
      .venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements"
    touch "$stamp"
  fi
fi
