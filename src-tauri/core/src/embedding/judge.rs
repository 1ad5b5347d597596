//! What the answers mean, switch by switch (Superset 6.1.0, Chromium 156).

use super::config::{self, Mend};
use super::framing::{self, Ancestors, FrameOptions};
use super::secret_state::GuestSecretState;
use super::seen::{Cors, Frame, Guest, GuestCalls, HostPage, Reached, Seen};
use super::switches::{
    EmbeddingFinding as F, EmbeddingSwitch as S, SwitchFix, SwitchState as State, SwitchView,
};
use url::Url;

/// The SDK asks for a new token five seconds before its end, and no more often than every five (0.4.0).
const SHORTEST: u32 = 15;
const SHORT: u32 = 60;
const LONG: u32 = 3600;
const LONGEST: u32 = 86_400;

/// Each switch, in the order in which they stand in the way.
#[must_use]
pub fn judge(seen: &Seen) -> Vec<SwitchView> {
    let mut all = vec![is_on(seen), secret(seen), lifetime(seen), role(seen)];
    all.extend(cors(seen));
    all.extend(framing(seen));
    all.extend([sites(seen), public_role(seen), schemes(seen), host_page(seen)]);
    all
}

/// The worst of them. What cannot be told is doubtful, but for what nobody named.
#[must_use]
pub fn verdict(all: &[SwitchView]) -> State {
    let weight = |view: &SwitchView| match view.state {
        State::Critical => 3,
        State::Wrong => 2,
        State::Doubtful => 1,
        State::CannotTell => u8::from(view.found != F::HostPageNotNamed),
        State::Right | State::NotNeeded => 0,
    };
    match all.iter().map(weight).max().unwrap_or_default() {
        3 => State::Critical,
        2 => State::Wrong,
        1 => State::Doubtful,
        _ => State::Right,
    }
}

fn view(switch: S, state: State, found: F, asked: &str, answered: impl Into<String>) -> SwitchView {
    let params = crate::error::ErrorParams::new();
    SwitchView { switch, state, found, params, asked: asked.to_owned(), answered: answered.into(), fix: None }
}

