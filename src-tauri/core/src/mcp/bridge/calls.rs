//! The calls under way, for the guard and for the record: what each of them asks, what it is answered with, how it ends.

use super::id::Id;
use super::message::{Kind, Message, is_batch};
use super::pending::Number;
use super::record::{Began, Passed, Record};
use crate::activity::{Caller, Outcome};
use crate::credential::AccessKind;
use crate::error::{Error, Result};
use crate::guard::{Guard, SEARCH_TOOLS};
use crate::mcp::entries::Entries;
use crate::mcp::guard::{self, Called, NotUnderstood, Refusal};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

const CALL: &str = "tools/call";
const LIST: &str = "tools/list";
/// Where a 2026-07-28 message says who sends it.
const CLIENT_IN_META: &str = "io.modelcontextprotocol/clientInfo";
/// Superset 6.1.0 says so in the text of a result that calls itself none of an error.
const ERROR: &str = "Error:";
const DENIED: &str = "Permission denied";
/// What did not work is told in few words; a longer answer is not searched for them.
const WORDS: usize = 256 * 1024;

/// All calls under way.
pub(super) struct Calls {
    guard: Guard,
    record: Option<Arc<dyn Record>>,
    caller: Mutex<Option<Caller>>,
    under_way: Mutex<HashMap<(Number, String), Call>>,
}

/// One of them.
pub(super) struct Call {
    id: String,
    method: String,
    tool: Option<String>,
    lens: Option<Lens>,
    began: Option<Began>,
    access: Option<AccessKind>,
    since: Instant,
}

/// What its answer is looked through for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lens {
    List,
    Search,
}

/// An answer that is on its way, and what is noted of it.
pub(super) struct Ended(Vec<(Call, Outcome, usize)>);

impl Ended {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Calls {
    pub(super) fn new(guard: Guard, record: Option<Arc<dyn Record>>) -> Self {
        Self { guard, record, caller: Mutex::default(), under_way: Mutex::default() }
    }

    /// Whether nobody wants to know anything.
    fn is_idle(&self) -> bool {
        self.guard.is_open() && self.record.is_none()
    }

    /// A message comes in.
    ///
    /// # Errors
    /// Why the guard does not let it through. Of a batch all is refused if one of it is.
    pub(super) fn begin(&self, number: Number, message: &Message) -> Result<()> {
        if self.is_idle() {
            return Ok(());
        }
        let began = self.record.as_ref().map(|record| record.begin());
        let mut verdict = Ok(());
        for (part, params) in message.parts.iter().zip(message.params_of_all()) {
            let (id, method) = match &part.kind {
                Kind::Request { id, method } => (Some(id), method),
                Kind::Notification { method } => (None, method),
                Kind::Response { .. } => continue,
            };
            self.meet(method, params);
            let called = (method == CALL).then(|| params.ok_or(NotUnderstood).and_then(Called::of));
            if verdict.is_ok() {
                verdict = self.verdict(method, called.as_ref());
            }
            let Some(id) = id else { continue };
            let tool = called.and_then(std::result::Result::ok).map(|called| called.innermost().to_owned());
            let lens = match method.as_str() {
                LIST => Some(Lens::List),
                CALL if tool.as_deref() == Some(SEARCH_TOOLS) => Some(Lens::Search),
                _ => None,
            };
            let call = Call {
                id: id.raw.clone(),
                method: method.clone(),
                tool,
                lens: lens.filter(|_| !self.guard.is_open()),
                began: began.clone(),
                access: None,
                since: Instant::now(),
            };
            let twice = self.under_way().insert((number, id.raw.clone()), call).is_some();
            if twice && verdict.is_ok() && !self.guard.is_open() {
                verdict = Err(Error::CallUnclear);
            }
        }
        verdict
    }

    /// A message goes out with this.
    pub(super) fn goes_out(&self, number: Number, access: AccessKind) {
        if self.record.is_none() {
            return;
        }
        for ((of, _), call) in self.under_way().iter_mut() {
            if *of == number {
                call.access = Some(access);
            }
        }
    }

