//! AI clients that move from their keys to another kind of access.

use super::off_the_workers;
use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{McpMoveView, MoveRequest};
use superset_keys_core::credential::McpAccess;
use superset_keys_core::ids::InstanceId;
use tauri::State;

/// Begins, or goes on; none where all went back to their keys.
#[tauri::command]
#[specta::specta]
pub async fn move_mcp_access(
    core: State<'_, AppCore>,
    id: InstanceId,
    access: McpAccess,
    moving: MoveRequest,
) -> IpcResult<Option<McpMoveView>> {
    Ok(core.move_mcp_access(&id, access, &moving).await?)
}

/// How far it is, without asking the server; none where nothing moves.
#[tauri::command]
#[specta::specta]
pub async fn mcp_move(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<Option<McpMoveView>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.mcp_move(&id)).await
}

/// Looks whether the keys are still used.
#[tauri::command]
#[specta::specta]
pub async fn look_at_moved_keys(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<Option<McpMoveView>> {
    Ok(core.look_at_moved_keys(&id).await?)
}
