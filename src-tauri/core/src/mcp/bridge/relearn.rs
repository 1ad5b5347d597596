//! The list of tools, asked for by the bridge itself: an AI client that speaks in lines knows nothing of headers and
//! may keep its list for longer than a bridge lives, so a call may come before anybody has told which headers it takes.

use super::message::Message;
use super::shared::Shared;
use super::target::{Source, Target};
use bytes::Bytes;
use reqwest::header::HeaderMap;
use serde_json::{Map, Value, json};

/// Of one list. More than any server has.
const PAGES: usize = 64;
/// Who asks, as MCP 2026-07-28 wants it said in each message. The rest of a call's `_meta` is the call's alone.
const WHO_ASKS: [&str; 3] = [
    "io.modelcontextprotocol/protocolVersion",
    "io.modelcontextprotocol/clientInfo",
    "io.modelcontextprotocol/clientCapabilities",
];

impl<S: Source> Shared<S> {
    /// Lists the tools because a call was refused for its headers. Whether it gets others by now than those that were
    /// sent. Of many such calls at once, one lists.
    pub(super) async fn relearn(&self, call: &Message, sent: &HeaderMap, target: &Target) -> bool {
        let _one_at_a_time = self.listing.lock().await;
        let changed = || self.tools.of(call) != *sent;
        if changed() {
            return true;
        }
        // A call waits for it, so it ends.
        let _ = tokio::time::timeout(self.silence, self.list_tools(call, target)).await;
        changed()
    }

    /// As far as it is told. Whether a server answers this is not what the client has asked.
    async fn list_tools(&self, call: &Message, target: &Target) -> Option<()> {
        let who =
            call.with_params(|params| serde_json::from_str::<Map<String, Value>>(params.meta?.get()).ok())?;
        let who: Map<String, Value> =
            who.into_iter().filter(|(name, _)| WHO_ASKS.contains(&name.as_str())).collect();
        let mut cursor = None;
        for page in 0..PAGES {
            let mut params = json!({ "_meta": who });
            if let Some(cursor) = cursor {
                params["cursor"] = cursor;
            }
            let id = format!("superset-keys-{page}");
            let list = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/list", "params": params });
            let list = Message::read(Bytes::from(list.to_string())).ok()?;
            let answer = self.post(target, &list).await.ok()?;
            if !answer.status.is_success() {
                return None;
            }
            let mut answer = self.answer_to_us(&list, answer).await.ok()??;
            self.tools.learn(&mut answer);
            cursor = Some(next(answer.result()?.get())?);
        }
        None
    }
}

fn next(result: &str) -> Option<Value> {
    #[derive(serde::Deserialize)]
    struct Page {
        #[serde(rename = "nextCursor")]
        next: Option<String>,
    }
    serde_json::from_str::<Page>(result).ok()?.next.map(Value::from)
}
