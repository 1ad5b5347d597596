//! What AI clients are let in with, and tokens. A secret or a token goes into Rust here, and comes out on the clipboard
//! alone.

use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppClipboard, AppCore, AppToken};
use superset_keys_core::actions::{
    McpAccessView, McpProofView, MintedView, NewSigningSecret, PastedToken, SigningView, TokenRequest,
};
use superset_keys_core::credential::McpAccess;
use superset_keys_core::ids::InstanceId;
use superset_keys_core::settings::Setting;
use superset_keys_core::signing::InspectedToken;
use superset_keys_core::signing::config::ConfigFor;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn mcp_access(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<McpAccessView> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.mcp_access(&id)).await
}

/// Sets it once the server was seen to take it.
#[tauri::command]
#[specta::specta]
pub async fn set_mcp_access(
    core: State<'_, AppCore>,
    id: InstanceId,
    access: McpAccess,
) -> IpcResult<Option<McpProofView>> {
    Ok(core.set_mcp_access(&id, access, false).await?)
}

/// Asks the server with what AI clients present, or would by `access`, with nothing, and with a made-up token.
#[tauri::command]
#[specta::specta]
pub async fn prove_mcp_access(
    core: State<'_, AppCore>,
    id: InstanceId,
    access: Option<McpAccess>,
) -> IpcResult<McpProofView> {
    Ok(core.prove_mcp_access(&id, access).await?)
}

/// Makes a secret to sign with, or keeps the server's, which a person pasted.
#[tauri::command]
#[specta::specta]
pub async fn keep_signing_secret(
    core: State<'_, AppCore>,
    id: InstanceId,
    signing: NewSigningSecret,
) -> IpcResult<SigningView> {
    Ok(core.keep_signing_secret(&id, signing).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn forget_signing_secret(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<()> {
    Ok(core.forget_signing_secret(&id).await?)
}

/// Lines for the server's configuration, without the secret.
#[tauri::command]
#[specta::specta]
pub async fn signing_config(
    core: State<'_, AppCore>,
    id: InstanceId,
    server: Option<ConfigFor>,
) -> IpcResult<String> {
    Ok(core.signing_config_text(&id, server)?)
}

/// Copies the secret for the server; answers how many seconds it stays on the clipboard.
#[tauri::command]
#[specta::specta]
pub async fn copy_signing_secret(
    core: State<'_, AppCore>,
    clipboard: State<'_, AppClipboard>,
    id: InstanceId,
) -> IpcResult<u32> {
    let secret = core.read_signing_secret(&id).await?;
    let clipboard = AppClipboard::clone(&clipboard);
    let seconds = core.setting(Setting::ClipboardSeconds);
    off_the_workers(move || clipboard.copy(id, None, secret, seconds)).await
}

/// Signs a token by hand and holds it until the next one, or until it is dropped.
#[tauri::command]
#[specta::specta]
pub async fn mint_token(
    core: State<'_, AppCore>,
    held: State<'_, AppToken>,
    id: InstanceId,
    wanted: TokenRequest,
) -> IpcResult<MintedView> {
    let turn = held.turn();
    let minted = core.mint_token(&id, &wanted).await?;
    held.hold(turn, minted.token);
    Ok(minted.about)
}

/// Copies the token that is held; answers how many seconds it stays on the clipboard, or nothing where none is.
#[tauri::command]
#[specta::specta]
pub async fn copy_token(
    core: State<'_, AppCore>,
    clipboard: State<'_, AppClipboard>,
    held: State<'_, AppToken>,
    id: InstanceId,
) -> IpcResult<Option<u32>> {
    let Some(token) = held.token() else { return Ok(None) };
    let clipboard = AppClipboard::clone(&clipboard);
    let seconds = core.setting(Setting::ClipboardSeconds);
    off_the_workers(move || clipboard.copy(id, None, token, seconds).map(Some)).await
}

/// Reads a token that a person pasted, or else the one that is held, and holds it. Nothing is answered where there is none.
#[tauri::command]
#[specta::specta]
pub async fn inspect_token(
    core: State<'_, AppCore>,
    held: State<'_, AppToken>,
    id: InstanceId,
    pasted: PastedToken,
) -> IpcResult<Option<InspectedToken>> {
    let Some(pasted) = pasted.token else {
        return match held.token() {
            Some(token) => Ok(Some(core.inspect_token(Some(&id), &token).await?)),
            None => Ok(None),
        };
    };
    let turn = held.turn();
    let read = core.inspect_token(Some(&id), &pasted).await?;
    held.hold(turn, pasted);
    Ok(Some(read))
}

#[tauri::command]
#[specta::specta]
pub async fn drop_token(held: State<'_, AppToken>) -> IpcResult<()> {
    held.turn();
    Ok(())
}
