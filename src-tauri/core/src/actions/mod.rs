//! What the program does, one verb a file. Each is a method of [`crate::Core`] that both faces call.

mod add_instance;
mod checkup;
mod create_key;
mod default_key;
mod detect_instance;
mod find_key;
mod forget_secret;
mod join_records;
mod list_instances;
mod list_keys;
mod match_pasted_key;
mod read_secret;
mod recover_creates;
mod remove_instance;
mod rename_instance;
mod render_snippet;
mod replace_key;
mod revoke_key;
mod run_bridge;
mod save_held_key;
mod set_clock;
mod set_mcp_url;
mod settle_create;
mod sign_in;
mod sign_out;
mod watch_keychain;

pub use add_instance::{AddedInstance, NewInstance};
pub use checkup::CheckupWith;
pub use detect_instance::DetectionView;
pub use find_key::DefaultKeyView;
pub use remove_instance::RemovedView;
pub use render_snippet::{SnippetRequest, SnippetView};
pub use run_bridge::BridgeRequest;
pub use sign_in::Credentials;
