#!/usr/bin/env bash
# Builds the command line for Windows, on Linux, and prints where it and what its tests need beside it lie, a line each.
# With `check`, and words for Cargo: looks whether something compiles for Windows.
#
# A toolchain that has the target's library is used as it is. Else Debian's is, which brings the library's sources, and the
# library is built with the program: RUSTC_BOOTSTRAP is for this check alone. Releases are built on Windows.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

TARGET=x86_64-pc-windows-gnu
PREFIX=x86_64-w64-mingw32
CACHE=${SUPERSET_KEYS_CACHE:?where builds are kept; ./dev test windows says it}/windows
# Whatever else is built: a folder of its own, and nothing for a debugger, which Wine has no use for.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$SUPERSET_KEYS_CACHE/target}/windows
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

for program in $PREFIX-gcc $PREFIX-g++ make cmake nasm wine; do
  command -v "$program" >/dev/null ||
    die "$program is missing; of Debian's packages this needs gcc-mingw-w64-x86-64, g++-mingw-w64-x86-64, make, cmake, nasm, wine and wine64."
done

cargo=(cargo)
std=()
if [ ! -d "$(rustc --print target-libdir --target $TARGET 2>/dev/null)" ]; then
  if [ ! -x /usr/bin/cargo ] || [ ! -e /usr/lib/rustlib/src/rust/library/Cargo.lock ]; then
    die "No Rust here can build for $TARGET: run 'rustup target add $TARGET', or install Debian's packages rustc-web, cargo-web and rust-web-src."
  fi
  export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc
  cargo=(/usr/bin/cargo)
  std=("-Zbuild-std=std,panic_abort,panic_unwind")
fi
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=$PREFIX-gcc

# libsodium's crate would fetch what its makers built for Windows. It brings the sources, too.
libsodium() {
  local manifest version
  manifest=$("${cargo[@]}" metadata --locked --format-version 1 --filter-platform $TARGET |
    python3 -c 'import json, sys
print(next(p["manifest_path"] for p in json.load(sys.stdin)["packages"] if p["name"] == "libsodium-sys-stable"))')
  version=$(basename "$(dirname "$manifest")")
  export SODIUM_LIB_DIR=$CACHE/$version/lib
  [ -e "$SODIUM_LIB_DIR/libsodium.a" ] && return
  say "Building libsodium for Windows"
  local work
  work=$(mktemp -d)
  tar -xzf "$(dirname "$manifest")/LATEST.tar.gz" -C "$work"
  if ! (cd "$work/libsodium-stable" &&
    ./configure --host=$PREFIX --prefix="$work/installed" --disable-ssp --disable-dependency-tracking --enable-shared=no &&
    make -j"$(nproc)" -C src/libsodium install) >"$work/log" 2>&1; then
    tail -n 30 "$work/log" >&2
    die "libsodium could not be built. What it said is in $work/log."
  fi
  mkdir -p "$SODIUM_LIB_DIR"
  # Whole or not at all: it is not built again.
  cp "$work/installed/lib/libsodium.a" "$SODIUM_LIB_DIR/libsodium.a.new"
  mv "$SODIUM_LIB_DIR/libsodium.a.new" "$SODIUM_LIB_DIR/libsodium.a"
  rm -rf "$work"
}

# Rust's library takes random numbers from a DLL of Windows 10 that older Wines do not have. And who has files open.
beside_it() {
  mkdir -p "$CARGO_TARGET_DIR/beside"
  $PREFIX-gcc -shared -Os -o "$CARGO_TARGET_DIR/beside/bcryptprimitives.dll" tests/windows/bcryptprimitives.c -ladvapi32
  $PREFIX-gcc -Os -o "$CARGO_TARGET_DIR/beside/hold.exe" tests/windows/hold.c
}

libsodium
if [ "${1:-}" = check ]; then
  "${cargo[@]}" check --locked "${std[@]}" --target $TARGET "${@:2}" >&2
  exit
fi
beside_it
say "Building the command line for Windows (some minutes the first time)"
"${cargo[@]}" build --locked "${std[@]}" --target $TARGET -p superset-keys >&2
printf '%s\n' "$CARGO_TARGET_DIR/$TARGET/debug/superset-keys.exe" "$CARGO_TARGET_DIR/beside"
