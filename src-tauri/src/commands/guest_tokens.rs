//! Guests' tokens. A token is held here and comes out on the clipboard alone; `access::copy_token` and
//! `access::drop_token` are for it too.

use crate::ipc::IpcResult;
use crate::{AppCore, AppToken};
use superset_keys_core::actions::{
    DatasetView, GuestTokenRequest, InspectedGuestToken, MintedGuestView, PastedToken, RowProofView,
};
use superset_keys_core::ids::InstanceId;
use tauri::State;

/// Mints a token and holds it until the next one, or until it is dropped.
#[tauri::command]
#[specta::specta]
pub async fn mint_guest_token(
    core: State<'_, AppCore>,
    held: State<'_, AppToken>,
    id: InstanceId,
    wanted: GuestTokenRequest,
) -> IpcResult<MintedGuestView> {
    let turn = held.turn();
    let minted = core.mint_guest_token(&id, &wanted).await?;
    held.hold(turn, minted.token);
    Ok(minted.about)
}

/// Reads a token that a person pasted, or else the one that is held, and holds it. Nothing is answered where there is none.
#[tauri::command]
#[specta::specta]
pub async fn inspect_guest_token(
    core: State<'_, AppCore>,
    held: State<'_, AppToken>,
    id: InstanceId,
    pasted: PastedToken,
) -> IpcResult<Option<InspectedGuestToken>> {
    let Some(pasted) = pasted.token else {
        return match held.token() {
            Some(token) => Ok(Some(core.inspect_guest_token(Some(&id), &token).await?)),
            None => Ok(None),
        };
    };
    let turn = held.turn();
    let read = core.inspect_guest_token(Some(&id), &pasted).await?;
    held.hold(turn, pasted);
    Ok(Some(read))
}

/// What a rule may be for.
#[tauri::command]
#[specta::specta]
pub async fn list_datasets(
    core: State<'_, AppCore>,
    id: InstanceId,
    dashboard: i32,
) -> IpcResult<Vec<DatasetView>> {
    Ok(core.list_datasets(&id, dashboard).await?)
}

/// Reads each chart of a dashboard without the rules and with them.
#[tauri::command]
#[specta::specta]
pub async fn prove_rows(
    core: State<'_, AppCore>,
    id: InstanceId,
    wanted: GuestTokenRequest,
) -> IpcResult<RowProofView> {
    Ok(core.prove_rows(&id, &wanted).await?)
}
