//! Show an embedded dashboard on a page of this computer, as a guest of one's own making sees it.

use super::mint_guest_token::GuestTokenRequest;
use crate::Core;
use crate::embedding::{
    Asked, Door, FrameRefusal, FrameSaid, Framing, Given, GuestCalls, HostSite, PreviewPage, PreviewWords,
    framing, preview_page,
};
use crate::error::Result;
use crate::http::Auth;
use crate::ids::InstanceId;
use crate::secret::Secret;
use crate::store::Instance;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};
use url::Url;
use zeroize::Zeroizing;

/// A page that can be opened in a browser of this computer, by the person alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PreviewView {
    /// To be opened once; nobody guesses it, and it holds no token.
    pub address: String,
    /// What Superset and the browser go by: `http://127.0.0.1:4711`. Another port each time, unless the dashboard's
    /// list names one.
    pub site: String,
    pub title: String,
    /// Known before: with this the browser shows no dashboard there, and the page says so.
    pub in_the_way: Option<FrameRefusal>,
}

/// A page that waits for its browser; gone when it is dropped.
pub struct Preview {
    pub view: PreviewView,
    door: Door,
    instance: Instance,
    request: GuestTokenRequest,
    embedding: String,
    /// The header that the server looks for guests' tokens in.
    header: String,
    /// The first token is made before anybody comes, so that what is wrong with it is said where it was asked for.
    ready: Mutex<Option<Secret>>,
    given: Mutex<Option<Secret>>,
}

impl Core {
    /// Mints a token, opens a port of this computer, and asks the server what a browser would be told that shows the
    /// dashboard there. On `port`, or on one that the dashboard's list names, or on any.
    ///
    /// # Errors
    /// Those of [`Core::mint_guest_token`]; [`crate::Error::PortTaken`].
    pub async fn preview_embedding(
        &self,
        id: &InstanceId,
        request: GuestTokenRequest,
        port: Option<u16>,
    ) -> Result<Preview> {
        let instance = self.instance(id)?;
        let (shown, embedding) = self.embedded(&instance, request.dashboard).await?;
        let token = self.mint_guest_token(id, &request).await?.token;
        let here: Vec<_> = embedding.sites.iter().filter_map(|site| on_this_computer(site)).collect();
        let door = Door::open(port, &here, &*self.random).await?;
        let site = HostSite::parse(&door.site())?;
        let way = self.site(&instance);
        let page = self.superset.embedded_page(&way, &embedding.uuid, Some(site.as_str())).await?;
        let (security, options) = (&page.policies.content_security, &page.policies.frame_options);
        let in_the_way = match page.status {
            200 => match framing(security, options, &way.url, &site) {
                Framing::Allowed => None,
                Framing::NotAnAncestor => Some(FrameRefusal::FrameAncestors),
                Framing::FrameOptions => Some(FrameRefusal::FrameOptions),
            },
            403 => Some(FrameRefusal::SiteNotListed),
            404 => Some(FrameRefusal::NotThere),
            _ => Some(FrameRefusal::PageMissing),
        };
        Ok(Preview {
            view: PreviewView { address: door.address(), site: door.site(), title: shown.title, in_the_way },
            door,
            header: page.guest_header().to_owned(),
            instance,
            request,
            embedding: embedding.uuid,
            ready: Mutex::new(Some(token)),
            given: Mutex::default(),
        })
    }

    /// Serves the page until this is dropped, and tells what became of the frame each time the page says so.
    pub async fn serve_preview(
        &self,
        preview: &Preview,
        words: PreviewWords,
        tell: impl Fn(FrameSaid) + Sync,
    ) {
        let words = words.at(&preview.view.site, &preview.view.title);
        let (words, tell) = (&words, &tell);
        let known = preview.view.in_the_way.map(|reason| FrameSaid::Refused { reason });
        let give = |asked| async move {
            match asked {
                Asked::Page => {
                    if let Some(known) = known {
                        tell(known);
                    }
                    self.page_of(preview, words, known)
                }
                Asked::Token => self.next_token(preview).await,
                Asked::Said { alive } => {
                    let said = self.said(preview, alive).await;
                    tell(said);
                    json(&serde_json::json!({ "words": words.of(said) }))
                }
            }
        };
        preview.door.serve(give).await;
    }

    fn page_of(&self, preview: &Preview, words: &PreviewWords, known: Option<FrameSaid>) -> Given {
        let superset = preview.instance.url.to_string();
        let nonce = format!("{:032x}", self.random.next());
        let of = PreviewPage {
            superset: &superset,
            embedding: &preview.embedding,
            title: &preview.view.title,
            known,
        };
        let frame = preview.instance.url.url().origin().ascii_serialization();
        Given::Page { text: preview_page(&of, words, &nonce), nonce, frame }
    }

