use crate::ipc::{IpcResult, RevokesProgress};
use crate::{AppCore, AppRevokes};
use superset_keys_core::actions::{
    CreatedKeyView, KeyListView, RevokePlanView, RevokedKeyView, RevokedKeysView,
};
use superset_keys_core::api_key::NewApiKey;
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use superset_keys_core::secrets::Keep;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn list_keys(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<KeyListView> {
    Ok(core.list_keys(&id).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn kept_keys(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<Option<KeyListView>> {
    Ok(core.kept_keys(&id)?)
}

#[tauri::command]
#[specta::specta]
pub async fn create_key(
    core: State<'_, AppCore>,
    id: InstanceId,
    wanted: NewApiKey,
    keep: Keep,
) -> IpcResult<CreatedKeyView> {
    Ok(core.create_key(&id, wanted, keep).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn replace_key(
    core: State<'_, AppCore>,
    id: InstanceId,
    wrong: ApiKeyId,
    wanted: NewApiKey,
    keep: Keep,
) -> IpcResult<CreatedKeyView> {
    Ok(core.replace_key(&id, &wrong, wanted, keep).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn store_held_key(core: State<'_, AppCore>, id: InstanceId, key: ApiKeyId) -> IpcResult<()> {
    Ok(core.store_held_key(&id, &key).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn acknowledge_saved(core: State<'_, AppCore>, id: InstanceId, key: ApiKeyId) -> IpcResult<()> {
    Ok(core.acknowledge_saved(&id, &key).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn revoke_key(
    core: State<'_, AppCore>,
    id: InstanceId,
    key: ApiKeyId,
) -> IpcResult<RevokedKeyView> {
    Ok(core.revoke_key(&id, &key).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn dismiss_unaccounted(core: State<'_, AppCore>, id: InstanceId, intent: String) -> IpcResult<()> {
    Ok(core.dismiss_unaccounted(&id, &intent).await?)
}

/// What would be revoked, and what would stop with it. Changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn plan_revoke(
    core: State<'_, AppCore>,
    id: InstanceId,
    keys: Vec<ApiKeyId>,
) -> IpcResult<RevokePlanView> {
    Ok(core.plan_revoke(&id, &keys).await?)
}

/// How far it is is told as it goes.
#[tauri::command]
#[specta::specta]
pub async fn revoke_keys(
    core: State<'_, AppCore>,
    window: State<'_, AppRevokes>,
    id: InstanceId,
    keys: Vec<ApiKeyId>,
) -> IpcResult<RevokedKeysView> {
    let told = |progress| window.tell(RevokesProgress { instance: id.clone(), progress });
    Ok(core.revoke_keys(&id, &keys, &told).await?)
}