trait With {
    fn with(self, name: &str, value: impl Into<String>) -> Self;
    fn mend(self, mend: Mend<'_>) -> Self;
}

impl With for SwitchView {
    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    fn mend(mut self, mend: Mend<'_>) -> Self {
        let (file, lines) = config::lines(mend);
        self.fix = Some(SwitchFix { file: file.map(str::to_owned), lines });
        self
    }
}

fn is_on(seen: &Seen) -> SwitchView {
    let told =
        |state, found, answered: &str| view(S::EmbeddedSuperset, state, found, "GET /login/", answered);
    match seen.is_on {
        Some(true) => told(State::Right, F::EmbeddingOn, "EMBEDDED_SUPERSET: true"),
        Some(false) => {
            told(State::Wrong, F::EmbeddingOff, "EMBEDDED_SUPERSET: false").mend(Mend::FeatureFlag)
        }
        // The page is there for nobody where it is off.
        None if seen.frame.as_ref().is_some_and(|frame| frame.from_host.status == 200) => {
            let asked = frame_asked(seen, Some(seen.host.as_str()));
            view(S::EmbeddedSuperset, State::Right, F::EmbeddingOn, &asked, "200")
        }
        None => told(State::CannotTell, F::FlagUntold, "no feature flags"),
    }
}

const MINT: &str = "POST /api/v1/security/guest_token/";

fn secret(seen: &Seen) -> SwitchView {
    let told = |state, found, answered: &str| view(S::GuestTokenSecret, state, found, MINT, answered);
    let Guest::Minted { secret, .. } = &seen.guest else { return untried(S::GuestTokenSecret, seen) };
    let signed = "a token, whose signature was made again here";
    match secret {
        GuestSecretState::Own => told(State::Right, F::SecretOwn, signed),
        GuestSecretState::Shipped => told(State::Critical, F::SecretShipped, signed).mend(Mend::Secret),
        GuestSecretState::Published => told(State::Critical, F::SecretPublished, signed).mend(Mend::Secret),
        GuestSecretState::SecretKey => view(
            S::GuestTokenSecret,
            State::Critical,
            F::SecretIsSecretKey,
            "GET /api/v1/me/ with the guest's token as a session",
            "422, the signature is taken",
        )
        .mend(Mend::Secret),
        GuestSecretState::NotTold => {
            told(State::CannotTell, F::SecretUntold, "a token that cannot be looked into")
        }
    }
}

fn lifetime(seen: &Seen) -> SwitchView {
    let told = |state, found, answered: String| view(S::GuestTokenLifetime, state, found, MINT, answered);
    let Guest::Minted { seconds, .. } = &seen.guest else { return untried(S::GuestTokenLifetime, seen) };
    let Some(seconds) = *seconds else {
        return told(State::CannotTell, F::SecretUntold, "a token that cannot be looked into".to_owned());
    };
    let (state, found) = match seconds {
        0..SHORTEST => (State::Wrong, F::LifetimeShort),
        SHORTEST..SHORT => (State::Doubtful, F::LifetimeShort),
        SHORT..=LONG => (State::Right, F::LifetimeFine),
        _ if seconds <= LONGEST => (State::Doubtful, F::LifetimeLong),
        _ => (State::Wrong, F::LifetimeLong),
    };
    let view =
        told(state, found, format!("a token for {seconds} seconds")).with("seconds", seconds.to_string());
    if state == State::Right { view } else { view.mend(Mend::Lifetime) }
}

/// Roles that Superset has for people.
const OF_PEOPLE: [&str; 4] = ["admin", "alpha", "gamma", "sql_lab"];

fn role(seen: &Seen) -> SwitchView {
    let Guest::Minted { calls, .. } = &seen.guest else { return untried(S::GuestRole, seen) };
    let asked = "GET /api/v1/me/roles/, GET /api/v1/dashboard/…, POST /api/v1/chart/data as a guest";
    let answered = [Some(calls.roles), Some(calls.dashboard), calls.chart];
    let statuses: Vec<u16> = answered.into_iter().flatten().collect();
    let said = answered.map(|status| status.map_or("–".to_owned(), |status| status.to_string())).join(", ");
    let told = |state, found| view(S::GuestRole, state, found, asked, said.clone());
    // Off, a guest's token counts for nothing.
    if seen.is_on == Some(false) {
        return told(State::CannotTell, F::NotTried);
    }
    if statuses.iter().all(|status| *status == 500) {
        return told(State::Wrong, F::RoleMissing).mend(Mend::Role);
    }
    if statuses.contains(&401) {
        return told(State::Wrong, F::GuestRefused);
    }
    let missing = lacks(calls);
    if !missing.is_empty() {
        let view = told(State::Wrong, F::RoleLacks).with("missing", missing.join(", "));
        let role = calls.role.clone().unwrap_or_default();
        return if role.eq_ignore_ascii_case("public") || calls.role.is_none() {
            view.with("role", role).mend(Mend::Role)
        } else {
            view.with("role", role).mend(Mend::Permissions(&missing))
        };
    }
    if statuses.iter().any(|status| *status != 200) {
        return told(State::CannotTell, F::GuestOdd);
    }
    let Some(role) = &calls.role else { return told(State::CannotTell, F::GuestOdd) };
    let lower = role.to_lowercase();
    let (state, found) = match lower.as_str() {
        "public" => (State::Doubtful, F::RoleOfStrangers),
        "admin" | "alpha" => (State::Critical, F::RoleOfPeople),
        lower if OF_PEOPLE.contains(&lower) => (State::Doubtful, F::RoleOfPeople),
        _ => (State::Right, F::RoleFine),
    };
    let view = told(state, found).with("role", role);
    if state == State::Right { view } else { view.mend(Mend::Role) }
}

fn lacks(calls: &GuestCalls) -> Vec<&'static str> {
    let asked = [
        (Some(calls.roles), "can_read on CurrentUserRestApi"),
        (Some(calls.dashboard), "can_read on Dashboard"),
        (calls.chart, "can_read on Chart"),
    ];
    asked.into_iter().filter(|(status, _)| *status == Some(403)).map(|(_, permission)| permission).collect()
}

/// Without a guest, or a dashboard that one could be of.
fn untried(switch: S, seen: &Seen) -> SwitchView {
    match &seen.guest {
        Guest::NotMinted(why) if seen.embedding.is_some() => {
            view(switch, State::CannotTell, F::NotMinted, MINT, why.as_str()).with("why", why.as_str())
        }
        _ => view(switch, State::CannotTell, F::NotTried, "", ""),
    }
}

