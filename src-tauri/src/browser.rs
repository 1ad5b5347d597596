//! The private window in which people sign in at their company's own page. It has no permission, no script of ours, and
//! a store that goes with it.

use crate::ipc::{BrowserAt, IpcResult};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use superset_keys_core::actions::{BrowserSignInView, Stay};
use superset_keys_core::http::SessionCookie;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::places::computer_name;
use superset_keys_core::secret::Secret;
use superset_keys_core::superset::{BrowserCookie, BrowserRefusal, Journey, Stage, cookies_for};
use superset_keys_core::{Core, Error};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// No capability names it.
const LABEL: &str = "sign-in";

/// What is seen of it.
pub enum Seen {
    /// Of the page that is there.
    At {
        host: String,
    },
    /// As one header; none where the web view gave none.
    Arrived {
        cookies: Option<Secret>,
        /// At the address that was asked for; elsewhere somebody may be in, or not.
        is_end: bool,
    },
    Refused(BrowserRefusal),
    Closed,
}

/// What is asked of it.
pub struct Wanted {
    pub journey: Journey,
    /// Behind the host, in its title.
    pub title: String,
}

/// What a person wants of a browser's sign-in.
#[derive(Debug, Clone, Deserialize, specta::Type)]
pub struct BrowserRequest {
    /// As detection names it; none for the page that offers what there is.
    pub way: Option<String>,
    /// By a key that is made for this program.
    pub stay: bool,
    /// What the web view calls itself: some servers bind a session to that.
    pub user_agent: Option<String>,
    /// What the private window is called, behind its host.
    pub title: String,
    /// Where no key can be made to stay by, whoever was signed in before is so again.
    #[serde(skip)]
    pub or_as_before: bool,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Serialize, specta::Type)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum BrowserEnd {
    SignedIn {
        view: Box<BrowserSignInView>,
    },
    Refused {
        refusal: BrowserRefusal,
    },
    /// The person closed the window, or stopped it.
    Closed,
}

type Open = Box<dyn Fn(Wanted, UnboundedSender<Seen>) -> tauri::Result<()> + Send + Sync>;

/// One at a time.
pub struct SignInWindow {
    open: Open,
    show: Box<dyn Fn() + Send + Sync>,
    close: Box<dyn Fn() + Send + Sync>,
    tell: Box<dyn Fn(BrowserAt) + Send + Sync>,
}

impl SignInWindow {
    /// `tell` hears where its person is.
    pub fn new<R: Runtime>(app: AppHandle<R>, tell: impl Fn(BrowserAt) + Send + Sync + 'static) -> Self {
        let (shown, closed) = (app.clone(), app.clone());
        let open = move |wanted: Wanted, tell: UnboundedSender<Seen>| open(&app, wanted, tell);
        let show = move || {
            let _ = shown.get_webview_window(LABEL).map(|window| window.set_focus());
        };
        let close = move || {
            let all = closed.webview_windows().into_iter();
            // Those that pages opened, too.
            for (_, window) in all.filter(|(label, _)| label.starts_with(LABEL)) {
                let _ = window.destroy();
            }
        };
        Self { open: Box::new(open), show: Box::new(show), close: Box::new(close), tell: Box::new(tell) }
    }

    /// Opens it in the place of one that is open.
    pub fn open(&self, wanted: Wanted) -> tauri::Result<UnboundedReceiver<Seen>> {
        self.close();
        let (tell, seen) = unbounded_channel();
        (self.open)(wanted, tell)?;
        Ok(seen)
    }

    pub fn show(&self) {
        (self.show)();
    }

    /// The app's own window where it is.
    pub fn tell(&self, at: BrowserAt) {
        (self.tell)(at);
    }

    /// With everything in it.
    pub fn close(&self) {
        (self.close)();
    }
}

/// Opens the private window and waits for its end. Nothing of it is kept.
///
/// # Errors
/// Those of making a key of this program's own, with which somebody is signed in all the same.
pub async fn sign_in(
    core: &Core,
    window: &SignInWindow,
    id: &InstanceId,
    request: BrowserRequest,
) -> IpcResult<BrowserEnd> {
    let journey = core.browser_journey(id, request.way.as_deref())?;
    let wanted = Wanted { journey, title: request.title };
    let mut seen = window.open(wanted).map_err(|_| Error::Internal { what: "private window" })?;
    while let Some(seen) = seen.recv().await {
        match seen {
            Seen::At { host } => {
                window.tell(BrowserAt { instance: id.clone(), host });
            }
            Seen::Closed => return Ok(BrowserEnd::Closed),
            Seen::Refused(refusal) => {
                window.close();
                return Ok(BrowserEnd::Refused { refusal });
            }
            Seen::Arrived { cookies, is_end } => {
                if is_end {
                    window.close();
                }
                let Some(cookies) = cookies else {
                    if is_end {
                        return Ok(BrowserEnd::Refused { refusal: BrowserRefusal::PASSED });
                    }
                    continue;
                };
                let cookie = SessionCookie::new(cookies, request.user_agent.clone())?;
                let computer = computer_name();
                let stay = Stay { computer: &computer, or_as_before: request.or_as_before };
                let stay = request.stay.then_some(stay);
                // Boxed: the making of a key is in it.
                match Box::pin(core.sign_in_with_browser(id, cookie, request.way.clone(), stay)).await {
                    Ok(view) => {
                        window.close();
                        return Ok(BrowserEnd::SignedIn { view: Box::new(view) });
                    }
                    // A page of the same address for whoever is not in yet: they go on there.
                    Err(Error::SessionRefused) if !is_end => {}
                    Err(Error::SessionRefused) => {
                        return Ok(BrowserEnd::Refused { refusal: BrowserRefusal::PASSED });
                    }
                    Err(error) => {
                        window.close();
                        return Err(error.into());
                    }
                }
            }
        }
    }
    Ok(BrowserEnd::Closed)
}

