//! Are the keys whose clients moved still used?

use super::show_mcp_move::McpMoveView;
use crate::ids::InstanceId;
use crate::key_use::LastUse;
use crate::rotation::{BlindSpot, Look, Watch};
use crate::store::{Instance, McpMove};
use crate::superset::Listed;
use crate::{Core, Result};

impl Core {
    /// One look, at all of them. None where nothing moves. That they cannot be looked at is no error, and stands in the
    /// answer.
    pub async fn look_at_moved_keys(&self, id: &InstanceId) -> Result<Option<McpMoveView>> {
        if self.instance(id)?.mcp_move.is_none() {
            return Ok(None);
        }
        match self.note_moved_keys(id).await {
            Ok(listed) => self.show_mcp_move(id, Some(&listed.keys), None),
            Err(error) => self.show_mcp_move(id, None, Some(&error)),
        }
    }

    async fn note_moved_keys(&self, id: &InstanceId) -> Result<Listed> {
        let before = self.instance(id)?;
        // Asking is a use of a key, so it comes first: the list then shows what is watched from now on.
        let mcp_notes_uses = match &before.mcp_move {
            Some(moving) if moving.mcp_notes_uses.is_none() => self.ask_mcp_of_moved(&before, moving).await,
            Some(moving) => moving.mcp_notes_uses,
            None => None,
        };
        let (_, listed) = self.list_whole_keys(id).await?;
        let instance = self.instance(id)?;
        let Some(moving) = &instance.mcp_move else { return Ok(listed) };
        let look = Look { at: self.now.now(), server: listed.date };
        let spots = self.blind_spots(&instance, mcp_notes_uses).await?;
        let uses = self.store.key_uses(&instance.id);
        // A look with a key is a use of it, so that key is never watched.
        let session = self.session(&instance).await?;
        let seen: Vec<_> = moving
            .keys
            .iter()
            .filter(|moved| session.key_id() != Some(&moved.id))
            .filter_map(|moved| listed.keys.iter().find(|key| key.id == moved.id))
            .map(|key| {
                let shown = LastUse::of(key);
                let by_others = uses.by_others(key, &instance.clock);
                let pause = match by_others.unwrap_or(shown) {
                    LastUse::At(wall) => Some(look.at.duration_since(instance.clock.instant(wall))),
                    LastUse::Never => None,
                };
                (key.id.clone(), shown, by_others, pause)
            })
            .collect();
        let id = id.clone();
        self.change(move |state| {
            let Some(moving) = &mut state.instance_mut(&id)?.mcp_move else { return Ok(()) };
            let is_seen_again = moving.blind_spots.contains(&BlindSpot::PublicRole)
                && !spots.contains(&BlindSpot::PublicRole);
            for (key, shown, by_others, pause) in seen {
                let Some(moved) = moving.keys.iter_mut().find(|moved| moved.id == key) else { continue };
                match &mut moved.watch {
                    Some(watch) => watch.look(shown, by_others, look),
                    begun @ None => *begun = Some(Watch::begin(shown, by_others, pause, look)),
                }
                if is_seen_again && let Some(watch) = &mut moved.watch {
                    // What nobody could have seen was no quiet.
                    watch.begin_anew(look);
                }
            }
            moving.blind_spots = spots;
            moving.mcp_notes_uses = mcp_notes_uses;
            Ok(())
        })
        .await?;
        Ok(listed)
    }

    /// With the first of them that is still here.
    async fn ask_mcp_of_moved(&self, instance: &Instance, moving: &McpMove) -> Option<bool> {
        let now = self.now.now();
        let usable = |key: &&crate::store::MovedKey| {
            instance.record(&key.id).is_some_and(|record| record.is_usable(now))
        };
        let key = &moving.keys.iter().find(usable)?.id;
        let secret = self.secret(&instance.id, key).await.ok()?;
        self.mcp_notes_uses(instance, key, &secret).await
    }
}
