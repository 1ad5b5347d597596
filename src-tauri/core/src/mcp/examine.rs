//! An MCP server seen from outside: what it says to a stranger, and to the owner of a key. Only read-only
//! tools are called.
//!
//! Which answer means what was measured on Superset 6.1.0 and on servers that behave as its later versions.

use crate::error::{Error, Result, Unreachable};
use crate::http::{Auth, Media, StreamCall, Streamed, Streams};
use crate::transport::Site;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{ACCEPT, DATE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use sse_stream::SseByteStream;
use std::time::{Duration, Instant};
use url::Url;

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");
const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const EITHER: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
/// Superset 6.1.0 speaks it, and so does what comes after.
const PROTOCOL: &str = "2025-06-18";
/// Without a handshake: each message says for itself what it speaks.
const STATELESS_PROTOCOL: &str = "2026-07-28";
/// "Unsupported protocol version", as servers of the stateless protocol alone answer the one before.
const UNSUPPORTED: i64 = -32022;
const LIMIT: usize = 4 * 1024 * 1024;
/// Read-only, needs a user, and tells who that is.
const TOOL: &str = "get_instance_info";
const OAUTH: [&str; 2] = ["/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server"];

/// Looks at MCP servers.
pub(crate) struct Examiner {
    streams: Streams,
    patience: Duration,
}

/// How somebody was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reception {
    /// Turned away before any message was read.
    Transport { status: u16 },
    /// The tool was reached, and did not act.
    Tool(ToolRefusal),
    /// The tool acted, as this person.
    LetIn(Person),
    /// None of these.
    Odd { status: u16 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ToolRefusal {
    /// The key is not a good one.
    Key,
    /// It found nobody to act as.
    NoUser,
    Other,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) username: String,
    pub(crate) roles: Vec<String>,
}

/// What the owner of a key sees.
#[derive(Debug)]
pub(crate) struct Seen {
    /// The protocol, once a handshake or a message in it was taken.
    pub(crate) protocol: Option<String>,
    pub(crate) sessions: bool,
    pub(crate) tools: Option<usize>,
    pub(crate) call: Reception,
    /// Of the tool's call.
    pub(crate) round_trip: Duration,
    /// What was sent with the key, by method.
    pub(crate) sent: Vec<&'static str>,
}

/// How messages are written.
#[derive(Debug, Clone, Default)]
enum Form {
    /// As up to 2025-11-25, outside any session.
    #[default]
    Plain,
    Session(HeaderValue),
    Stateless,
}

/// One answer.
struct Reply {
    status: u16,
    session: Option<HeaderValue>,
    response: Option<Value>,
}

impl Examiner {
    pub(crate) fn new(streams: Streams, patience: Duration) -> Self {
        Self { streams, patience }
    }

    /// What a first call comes to: whether somebody at the door says no, and where it ended up if a redirect
    /// leads elsewhere, which some clients do not follow with their header.
    pub(crate) async fn knock(&self, site: &Site) -> Result<(bool, Option<Url>)> {
        let answer =
            self.in_time(site, self.post(site, Auth::Nobody, HeaderMap::new(), &initialize())).await?;
        let refused = matches!(answer.status.as_u16(), 401 | 403);
        Ok((refused, Some(answer.url().clone()).filter(|at| *at != site.url)))
    }

    /// When the certificate at an https address ends, if it can be read.
    pub(crate) async fn certificate_end(&self, site: &Site) -> Option<Timestamp> {
        self.get(site).await?.certificate_end()
    }

    /// The time by the server's own clock, in whole seconds.
    pub(crate) async fn time(&self, site: &Site) -> Option<Timestamp> {
        let answer = self.get(site).await?;
        let told = answer.headers().get(DATE)?.to_str().ok()?;
        jiff::fmt::rfc2822::parse(told).ok().map(|told| told.timestamp())
    }

    /// Whether the server announces OAuth, which makes some clients drop their header.
    pub(crate) async fn announces_oauth(&self, site: &Site) -> bool {
        for path in OAUTH {
            let mut at = site.clone();
            at.url.set_path(path);
            at.url.set_query(None);
            let announces = |answer: Streamed| answer.status.is_success() && answer.media == Media::Json;
            if self.get(&at).await.is_some_and(announces) {
                return true;
            }
        }
        false
    }

    /// The head of what a stranger gets.
    async fn get(&self, site: &Site) -> Option<Streamed> {
        let call =
            StreamCall { method: Method::GET, auth: Auth::Nobody, headers: HeaderMap::new(), body: None };
        tokio::time::timeout(self.patience, self.streams.call(site, &call)).await.ok()?.ok()
    }

    /// How a stranger is received who brings this, or nothing.
    pub(crate) async fn receive(&self, site: &Site, auth: Auth<'_>) -> Result<Reception> {
        let hello = self.ask(site, auth, &Form::Plain, initialize()).await?;
        if matches!(hello.status, 401 | 403) {
            return Ok(Reception::Transport { status: hello.status });
        }
        let form = match hello.session {
            _ if is_unsupported(&hello) => Form::Stateless,
            _ if hello.response.is_none() => return Ok(Reception::Odd { status: hello.status }),
            Some(session) => Form::Session(session),
            None => Form::Plain,
        };
        self.ask(site, auth, &form, call()).await.map(|answer| reception(&answer))
    }

    /// What the owner of a key sees: two requests where the server keeps no sessions, five otherwise. Each
    /// moves the key's last-used time, so a server that speaks only the stateless protocol is not asked for
    /// its tools a second time.
    pub(crate) async fn as_owner(&self, site: &Site, auth: Auth<'_>) -> Result<Seen> {
        let mut sent = vec!["tools/list"];
        let mut listed = self.ask(site, auth, &Form::Plain, list()).await?;
        let mut protocol = Some(PROTOCOL.to_owned());
        let mut form = Form::Plain;
        if matches!(listed.status, 401 | 403) {
            let call = Reception::Transport { status: listed.status };
            let round_trip = Duration::ZERO;
            return Ok(Seen { protocol: None, sessions: false, tools: None, call, round_trip, sent });
        }
        if is_unsupported(&listed) {
            protocol = Some(STATELESS_PROTOCOL.to_owned());
            form = Form::Stateless;
        } else if tools(&listed).is_none() {
            // It wants a session first.
            sent.extend(["initialize", "notifications/initialized", "tools/list"]);
            let hello = self.ask(site, auth, &form, initialize()).await?;
            protocol = hello.response.as_ref().and_then(agreed);
            form = hello.session.map_or(Form::Plain, Form::Session);
            self.ask(site, auth, &form, initialized()).await?;
            listed = self.ask(site, auth, &form, list()).await?;
        }
        let began = Instant::now();
        sent.push("tools/call");
        let called = self.ask(site, auth, &form, call()).await?;
        let sessions = matches!(form, Form::Session(_));
        let call = reception(&called);
        Ok(Seen { protocol, sessions, tools: tools(&listed), call, round_trip: began.elapsed(), sent })
    }

    async fn ask(&self, site: &Site, auth: Auth<'_>, form: &Form, mut message: Value) -> Result<Reply> {
        let mut headers = HeaderMap::new();
        match form {
            Form::Stateless => headers = make_stateless(&mut message),
            _ if message["method"] == "initialize" => {}
            Form::Plain | Form::Session(_) => {
                headers.insert(PROTOCOL_VERSION, HeaderValue::from_static(PROTOCOL));
            }
        }
        if let Form::Session(session) = form {
            headers.insert(SESSION_ID, session.clone());
        }
        // One limit for the whole answer, however slowly it drips.
        self.in_time(site, async {
            let answer = self.post(site, auth, headers, &message).await?;
            let status = answer.status.as_u16();
            let session = answer.headers().get(SESSION_ID).cloned();
            let response = response(answer, &message["id"]).await?;
            Ok(Reply { status, session, response })
        })
        .await
    }

    async fn in_time<T>(&self, site: &Site, work: impl Future<Output = Result<T>>) -> Result<T> {
        tokio::time::timeout(self.patience, work).await.unwrap_or_else(|_| {
            Err(Error::Unreachable { host: site.host(), kind: Unreachable::TimedOut, source: None })
        })
    }

    async fn post(
        &self,
        site: &Site,
        auth: Auth<'_>,
        mut headers: HeaderMap,
        message: &Value,
    ) -> Result<Streamed> {
        headers.insert(ACCEPT, EITHER);
        let body = Some(Bytes::from(message.to_string()));
        let call = StreamCall { method: Method::POST, auth, headers, body };
        self.streams.call(site, &call).await
    }
}

/// The response with this id, from a body of either kind. A stream need not end after it.
async fn response(mut answer: Streamed, id: &Value) -> Result<Option<Value>> {
    if answer.media != Media::EventStream {
        let body = answer.body(LIMIT, None).await?;
        return Ok(serde_json::from_slice(&body).ok().filter(|body: &Value| is_response(body, id)));
    }
    let pieces = stream::try_unfold((answer, 0), async |(mut answer, read): (Streamed, usize)| {
        let Some(piece) = answer.chunk(None).await? else { return Ok(None) };
        let read = read + piece.len();
        if read > LIMIT {
            Err(Error::AnswerTooLarge { limit: LIMIT })
        } else {
            Ok(Some((piece, (answer, read))))
        }
    });
    let mut events = SseByteStream::new(Box::pin(pieces));
    while let Some(event) = events.next().await {
        let event = match event {
            Ok(event) => event,
            Err(sse_stream::Error::Body(cause)) => {
                return Err(cause
                    .downcast()
                    .map_or(Error::Internal { what: "event stream" }, |reason| *reason));
            }
            // Not as events are written: no answer is in it.
            Err(_) => return Ok(None),
        };
        let message = event.data.and_then(|data| serde_json::from_str::<Value>(&data).ok());
        if let Some(message) = message.filter(|message| is_response(message, id)) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

fn is_response(message: &Value, id: &Value) -> bool {
    message.get("method").is_none() && message.get("id") == Some(id)
}

fn initialize() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": PROTOCOL,
        "capabilities": {},
        "clientInfo": { "name": "superset-keys", "version": env!("CARGO_PKG_VERSION") },
    }})
}

