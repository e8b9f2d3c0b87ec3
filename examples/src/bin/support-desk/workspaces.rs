//! What is different in a workspace, as the configuration file says it.

use std::collections::{BTreeMap, BTreeSet};

use minicom_core::{AiPolicy, Builder, Refusal, WorkspaceId, WorkspaceSettings};
use minicom_web::{HostName, Origin, WebOptions, WorkspaceOptions};
use serde::Deserialize;

use crate::{limits::LimitOptions, options::Options, widget::WidgetOptions};

/// The most that a message may have, in bytes: a frame takes no more.
const MOST_MESSAGE_BYTES: usize = 64 * 1024;

/// `[workspaces.…]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WorkspaceSection {
    /// Requests to these host names are for it.
    pub(crate) hosts: Vec<HostName>,
    /// Whether everything is also below `/w/{workspace}/`.
    pub(crate) path: bool,
    /// Origins whose pages may connect, besides those of every workspace.
    pub(crate) allow_origin: Vec<Origin>,
    /// When the AI answers and how, until its supervisors set something else.
    pub(crate) policy: Option<AiPolicy>,
    /// What the server puts up with there.
    pub(crate) limits: LimitOptions,
    /// How the widget looks there.
    pub(crate) widget: WidgetOptions,
}

/// What cannot be, though each value can.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Contradiction {
    #[error("{section}limits.message_bytes: {bytes} is not within 1 and {MOST_MESSAGE_BYTES}")]
    MessageBytes { section: String, bytes: usize },
    #[error(
        "{key} says how much may be done, and nobody counts it where the path says who somebody is: say rate_limits = true, \
         --limits, or another --auth"
    )]
    Uncounted { key: String },
    #[error("{key}: {problem}")]
    Policy { key: String, problem: Refusal },
    #[error("workspaces.{second}.hosts: {host} is a host of the workspace {first} already")]
    Host { first: WorkspaceId, second: WorkspaceId, host: HostName },
}

/// Looks for what cannot be.
pub(crate) fn check(options: &Options) -> Result<(), Contradiction> {
    check_limits("", &options.limits)?;
    check_counted(options)?;
    check_policy("ai.policy", options.ai.policy.as_ref())?;
    let mut hosts = BTreeMap::new();
    for (id, section) in &options.workspaces {
        check_limits(&format!("workspaces.{id}."), &section.limits)?;
        check_policy(&format!("workspaces.{id}.policy"), section.policy.as_ref())?;
        for host in section.hosts.iter().collect::<BTreeSet<_>>() {
            if let Some(first) = hosts.insert(host, id) {
                let (first, second) = (first.clone(), id.clone());
                return Err(Contradiction::Host { first, second, host: host.clone() });
            }
        }
    }
    Ok(())
}

fn check_limits(section: &str, limits: &LimitOptions) -> Result<(), Contradiction> {
    match limits.message_bytes {
        Some(bytes) if !(1..=MOST_MESSAGE_BYTES).contains(&bytes) => {
            Err(Contradiction::MessageBytes { section: section.to_owned(), bytes })
        }
        _ => Ok(()),
    }
}

/// What nobody would hold to must not be said.
fn check_counted(options: &Options) -> Result<(), Contradiction> {
    if options.rates().is_some() {
        return Ok(());
    }
    let of_all = [
        ("limits".to_owned(), options.limits.say_rates()),
        ("addresses".to_owned(), options.addresses.say_rates()),
    ];
    let sections = options.workspaces.iter();
    let of_each =
        sections.map(|(id, section)| (format!("workspaces.{id}.limits"), section.limits.say_rates()));
    match of_all.into_iter().chain(of_each).find(|(_, says)| *says) {
        Some((key, _)) => Err(Contradiction::Uncounted { key }),
        None => Ok(()),
    }
}

fn check_policy(key: &str, policy: Option<&AiPolicy>) -> Result<(), Contradiction> {
    let checked = policy.map_or(Ok(()), AiPolicy::check);
    checked.map_err(|problem| Contradiction::Policy { key: key.to_owned(), problem })
}

/// Tells core of every workspace.
pub(crate) fn configure(builder: Builder, options: &Options) -> Builder {
    let general = options.rates();
    options.workspaces.iter().fold(builder, |builder, (id, section)| {
        let mut settings = WorkspaceSettings::default();
        settings.ai_policy.clone_from(&section.policy);
        settings.message_bytes = section.limits.message_bytes;
        settings.rates = general.map(|rates| section.limits.rates_over(rates.workspace));
        builder.workspace(id.clone(), settings)
    })
}

/// Tells the web of every workspace.
pub(crate) fn web(options: &Options) -> WebOptions {
    let web = WebOptions::default()
        .allow_origins(options.allow_origin.iter().cloned())
        .trusted_proxies(options.addresses.proxies())
        .widget(options.widget.clone().into());
    options.workspaces.iter().fold(web, |web, (id, section)| {
        let mut workspace = WorkspaceOptions::new(id.clone());
        workspace.hosts.clone_from(&section.hosts);
        workspace.reached_by_path = section.path;
        workspace.allowed_origins.clone_from(&section.allow_origin);
        workspace.widget = section.widget.clone().into();
        web.workspace(workspace)
    })
}
