//! AI clients change from keys to tokens: by themselves where they ask us, one after the other, and the keys go last.

use crate::stage::{PROGRAM, Stage};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use superset_keys_core::actions::{
    BridgeRequest, ConnectRequest, McpMoveView, MoveRequest, MovedClientView, MovedKeyState,
    NewSigningSecret, PassFor, Switch,
};
use superset_keys_core::clients::Delivery;
use superset_keys_core::credential::{AccessKind, McpAccess};
use superset_keys_core::ids::ApiKeyId;
use superset_keys_core::mcp::{Pass, Voice};
use superset_keys_core::rotation::BlindSpot;
use superset_keys_core::{Core, Error, ErrorCode};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

const DAY: i64 = 24 * 60 * 60;

struct Codes;

impl Voice for Codes {
    fn words(&self, error: &Error) -> String {
        format!("{:?}", error.code())
    }

    fn note(&self, _: &str) {}
}

/// Jane has two keys: Cursor's bridge goes by the default one, Zed's names the other, and Gemini CLI has the first in its
/// file.
struct Desk {
    stage: Stage,
    of_zed: ApiKeyId,
}

fn signed() -> McpAccess {
    McpAccess::Signed { subject: "jane".into(), scope: None }
}

impl Desk {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let mcp = format!("{}/mcp", stage.server.url()).parse().unwrap();
        stage.change(|instance| instance.mcp_url = Some(mcp));
        stage.world().mcp_notes = true;
        let of_zed = stage.create("Zed").await;
        let desk = Self { stage, of_zed };
        let person = desk.stage.home.path().join("person");
        for folder in [".cursor", ".config/zed", ".gemini"] {
            std::fs::create_dir_all(person.join(folder)).unwrap();
        }
        desk.connect("cursor", Some(Delivery::Bridge), None).await;
        desk.connect("zed", Some(Delivery::Bridge), Some(&desk.of_zed)).await;
        desk.connect("gemini", Some(Delivery::Plaintext), None).await;
        desk.core().keep_signing_secret(&desk.stage.id, NewSigningSecret::default()).await.unwrap();
        desk
    }

    fn core(&self) -> &Core {
        &self.stage.core
    }

    async fn connect(&self, client: &str, delivery: Option<Delivery>, key: Option<&ApiKeyId>) {
        let request = ConnectRequest {
            client: client.into(),
            delivery,
            key: key.cloned(),
            ..ConnectRequest::default()
        };
        self.core().connect_client(&self.stage.id, &request, PROGRAM, None).await.unwrap();
    }

    async fn begin(&self) -> McpMoveView {
        self.go(&MoveRequest::default()).await
    }

    async fn go(&self, request: &MoveRequest) -> McpMoveView {
        self.core().move_mcp_access(&self.stage.id, signed(), request).await.unwrap().unwrap()
    }

    async fn look(&self) -> McpMoveView {
        self.core().look_at_moved_keys(&self.stage.id).await.unwrap().unwrap()
    }

    async fn pass_of(&self, key: Option<&str>) -> Result<Pass, ErrorCode> {
        let pass = self.core().mcp_pass(&self.stage.id, key, PassFor::Bridge).await;
        pass.map_err(|error| error.code())
    }

    /// One call over a bridge as a client's entry starts it.
    async fn call(&self, client: &str, key: Option<&str>) -> Value {
        let (mut input, stdin) = tokio::io::duplex(1 << 16);
        let (stdout, output) = tokio::io::duplex(1 << 16);
        let request = BridgeRequest { key: key.map(str::to_owned), ..BridgeRequest::to("prod") };
        let core = Arc::new(self.stage.process());
        let bridge =
            tokio::spawn(core.run_bridge(request, Box::new(Codes), stdin, stdout, std::future::pending()));
        let mut lines = BufReader::new(output).lines();
        let mut answer = Value::Null;
        for asked in [
            json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
                "capabilities": {}, "clientInfo": {"name": client, "version": "1"}}}),
            json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "health_check"}}),
        ] {
            input.write_all(format!("{asked}\n").as_bytes()).await.unwrap();
            let line =
                tokio::time::timeout(Duration::from_secs(20), lines.next_line()).await.expect("an answer");
            answer = serde_json::from_str(&line.unwrap().unwrap()).unwrap();
        }
        drop(input);
        tokio::time::timeout(Duration::from_secs(20), bridge).await.expect("the end").unwrap();
        answer
    }
}