fn cors(seen: &Seen) -> [SwitchView; 2] {
    let host = seen.host.as_str();
    let asked = |origin: &str| format!("GET /health and OPTIONS /api/v1/chart/data, from {origin}");
    let Some(Cors { host: get, host_preflight, made_up, made_up_preflight }) = &seen.cors else {
        let none = |switch| view(switch, State::CannotTell, F::GuestOdd, &asked(host), "no answer");
        return [none(S::EnableCors), none(S::CorsOptions)];
    };
    let allowed =
        |one: &Reached, other: &Reached| one.allow_origin.clone().or_else(|| other.allow_origin.clone());
    let (of_host, of_made_up) = (allowed(get, host_preflight), allowed(made_up, made_up_preflight));
    let said = |origin: &Option<String>| {
        origin.as_ref().map_or_else(
            || "no Access-Control-Allow-Origin".to_owned(),
            |origin| format!("Access-Control-Allow-Origin: {origin}"),
        )
    };
    let enabled = match &of_host {
        Some(_) => view(S::EnableCors, State::Right, F::CorsForHost, &asked(host), said(&of_host)),
        None => view(S::EnableCors, State::NotNeeded, F::CorsNotNeeded, &asked(host), said(&of_host)),
    }
    .with("site", host);
    let echoes = |reached: &Reached| {
        reached.allow_credentials
            && reached.allow_origin.as_deref().is_some_and(|origin| origin == seen.made_up)
    };
    let options = if echoes(made_up) || echoes(made_up_preflight) {
        let answered = format!("{}, with credentials", said(&of_made_up));
        view(S::CorsOptions, State::Wrong, F::CorsForAllWithCredentials, &asked(&seen.made_up), answered)
            .mend(Mend::Cors(host))
    } else if of_made_up.is_some() {
        view(S::CorsOptions, State::Doubtful, F::CorsForAll, &asked(&seen.made_up), said(&of_made_up))
            .mend(Mend::Cors(host))
    } else {
        match &of_host {
            Some(origin) if origin == "*" || origin == host => {
                view(S::CorsOptions, State::Right, F::CorsForHost, &asked(host), said(&of_host))
            }
            Some(_) => view(S::CorsOptions, State::NotNeeded, F::CorsOfOthers, &asked(host), said(&of_host)),
            None => view(S::CorsOptions, State::NotNeeded, F::CorsNone, &asked(host), said(&of_host)),
        }
    };
    [enabled, options.with("site", host).with("origin", &seen.made_up)]
}

fn frame_asked(seen: &Seen, from: Option<&str>) -> String {
    let uuid = seen.embedding.as_ref().map(|embedding| embedding.uuid.as_str()).unwrap_or_default();
    let from = from.map_or_else(|| "from nowhere".to_owned(), |from| format!("from {from}"));
    format!("GET /embedded/{uuid}, {from}")
}

