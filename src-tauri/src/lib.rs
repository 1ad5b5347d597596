//! The desktop shell: the window, its one command table, and nothing that decides anything.

mod browser;
mod clipboard;
mod closing;
mod commands;
mod desktop;
mod for_command_line;
pub mod ipc;
mod locking;
mod log;
mod page;
mod preview;
mod rotating;
mod running;
mod token;
mod vault;
mod watch;

use clipboard::CopiedKey;
use std::process::ExitCode;
use std::sync::Arc;
use superset_keys_core::{Core, CoreParts};
use tauri::{Manager, RunEvent, Runtime};
use tauri_specta::{Event, collect_commands, collect_events};

/// The core as the commands see it.
pub type AppCore = Arc<Core>;
/// The check-ups under way, as the commands see them.
type AppCheckups = running::RunningCheckups;
/// Revokes under way, as the commands see them.
type AppRevokes = running::TellRevokes;
/// Sign-ins for AI clients under way, as the commands see them.
type AppOAuth = running::RunningSignIns;
/// The last scan, as the commands see it.
type AppScan = running::KeptScan;
/// The system's dialogs as the commands see them.
type AppDialogs = desktop::Dialogs;
/// The private window for signing in, as the commands see it.
type AppSignIn = browser::SignInWindow;
/// The window itself as the commands see it.
type AppWindow = desktop::OwnWindow;
/// The preview that is open, as the commands see it.
type AppPreview = preview::OpenPreview;
/// Secrets that move, as the commands see it.
type AppMoves = running::RunningMove;
/// The vault, and who answers for it.
pub use vault::AppVault;
/// The token that somebody looks at, as the commands see it.
type AppToken = token::HeldToken;
/// The clipboard as the commands see it.
type AppClipboard = Arc<CopiedKey>;

/// The one command table: what the window can ask for and hear.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a table: one row per command")]
pub fn command_table<R: Runtime>() -> tauri_specta::Builder<R> {
    use commands::{
        access, activity, api_keys, audit, audit_set_up, checkup, clients, desktop, embedding, guest_tokens,
        instances, lock, mcp, moving, network, oauth, preview, record, rotations, scan, secrets, session,
        settings, vault,
    };
    tauri_specta::Builder::<R>::new()
        // One shape for both ways: what a view leaves out, it sends as null.
        .disable_serde_phases()
        .commands(collect_commands![
            instances::list_instances,
            instances::detect_instance,
            instances::add_instance,
            instances::rename_instance,
            instances::remove_instance,
            instances::set_mcp_url,
            instances::damaged_list,
            instances::begin_anew,
            instances::look_at_mcp,
            network::show_network,
            network::set_network,
            network::look_at_network,
            network::choose_file,
            session::sign_in,
            session::sign_in_in_browser,
            session::show_browser,
            session::stop_browser,
            session::sign_out,
            api_keys::list_keys,
            api_keys::kept_keys,
            api_keys::create_key,
            api_keys::replace_key,
            api_keys::store_held_key,
            api_keys::acknowledge_saved,
            api_keys::revoke_key,
            api_keys::plan_revoke,
            api_keys::revoke_keys,
            api_keys::dismiss_unaccounted,
            secrets::keychain_state,
            secrets::unlock_keychain,
            secrets::reveal_secret,
            lock::secret_hidden,
            lock::lock_state,
            lock::lock_app,
            lock::unlock_app,
            lock::note_presence,
            secrets::copy_secret,
            secrets::copy_text,
            secrets::clear_clipboard,
            secrets::forget_secret,
            secrets::set_default_key,
            mcp::list_clients,
            clients::find_clients,
            clients::clients_that_use,
            clients::preview_connect,
            clients::connect_client,
            clients::preview_disconnect,
            clients::disconnect_client,
            clients::preview_restore,
            clients::restore_client,
            clients::mend_clients,
            desktop::choose_folder,
            desktop::open_client_file,
            desktop::name_window,
            desktop::close_window,
            desktop::open_list_folder,
            desktop::notify,
            mcp::render_snippet,
            mcp::copy_snippet,
            checkup::checkup,
            checkup::stop_checkup,
            checkup::past_checkups,
            scan::scan_keys,
            scan::stop_scan,
            scan::check_scanned_keys,
            scan::move_scanned_key,
            access::mcp_access,
            access::set_mcp_access,
            access::prove_mcp_access,
            moving::move_mcp_access,
            moving::mcp_move,
            moving::look_at_moved_keys,
            access::keep_signing_secret,
            access::forget_signing_secret,
            access::signing_config,
            access::copy_signing_secret,
            access::mint_token,
            access::copy_token,
            access::inspect_token,
            access::drop_token,
            oauth::find_oauth,
            oauth::set_oauth,
            oauth::sign_in_oauth,
            oauth::open_sign_in_page,
            oauth::stop_sign_in,
            oauth::sign_out_oauth,
            oauth::user_lines,
            activity::show_activity,
            activity::acknowledge_use,
            activity::forget_activity,
            record::show_record,
            record::verify_record,
            record::export_record,
            activity::show_guard,
            settings::show_settings,
            settings::set_setting,
            vault::vault_state,
            vault::create_vault,
            vault::unlock_vault,
            vault::lock_vault,
            vault::change_vault_passphrase,
            vault::restore_vault,
            vault::move_secrets,
            vault::stop_moving,
            vault::try_store,
            vault::choose_export,
            vault::export_vault,
            vault::import_vault,
            rotations::rotate_key,
            rotations::list_rotations,
            rotations::change_rotation,
            rotations::clients_of_rotation,
            rotations::rewrite_clients,
            rotations::set_replace_in_time,
            rotations::reminders,
            rotations::note_notified,
            audit_set_up::audit_set_up,
            audit_set_up::make_audit_dataset,
            audit_set_up::make_audit_role,
            audit::audit,
            audit::audit_offline,
            audit::audit_person,
            audit::is_audit_offered,
            audit::audit_revoke_sql,
            audit::export_audit,
            audit::set_person_active,
            embedding::list_dashboards,
            embedding::embed_dashboard,
            embedding::end_embedding,
            embedding::make_guest_role,
            embedding::make_minter,
            embedding::check_embedding,
            embedding::embedding_snippet,
            guest_tokens::mint_guest_token,
            guest_tokens::inspect_guest_token,
            guest_tokens::list_datasets,
            guest_tokens::prove_rows,
            preview::open_preview,
            preview::close_preview,
        ])
        .events(collect_events![
            ipc::StateChanged,
            ipc::ClipboardEnded,
            ipc::CloseRefused,
            ipc::LockChanged,
            ipc::LockRefused,
            ipc::CheckupProgress,
            ipc::BrowserAt,
            ipc::SignInPrompt,
            ipc::RevokesProgress,
            ipc::SecretsMoving,
            ipc::PreviewSaid
        ])
}