    fn verdict(
        &self,
        method: &str,
        called: Option<&std::result::Result<Called, NotUnderstood>>,
    ) -> Result<()> {
        if self.guard.is_open() {
            return Ok(());
        }
        let Some(called) = called else {
            // Whatever else there may be for calling tools, and however a server reads a method's name.
            let name = method.trim().to_ascii_lowercase();
            let is_odd = name.starts_with("tools/") && method != LIST;
            return if is_odd { Err(Error::CallUnclear) } else { Ok(()) };
        };
        guard::passes(&self.guard, called).map_err(|Refusal { tool }| match tool {
            Some(name) => {
                Error::ToolNotAllowed { name: crate::activity::shown_tool(&name).unwrap_or_default() }
            }
            None => Error::CallUnclear,
        })
    }

    /// Who the client says it is.
    fn meet(&self, method: &str, params: Option<&str>) {
        #[derive(Deserialize)]
        struct Info {
            name: String,
            version: Option<String>,
        }
        #[derive(Deserialize)]
        struct Params<'a> {
            #[serde(borrow, rename = "clientInfo")]
            info: Option<&'a RawValue>,
            #[serde(borrow, rename = "_meta")]
            meta: Option<&'a RawValue>,
        }
        let Some(params) = params.filter(|_| self.record.is_some()) else { return };
        if method != "initialize" && (self.caller().is_some() || !params.contains(CLIENT_IN_META)) {
            return;
        }
        let Ok(Params { info, meta }) = serde_json::from_str(params) else { return };
        let in_meta = meta.and_then(|meta| {
            let meta: HashMap<String, &RawValue> = serde_json::from_str(meta.get()).ok()?;
            meta.get(CLIENT_IN_META).copied()
        });
        let info = info.or(in_meta).and_then(|info| serde_json::from_str::<Info>(info.get()).ok());
        if let Some(info) = info {
            *self.caller() = Some(Caller::named(&info.name, info.version.as_deref()));
        }
    }

    /// A request is answered with this line. What of it is passed on, and what is to be noted once it is.
    pub(super) fn answered(
        &self,
        asked: &[(Number, Id)],
        line: String,
        unclear: impl Fn(&str) -> String,
    ) -> (String, Ended) {
        if self.is_idle() {
            return (line, Ended(Vec::new()));
        }
        let calls: Vec<_> =
            asked.iter().map(|(number, id)| self.under_way().remove(&(*number, id.raw.clone()))).collect();
        if !is_batch(&line) {
            let Some(call) = calls.into_iter().flatten().next() else { return (line, Ended(Vec::new())) };
            let (line, outcome) = self.one(&call, line, &unclear);
            let bytes = line.len();
            return (line, Ended(vec![(call, outcome, bytes)]));
        }
        let mut ended = Vec::new();
        let mut calls = calls.into_iter();
        let all = serde_json::from_str::<Entries<'_>>(&line).unwrap_or_default().0;
        let passed: Vec<String> = all
            .into_iter()
            .map(|one| {
                let text = one.get().to_owned();
                let is_answer = super::message::Part::read(&text)
                    .is_some_and(|part| matches!(part.kind, Kind::Response { .. }));
                let Some(call) = is_answer.then(|| calls.next().flatten()).flatten() else { return text };
                let (text, outcome) = self.one(&call, text, &unclear);
                ended.push((call, outcome, text.len()));
                text
            })
            .collect();
        (format!("[{}]", passed.join(",")), Ended(ended))
    }