fn initialized() -> Value {
    json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })
}

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" })
}

fn call() -> Value {
    json!({ "jsonrpc": "2.0", "id": 3, "method": "tools/call",
            "params": { "name": TOOL, "arguments": { "request": {} } } })
}

/// Adds what a message of the stateless protocol says of itself, and answers its headers.
fn make_stateless(message: &mut Value) -> HeaderMap {
    message["params"]["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": STATELESS_PROTOCOL,
        "io.modelcontextprotocol/clientInfo": { "name": "superset-keys", "version": env!("CARGO_PKG_VERSION") },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let mut headers = HeaderMap::new();
    headers.insert(PROTOCOL_VERSION, HeaderValue::from_static(STATELESS_PROTOCOL));
    for (name, value) in [(METHOD, &message["method"]), (NAME, &message["params"]["name"])] {
        if let Some(value) = value.as_str().and_then(|value| HeaderValue::from_str(value).ok()) {
            headers.insert(name, value);
        }
    }
    headers
}

fn is_unsupported(reply: &Reply) -> bool {
    reply.response.as_ref().is_some_and(|response| response["error"]["code"] == UNSUPPORTED)
}

fn tools(reply: &Reply) -> Option<usize> {
    Some(reply.response.as_ref()?.get("result")?.get("tools")?.as_array()?.len())
}

fn agreed(response: &Value) -> Option<String> {
    response["result"]["protocolVersion"].as_str().map(str::to_owned)
}

/// Superset's tool errors arrive as results that are no error, with text that begins with "Error:" (6.1.0).
fn reception(reply: &Reply) -> Reception {
    let odd = Reception::Odd { status: reply.status };
    if matches!(reply.status, 401 | 403) {
        return Reception::Transport { status: reply.status };
    }
    let Some(response) = &reply.response else { return odd };
    let Some(text) = response["result"]["content"][0]["text"].as_str() else {
        return if response.get("error").is_some() { Reception::Tool(ToolRefusal::Other) } else { odd };
    };
    let failed = text.trim_start().starts_with("Error:") || response["result"]["isError"] == true;
    if failed {
        let refusal = if text.contains("Invalid or expired API key") {
            ToolRefusal::Key
        } else if text.contains("No authenticated user") || text.contains("Authentication required") {
            ToolRefusal::NoUser
        } else {
            ToolRefusal::Other
        };
        return Reception::Tool(refusal);
    }
    let Ok(info) = serde_json::from_str::<Value>(text) else { return odd };
    Reception::LetIn(person(&info["current_user"]))
}

fn person(user: &Value) -> Person {
    let roles = user["roles"].as_array().into_iter().flatten();
    Person {
        username: user["username"].as_str().unwrap_or_default().to_owned(),
        roles: roles.filter_map(|role| role.as_str().or(role["name"].as_str())).map(str::to_owned).collect(),
    }
}
