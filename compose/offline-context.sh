#!/usr/bin/env bash
# offline-context.sh PROGRAM FOLDER: makes the build context of an image FROM scratch that holds a dubwatch program and the libraries it is
# linked with. Nothing is pulled.
set -euo pipefail
program=${1:?usage: offline-context.sh PROGRAM FOLDER}
folder=${2:?usage: offline-context.sh PROGRAM FOLDER}
[ "$(uname)" = Linux ] || { echo "offline-context.sh: the image holds this machine's program, so this machine has to be Linux" >&2; exit 3; }
root=$folder/root
mkdir -p "$root/usr/bin" "$root/tmp" "$root/etc"
chmod 1777 "$root/tmp"
cp -L --preserve=mode,timestamps "$program" "$root/usr/bin/dubwatch"
# Symbols are two thirds of a debug build, and nothing in a container reads them.
if command -v strip >/dev/null 2>&1; then strip --strip-debug "$root/usr/bin/dubwatch"; fi
# Every library under the path that the loader looks for it in; the loader itself under its own.
ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }' | sort -u |
  while IFS= read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L --preserve=mode,timestamps "$library" "$root$library"
  done
# awk reads to the end: a reader that leaves early ends ldconfig with SIGPIPE, and with it this script.
# NIO asks for names through the C library, which loads these by name.
for library in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
  found=$(ldconfig -p 2>/dev/null | awk -v name="$library" '$1 == name && !found { print $NF; found = 1 }')
  if [ -n "$found" ] && [ ! -e "$root$found" ]; then
    mkdir -p "$root$(dirname "$found")"
    cp -L --preserve=mode,timestamps "$found" "$root$found"
  fi
done
# The dub of the test stream, which the speech service answers with: beside the stream in a checkout. Without it, it echoes.
dub=$(dirname "$0")/../fixtures/stream/dubwatch-60s.dub.aac
variables=
if [ -r "$dub" ]; then
  mkdir -p "$root/usr/share/dubwatch"
  cp "$dub" "$root/usr/share/dubwatch/"
  variables=" ECHO_DUB_TRACK=/usr/share/dubwatch/dubwatch-60s.dub.aac"
fi
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
printf 'dubwatch:x:10001:10001::/tmp:/\n' >"$root/etc/passwd"
printf 'dubwatch:x:10001:\n' >"$root/etc/group"
directories=$(ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | xargs -n 1 dirname | sort -u | paste -sd :)
cat >"$folder/Dockerfile" <<END
FROM scratch
LABEL dubwatch.image=offline
COPY root/ /
ENV LD_LIBRARY_PATH=$directories PATH=/usr/bin HOME=/tmp TMPDIR=/tmp$variables
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["dubwatch"]
CMD ["--help"]
END