fn of<'a>(moving: &'a McpMoveView, client: &str) -> &'a MovedClientView {
    let mut rows = moving.clients.iter().filter(|row| row.client.as_deref() == Some(client));
    let row = rows.next().unwrap_or_else(|| panic!("{client} in {moving:#?}"));
    assert!(rows.next().is_none(), "{client} twice");
    row
}

#[tokio::test]
async fn clients_on_the_bridge_move_by_themselves_also_those_that_name_a_key_and_files_are_shown() {
    let desk = Desk::new().await;
    let files = || {
        let person = desk.stage.home.path().join("person");
        [".cursor/mcp.json", ".config/zed/settings.json", ".gemini/settings.json"]
            .map(|file| std::fs::read_to_string(person.join(file)).unwrap())
    };
    let before = files();
    let moving = desk.begin().await;
    assert_eq!(files(), before, "no client's file changes");
    assert_eq!(
        (of(&moving, "cursor").switch, of(&moving, "zed").switch),
        (Switch::ByItself, Switch::ByItself)
    );
    let gemini = of(&moving, "gemini");
    assert_eq!((gemini.switch, gemini.key.as_ref()), (Switch::File, Some(&desk.stage.old)));
    assert_eq!(of(&moving, "zed").key.as_ref(), Some(&desk.of_zed));
    for key in [None, Some("zed"), Some(desk.of_zed.as_str())] {
        assert_eq!(desk.pass_of(key).await.unwrap().kind(), AccessKind::Signed, "{key:?}");
    }
}

#[tokio::test]
async fn only_those_that_were_asked_for_move_and_one_that_comes_later_keeps_its_key() {
    let desk = Desk::new().await;
    let only = MoveRequest { keys: vec![desk.stage.old.clone()], ..MoveRequest::default() };
    let moving = desk.go(&only).await;
    assert_eq!(of(&moving, "zed").switch, Switch::KeepsKey);
    assert_eq!(desk.pass_of(Some("zed")).await.unwrap().kind(), AccessKind::ApiKey);
    let moving = desk.begin().await;
    assert_eq!(of(&moving, "zed").switch, Switch::ByItself);
    desk.stage.create("Later").await;
    assert_eq!(desk.pass_of(Some("later")).await.unwrap().kind(), AccessKind::ApiKey);
}

#[tokio::test]
async fn a_call_proves_what_it_was_sent_with_and_for_whom() {
    let desk = Desk::new().await;
    desk.call("zed", Some("zed")).await;
    let moving = desk.begin().await;
    assert_eq!((&of(&moving, "cursor").proven, &of(&moving, "zed").proven), (&None, &None));
    assert!(moving.records_calls);
    let keys = || desk.stage.world().keys.iter().map(|key| key.last_used).collect::<Vec<_>>();
    let before = keys();
    desk.stage.pass(60);
    let answer = desk.call("zed", Some("zed")).await;
    assert!(answer["result"].is_object(), "{answer}");
    assert_eq!(keys(), before, "no key was sent");
    let moving = desk.look().await;
    assert_eq!(of(&moving, "cursor").proven, None);
    assert!(of(&moving, "zed").proven.as_ref().is_some_and(|seen| !seen.handed && seen.at > moving.since));
    // Back to keys, and out again: what was proven before proves nothing of now.
    desk.core().set_mcp_access(&desk.stage.id, McpAccess::ApiKey, false).await.unwrap();
    assert_eq!(desk.pass_of(Some("zed")).await.unwrap().kind(), AccessKind::ApiKey);
    assert_eq!(desk.core().mcp_move(&desk.stage.id).unwrap(), None);
    desk.core().set_mcp_access(&desk.stage.id, signed(), false).await.unwrap();
    assert_eq!(desk.pass_of(Some("zed")).await.unwrap().kind(), AccessKind::ApiKey, "it is not moved");
    desk.core().set_mcp_access(&desk.stage.id, McpAccess::ApiKey, false).await.unwrap();
    desk.stage.pass(60);
    assert_eq!(of(&desk.begin().await, "zed").proven, None);
}

#[tokio::test]
async fn a_token_that_was_handed_out_is_told_as_that() {
    let desk = Desk::new().await;
    desk.begin().await;
    desk.stage.pass(1);
    desk.core().note_handed_out(&desk.stage.id, None, AccessKind::Signed, "headers", Some("cursor"));
    assert!(of(&desk.look().await, "cursor").proven.as_ref().is_some_and(|seen| seen.handed));
}

