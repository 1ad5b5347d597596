//! What is said of tokens that come from an authorization server.

use crate::table::facts;
use crate::times;
use superset_keys_core::actions::{
    OAuthPageWords, OAuthPages, OAuthPrompt, OAuthSignedOutView, OAuthView, PageWords, Revoked,
};
use superset_keys_core::credential::OAuthGrant;

pub fn oauth(view: &OAuthView) -> String {
    let who = match (&view.signed_in, view.grant) {
        (None, _) => "Nobody is signed in for the AI clients.".to_owned(),
        (Some(_), OAuthGrant::ClientCredentials) => {
            "AI clients can be let in as the OAuth client itself.".to_owned()
        }
        (Some(signed_in), _) => {
            let who = signed_in.subject.as_deref().unwrap_or("Somebody");
            let end = if signed_in.renews {
                ""
            } else {
                " Its first token is its last: the server gave nothing to renew it."
            };
            let at = times::here_utc(&signed_in.at, &times::zone());
            format!("{who} is signed in for the AI clients, since {at}.{end}")
        }
    };
    let grant = match view.grant {
        OAuthGrant::Code => "a browser on this computer",
        OAuthGrant::ClientCredentials => "client credentials",
        OAuthGrant::Device => "a browser anywhere",
    };
    let client = match (view.registered, view.has_secret) {
        (true, _) => format!("{}, made by the server", view.client_id),
        (false, true) => format!("{}, with a secret", view.client_id),
        (false, false) => view.client_id.clone(),
    };
    let lines = facts(&[
        ("issuer", Some(view.issuer.clone())),
        ("client", Some(client)),
        ("by", Some(grant.to_owned())),
        ("scopes", Some(view.scopes.join(" ")).filter(|scopes| !scopes.is_empty())),
        ("resource", Some(view.resource.clone())),
        ("audience", view.audience.clone()),
        ("comes back to", view.redirect.as_ref().map(|redirect| format!("{redirect}, with any port"))),
    ]);
    format!("{who}\n{lines}")
}

pub fn signed_out(view: &OAuthSignedOutView) -> String {
    let revoked = match view.revoked {
        Revoked::Done => {
            "The sign-in is revoked. A token that was handed out works to its end, minutes from now."
        }
        Revoked::Nothing => "There was no sign-in to revoke. This computer keeps no token.",
        Revoked::NotOffered => {
            "This computer keeps no token any more. The server has no way to revoke a sign-in: it ends there by itself."
        }
        Revoked::Failed => {
            "This computer keeps no token any more. The server did not revoke the sign-in: end it on its own page."
        }
    };
    format!("{revoked}{}", super::left_behind(view.left_behind))
}

/// What a person is to do now.
pub fn to_do(prompt: &OAuthPrompt, opened: bool, printed: bool) -> String {
    match prompt {
        OAuthPrompt::Browser { url } => match (printed, opened) {
            (true, _) => "Open that address in a browser on this computer, and sign in there.".to_owned(),
            (false, true) => {
                format!("Your browser opens. If it does not, open this on this computer:\n{url}")
            }
            (false, false) => format!("Open this in a browser on this computer, and sign in there:\n{url}"),
        },
        OAuthPrompt::Device { url, complete, code } => {
            let open = match (printed, complete) {
                (true, _) => "Open that address anywhere".to_owned(),
                (false, Some(complete)) => format!("Open this anywhere: {complete}\nOr {url}"),
                (false, None) => format!("Open this anywhere: {url}"),
            };
            format!("{open}\nThe code is {code}.")
        }
    }
}

/// What a browser shows at the end of its way.
pub fn pages() -> OAuthPages {
    let page = |title: &str, text: &str| PageWords { title: title.to_owned(), text: text.to_owned() };
    let words = OAuthPageWords {
        done: page(
            "Done here",
            "You can close this page. Superset Keys goes on, and says whether it worked.",
        ),
        refused: page("Not signed in", "You can close this page. Superset Keys says why."),
        unknown: page(
            "Nothing to do here",
            "No sign-in that is under way leads here. You can close this page.",
        ),
    };
    words.into()
}