fn framing(seen: &Seen) -> [SwitchView; 2] {
    let asked = frame_asked(seen, Some(seen.host.as_str()));
    let untried = |switch, found, answered: String| view(switch, State::CannotTell, found, &asked, answered);
    let Some(reached) = seen.frame.as_ref().map(|frame| &frame.from_host) else {
        return [
            untried(S::Talisman, F::NotTried, String::new()),
            untried(S::FrameOptions, F::NotTried, String::new()),
        ];
    };
    if let Some(elsewhere) = &reached.elsewhere {
        let other = |switch| untried(switch, F::PageElsewhere, elsewhere.clone()).with("to", elsewhere);
        return [other(S::Talisman), other(S::FrameOptions)];
    }
    let Ok(host) = Url::parse(seen.host.as_str()) else {
        return [
            untried(S::Talisman, F::PageOdd, String::new()),
            untried(S::FrameOptions, F::PageOdd, String::new()),
        ];
    };
    let policies = &reached.content_security;
    let ancestors = framing::ancestors(policies, &host, &seen.address);
    let options = framing::frame_options(&reached.frame_options, &host, &seen.address);
    let named: Vec<String> = framing::sources(policies).into_iter().flatten().collect();
    let said = match (named.is_empty(), ancestors) {
        (_, Ancestors::Absent) if policies.is_empty() => "no Content-Security-Policy".to_owned(),
        (_, Ancestors::Absent) => "Content-Security-Policy without frame-ancestors".to_owned(),
        (true, _) => "frame-ancestors without a source".to_owned(),
        (false, _) => format!("frame-ancestors {}", named.join(" ")),
    };
    let talisman = |state, found| {
        view(S::Talisman, state, found, &asked, said.clone())
            .with("site", seen.host.as_str())
            .with("ancestors", named.join(" "))
    };
    let mend = Mend::Ancestors { host: seen.host.as_str(), named: &named };
    let talisman = match (ancestors, options) {
        (Ancestors::Allows, _) => talisman(State::Right, F::AncestorsFine),
        (Ancestors::AllowsAnybody, _) => talisman(State::Doubtful, F::AncestorsAnybody).mend(mend),
        (Ancestors::Forbids, _) => talisman(State::Wrong, F::AncestorsOthers).mend(mend),
        (Ancestors::Absent, FrameOptions::Absent | FrameOptions::Unknown) => {
            talisman(State::Doubtful, F::FramingOpen).mend(mend)
        }
        (Ancestors::Absent, FrameOptions::Own) => talisman(State::NotNeeded, F::PolicyAbsent),
        (Ancestors::Absent, FrameOptions::Blocks) if policies.is_empty() => {
            talisman(State::NotNeeded, F::PolicyAbsent)
        }
        (Ancestors::Absent, FrameOptions::Blocks) => talisman(State::Wrong, F::AncestorsMissing).mend(mend),
    };
    let header = reached.frame_options.join(", ");
    let said = if header.is_empty() {
        "no X-Frame-Options".to_owned()
    } else {
        format!("X-Frame-Options: {header}")
    };
    let frame_options =
        |state, found| view(S::FrameOptions, state, found, &asked, said.clone()).with("header", &header);
    let frame_options = match (options, ancestors) {
        (FrameOptions::Absent, _) => frame_options(State::Right, F::FrameOptionsAbsent),
        (_, Ancestors::Allows | Ancestors::AllowsAnybody | Ancestors::Forbids) => {
            frame_options(State::Right, F::FrameOptionsIgnored)
        }
        (FrameOptions::Unknown, Ancestors::Absent) => frame_options(State::Right, F::FrameOptionsUnknown),
        (FrameOptions::Own, Ancestors::Absent) => frame_options(State::Right, F::FrameOptionsOwn),
        (FrameOptions::Blocks, Ancestors::Absent) if policies.is_empty() => {
            frame_options(State::Wrong, F::FrameOptionsBlock).mend(Mend::FrameOptions(seen.host.as_str()))
        }
        (FrameOptions::Blocks, Ancestors::Absent) => {
            frame_options(State::Wrong, F::FrameOptionsBlock).mend(mend)
        }
    };
    [talisman, frame_options]
}

fn sites(seen: &Seen) -> SwitchView {
    let host = seen.host.as_str();
    let told = |state, found, asked: &str, answered: String| {
        view(S::AllowedDomains, state, found, asked, answered).with("site", host)
    };
    let list = "GET /api/v1/dashboard/…/embedded";
    let Some(embedding) = &seen.embedding else {
        return if seen.untold {
            told(State::CannotTell, F::EmbeddingUntold, list, "403".to_owned())
        } else {
            told(State::Wrong, F::NotEmbedded, list, "404".to_owned()).mend(Mend::Sites { host, listed: &[] })
        };
    };
    let listed = embedding.sites.join(", ");
    let Some(Frame { from_host, from_other, from_nowhere }) = &seen.frame else {
        return told(State::CannotTell, F::NotTried, list, listed);
    };
    let asked = format!("{}, from {}, from nowhere", frame_asked(seen, Some(host)), seen.other);
    let answered = format!("{}, {}, {}", from_host.status, from_other.status, from_nowhere.status);
    let told = |state, found| told(state, found, &asked, answered.clone()).with("sites", &listed);
    if let Some(elsewhere) = &from_host.elsewhere {
        return told(State::CannotTell, F::PageElsewhere).with("to", elsewhere);
    }
    match (from_host.status, from_other.status) {
        // Off, the page is there for nobody.
        (404, _) if seen.is_on != Some(true) => told(State::CannotTell, F::NotTried),
        (403, _) => {
            told(State::Wrong, F::SitesWithoutHost).mend(Mend::Sites { host, listed: &embedding.sites })
        }
        (200, 200) => told(State::Doubtful, F::SitesOpen).mend(Mend::Sites { host, listed: &[] }),
        (200, 403) => told(State::Right, F::SitesClosed),
        (status, _) => told(State::CannotTell, F::PageOdd).with("status", status.to_string()),
    }
}