#[tokio::test]
async fn a_key_may_go_when_nobody_was_seen_to_use_it_and_no_file_holds_it() {
    let desk = Desk::new().await;
    let moving = desk.begin().await;
    assert_eq!(moving.blind_spots, [], "{moving:#?}");
    desk.stage.pass(DAY / 2);
    desk.stage.somebody(&desk.of_zed);
    desk.look().await;
    desk.stage.pass(DAY / 2);
    let moving = desk.look().await;
    let quiet = |client| of(&moving, client).watch.as_ref().unwrap().quiet;
    assert_eq!((quiet("cursor"), quiet("zed")), (86_400, 43_200));
    assert!(!of(&moving, "cursor").may_go, "Gemini CLI's file has it");
    desk.connect("gemini", Some(Delivery::Bridge), None).await;
    desk.stage.pass(DAY / 2);
    let moving = desk.look().await;
    assert!(of(&moving, "cursor").may_go && of(&moving, "zed").may_go && !moving.done, "{moving:#?}");
    for key in [&desk.stage.old, &desk.of_zed] {
        assert_eq!(desk.core().clients_that_use(&desk.stage.id, key).unwrap(), [], "nothing stops with it");
        desk.core().revoke_key(&desk.stage.id, key).await.unwrap();
    }
    let moving = desk.look().await;
    assert!(moving.done);
    assert_eq!(of(&moving, "zed").key_state, MovedKeyState::Gone);
    for key in [None, Some("zed")] {
        assert_eq!(
            desk.pass_of(key).await.unwrap().kind(),
            AccessKind::Signed,
            "{key:?} after its key is gone"
        );
    }
}

#[tokio::test]
async fn where_uses_cannot_be_seen_no_key_is_called_quiet() {
    let desk = Desk::new().await;
    desk.stage.world().mcp_notes = false;
    desk.begin().await;
    desk.stage.pass(2 * DAY);
    let moving = desk.look().await;
    assert_eq!(moving.blind_spots, [BlindSpot::Mcp]);
    assert!(moving.clients.iter().all(|row| !row.may_go), "{moving:#?}");
}

#[tokio::test]
async fn a_key_of_another_computer_has_a_row() {
    let desk = Desk::new().await;
    let elsewhere = desk.stage.create("Airflow").await;
    desk.stage.core.forget_secret(&desk.stage.id, &elsewhere).await.unwrap();
    desk.stage.somebody(&elsewhere);
    let moving = desk.begin().await;
    let row = moving.clients.iter().find(|row| row.key.as_ref() == Some(&elsewhere)).unwrap();
    assert_eq!((row.switch, row.client.as_deref(), row.may_go), (Switch::Elsewhere, None, false));
    assert!(row.last_use.is_some());
    assert_eq!(row.key_name.as_deref(), Some("Airflow"));
}

#[tokio::test]
async fn a_replaced_key_s_clients_stay_where_they_moved() {
    let desk = Desk::new().await;
    desk.begin().await;
    let rotated =
        desk.core().rotate_key(&desk.stage.id, &desk.of_zed, &crate::stage::quiet_for(60), PROGRAM).await;
    let new = rotated.unwrap().rotation.new.unwrap().id;
    assert_eq!(desk.stage.record("zed").id, new, "the alias is the new key's");
    assert_eq!(desk.pass_of(Some("zed")).await.unwrap().kind(), AccessKind::Signed);
}

#[tokio::test]
async fn what_the_server_does_not_take_moves_nobody() {
    let desk = Desk::new().await;
    let other = McpAccess::Signed { subject: "hugo".into(), scope: None };
    let refused = desk.core().move_mcp_access(&desk.stage.id, other, &MoveRequest::default()).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::TokenOfAnother);
    let too_short = MoveRequest { quiet_for: Some(1), ..MoveRequest::default() };
    let refused = desk.core().move_mcp_access(&desk.stage.id, signed(), &too_short).await;
    assert_eq!(refused.unwrap_err().code(), ErrorCode::SettingOutOfBounds);
    assert_eq!(desk.core().mcp_move(&desk.stage.id).unwrap(), None);
    assert_eq!(desk.pass_of(None).await.unwrap().kind(), AccessKind::ApiKey);
}

#[tokio::test]
async fn keys_that_cannot_be_looked_at_are_no_reason_to_say_nothing() {
    let desk = Desk::new().await;
    desk.begin().await;
    desk.stage.world().lists = Some(500);
    let moving = desk.look().await;
    assert!(moving.problem.is_some());
    assert_eq!(of(&moving, "zed").switch, Switch::ByItself);
    assert_eq!(of(&moving, "zed").key_state, MovedKeyState::Unknown);
}