/// The app on any runtime: the real one, or a test's.
pub fn build<R: Runtime>(builder: tauri::Builder<R>, core: AppCore, vault: AppVault) -> tauri::Builder<R> {
    let table = command_table::<R>();
    let builder = builder.on_window_event(closing::keep_open());
    builder
        .plugin(page::stays())
        .manage(core)
        .manage(vault)
        .manage(AppScan::default())
        .manage(AppToken::default())
        .invoke_handler(table.invoke_handler())
        .setup(move |app| {
            table.mount_events(app);
            let window = app.handle().clone();
            app.manage(AppClipboard::new(CopiedKey::new(move |ended| {
                if let Err(error) = ended.emit(&window) {
                    tracing::warn!(%error, "the window was not told that the clipboard is clear");
                }
            })));
            app.manage(AppDialogs::new(app.handle().clone()));
            app.manage(AppWindow::new(app.handle().clone()));
            let window = app.handle().clone();
            app.manage(AppSignIn::new(app.handle().clone(), move |at| {
                let _ = at.emit(&window);
            }));
            let window = app.handle().clone();
            app.manage(AppCheckups::new(move |found| {
                let _ = found.emit(&window);
            }));
            let window = app.handle().clone();
            app.manage(AppOAuth::new(move |prompt| {
                let _ = prompt.emit(&window);
            }));
            let window = app.handle().clone();
            app.manage(AppPreview::new(move |said| {
                let _ = said.emit(&window);
            }));
            let window = app.handle().clone();
            app.manage(AppRevokes::new(move |progress| {
                let _ = progress.emit(&window);
            }));
            let window = app.handle().clone();
            app.manage(AppMoves::new(move |moving| {
                let _ = moving.emit(&window);
            }));
            watch::state_file(app.handle());
            locking::watch(app.handle());
            rotating::go_on(app.handle());
            Ok(())
        })
}

/// Opens the window and stays until it is closed.
#[must_use]
pub fn run() -> ExitCode {
    // What the web view starts takes the limit along; a look into this program's memory is its own to refuse.
    superset_keys_core::sealed::seal();
    let parts = match CoreParts::of_this_computer() {
        Ok(parts) => parts,
        Err(error) => return stop(&error),
    };
    log::start(&parts.store.places().state);
    if let Some(asked) = for_command_line::Asked::of(std::env::args_os()) {
        let vault = AppVault::new(parts.store.places());
        return for_command_line::sign_in(Arc::new(Core::with_vault(parts, vault.store())), asked);
    }
    let vault = AppVault::new(parts.store.places());
    let core = Arc::new(Core::with_vault(parts, vault.store()));
    let app = build(tauri::Builder::default(), core, vault).build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    app.state::<AppClipboard>().clear();
                    app.state::<AppVault>().stop_answering();
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => stop(&error),
    }
}

fn stop(error: &dyn std::error::Error) -> ExitCode {
    tracing::error!(%error, "the app cannot start");
    #[allow(clippy::print_stderr)] // there is no window to say it in
    {
        eprintln!("Superset Keys cannot start: {error}");
    }
    ExitCode::FAILURE
}
