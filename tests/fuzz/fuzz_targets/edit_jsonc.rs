#![no_main]
mod promises;
use superset_keys_core::clients::edit::Dialect;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::hold(bytes, Dialect::Jsonc));
