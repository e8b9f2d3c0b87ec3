//! `support-desk config`: what was chosen, told without a secret in it.

use std::{
    io::{Write, stdout},
    process::ExitCode,
};

use clap::ValueEnum;
use minicom_core::{Limits, RateLimits};

use crate::{
    auth, fail,
    options::{Options, StoreKind},
    responder,
    server::Failure,
    workspaces,
};

/// Prints, and whether anybody reads it does not matter.
pub(crate) fn print(text: &str) -> ExitCode {
    let _ = stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

/// Says what holds, or why it cannot start.
pub(crate) fn run(options: &Options) -> ExitCode {
    match check(options) {
        Ok(()) => print(&summary(options)),
        Err(failure) => fail(&failure, ExitCode::from(2)),
    }
}

/// Looks for everything that would be found at a start without opening anything.
pub(crate) fn check(options: &Options) -> Result<(), Failure> {
    workspaces::check(options)?;
    auth::check(options)?;
    options.metrics.open()?;
    Ok(responder::check(&options.ai)?)
}

/// One line for each thing that there is to know, with what was not said filled in.
fn summary(options: &Options) -> String {
    let message_bytes = options.limits.message_bytes.unwrap_or(Limits::default().message_bytes);
    let database = match options.store {
        StoreKind::Sqlite => options.db.display().to_string(),
        StoreKind::Memory => "none, nothing is kept".to_owned(),
    };
    let filter = options.log.filter.as_ref().map_or_else(|| "by RUST_LOG".to_owned(), ToString::to_string);
    // It was looked for before.
    let metrics =
        if matches!(options.metrics.open(), Ok(Some(_))) { "/metrics" } else { "none, no token is said" };
    let mut lines = vec![
        format!("listen     {}, by {}", options.listen, word(&options.framework)),
        format!("drains     for {} s", options.drain_seconds),
        format!("database   {database}"),
        format!("identity   {}", options.auth.by),
        format!("answers    {}", word(&options.ai.responder)),
        format!("origins    {}", list(&options.allow_origin, "its own alone")),
        format!("messages   up to {message_bytes} bytes"),
        format!("rates      {}", rates(options)),
        format!("proxies    {}", proxies(options)),
        format!("log        {}, {filter}", word(&options.log.format)),
        format!("metrics    {metrics}"),
    ];
    lines.extend(options.workspaces.iter().map(|(id, section)| {
        let path = section.path.then(|| format!("/w/{id}/"));
        let hosts = list(&section.hosts, "no host name");
        let rates = if section.limits.say_rates() { ", rates of its own" } else { "" };
        format!("workspace  {id}: {hosts}, {}{rates}", path.unwrap_or_else(|| "no path".to_owned()))
    }));
    lines.join("\n") + "\n"
}

/// Each figure is in docs/limits.md; the first ones of people and addresses tell whether it is meant so.
fn rates(options: &Options) -> String {
    options.rates().map_or_else(
        || "not counted".to_owned(),
        |RateLimits { workspace, address, .. }| {
            let (messages, requests) = (workspace.visitor.messages, address.requests);
            format!("a visitor {messages} messages, an address {requests} requests")
        },
    )
}

fn proxies(options: &Options) -> String {
    let trusted = &options.addresses.trusted_proxies;
    if trusted.is_empty() {
        "none is trusted".to_owned()
    } else {
        format!("{}, by {}", list(trusted, ""), word(&options.addresses.forwarded_header))
    }
}

fn list<T: ToString>(items: &[T], none: &str) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    if items.is_empty() { none.to_owned() } else { items.join(", ") }
}

/// The word by which a value is chosen.
fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
