//! `superset-keys instances …`

use super::Context;
use super::network::{self, TakenBack};
use crate::args::{AddInstance, Instances};
use crate::failure::{Failure, Outcome};
use crate::table::{Table, facts};
use crate::{print, times, words};
use superset_keys_core::ErrorCode;
use superset_keys_core::actions::{AddedInstance, DetectionView, InstanceView, NewInstance, SessionState};
use superset_keys_core::superset::ApiKeysSupport;

pub fn run(context: &Context, command: Instances) -> Outcome {
    let core = &context.core;
    match command {
        Instances::Add(args) => add(context, args),
        Instances::List => list(context),
        Instances::Show { at } => {
            let instance = core.show_instance(&context.instance(&at.instance)?)?;
            say(context, &instance, None)
        }
        Instances::Rename { at, name } => {
            let id = context.instance(&at.instance)?;
            let before = core.show_instance(&id)?;
            let after = context.wait(core.rename_instance(&id, &name))?;
            if before.short_name != after.short_name {
                context.out.note(&format!(
                    "Its short name is now {}; {} keeps working.",
                    after.short_name, before.short_name
                ));
            }
            say(context, &after, Some("Renamed"))
        }
        Instances::Remove { at, forget_keys } => {
            let id = context.instance(&at.instance)?;
            let name = core.show_instance(&id)?.name;
            if forget_keys {
                // Not to be able to unlock it is no reason to keep the instance.
                let _ = context.open_keychain();
            }
            let removed = context.wait(core.remove_instance(&id, forget_keys))?;
            let left = words::left_behind(removed.left_behind);
            context.out.answer(&removed, || match removed.forgotten_keys {
                0 => format!("{name} is off the list.{left}"),
                count => format!(
                    "{name} is off the list, and {count} stored {} forgotten. Nothing was revoked: the server \
                     still takes them.{left}",
                    if count == 1 { "key was" } else { "keys were" }
                ),
            })
        }
        Instances::Clock { at, zone, learn } => {
            let id = context.instance(&at.instance)?;
            let instance = if zone.is_some() || learn {
                context.wait(core.set_clock(&id, zone.as_deref()))?
            } else {
                core.show_instance(&id)?
            };
            context.out.answer(&instance, || {
                format!("The clock of {}: {}.", instance.name, times::clock(&instance.clock))
            })
        }
        Instances::McpUrl { at, url } => {
            let id = context.instance(&at.instance)?;
            let instance = context.wait(core.set_mcp_url(&id, url.as_deref()))?;
            context.out.answer(&instance, || {
                let url = instance.mcp_url.as_deref().unwrap_or("not known");
                format!("The MCP server of {}: {url}", instance.name)
            })
        }
        Instances::Network { at, network: args, no_ca, no_client_certificate, default_timeouts } => {
            let back =
                TakenBack { ca: no_ca, certificate: no_client_certificate, timeouts: default_timeouts };
            network::network(context, &context.instance(&at.instance)?, &args, back)
        }
    }
}

fn add(context: &Context, args: AddInstance) -> Outcome {
    let username = args.username.clone();
    let new = NewInstance {
        address: args.url,
        name: args.name,
        environment: args.environment.into(),
        mcp_url: args.mcp_url,
        allow_http: args.allow_http,
        username: args.username,
    };
    let AddedInstance { instance: added, seen } =
        network::changed(context, &args.network, TakenBack::default(), |network| {
            if !network.is_empty() {
                context.open_keychain()?;
            }
            context.wait(context.core.add_instance_over(new.clone(), network))
        })?;
    remarks(context, &added, &seen);
    for other in seen.listed.iter().filter(|other| other.is_of(username.as_deref())) {
        context.out.note(&format!(
            "{} is at this address already. Two on the list are of use for two people only.",
            other.name
        ));
    }
    if added.unencrypted {
        context.out.note("Keys and passwords will travel to it in the open: plain http.");
    }
    if added.mcp_url.is_none() && !seen.wants_certificate {
        context.out.note(&format!(
            "Its MCP server was not found. If it has one: `superset-keys instances mcp-url {} URL`.",
            added.short_name
        ));
    }
    say(context, &added, Some("Added"))?;
    context.out.note(&format!("Next: `superset-keys sign-in {}`", added.short_name));
    Ok(())
}

/// What will stand in the way later, said now.
fn remarks(context: &Context, added: &InstanceView, seen: &DetectionView) {
    let remark = |code, name: &str, value: &str| {
        context.out.remark(&Failure::core(code).with("instance", &*added.short_name).with(name, value));
    };
    if matches!(seen.api_keys, ApiKeysSupport::Off | ApiKeysSupport::ManagementOff) {
        remark(ErrorCode::ApiKeysOff, "", "");
    }
    if seen.wants_certificate {
        let wanted = Failure::core(ErrorCode::ClientCertificateRefused).with("host", &*seen.host);
        context.out.remark(&wanted.with("problem", "missing").with("instance", &*added.short_name));
    }
    if seen.sign_in.known && !seen.sign_in.password && !seen.sign_in.ldap {
        remark(ErrorCode::SignInUnsupported, "ways", &seen.sign_in.others.join(", "));
    }
}

fn list(context: &Context) -> Outcome {
    let instances = context.core.list_instances()?;
    if instances.is_empty() {
        context.out.note("No instance yet. `superset-keys instances add URL` adds one.");
        if !context.out.json && print::is_terminal() {
            return Ok(());
        }
    }
    context.out.answer(&instances, || {
        let mut table = Table::new(if print::is_terminal() {
            &["SHORT NAME", "NAME", "ADDRESS", "SUPERSET", "SIGNED IN", "KEYS HERE"]
        } else {
            &["short_name", "name", "url", "version", "signed_in", "stored_keys"]
        });
        for instance in &instances {
            table.row(vec![
                instance.short_name.clone(),
                instance.name.clone(),
                instance.url.clone(),
                instance.version.clone().unwrap_or_default(),
                session(instance),
                instance.stored_keys.to_string(),
            ]);
        }
        if print::is_terminal() { table.aligned() } else { table.tab_separated() }
    })
}

fn say(context: &Context, instance: &InstanceView, done: Option<&str>) -> Outcome {
    let default = context
        .core
        .default_key(&instance.id)?
        .map(|key| if key.usable { key.alias } else { format!("{} (cannot be used any more)", key.alias) });
    context.out.answer(instance, || {
        let head = done.map_or_else(|| instance.name.clone(), |done| format!("{done} {}", instance.name));
        let rows = facts(&[
            ("Short name", Some(instance.short_name.clone())),
            ("Address", Some(instance.url.clone())),
            ("Superset", instance.version.clone()),
            ("MCP server", instance.mcp_url.clone()),
            ("Signed in", Some(session(instance))),
            ("Clock", Some(times::clock(&instance.clock))),
            ("Keys here", Some(instance.stored_keys.to_string())),
            ("Default key", default),
        ]);
        format!("{head}\n{rows}")
    })
}

fn session(instance: &InstanceView) -> String {
    let user = instance.user.as_ref().map(|user| user.username.as_str()).unwrap_or_default();
    match instance.session {
        SessionState::SignedOut => "no".to_owned(),
        SessionState::SignedIn => user.to_owned(),
        SessionState::Over => format!("{user} (over)"),
    }
}
