//! Our entry taken out of an AI client's file again. The key lives on.

use super::client_edit::{EntryPreview, EntryWritten, Plan, entries, not_understood, read};
use super::connect_client::ConnectRequest;
use crate::client_files::Digest;
use crate::clients::{self, Recognised, edit};
use crate::instance::InstanceId;
use crate::{Core, Error, Result};

impl Core {
    /// What taking the entry out would change.
    pub fn preview_disconnect(&self, id: &InstanceId, request: &ConnectRequest) -> Result<EntryPreview> {
        self.plan_disconnect(id, request).map(|plan| plan.preview())
    }

    /// Takes our entry for this instance out of the client's file, and nothing else.
    pub async fn disconnect_client(
        &self,
        id: &InstanceId,
        request: &ConnectRequest,
        seen: Option<Digest>,
    ) -> Result<EntryWritten> {
        let _lock = self.lock_clients().await?;
        let plan = self.plan_disconnect(id, request)?;
        let content = plan.shown.bytes.clone();
        self.write(plan, content, seen).await
    }

    fn plan_disconnect(&self, id: &InstanceId, request: &ConnectRequest) -> Result<Plan> {
        let client = clients::find(&request.client)?;
        let instance = self.instance(id)?;
        let located = self.locate(client, request)?;
        let found = read(&located)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        let not_connected =
            || Error::NotConnected { client: client.id.to_owned(), instance: instance.short_name.clone() };
        let entries = entries(&config, &found)?;
        let ours = entries.iter().find(|(_, entry)| self.is_for(&instance, &Recognised::of(entry)));
        let (name, _) = ours.ok_or_else(not_connected)?;
        let shown = edit::remove(found.bytes(), config.dialect, &config.place(name))
            .map_err(|problem| not_understood(&found, problem))?;
        Ok(Plan {
            client,
            located,
            config,
            entry: name.clone(),
            delivery: None,
            shown,
            secret: None,
            ours: None,
            notes: Vec::new(),
            found,
        })
    }
}
