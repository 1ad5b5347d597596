//! Our own page stays our own: nothing that is dropped on it, and no address that finds its way into it, takes its place.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Runtime, Url};

/// The window that has the page, as tauri.conf.json calls it.
const MAIN: &str = "main";

pub fn stays<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("page-stays")
        .on_navigation(|webview, url| {
            let stays = webview.label() != MAIN || is_ours(url) || is_developed(webview, url);
            if !stays {
                tracing::warn!(scheme = url.scheme(), "the page was to be replaced, and was not");
            }
            stays
        })
        .build()
}

/// As Tauri serves it: by a scheme of its own, or, on Windows, by a name that leads nowhere else.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => url.path() == "blank",
        _ => false,
    }
}

/// Where `tauri dev` has it from; a build that is handed on has no such address.
fn is_developed<R: Runtime>(webview: &tauri::Webview<R>, url: &Url) -> bool {
    use tauri::Manager;
    let developed = webview.config().build.dev_url.as_ref();
    developed.is_some_and(|developed| developed.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_page_is_ours() {
        for (address, ours) in [
            ("tauri://localhost", true),
            ("tauri://localhost/index.html#x", true),
            ("http://tauri.localhost/", true),
            ("about:blank", true),
            ("tauri://elsewhere/", false),
            ("https://example.com/", false),
            ("https://tauri.localhost.example.com/", false),
            ("http://localhost/", false),
            ("http://ipc.localhost/", false),
            ("about:srcdoc", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("data:text/html,hello", false),
            ("blob:tauri://localhost/1", false),
        ] {
            assert_eq!(is_ours(&Url::parse(address).unwrap()), ours, "{address}");
        }
    }
}
