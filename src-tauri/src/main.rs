// No console window beside the app on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

/// Secrets of ours are wiped when they are dropped; this wipes the copies that libraries made of them.
#[global_allocator]
static WIPES_WHAT_IS_FREED: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> std::process::ExitCode {
    superset_keys_desktop::run()
}
