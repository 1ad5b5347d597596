//! Our entry taken out of an AI client's file again. The key lives on.

use super::client_edit::{EntryPreview, EntryWritten, Plan, entries, not_understood};
use super::connect_client::ConnectRequest;
use crate::client_files::Digest;
use crate::clients;
use crate::deed::{Deed, DeedKind};
use crate::ids::InstanceId;
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
        self.clean_backups().await;
        let _lock = self.lock_clients().await?;
        let plan = self.plan_disconnect(id, request)?;
        let content = plan.shown.bytes.clone();
        let written = self.write(plan, content, seen).await?;
        if written.changed {
            self.note(id, Deed::of_client(DeedKind::ClientDisconnected, &written.client, &written.path))
                .await;
        }
        Ok(written)
    }

    fn plan_disconnect(&self, id: &InstanceId, request: &ConnectRequest) -> Result<Plan> {
        let client = clients::find(&request.client)?;
        let instance = self.instance(id)?;
        let located = self.locate_for(client, id, request)?;
        let found = self.read_whole(client, &located.path)?;
        let config = client.writes().map_err(|why| client.not_written(why))?;
        let not_connected =
            || Error::NotConnected { client: client.id.to_owned(), instance: instance.short_name.clone() };
        let reader = self.entry_reader()?;
        let entries = entries(&located, &found)?;
        let ours = entries.iter().find(|(_, entry)| reader.is_for(&instance, &reader.read(entry)));
        let (name, _) = ours.ok_or_else(not_connected)?;
        let shown = located.remove(found.bytes(), name).map_err(|problem| not_understood(&found, problem))?;
        let project = request.project.as_deref().and_then(|project| self.find_folder(project).ok());
        let beside = self.still_connected(client, &instance, &located, project.as_deref(), &reader);
        Ok(Plan {
            client,
            located,
            config,
            entry: name.clone(),
            delivery: None,
            shown,
            secret: None,
            ours: None,
            texts: Vec::new(),
            notes: Vec::new(),
            beside,
            drops_key: request.drop_key,
            found,
        })
    }
}
