//! Is this server safe, and what is to mend? Asks the instance, its MCP server as a stranger would, and its
//! MCP server with a key.

use crate::api_key::{ApiKeyId, KeyRecord};
use crate::checkup::judge::{self, Brought, Connection, Generation};
use crate::checkup::{
    CheckedKey, CheckupItem as Item, CheckupItemView as View, CheckupView, Finding, PastCheckup, Remedy,
    Verdict,
};
use crate::clock::rfc3339;
use crate::instance::{Instance, InstanceId, SignInWay, is_loopback};
use crate::key_use::Purpose;
use crate::mcp::{Examiner, Reception};
use crate::secret::Secret;
use crate::superset::{Bearer, Detection, Me, SignInWays};
use crate::{Core, Error, Result};
use std::time::{Duration, Instant};
use url::Url;

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
        let examiner = Examiner::new(self.timeouts.connect, self.timeouts.call.min(PATIENCE));
        let detection = self.examine_superset(&instance, &examiner, &mut report).await?;
        let me = self.examine_person(&instance, &detection.sign_in, &mut report).await;
        let record = self.examine_key(&instance, with, &mut report);
        let generation = Generation::of(detection.version.as_deref());
        let endpoint = self.examine_endpoint(&instance, &examiner, &mut report).await;
        let mut sent = Vec::new();
        match &endpoint {
            Some(url) => {
                self.examine_as_strangers(url, &examiner, generation, &mut report).await;
                if let CheckupWith::Token(token) = with {
                    examine_with_token(url, token, &examiner, generation, &mut report).await;
                } else {
                    let owner = Owner { instance: &instance, record: record.as_ref(), me: me.as_ref() };
                    sent = self.examine_as_owner(url, owner, &examiner, generation, &mut report).await;
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
            mcp_url: endpoint.map(String::from),
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
        let detection = self.superset()?.detect(&instance.url).await?;
        let answers = View::new(Item::Reachable, Finding::Answers).with("host", instance.url.host_and_path());
        report.add(answers.took(began.elapsed()));
        let connection = connection(instance.url.url(), examiner).await;
        report.add(judge::connection(Item::Connection, &connection, self.now.now()));
        report.add(judge::version(detection.version.as_deref()));
        report.add(judge::api_keys(detection.api_keys));
        Ok(detection)
    }

    /// Whoever is signed in, and what they may do.
    async fn examine_person(
        &self,
        instance: &Instance,
        ways: &SignInWays,
        report: &mut Report<'_>,
    ) -> Option<Me> {
        let me = match self.superset() {
            Ok(superset) => self.me_of_session(instance, superset).await,
            Err(error) => Err(error),
        };
        if let Ok(me) = &me {
            let with_key = instance.signed_in.as_ref().is_some_and(|who| who.way == SignInWay::ApiKey);
            report.add(judge::signed_in(&me.user, with_key));
            report.add(judge::permissions(me.permissions));
        } else {
            report.add(judge::signed_out(ways));
            report.skip(&[Item::Permissions]);
        }
        report.add(judge::clock(&instance.clock, self.now.now()));
        me.ok()
    }

    async fn me_of_session(&self, instance: &Instance, superset: &crate::superset::Superset) -> Result<Me> {
        with_session!(self, instance, bearer => superset.me(&instance.url, bearer))
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
        report.add(judge::key_expiry(&record, now));
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
    ) -> Option<Url> {
        let probe = self.mcp_probe().ok()?;
        let known = match &instance.mcp_url {
            Some(url) => Some(url.clone()),
            None => probe.find_endpoint(&instance.url).await,
        };
        let Some(url) = known else {
            report.add(View::new(Item::McpEndpoint, Finding::EndpointUnknown).remedy(Remedy::NameEndpoint));
            return None;
        };
        let began = Instant::now();
        let found = match examiner.knock(&url).await {
            Err(error) => {
                report.add(judge::unreachable(Item::McpEndpoint, &error).with("url", &url));
                return None;
            }
            // A door that says no is taken for the one a person named.
            Ok((false, _)) if !probe.is_endpoint(&url).await => {
                let absent = View::new(Item::McpEndpoint, Finding::EndpointAbsent).with("url", &url);
                report.add(absent.remedy(Remedy::StartMcp));
                return None;
            }
            Ok((_, Some(to))) => {
                let view = View::new(Item::McpEndpoint, Finding::EndpointRedirects).with("to", &to);
                // Asked there from now on, so that each request is one.
                (view.remedy(Remedy::AddSlash), to)
            }
            Ok((_, None)) => (View::new(Item::McpEndpoint, Finding::EndpointFound), url.clone()),
        };
        let (view, at) = found;
        report.add(view.with("url", &url).took(began.elapsed()));
        if at.origin() != instance.url.url().origin() {
            let connection = connection(&at, examiner).await;
            report.add(judge::connection(Item::McpConnection, &connection, self.now.now()));
        }
        report.add(if examiner.announces_oauth(&at).await {
            View::new(Item::OauthMetadata, Finding::OauthAnnounced).remedy(Remedy::DropOauthMetadata)
        } else {
            View::new(Item::OauthMetadata, Finding::NoOauth)
        });
        Some(at)
    }

    /// Nobody, a made-up key and a made-up token: none of them should get in.
    async fn examine_as_strangers(
        &self,
        url: &Url,
        examiner: &Examiner,
        generation: Generation,
        report: &mut Report<'_>,
    ) {
        let random = || format!("{:032x}{:011x}", self.random.next(), self.random.next() & 0xfff_ffff_ffff);
        let key = Secret::new(format!("sst_{}", random()));
        let token = Secret::new(random());
        for (item, bearer) in
            [(Item::NoKey, None), (Item::MadeUpKey, Some(&key)), (Item::MadeUpToken, Some(&token))]
        {
            let began = Instant::now();
            let view = match examiner.receive(url, bearer).await {
                Ok(received) => judge::stranger(item, &received, generation),
                Err(error) => judge::unreachable(item, &error),
            };
            report.add(view.took(began.elapsed()));
        }
    }

    /// The owner of the key, at the MCP server and at Superset. Answers what was sent with the key, and notes it.
    async fn examine_as_owner(
        &self,
        url: &Url,
        owner: Owner<'_>,
        examiner: &Examiner,
        generation: Generation,
        report: &mut Report<'_>,
    ) -> Vec<&'static str> {
        let kept = match owner.record {
            Some(record) => {
                self.read_secret(&owner.instance.id, &record.id).await.ok().map(|key| (record, key))
            }
            None => None,
        };
        let Some((record, key)) = kept else {
            report.skip(&AS_OWNER);
            return Vec::new();
        };
        let noted =
            self.begin_own_use(owner.instance, &record.id, owner.me.is_some(), Purpose::Checkup).await;
        let sent = self.examine_with_key(url, owner, &key, examiner, generation, report).await;
        noted.sent(&sent);
        sent
    }

    async fn examine_with_key(
        &self,
        url: &Url,
        owner: Owner<'_>,
        key: &Secret,
        examiner: &Examiner,
        generation: Generation,
        report: &mut Report<'_>,
    ) -> Vec<&'static str> {
        let seen = match examiner.as_owner(url, key).await {
            Ok(seen) => seen,
            Err(error) => {
                report.add(judge::unreachable(Item::Handshake, &error));
                report.skip(&AS_OWNER[1..]);
                // The first may have arrived.
                return vec!["tools/list"];
            }
        };
        let who = match self.superset() {
            Ok(superset) => superset.who(&owner.instance.url, &Bearer::Key(key)).await,
            Err(error) => Err(error),
        };
        let brought = if who.is_ok() { Brought::GoodKey } else { Brought::Key };
        for view in judge::owner(&seen, brought, generation) {
            report.add(view);
        }
        match (&seen.call, &who) {
            (Reception::LetIn(person), Ok(user)) => {
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
        [seen.sent, vec!["/api/v1/me/"]].concat()
    }
}

/// The holder of a JWT, who is whoever it says.
async fn examine_with_token(
    url: &Url,
    token: &Secret,
    examiner: &Examiner,
    generation: Generation,
    report: &mut Report<'_>,
) {
    let seen = match examiner.as_owner(url, token).await {
        Ok(seen) => seen,
        Err(error) => {
            report.add(judge::unreachable(Item::Handshake, &error));
            return report.skip(&[Item::Tools, Item::ToolCall, Item::Identity]);
        }
    };
    for view in judge::owner(&seen, Brought::Token, generation) {
        report.add(view);
    }
    match (&seen.call, crate::superset::named_in(token)) {
        (Reception::LetIn(person), Some(named)) => {
            report.add(judge::identity(person, &named, generation));
        }
        _ => report.skip(&[Item::Identity]),
    }
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

async fn connection(url: &Url, examiner: &Examiner) -> Connection {
    if url.scheme() == "https" {
        return Connection::Encrypted { until: examiner.certificate_end(url).await };
    }
    if is_loopback(url) { Connection::Loopback } else { Connection::Plain }
}

fn checked_key(record: KeyRecord) -> CheckedKey {
    CheckedKey { id: record.id, alias: record.alias, name: record.name, hint: record.hint }
}
