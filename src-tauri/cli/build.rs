//! As released, the program has no tables for unwinding. A profile cannot say so.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on stdout")]

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=no-unwinding.ld");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    // Other systems keep them in other ways.
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-T{}/no-unwinding.ld", env!("CARGO_MANIFEST_DIR"));
    }
}
