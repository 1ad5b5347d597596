//! Do the keys that were found still work? Asked only when a person said so.

use crate::clock::rfc3339;
use crate::http::Auth;
use crate::ids::{ApiKeyId, InstanceId};
use crate::key_use::Purpose;
use crate::scan::{KeyLife, LifeState, Scan, ScannedKey, ToldBy};
use crate::store::Instance;
use crate::{Core, Error, ErrorCode, Result};
use std::collections::HashMap;

const ASKED: &str = "/api/v1/me/";
const ASKED_OF_STRANGERS: &str = "/api/v1/security/api_keys/";

impl Core {
    /// The instances that [`Core::check_alive`] would ask, by name. None: nothing can be asked.
    pub fn instances_to_ask(&self, scan: &Scan) -> Result<Vec<String>> {
        let state = self.store.read()?;
        let asked = |id: &InstanceId| scan.keys.iter().any(|key| key.instance.as_ref() == Some(id));
        let instances = state.instances.iter().filter(|instance| asked(&instance.id));
        Ok(instances.map(|instance| instance.name.clone()).collect())
    }

    /// Asks each key's instance whether the key works. The list that the person's session gives is asked first
    /// and uses no key; a key that no list shows is used once, which moves its last-used time and is noted in the
    /// journal. A key whose instance is not on this computer's list is shown to nobody.
    pub async fn check_alive(&self, scan: &mut Scan) -> Result<()> {
        let mut lists: HashMap<InstanceId, Listed> = HashMap::new();
        for key in &mut scan.keys {
            let Some(id) = key.instance.clone() else { continue };
            let instance = self.instance(&id)?;
            if key.record.is_some() && !lists.contains_key(&id) {
                lists.insert(id.clone(), self.list_for_scan(&instance).await);
            }
            key.life = match lists.get(&id) {
                Some(Listed::Keys(listed))
                    if key.record.as_ref().is_some_and(|key| listed.contains_key(key)) =>
                {
                    let state = key.record.as_ref().and_then(|key| listed.get(key)).copied();
                    self.told(state.unwrap_or(LifeState::Unknown), ToldBy::List)
                }
                // Asked again, the list may answer; a key is not used for that.
                Some(Listed::Away(problem)) => KeyLife { problem: Some(*problem), ..KeyLife::UNKNOWN },
                _ => self.use_once(&instance, key).await,
            };
        }
        scan.asked = true;
        Ok(())
    }

    async fn list_for_scan(&self, instance: &Instance) -> Listed {
        // A session that is a key would use that key.
        if instance.signed_in.as_ref().is_none_or(|signed_in| signed_in.how.key().is_some()) {
            return Listed::No;
        }
        match self.list_keys(&instance.id).await {
            Ok(list) => {
                let told = list.keys.into_iter().filter_map(|key| Some((key.id, key.status?.into())));
                Listed::Keys(told.collect())
            }
            Err(Error::SignedOut | Error::SessionOver | Error::Forbidden | Error::ApiKeysOff) => Listed::No,
            Err(error) => {
                tracing::info!(%error, "the list of keys could not be asked");
                Listed::Away(error.code())
            }
        }
    }

    async fn use_once(&self, instance: &Instance, key: &ScannedKey) -> KeyLife {
        let Some(spot) = key.spots.first() else { return KeyLife::UNKNOWN };
        let asked = async {
            let secret = self.read_spot(spot).await?;
            let named = key.record.clone().unwrap_or_else(|| ApiKeyId::new(key.hint.as_str()));
            let noted = self.begin_own_use(instance, &named, false, Purpose::Scan).await;
            let site = self.site(instance);
            let mut sent = vec![ASKED];
            let answered = match self.superset.who(&site, Auth::Key(&secret)).await {
                // A stranger, whatever the key.
                Ok(None) => {
                    sent.push(ASKED_OF_STRANGERS);
                    self.superset.list_keys(&site, Auth::Key(&secret)).await.map(drop)
                }
                answered => answered.map(drop),
            };
            // It may have arrived whatever came back.
            noted.sent(&sent);
            answered
        };
        match asked.await {
            Ok(()) => self.told(LifeState::Active, ToldBy::Key),
            Err(Error::KeyRejected) => self.told(LifeState::Rejected, ToldBy::Key),
            Err(error) => {
                tracing::info!(%error, "whether a key works could not be asked");
                KeyLife { problem: Some(error.code()), ..KeyLife::UNKNOWN }
            }
        }
    }

    fn told(&self, state: LifeState, by: ToldBy) -> KeyLife {
        KeyLife { state, told_by: Some(by), at: Some(rfc3339(self.now.now())), problem: None }
    }
}

/// What an instance's list says.
enum Listed {
    Keys(HashMap<ApiKeyId, LifeState>),
    /// There is no session that may list.
    No,
    Away(ErrorCode),
}
