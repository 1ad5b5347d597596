//! What a preview's page says, and the terminal beside it.

use superset_keys_core::embedding::{PreviewWords, RefusalWords};

pub fn preview_opened(opened: bool) -> String {
    let opens = if opened {
        "Your browser opens. If it does not, open that address on this computer."
    } else {
        "Open that address in a browser on this computer."
    };
    format!("{opens} The first browser that does is the only one. Ctrl-C ends it.")
}

pub fn preview_words() -> PreviewWords {
    let of = |text: &str| text.to_owned();
    PreviewWords {
        heading: of("Preview of {dashboard}"),
        note: of(
            "Served at {site} by Superset Keys, to this computer and this browser alone, until you end it.",
        ),
        waiting: of("Waiting for the dashboard…"),
        shown: of("The dashboard is shown."),
        silent: of(
            "The frame says nothing, and nothing that can be seen from here holds it back. A browser that keeps storage \
             from other sites' frames leaves it blank without a word; so does a proxy that only the browser goes through.",
        ),
        no_token: of("There is no guest token any more. The preview has ended, or you were signed out."),
        refused: RefusalWords {
            not_there: of(
                "Superset has no such page: EMBEDDED_SUPERSET is off, or the dashboard is not embedded any more.",
            ),
            site_not_listed: of(
                "Superset shows this dashboard to the sites on its list alone, and {site} is not on it. Add it to the \
                 dashboard's allowed domains for as long as you preview.",
            ),
            frame_ancestors: of(
                "Your browser refuses: the server's frame-ancestors does not name {site}. Add it there \
                 (TALISMAN_CONFIG, or the proxy that sets it); http://127.0.0.1:* means any port.",
            ),
            frame_options: of(
                "Your browser refuses: the server sends X-Frame-Options and no frame-ancestors. With a frame-ancestors \
                 that names {site}, X-Frame-Options does not count any more.",
            ),
            page_missing: of(
                "The server does not answer with the dashboard's page, but with an error or the way to another page.",
            ),
            token_refused: of("Superset does not take the guest's token that it has just made."),
            role_missing: of(
                "Superset fails for every guest: most likely no role has the name in GUEST_ROLE_NAME.",
            ),
            role_lacks_user: of("The guests' role lacks can_read on CurrentUserRestApi."),
            role_lacks_dashboard: of("The guests' role lacks can_read on Dashboard."),
            role_lacks_chart: of(
                "The dashboard comes without its charts' data: the guests' role lacks can_read on Chart.",
            ),
        },
    }
}
