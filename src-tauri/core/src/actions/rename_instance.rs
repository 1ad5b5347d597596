//! Call an instance something else.

use super::list_instances::InstanceView;
use crate::ids::InstanceId;
use crate::names::{INSTANCE_NAME_LIMIT, display_name, slug_from};
use crate::{Core, Result};

impl Core {
    /// Gives an instance a new name and the short name that follows from it. The old short name stands in
    /// written client files, so it keeps working until the instance is removed.
    pub async fn rename_instance(&self, id: &InstanceId, name: &str) -> Result<InstanceView> {
        let name = display_name(name, INSTANCE_NAME_LIMIT)?;
        let renamed = id.clone();
        self.change(move |state| {
            let own = state.instance(&renamed)?;
            let mut own_names = own.former_short_names.clone();
            own_names.push(own.short_name.clone());
            let short_name = slug_from(&name, "superset", |made| {
                state.short_name_taken(made) && !own_names.iter().any(|own| own == made)
            });
            let instance = state.instance_mut(&renamed)?;
            instance.name = name;
            if short_name != instance.short_name {
                let former = std::mem::replace(&mut instance.short_name, short_name);
                instance.former_short_names.retain(|old| *old != instance.short_name);
                instance.former_short_names.push(former);
            }
            Ok(())
        })
        .await?;
        self.show_instance(id)
    }
}
