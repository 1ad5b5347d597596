//! How AI clients get tokens of an authorization server. A client's secret goes into Rust here, and no token comes out.

use crate::ipc::{IpcResult, SignInPrompt};
use crate::{AppCore, AppOAuth, desktop};
use std::time::Duration;
use superset_keys_core::actions::{
    NewOAuth, OAuthFoundView, OAuthPageWords, OAuthPrompt, OAuthSignedOutView, OAuthView,
};
use superset_keys_core::ids::InstanceId;
use superset_keys_core::signing::config;
use tauri::State;

/// What authorization servers show of a client that they make for us.
const CLIENT_NAME: &str = "Superset Keys";
/// As long as the command line waits unless it is told otherwise.
const PATIENCE: Duration = Duration::from_secs(600);

/// Asks the MCP server whose tokens it takes, unless `issuer` says so, and that one what it is. Nothing is set.
#[tauri::command]
#[specta::specta]
pub async fn find_oauth(
    core: State<'_, AppCore>,
    id: InstanceId,
    issuer: Option<String>,
) -> IpcResult<OAuthFoundView> {
    Ok(core.find_oauth(&id, issuer.as_deref()).await?)
}

/// Whoever was signed in before is signed out.
#[tauri::command]
#[specta::specta]
pub async fn set_oauth(core: State<'_, AppCore>, id: InstanceId, oauth: NewOAuth) -> IpcResult<OAuthView> {
    Ok(core.set_oauth(&id, oauth, CLIENT_NAME).await?)
}

/// Opens the person's browser where one is to come back, and waits. None is answered if it was stopped.
#[tauri::command]
#[specta::specta]
pub async fn sign_in_oauth(
    core: State<'_, AppCore>,
    running: State<'_, AppOAuth>,
    id: InstanceId,
    pages: OAuthPageWords,
) -> IpcResult<Option<OAuthView>> {
    let (under_way, pages) = (running.begin(&id), pages.into());
    let show = |prompt: OAuthPrompt| {
        let opened = match &prompt {
            OAuthPrompt::Browser { url } => {
                under_way.is_at(url);
                desktop::open_address(url)
            }
            OAuthPrompt::Device { .. } => false,
        };
        running.tell(SignInPrompt { instance: id.clone(), prompt, opened });
    };
    tokio::select! {
        () = under_way.stopped() => Ok(None),
        done = core.sign_in_oauth(&id, PATIENCE, &pages, show) => Ok(Some(done?)),
    }
}

/// Opens the address of the sign-in under way once more. Answers whether a browser took it.
#[tauri::command]
#[specta::specta]
pub async fn open_sign_in_page(running: State<'_, AppOAuth>, id: InstanceId) -> IpcResult<bool> {
    Ok(running.address(&id).is_some_and(|url| desktop::open_address(&url)))
}

/// What waits for it ends.
#[tauri::command]
#[specta::specta]
pub async fn stop_sign_in(running: State<'_, AppOAuth>, id: InstanceId) -> IpcResult<()> {
    running.stop(&id);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn sign_out_oauth(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<OAuthSignedOutView> {
    Ok(core.sign_out_oauth(&id).await?)
}

/// By which Superset 6.1 knows the user of a token; no secret.
#[tauri::command]
#[specta::specta]
pub async fn user_lines() -> IpcResult<String> {
    Ok(config::user_lines().to_owned())
}
