//! Is this server safe, and what is to mend? Asks the instance, its MCP server as a stranger would, and its
//! MCP server with a key.

use super::mcp_access::PassFor;
use super::show_network::der;
use crate::checkup::judge::{self, Brought, Connection, Generation};
use crate::checkup::{
    CheckedKey, CheckupItem as Item, CheckupItemView as View, CheckupView, Finding, PastCheckup, Remedy,
    Verdict,
};
use crate::clock::rfc3339;
use crate::credential::McpAccess;
use crate::error::ErrorCode;
use crate::http::Auth;
use crate::ids::{ApiKeyId, InstanceId};
use crate::instance::is_loopback;
use crate::key_use::Purpose;
use crate::mcp::{Examiner, Pass, Reception};
use crate::secret::Secret;
use crate::store::{Instance, KeyRecord};
use crate::superset::{Detection, GuestIdentity, Me, SignInWays};
use crate::transport::{Site, certificate_shown};
use crate::{Core, Error, Result};
use std::time::{Duration, Instant};

/// Each request of an examination; the bridge is more patient.
const PATIENCE: Duration = Duration::from_secs(20);

const AS_OWNER: [Item; 4] = [Item::Handshake, Item::Tools, Item::ToolCall, Item::Identity];

/// What the MCP server is shown.
#[derive(Debug, Clone, Copy, Default)]
pub enum CheckupWith<'a> {
    /// The instance's default key; without one, nothing.
    #[default]
    DefaultKey,
    Key(&'a ApiKeyId),
    /// A JWT, for servers that take those. It is not kept.
    Token(&'a Secret),
}

/// Told of each item as it is found.
pub type Progress<'a> = &'a (dyn Fn(&View) + Send + Sync);

impl Core {
    /// Examines an instance. Only reads, only calls a read-only tool. An instance that cannot be reached is an
    /// error; all else is a finding.
    pub async fn checkup(
        &self,
        id: &InstanceId,
        with: CheckupWith<'_>,
        told: Progress<'_>,
    ) -> Result<CheckupView> {
        let instance = self.instance(id)?;
        let mut report = Report { told, items: Vec::new() };
        let examiner = Examiner::new(self.streams(), self.timeouts().call.min(PATIENCE));
        let detection = self.examine_superset(&instance, &examiner, &mut report).await?;
        let me = self.examine_person(&instance, &detection.sign_in, &mut report).await;
        let is_other = instance.mcp_access != McpAccess::ApiKey && matches!(with, CheckupWith::DefaultKey);
        let made =
            if is_other { self.examine_access(&instance, me.as_ref(), &mut report).await } else { None };
        let with = match &made {
            Some(Made { pass, .. }) => CheckupWith::Token(pass.bearer()),
            None => with,
        };
        // Where clients present something else, and it cannot be had, no key stands in for it.
        let has_nothing = is_other && made.is_none();
        let record = if has_nothing { None } else { self.examine_key(&instance, with, &mut report) };
        let generation = Generation::of(detection.version.as_deref());
        let endpoint = self.examine_endpoint(&instance, &examiner, &mut report).await;
        let mut sent = Vec::new();
        match &endpoint {
            Some(site) => {
                self.examine_as_strangers(site, &examiner, generation, &mut report).await;
                if let CheckupWith::Token(token) = with {
                    let meant = match &made {
                        Some(made) => made.meant.clone(),
                        None => crate::superset::named_in(token),
                    };
                    examine_with_token(site, token, meant, &examiner, generation, &mut report).await;
                } else {
                    let owner = Owner { instance: &instance, record: record.as_ref(), me: me.as_ref() };
                    sent = self.examine_as_owner(site, owner, &examiner, generation, &mut report).await;
                }
            }
            None => report.skip(&[
                Item::OauthMetadata,
                Item::NoKey,
                Item::MadeUpKey,
                Item::MadeUpToken,
                Item::Handshake,
                Item::Tools,
                Item::ToolCall,
                Item::Identity,
            ]),
        }
        let view = CheckupView {
            verdict: report.items.iter().map(|item| item.verdict).max().unwrap_or(Verdict::Skipped),
            items: report.items,
            key: record.map(checked_key),
            mcp_url: endpoint.map(|site| String::from(site.url)),
            checked: rfc3339(self.now.now()),
            requests_with_key: u32::try_from(sent.len()).unwrap_or(u32::MAX),
        };
        self.store.keep_checkup(id, &view.summary());
        Ok(view)
    }

    /// What earlier check-ups of an instance came to, the newest first.
    #[must_use]
    pub fn past_checkups(&self, id: &InstanceId) -> Vec<PastCheckup> {
        self.store.past_checkups(id)
    }

    /// Superset itself, without credentials.
    async fn examine_superset(
        &self,
        instance: &Instance,
        examiner: &Examiner,
        report: &mut Report<'_>,
    ) -> Result<Detection> {
        let began = Instant::now();
        let detection = self.superset.detect(&instance.url, &self.transport_of(instance)).await?;
        let answers = View::new(Item::Reachable, Finding::Answers).with("host", instance.url.host_and_path());
        report.add(answers.took(began.elapsed()));
        let connection = connection(&self.site(instance), examiner).await;
        report.add(judge::connection(Item::Connection, &connection, self.now.now()));
        let own = instance.network.as_ref().and_then(|network| network.identity.as_ref()?.chain.first());
        if let Some(own) = own.and_then(|own| certificate_shown(&der(own)?)) {
            report.add(judge::client_certificate(&own, self.now.now()));
        }
        report.add(judge::version(detection.version.as_deref()));
        report.add(judge::api_keys(detection.api_keys));
        report.add(judge::public_role(detection.public_role));
        Ok(detection)
    }

    /// Whoever is signed in, and what they may do.
    async fn examine_person(
        &self,
        instance: &Instance,
        ways: &SignInWays,
        report: &mut Report<'_>,
    ) -> Option<Me> {
        let me = self
            .with_session(instance, |by| async move { self.superset.me(&by.site, by.auth()).await })
            .await;
        let with_key = instance.signed_in.as_ref().is_some_and(|who| who.how.key().is_some());
        match &me {
            Ok(Some(me)) => {
                report.add(judge::signed_in(&me.user, with_key));
                report.add(judge::permissions(me.permissions));
            }
            // The server answers as to a stranger: whoever signed in is all that is known.
            Ok(None) => {
                let user = instance.signed_in.as_ref().and_then(|signed_in| signed_in.user.as_ref());
                report.add(match user {
                    Some(user) => judge::signed_in(user, with_key),
                    None => View::new(Item::SignIn, Finding::SignedInUntold),
                });
                report.skip(&[Item::Permissions]);
            }
            Err(_) => {
                report.add(judge::signed_out(ways));
                report.skip(&[Item::Permissions]);
            }
        }
        if let Ok(Some(Me { mints: true, .. })) = &me
            && let Some(found) = self.examine_guest_secret(instance).await
        {
            report.add(found);
        }
        report.add(judge::clock(&instance.clock, self.now.now()));
        me.ok().flatten()
    }

    /// By a token that nobody gets. None where no dashboard is embedded, or it cannot be told.
    async fn examine_guest_secret(&self, instance: &Instance) -> Option<View> {
        let began = Instant::now();
        let embedding = self.any_embedding(instance).await.ok().flatten()?;
        let nobody = GuestIdentity::default();
        let token = self.token_for_guest(instance, &embedding.uuid, &nobody, &[]).await.ok()?;
        let found = judge::guest_secret(self.guest_secret(instance, &token).await)?;
        Some(found.took(began.elapsed()))
    }

    /// What AI clients present in place of a key; none where it is a key.
    async fn examine_access(
        &self,
        instance: &Instance,
        me: Option<&Me>,
        report: &mut Report<'_>,
    ) -> Option<Made> {
        let meant = match &instance.mcp_access {
            McpAccess::ApiKey => return None,
            McpAccess::Signed { subject, .. } => Some(subject.clone()),
            // Whom the provider means is no name of Superset's.
            McpAccess::OAuth => me.map(|me| me.user.username.clone()),
        };
        match self.mcp_pass(&instance.id, None, PassFor::Bridge).await {
            Ok(pass) => {
                let found = View::new(Item::KeyExpiry, Finding::TokensInstead);
                report.add(found.with("user", meant.clone().unwrap_or_default()));
                Some(Made { pass, meant })
            }
            Err(error) => {
                let found = View::new(Item::KeyExpiry, Finding::NoTokenHere);
                report.add(found.remedy(Remedy::MendAccess).with("why", code_name(error.code())));
                None
            }
        }
    }

    /// The key that is tried, as this computer knows it.
    fn examine_key(
        &self,
        instance: &Instance,
        with: CheckupWith<'_>,
        report: &mut Report<'_>,
    ) -> Option<KeyRecord> {
        let now = self.now.now();
        let record = match with {
            CheckupWith::Token(_) => return None,
            CheckupWith::Key(key) => instance.record(key).filter(|record| record.is_usable(now)).cloned(),
            CheckupWith::DefaultKey => self.usable_default(instance).ok().cloned(),
        };
        let Some(record) = record else {
            report.add(View::new(Item::KeyExpiry, Finding::NoKeyHere).remedy(Remedy::MakeKey));
            return None;
        };
        report.add(judge::key_expiry(&record.name, record.stored_at, record.expires, now));
        let kept = self.store.kept_list(&instance.id);
        let listed = kept.as_ref().and_then(|list| list.keys.iter().find(|key| key.id == record.id));
        if let Some(listed) = listed {
            report.add(judge::key_scopes(listed.scopes.as_deref()));
        }
        Some(record)
    }

    /// Where the MCP server is, and what stands in front of it.
    async fn examine_endpoint(
        &self,
        instance: &Instance,
        examiner: &Examiner,
        report: &mut Report<'_>,
    ) -> Option<Site> {
        let probe = self.mcp_probe();
        let known = match &instance.mcp_url {
            Some(url) => Some(url.clone()),
            None => probe.find_endpoint(&instance.url, &self.transport_of(instance)).await,
        };
        let Some(url) = known else {
            report.add(View::new(Item::McpEndpoint, Finding::EndpointUnknown).remedy(Remedy::NameEndpoint));
            return None;
        };
        let began = Instant::now();
        let site = self.site(instance).at(url.clone());
        let found = match examiner.knock(&site).await {
            Err(error) => {
                report.add(judge::unreachable(Item::McpEndpoint, &error).with("url", &url));
                return None;
            }
            // A door that says no is taken for the one a person named.
            Ok((false, _)) if !probe.is_endpoint(&site).await => {
                let absent = View::new(Item::McpEndpoint, Finding::EndpointAbsent).with("url", &url);
                report.add(absent.remedy(Remedy::StartMcp));
                return None;
            }
            Ok((_, Some(to))) => {
                let view = View::new(Item::McpEndpoint, Finding::EndpointRedirects).with("to", &to);
                // Asked there from now on, so that each request is one.
                (view.remedy(Remedy::AddSlash), site.at(to))
            }
            Ok((_, None)) => (View::new(Item::McpEndpoint, Finding::EndpointFound), site),
        };
        let (view, at) = found;
        report.add(view.with("url", &url).took(began.elapsed()));
        if at.url.origin() != instance.url.url().origin() {
            let connection = connection(&at, examiner).await;
            report.add(judge::connection(Item::McpConnection, &connection, self.now.now()));
        }
        report.add(if !examiner.announces_oauth(&at).await {
            View::new(Item::OauthMetadata, Finding::NoOauth)
        } else if instance.mcp_access != McpAccess::ApiKey {
            View::new(Item::OauthMetadata, Finding::OauthInUse)
        } else {
            View::new(Item::OauthMetadata, Finding::OauthAnnounced).remedy(Remedy::DropOauthMetadata)
        });
        Some(at)
    }

    /// Nobody, a made-up key and a made-up token: none of them should get in.
    async fn examine_as_strangers(
        &self,
        site: &Site,
        examiner: &Examiner,
        generation: Generation,
        report: &mut Report<'_>,
    ) {
        let random = || format!("{:032x}{:011x}", self.random.next(), self.random.next() & 0xfff_ffff_ffff);
        let key = Secret::new(format!("sst_{}", random()));
        let token = Secret::new(random());
        for (item, auth) in [
            (Item::NoKey, Auth::Nobody),
            (Item::MadeUpKey, Auth::Key(&key)),
            (Item::MadeUpToken, Auth::Token(&token)),
        ] {
            let began = Instant::now();
            let view = match examiner.receive(site, auth).await {
                Ok(received) => judge::stranger(item, &received, generation),
                Err(error) => judge::unreachable(item, &error),
            };
            report.add(view.took(began.elapsed()));
        }
    }

    /// The owner of the key, at the MCP server and at Superset. Answers what was sent with the key, and notes it.
    async fn examine_as_owner(
        &self,
        site: &Site,
        owner: Owner<'_>,
        examiner: &Examiner,
        generation: Generation,
        report: &mut Report<'_>,
    ) -> Vec<&'static str> {
        let kept = match owner.record {
            Some(record) => self.secret(&owner.instance.id, &record.id).await.ok().map(|key| (record, key)),
            None => None,
        };
        let Some((record, key)) = kept else {
            report.skip(&AS_OWNER);
            return Vec::new();
        };
        let noted =
            self.begin_own_use(owner.instance, &record.id, owner.me.is_some(), Purpose::Checkup).await;
        let sent = self.examine_with_key(site, owner, &key, examiner, generation, report).await;
        noted.sent(&sent);
        sent
    }

    async fn examine_with_key(
        &self,
        site: &Site,
        owner: Owner<'_>,
        key: &Secret,
        examiner: &Examiner,
        generation: Generation,
        report: &mut Report<'_>,
    ) -> Vec<&'static str> {
        let seen = match examiner.as_owner(site, Auth::Key(key)).await {
            Ok(seen) => seen,
            Err(error) => {
                report.add(judge::unreachable(Item::Handshake, &error));
                report.skip(&AS_OWNER[1..]);
                // The first may have arrived.
                return vec!["tools/list"];
            }
        };
        let superset = self.site(owner.instance);
        let mut asked = vec!["/api/v1/me/"];
        let who = match self.superset.who(&superset, Auth::Key(key)).await {
            // A stranger, whatever the key: whether it is good, the list of keys tells.
            Ok(None) => {
                asked.push("/api/v1/security/api_keys/");
                self.superset.list_keys(&superset, Auth::Key(key)).await.map(|_| None)
            }
            told => told,
        };
        let brought = if who.is_ok() { Brought::GoodKey } else { Brought::Key };
        for view in judge::owner(&seen, brought, generation) {
            report.add(view);
        }
        match (&seen.call, &who) {
            (Reception::LetIn(person), Ok(Some(user))) => {
                report.add(judge::identity(person, &user.username, generation));
                let same = owner.me.filter(|me| me.user.id == user.id);
                let roles = same.map_or(&person.roles, |me| &me.user.roles);
                report.add(judge::key_owner(&user.username, roles));
            }
            (_, Err(Error::KeyRejected)) => {
                report.add(View::new(Item::Identity, Finding::KeyRejected).remedy(Remedy::MakeKey));
            }
            _ => report.skip(&[Item::Identity]),
        }
        [seen.sent, asked].concat()
    }
}

