//! Tell the program which zone a server's clock keeps.

use super::list_instances::InstanceView;
use crate::clock::ServerClock;
use crate::ids::InstanceId;
use crate::{Core, Error, Result};

impl Core {
    /// Sets an IANA zone, or with `None` goes back to learning from the server's answers.
    pub async fn set_clock(&self, id: &InstanceId, zone: Option<&str>) -> Result<InstanceView> {
        let clock = match zone {
            None => ServerClock::Assumed,
            Some(name) => {
                let zone = jiff::tz::TimeZone::get(name)
                    .map_err(|_| Error::UnknownZone { name: name.to_owned() })?;
                ServerClock::Zone { name: zone.iana_name().unwrap_or(name).to_owned() }
            }
        };
        let instance = id.clone();
        self.change(move |state| {
            state.instance_mut(&instance)?.clock = clock;
            Ok(())
        })
        .await?;
        self.show_instance(id)
    }
}
