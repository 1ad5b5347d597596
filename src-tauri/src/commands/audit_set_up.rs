use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{AuditDatasetView, AuditRoleView, AuditSetUpView};
use superset_keys_core::ids::InstanceId;
use tauri::State;

/// What it takes to read everybody's keys: roads, permissions, databases, and the SQL for their owner. Only reads.
#[tauri::command]
#[specta::specta]
pub async fn audit_set_up(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<AuditSetUpView> {
    Ok(core.audit_set_up(&id).await?)
}

/// Makes the dataset of the view in this database, after asking what its login may.
#[tauri::command]
#[specta::specta]
pub async fn make_audit_dataset(
    core: State<'_, AppCore>,
    id: InstanceId,
    database: i32,
) -> IpcResult<AuditDatasetView> {
    Ok(core.make_audit_dataset(&id, database, false).await?)
}

/// Makes the role with the fewest permissions that an audit takes, or gives one of that name what it lacks.
#[tauri::command]
#[specta::specta]
pub async fn make_audit_role(
    core: State<'_, AppCore>,
    id: InstanceId,
    name: String,
) -> IpcResult<AuditRoleView> {
    Ok(core.make_audit_role(&id, &name).await?)
}
