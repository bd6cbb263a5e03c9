#!/usr/bin/env bash
# install.sh PROGRAM ROOT: puts a built program under ROOT (as /usr/local is), with its compose files, completions and man page.
# Nothing of the checkout is needed afterwards.
set -euo pipefail
program=${1:?usage: install.sh PROGRAM ROOT}
root=${2:?usage: install.sh PROGRAM ROOT}
here=$(cd "$(dirname "$0")/../.." && pwd)
[ -x "$program" ] || { echo "install.sh: there is no program at $program: make build" >&2; exit 3; }

folder() { mkdir -p "$root/$1" || { echo "install.sh: $root/$1 cannot be made: use sudo, or PREFIX=\$HOME/.local" >&2; exit 1; }; }
folder bin
# Beside its place first: a program that runs cannot be written over.
cp "$program" "$root/bin/.dubwatch.new"
chmod 755 "$root/bin/.dubwatch.new"
mv "$root/bin/.dubwatch.new" "$root/bin/dubwatch"
folder share/dubwatch/compose
cp "$here"/compose/docker-compose.yml "$here"/compose/offline.yml "$here"/compose/offline-context.sh "$root/share/dubwatch/compose/"
folder share/doc/dubwatch
cp "$here"/LICENSE "$here"/README.md "$here"/CHANGELOG.md "$root/share/doc/dubwatch/"
folder share/bash-completion/completions
folder share/zsh/site-functions
folder share/fish/vendor_completions.d
folder share/man/man1
"$program" --generate-completion-script bash >"$root/share/bash-completion/completions/dubwatch"
"$program" --generate-completion-script zsh >"$root/share/zsh/site-functions/_dubwatch"
"$program" --generate-completion-script fish >"$root/share/fish/vendor_completions.d/dubwatch.fish"
"$program" help --man >"$root/share/man/man1/dubwatch.1"
