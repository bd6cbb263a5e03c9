#!/usr/bin/env bash
# dist.sh PROGRAM FOLDER: makes FOLDER/dubwatch-VERSION-SYSTEM-MACHINE.tar.gz, and checks it: unpacked into an empty folder, with no
# checkout near, the program starts, answers, and finds its files.
set -euo pipefail
program=${1:?usage: dist.sh PROGRAM FOLDER}
folder=${2:?usage: dist.sh PROGRAM FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
name=dubwatch-$("$program" --version | awk '{ print $NF }')-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$here/install.sh" "$program" "$scratch/$name"
mkdir -p "$folder"
tar -C "$scratch" -czf "$folder/$name.tar.gz" "$name"

mkdir "$scratch/empty"
tar -C "$scratch/empty" -xzf "$folder/$name.tar.gz"
cd "$scratch/empty"
there=$scratch/empty/$name
fail() { echo "dist.sh: $1" >&2; exit 1; }
env -i PATH=/usr/bin:/bin HOME="$scratch/empty" "$there/bin/dubwatch" --version >/dev/null || fail "the program does not start"
env -i PATH=/usr/bin:/bin HOME="$scratch/empty" "$there/bin/dubwatch" scenarios | grep -q circuit-breaker || fail "it has no scenarios"
env -i PATH=/usr/bin:/bin HOME="$scratch/empty" "$there/bin/dubwatch" help screen | grep -q . || fail "it has no manual"
bash -n "$there/share/bash-completion/completions/dubwatch" || fail "the completions of bash cannot be read"
for file in share/zsh/site-functions/_dubwatch share/fish/vendor_completions.d/dubwatch.fish share/man/man1/dubwatch.1 \
  share/dubwatch/compose/docker-compose.yml share/dubwatch/compose/offline-context.sh; do
  [ -s "$there/$file" ] || fail "$file is missing or empty"
done
echo "$folder/$name.tar.gz"