fn open<R: Runtime>(app: &AppHandle<R>, wanted: Wanted, tell: UnboundedSender<Seen>) -> tauri::Result<()> {
    let start = wanted.journey.start().clone();
    let watched = Watched {
        end: wanted.journey.end().clone(),
        journey: Arc::new(Mutex::new(wanted.journey)),
        title: wanted.title,
        tell: tell.clone(),
    };
    let (opener, asked) = (app.clone(), watched.clone());
    let number = AtomicU32::new(0);
    let window = watched
        .window(app, LABEL, &start)
        .inner_size(560.0, 720.0)
        .incognito(true)
        // Providers ask in windows of their own, which are shown and watched as this one is.
        .on_new_window(move |_, features| {
            let label = format!("{LABEL}-{}", number.fetch_add(1, Ordering::Relaxed));
            let Ok(blank) = Url::parse("about:blank") else { return NewWindowResponse::Deny };
            let window = asked.window(&opener, &label, &blank).window_features(features);
            match window.on_new_window(|_, _| NewWindowResponse::Deny).build() {
                Ok(window) => NewWindowResponse::Create { window },
                Err(_) => NewWindowResponse::Deny,
            }
        })
        .build()?;
    window.on_window_event(move |event| {
        if let WindowEvent::Destroyed = event {
            let _ = tell.send(Seen::Closed);
        }
    });
    Ok(())
}

/// What is done alike in the private window and those that its pages open.
#[derive(Clone)]
struct Watched {
    journey: Arc<Mutex<Journey>>,
    end: Url,
    title: String,
    tell: UnboundedSender<Seen>,
}

impl Watched {
    fn window<'a, R: Runtime>(
        &self,
        app: &'a AppHandle<R>,
        label: &str,
        at: &Url,
    ) -> WebviewWindowBuilder<'a, R, AppHandle<R>> {
        let (goes, loaded) = (self.clone(), self.clone());
        WebviewWindowBuilder::new(app, label, WebviewUrl::External(at.clone()))
            .title(title_of(at, &self.title))
            .on_navigation(move |url| {
                lock(&goes.journey).goes_to(url);
                // Pages alone: what opens a program of the computer's own does not open it from here.
                matches!(url.scheme(), "http" | "https" | "about" | "blob" | "data")
            })
            .on_page_load(move |window, page| {
                let _ = window.set_title(&title_of(page.url(), &loaded.title));
                if page.event() == PageLoadEvent::Finished {
                    loaded.is_at(window, page.url());
                }
            })
    }

    fn is_at<R: Runtime>(&self, window: WebviewWindow<R>, url: &Url) {
        // One that a page opened says nothing of where its person is until it is at the server's own.
        let is_first = window.label() == LABEL;
        let stage = lock(&self.journey).is_at(url);
        let _ = match stage {
            Stage::At { host } if is_first => self.tell.send(Seen::At { host }),
            Stage::At { .. } => Ok(()),
            Stage::Refused(refusal) => self.tell.send(Seen::Refused(refusal)),
            Stage::Arrived => {
                self.read_cookies(window, true);
                Ok(())
            }
            Stage::Perhaps { host } => {
                let told = self.tell.send(Seen::At { host });
                self.read_cookies(window, false);
                told
            }
        };
    }

    /// On a thread of its own: the web view answers on the one that shows pages.
    fn read_cookies<R: Runtime>(&self, window: WebviewWindow<R>, is_end: bool) {
        let (to, tell) = (self.end.clone(), self.tell.clone());
        std::thread::spawn(move || {
            let all = window.cookies().unwrap_or_default();
            let all = all.iter().map(|cookie| BrowserCookie {
                name: cookie.name(),
                value: cookie.value(),
                domain: cookie.domain(),
                path: cookie.path(),
                secure: cookie.secure().unwrap_or(false),
            });
            let cookies = Some(cookies_for(all, &to)).filter(|cookies| !cookies.is_empty()).map(Secret::new);
            let _ = tell.send(Seen::Arrived { cookies, is_end });
        });
    }
}

/// A web view has no address bar.
fn title_of(at: &Url, title: &str) -> String {
    match at.host_str() {
        Some(host) if at.scheme() == "https" => format!("{host} – {title}"),
        Some(host) => format!("{}://{host} – {title}", at.scheme()),
        None => title.to_owned(),
    }
}

fn lock(journey: &Mutex<Journey>) -> MutexGuard<'_, Journey> {
    journey.lock().unwrap_or_else(PoisonError::into_inner)
}
