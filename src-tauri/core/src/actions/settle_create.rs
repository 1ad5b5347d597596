//! After a create without a usable answer: was a key made all the same? Nothing is sent a second time.

use super::outcome::Outcome;
use super::recover_creates::led_to;
use crate::store::{CreateIntent, HeldIntent, Instance};
use crate::{Core, Error};

impl Core {
    /// Looks at the list and answers what the person is to be told.
    pub(super) async fn settle_failed_create(
        &self,
        instance: &Instance,
        intent: &CreateIntent,
        hold: HeldIntent,
        error: Error,
    ) -> Error {
        let outcome = Outcome::after(&error);
        if outcome == Outcome::Nothing {
            return self.clear_intent(instance, intent, error).await;
        }
        let listed = self
            .with_session(instance, |by| async move { self.superset.list_keys(&by.site, by.auth()).await });
        match listed.await {
            // Not even the list: the intent stays for the next start.
            Err(_) => Error::CreateUnclear { found: None },
            Ok(listed) => {
                // Another process may have recorded one of the same name meanwhile.
                let instance = self.instance(&instance.id).unwrap_or_else(|_| instance.clone());
                let found = listed.keys.iter().find(|key| led_to(intent, &instance, key));
                match found {
                    Some(key) => {
                        // Its plaintext went with the answer. The intent stays, so that the list names it.
                        drop(hold);
                        Error::CreateUnclear { found: Some(key.id.to_string()) }
                    }
                    // The server may still be at it: the intent stays, for a later list.
                    None if outcome == Outcome::Lost => Error::CreateUnclear { found: None },
                    None => self.clear_intent(&instance, intent, error).await,
                }
            }
        }
    }

    async fn clear_intent(&self, instance: &Instance, intent: &CreateIntent, error: Error) -> Error {
        let (id, intent) = (instance.id.clone(), intent.id.clone());
        let cleared = self
            .change(move |state| {
                state.instance_mut(&id)?.intents.retain(|open| open.id != intent);
                Ok(())
            })
            .await;
        if let Err(problem) = cleared {
            tracing::warn!(error = %problem, "a create intent could not be cleared");
        }
        error
    }
}