    async fn next_token(&self, preview: &Preview) -> Given {
        let ready = locked(&preview.ready).take();
        let token = if let Some(token) = ready {
            Ok(token)
        } else {
            let minted = self.mint_guest_token(&preview.instance.id, &preview.request).await;
            minted.map(|minted| minted.token)
        };
        match token {
            Ok(token) => {
                // EXPOSE: for the page, which hands it to the frame; it is what a guest's token is for.
                let given = json(&serde_json::json!({ "token": token.expose() }));
                *locked(&preview.given) = Some(token);
                given
            }
            Err(error) => {
                tracing::info!(%error, "the preview got no token");
                Given::NotNow
            }
        }
    }

    /// A page cannot look into a frame of another site: that Superset's own page answers there is one half, what the
    /// server says to the same guest the other.
    async fn said(&self, preview: &Preview, alive: bool) -> FrameSaid {
        let token = locked(&preview.given).as_ref().map(Secret::duplicate);
        let Some(token) = token else { return FrameSaid::Silent };
        let guest = Auth::Guest { token: &token, header: &preview.header };
        let calls = self.guest_calls(&preview.instance, preview.request.dashboard, guest).await;
        match refusal_of(&calls) {
            Some(reason) => FrameSaid::Refused { reason },
            // Nobody answered, so what the frame shows is not known.
            None if alive && calls.roles != 0 => FrameSaid::Shown,
            None => FrameSaid::Silent,
        }
    }
}

fn refusal_of(calls: &GuestCalls) -> Option<FrameRefusal> {
    let all = [Some(calls.roles), Some(calls.dashboard), calls.chart];
    let mut told = all.iter().flatten();
    match calls {
        _ if told.clone().all(|status| *status >= 500) => Some(FrameRefusal::RoleMissing),
        _ if told.any(|status| *status == 401) => Some(FrameRefusal::TokenRefused),
        GuestCalls { roles: 403, .. } => Some(FrameRefusal::RoleLacksUser),
        GuestCalls { dashboard: 403 | 404, .. } => Some(FrameRefusal::RoleLacksDashboard),
        GuestCalls { chart: Some(403), .. } => Some(FrameRefusal::RoleLacksChart),
        _ => None,
    }
}

/// A site that a page of this computer can be served as.
fn on_this_computer(site: &str) -> Option<(String, u16)> {
    let url = Url::parse(site).ok().filter(|url| url.scheme() == "http")?;
    let host = url.host_str().filter(|host| matches!(*host, "127.0.0.1" | "localhost"))?;
    Some((host.to_owned(), url.port()?))
}

fn json(value: &serde_json::Value) -> Given {
    Given::Json(Zeroizing::new(value.to_string()))
}

fn locked<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_guest_lacks_is_told_by_what_the_server_answers() {
        let of = |roles, dashboard, chart: u16| {
            let chart = (chart != 0).then_some(chart);
            refusal_of(&GuestCalls { role: None, roles, dashboard, chart })
        };
        assert_eq!(of(200, 200, 400), None);
        assert_eq!(of(403, 200, 400), Some(FrameRefusal::RoleLacksUser));
        assert_eq!(of(200, 403, 400), Some(FrameRefusal::RoleLacksDashboard));
        // It has no chart.
        assert_eq!(of(200, 200, 0), None);
        assert_eq!(of(200, 200, 403), Some(FrameRefusal::RoleLacksChart));
        assert_eq!(of(500, 500, 500), Some(FrameRefusal::RoleMissing));
        assert_eq!(of(401, 401, 401), Some(FrameRefusal::TokenRefused));
        // A fault of another kind is not called what it is not.
        assert_eq!(of(200, 500, 400), None);
    }

    /// A window serves it on a task of its own.
    #[test]
    fn it_can_be_served_on_another_thread() {
        fn moves<T: Send>(_: &T) {}
        let _ = |core: std::sync::Arc<Core>, preview: Preview, words: PreviewWords| {
            let served = async move { core.serve_preview(&preview, words, |_| {}).await };
            moves(&served);
        };
    }

    #[test]
    fn a_site_of_this_computer_says_by_which_port_it_is_to_be_served() {
        assert_eq!(on_this_computer("http://127.0.0.1:4711/"), Some(("127.0.0.1".to_owned(), 4711)));
        assert_eq!(on_this_computer("http://localhost:4711"), Some(("localhost".to_owned(), 4711)));
        for other in [
            "https://127.0.0.1:4711",
            "http://127.0.0.1",
            "http://app.example.com:4711",
            "localhost:4711",
            "*",
        ] {
            assert_eq!(on_this_computer(other), None, "{other}");
        }
    }
}
