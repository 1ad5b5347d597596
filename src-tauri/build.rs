//! Points Tauri at this folder's capabilities (its default is beside the manifest) and names our own
//! commands, so that the window may call exactly these.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on stdout")]

fn main() {
    let commands: Vec<&'static str> =
        include_str!("commands.txt").lines().filter(|line| !line.is_empty()).collect();
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(commands.leak()));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=tauri-build: {error:#}");
    }
}