/// The holder of a JWT, who is whoever it says.
async fn examine_with_token(
    site: &Site,
    token: &Secret,
    meant: Option<String>,
    examiner: &Examiner,
    generation: Generation,
    report: &mut Report<'_>,
) {
    let seen = match examiner.as_owner(site, Auth::Token(token)).await {
        Ok(seen) => seen,
        Err(error) => {
            report.add(judge::unreachable(Item::Handshake, &error));
            return report.skip(&[Item::Tools, Item::ToolCall, Item::Identity]);
        }
    };
    for view in judge::owner(&seen, Brought::Token, generation) {
        report.add(view);
    }
    match (&seen.call, meant) {
        (Reception::LetIn(person), Some(named)) => {
            report.add(judge::identity(person, &named, generation));
        }
        _ => report.skip(&[Item::Identity]),
    }
}

/// What is presented in place of a key.
struct Made {
    pass: Pass,
    /// Whom it is for.
    meant: Option<String>,
}

/// Who tries the MCP server.
#[derive(Clone, Copy)]
struct Owner<'a> {
    instance: &'a Instance,
    record: Option<&'a KeyRecord>,
    me: Option<&'a Me>,
}

/// What was found so far.
struct Report<'a> {
    told: Progress<'a>,
    items: Vec<View>,
}

impl Report<'_> {
    fn add(&mut self, item: View) {
        (self.told)(&item);
        self.items.push(item);
    }

    fn skip(&mut self, items: &[Item]) {
        for item in items {
            self.add(View::new(*item, Finding::NotExamined));
        }
    }
}

async fn connection(site: &Site, examiner: &Examiner) -> Connection {
    if site.url.scheme() == "https" {
        return Connection::Encrypted { until: examiner.certificate_end(site).await };
    }
    if is_loopback(&site.url) { Connection::Loopback } else { Connection::Plain }
}

fn checked_key(record: KeyRecord) -> CheckedKey {
    CheckedKey { id: record.id, alias: record.alias, name: record.name, hint: record.hint }
}

fn code_name(code: ErrorCode) -> String {
    serde_json::to_value(code).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
