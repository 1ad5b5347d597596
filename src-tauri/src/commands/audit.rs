//! Everybody's keys.

use super::off_the_workers;
use crate::ipc::IpcResult;
use crate::{AppCore, AppDialogs};
use superset_keys_core::Error;
use superset_keys_core::actions::{AuditForm, AuditPersonDetailView, AuditView, PersonChangedView};
use superset_keys_core::audit::sql::{self, Dialect};
use superset_keys_core::ids::{ApiKeyId, InstanceId};
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn audit(core: State<'_, AppCore>, id: InstanceId, trust_database: bool) -> IpcResult<AuditView> {
    Ok(core.audit(&id, trust_database).await?)
}

/// What was read last, without a call.
#[tauri::command]
#[specta::specta]
pub async fn audit_offline(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<Option<AuditView>> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.kept_audit(&id)).await
}

#[tauri::command]
#[specta::specta]
pub async fn audit_person(
    core: State<'_, AppCore>,
    id: InstanceId,
    user: i32,
) -> IpcResult<AuditPersonDetailView> {
    Ok(core.audit_person(&id, user).await?)
}

/// Whether it has a place of its own, without a call.
#[tauri::command]
#[specta::specta]
pub async fn is_audit_offered(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<bool> {
    let core = AppCore::clone(&core);
    off_the_workers(move || core.is_audit_offered(&id)).await
}

/// What the database's owner runs to revoke these keys. Nothing is sent.
#[tauri::command]
#[specta::specta]
pub async fn audit_revoke_sql(dialect: Dialect, keys: Vec<ApiKeyId>) -> IpcResult<String> {
    Ok(sql::revoke_all(dialect, &keys).ok_or(Error::Internal { what: "a key without a uuid" })?)
}

/// Writes the keys that are shown into a file of the folder that the person picks; none is answered if they pick none.
#[tauri::command]
#[specta::specta]
pub async fn export_audit(
    core: State<'_, AppCore>,
    dialogs: State<'_, AppDialogs>,
    id: InstanceId,
    keys: Vec<ApiKeyId>,
    form: AuditForm,
    title: String,
) -> IpcResult<Option<String>> {
    let Some(folder) = dialogs.choose_folder(title).await else { return Ok(None) };
    let core = AppCore::clone(&core);
    let written = off_the_workers(move || core.export_audit(&id, &keys, form, &folder)).await?;
    Ok(Some(written.display().to_string()))
}

/// Lets a person's keys and sessions rest, or wakes them, and reads back what is so now.
#[tauri::command]
#[specta::specta]
pub async fn set_person_active(
    core: State<'_, AppCore>,
    id: InstanceId,
    username: String,
    active: bool,
) -> IpcResult<PersonChangedView> {
    Ok(core.set_person_active(&id, &username, active).await?)
}