    fn one(&self, call: &Call, line: String, unclear: impl Fn(&str) -> String) -> (String, Outcome) {
        #[derive(Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            result: Option<&'a RawValue>,
        }
        let Ok(Answer { result: Some(result) }) = serde_json::from_str::<Answer<'_>>(&line) else {
            return (line, Outcome::Failed);
        };
        let outcome = if call.method == CALL { outcome(result.get()) } else { Outcome::Done };
        let left = match call.lens {
            None => return (line, outcome),
            Some(Lens::List) => guard::of_a_list(&self.guard, result.get()),
            Some(Lens::Search) => guard::of_a_search(&self.guard, result.get()),
        };
        match left {
            Ok(None) => (line, outcome),
            Ok(Some(left)) => {
                let start = result.get().as_ptr() as usize - line.as_ptr() as usize;
                let end = start + result.get().len();
                ([&line[..start], &left, &line[end..]].concat(), outcome)
            }
            Err(NotUnderstood) => (unclear(&call.id), Outcome::Refused),
        }
    }

    pub(super) fn note(&self, ended: Ended) {
        for (call, outcome, bytes) in ended.0 {
            self.note_one(&call, outcome, Some(bytes));
        }
    }

    /// Those of a message that are still under way.
    pub(super) fn note_under_way(&self, number: Number) {
        for ((of, _), call) in self.under_way().iter().filter(|((of, _), _)| *of == number) {
            debug_assert_eq!(*of, number);
            self.note_one(call, Outcome::UnderWay, None);
        }
    }

    /// A message is over. What of it nobody answered ended like this.
    pub(super) fn end(&self, number: Number, outcome: Outcome) {
        if self.is_idle() {
            return;
        }
        let left: Vec<Call> = {
            let mut under_way = self.under_way();
            let of_it: Vec<_> = under_way.keys().filter(|(of, _)| *of == number).cloned().collect();
            of_it.iter().filter_map(|key| under_way.remove(key)).collect()
        };
        for call in left {
            self.note_one(&call, outcome, None);
        }
    }

    /// A message that asks nothing was sent.
    pub(super) fn sent(&self, message: &Message, outcome: Outcome) {
        let Some(record) = &self.record else { return };
        if message.ids().next().is_some() {
            return;
        }
        let method = message.parts.first().map(|part| match &part.kind {
            Kind::Notification { method } | Kind::Request { method, .. } => method.as_str(),
            Kind::Response { .. } => "response",
        });
        let params = message.params_of_all().into_iter().next().flatten();
        let asked = params.filter(|_| method == Some(CALL)).and_then(|params| Called::of(params).ok());
        let caller = self.caller().clone();
        record.note(&Passed {
            began: &record.begin(),
            caller: caller.as_ref(),
            method: method.unwrap_or_default(),
            access: None,
            tool: asked.as_ref().map(Called::innermost),
            outcome,
            took: std::time::Duration::ZERO,
            bytes: None,
        });
    }

    /// The bridge ends.
    pub(super) fn end_all(&self) {
        let left: Vec<Call> = self.under_way().drain().map(|(_, call)| call).collect();
        for call in left {
            self.note_one(&call, Outcome::NoAnswer, None);
        }
    }

    fn note_one(&self, call: &Call, outcome: Outcome, bytes: Option<usize>) {
        let (Some(record), Some(began)) = (&self.record, &call.began) else { return };
        let caller = self.caller().clone();
        record.note(&Passed {
            began,
            caller: caller.as_ref(),
            method: &call.method,
            access: call.access,
            tool: call.tool.as_deref(),
            outcome,
            took: call.since.elapsed(),
            bytes,
        });
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<(Number, String), Call>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn caller(&self) -> MutexGuard<'_, Option<Caller>> {
        self.caller.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a tool's result says that it ended.
fn outcome(result: &str) -> Outcome {
    #[derive(Deserialize)]
    struct Said<'a> {
        #[serde(borrow)]
        content: Option<&'a RawValue>,
        #[serde(rename = "isError", default)]
        is_error: bool,
    }
    #[derive(Deserialize)]
    struct Text {
        #[serde(default)]
        text: String,
    }
    if result.len() > WORDS {
        return Outcome::Done;
    }
    let Ok(said) = serde_json::from_str::<Said<'_>>(result) else { return Outcome::Done };
    let text =
        said.content.filter(|content| said.is_error || content.get().contains(ERROR)).and_then(|content| {
            let items = serde_json::from_str::<Entries<'_>>(content.get()).ok()?.0;
            serde_json::from_str::<Text>(items.first()?.get()).ok()
        });
    let text = text.map(|text| text.text).unwrap_or_default();
    match said.is_error || text.starts_with(ERROR) {
        true if text.contains(DENIED) => Outcome::NotAllowed,
        true => Outcome::Failed,
        false => Outcome::Done,
    }
}

/// How a message ended that got no answer.
pub(super) fn ended_by(error: &Error) -> Outcome {
    match error {
        Error::KeyRejected | Error::McpRefused { .. } | Error::Forbidden => Outcome::NotAllowed,
        Error::ToolNotAllowed { .. } | Error::CallUnclear => Outcome::Refused,
        Error::ToolForbidden { .. } => Outcome::Failed,
        _ => Outcome::NoAnswer,
    }
}