fn public_role(seen: &Seen) -> SwitchView {
    let asked = "GET /api/v1/me/ as nobody";
    if seen.public_role {
        view(S::PublicRole, State::Wrong, F::PublicOpen, asked, "200, anonymous").mend(Mend::Role)
    } else {
        view(S::PublicRole, State::Right, F::PublicEmpty, asked, "401")
    }
}

fn is_here(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]"
    })
}

fn schemes(seen: &Seen) -> SwitchView {
    let own = &seen.address;
    let superset = format!("{}://{}", own.scheme(), own.host_str().unwrap_or_default());
    let told = |state, found| {
        view(S::Scheme, state, found, &format!("{} and {superset}", seen.host), "")
            .with("site", seen.host.as_str())
            .with("address", &superset)
    };
    let Ok(host) = Url::parse(seen.host.as_str()) else { return told(State::CannotTell, F::PageOdd) };
    match (host.scheme(), own.scheme()) {
        // Browsers take this computer for safe.
        ("https", "http") if !is_here(own) => told(State::Wrong, F::MixedContent),
        (_, "http") if !is_here(own) => told(State::Doubtful, F::SchemesOpen),
        ("http", _) if !is_here(&host) => told(State::Doubtful, F::SchemesOpen),
        _ => told(State::Right, F::SchemesFine),
    }
}

fn host_page(seen: &Seen) -> SwitchView {
    let untold = |found, asked: &str, answered: &str| {
        view(S::HostPage, State::CannotTell, found, asked, answered).with("why", answered)
    };
    let (url, status, header, meta) = match &seen.page {
        Some(HostPage::Answered { url, status, header, meta }) => (url, status, header, meta),
        Some(HostPage::Unreachable(why)) => return untold(F::HostPageUnreachable, "GET the page", why),
        None => return untold(F::HostPageNotNamed, "", ""),
    };
    let asked = format!("GET {}", without_query(url));
    let policy = meta.as_deref().and_then(last_known).or_else(|| header.as_deref().and_then(last_known));
    let answered = format!("{status}, {}", policy.map_or("no referrer policy", |policy| policy));
    let told = |state, found| {
        view(S::HostPage, state, found, &asked, answered.clone())
            .with("policy", policy.unwrap_or_default())
            .with("site", seen.host.as_str())
            .with("status", status.to_string())
    };
    if url.origin().ascii_serialization() != seen.host.as_str() {
        return told(State::Doubtful, F::HostPageOfAnotherSite).with("page", without_query(url));
    }
    let hides = match policy {
        Some("no-referrer") => true,
        Some("same-origin") => url.origin() != seen.address.origin(),
        _ => false,
    };
    let is_open = seen.embedding.as_ref().is_some_and(|listed| listed.sites.iter().all(String::is_empty));
    match (hides, *status) {
        (true, _) if is_open => told(State::Doubtful, F::HostPageHidesReferrer).mend(Mend::Referrer),
        (true, _) => told(State::Wrong, F::HostPageHidesReferrer).mend(Mend::Referrer),
        (false, 200) => told(State::Right, F::HostPageFine),
        (false, status) => told(State::CannotTell, F::HostPageUnreachable).with("why", status.to_string()),
    }
}

/// Without its query, which may hold what nobody else should see.
fn without_query(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// Of several, the last that a browser knows counts.
fn last_known(policy: &str) -> Option<&'static str> {
    const KNOWN: [&str; 8] = [
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    ];
    let words = policy.split(',').map(str::trim);
    words.filter_map(|word| KNOWN.iter().find(|known| known.eq_ignore_ascii_case(word)).copied()).next_back()
}

#[cfg(test)]
mod tests;
