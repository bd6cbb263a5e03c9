#!/usr/bin/env bash
# setup.sh program|tests: installs what is missing, silently and at once when nothing is.
# program: what building and running dubwatch needs. tests: what its tests need besides; no system service is started.
set -euo pipefail
cd "$(dirname "$0")/../.."
what=${1:?usage: setup.sh program|tests}

case $what in
  program) wanted="libncurses-dev libcurl4-openssl-dev libyaml-dev libzstd-dev pkg-config tzdata zlib1g-dev ffmpeg" ;;
  tests)
    wanted="tmux python3-venv procps util-linux librsvg2-bin"
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

# nginx with its RTMP module stands for MediaMTX. It is unpacked here and not installed: an installed one would serve the web from the
# next boot on.
unpack_nginx() {
  [ ! -e /usr/lib/nginx/modules/ngx_rtmp_module.so ] || [ ! -x /usr/sbin/nginx ] || return 0
  [ ! -e .nginx-rtmp/usr/lib/nginx/modules/ngx_rtmp_module.so ] || return 0
  echo "unpacking: nginx libnginx-mod-rtmp" >&2
  rm -rf .nginx-rtmp .nginx-rtmp.new
  mkdir .nginx-rtmp.new
  (
    cd .nginx-rtmp.new
    get() { apt-get -o APT::Sandbox::User=root download -qq "$@" 2>/dev/null; }
    get nginx libnginx-mod-rtmp || { [ "$(id -u)" -ne 0 ] || apt-get update -qq; get nginx libnginx-mod-rtmp; }
    # Older Ubuntus have the program in another package.
    get nginx-core || true
    for package in *.deb; do dpkg -x "$package" .; done
    rm -f ./*.deb
    [ -x usr/sbin/nginx ]
  ) || { rm -rf .nginx-rtmp.new; echo "dubwatch's RTMP tests need nginx and libnginx-mod-rtmp, which cannot be had: they will be skipped" >&2; return 0; }
  mv .nginx-rtmp.new .nginx-rtmp
}

if [ "$what" = tests ]; then
  if [ "$(uname)" != Darwin ] && command -v apt-get >/dev/null 2>&1; then unpack_nginx; fi
  requirements=Tests/Support/requirements.txt
  stamp=.venv/.installed-$(cksum <"$requirements" | tr -d ' ')
  if [ ! -e "$stamp" ]; then
    python3 -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
      .venv/bin/pip install --quiet --disable-pip-version-check --requirement "$requirements"
    touch "$stamp"
  fi
fi
