//! Embedded dashboards: which there are, who may show them, what is wrong, and the code around them.

use crate::AppCore;
use crate::ipc::IpcResult;
use superset_keys_core::actions::{
    DashboardsView, EmbeddedView, EmbeddingCheckView, EmbeddingCode, EmbeddingSnippetView, FrameLook,
    GuestRoleView, MinterRequest, MinterView,
};
use superset_keys_core::embedding::HostSite;
use superset_keys_core::ids::InstanceId;
use tauri::State;

#[tauri::command]
#[specta::specta]
pub async fn list_dashboards(core: State<'_, AppCore>, id: InstanceId) -> IpcResult<DashboardsView> {
    Ok(core.list_dashboards(&id).await?)
}

/// Lets exactly these sites show a dashboard; all of them where `any_site` is meant.
#[tauri::command]
#[specta::specta]
pub async fn embed_dashboard(
    core: State<'_, AppCore>,
    id: InstanceId,
    dashboard: i32,
    sites: Vec<String>,
    any_site: bool,
) -> IpcResult<EmbeddedView> {
    Ok(core.embed_dashboard(&id, dashboard, &sites, any_site).await?)
}

/// Ends it; pages that show it break.
#[tauri::command]
#[specta::specta]
pub async fn end_embedding(
    core: State<'_, AppCore>,
    id: InstanceId,
    dashboard: i32,
) -> IpcResult<EmbeddedView> {
    Ok(core.end_embedding(&id, dashboard).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn make_guest_role(
    core: State<'_, AppCore>,
    id: InstanceId,
    name: String,
) -> IpcResult<GuestRoleView> {
    Ok(core.make_guest_role(&id, &name).await?)
}

/// A role, an account and a key that mints guest tokens and can do nothing else.
#[tauri::command]
#[specta::specta]
pub async fn make_minter(
    core: State<'_, AppCore>,
    id: InstanceId,
    wanted: MinterRequest,
) -> IpcResult<MinterView> {
    Ok(core.make_minter(&id, &wanted).await?)
}

/// Which switch is wrong, where a dashboard does not show on a site. `page` is the address of the page that is to show it.
#[tauri::command]
#[specta::specta]
pub async fn check_embedding(
    core: State<'_, AppCore>,
    id: InstanceId,
    dashboard: i32,
    site: String,
    page: Option<String>,
) -> IpcResult<EmbeddingCheckView> {
    let site = HostSite::parse(&site)?;
    Ok(core.check_embedding(&id, dashboard, &site, page.as_deref()).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn embedding_snippet(
    core: State<'_, AppCore>,
    id: InstanceId,
    dashboard: i32,
    wanted: EmbeddingCode,
    look: FrameLook,
) -> IpcResult<EmbeddingSnippetView> {
    Ok(core.embedding_snippet(&id, dashboard, wanted, look).await?)
}
