//! What the server puts up with: of people, in all workspaces or in one, and of addresses. What is not said is the library's own.

use std::num::NonZeroUsize;

use clap::{Args, ValueEnum};
use minicom_core::{AddressRange, AddressRates, ChatRates, Rate, WorkspaceRates};
use minicom_web::{ForwardedHeader, TrustedProxies};
use serde::Deserialize;

/// What the server puts up with, of the people of a workspace.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitOptions {
    /// The longest message, in bytes of UTF-8, up to 65536. 16384 if nothing is said.
    #[arg(
        id = "limits.message_bytes",
        long = "message-bytes",
        env = "MINICOM_MESSAGE_BYTES",
        value_name = "BYTES"
    )]
    pub(crate) message_bytes: Option<usize>,

    /// What each visitor may do in a while.
    #[arg(skip)]
    visitor: ChatSection,
    /// What each agent may.
    #[arg(skip)]
    agent: ChatSection,
    /// What all visitors may together.
    #[arg(skip)]
    all_visitors: ChatSection,
    /// What all agents may together.
    #[arg(skip)]
    all_agents: ChatSection,
    /// How many conversations may begin in a while.
    #[arg(skip)]
    conversations: Option<Rate>,
    /// How many sockets may be open.
    #[arg(skip)]
    sockets: Option<NonZeroUsize>,
}

/// What is done in chats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ChatSection {
    messages: Option<Rate>,
    bytes: Option<Rate>,
    frames: Option<Rate>,
    reads: Option<Rate>,
    connects: Option<Rate>,
}

impl ChatSection {
    /// What is said here, and what is not as there.
    fn over(&self, mut rates: ChatRates) -> ChatRates {
        rates.messages = self.messages.unwrap_or(rates.messages);
        rates.bytes = self.bytes.unwrap_or(rates.bytes);
        rates.frames = self.frames.unwrap_or(rates.frames);
        rates.reads = self.reads.unwrap_or(rates.reads);
        rates.connects = self.connects.unwrap_or(rates.connects);
        rates
    }
}

impl LimitOptions {
    /// What is said here, and what is not as there.
    pub(crate) fn rates_over(&self, mut rates: WorkspaceRates) -> WorkspaceRates {
        rates.visitor = self.visitor.over(rates.visitor);
        rates.agent = self.agent.over(rates.agent);
        rates.all_visitors = self.all_visitors.over(rates.all_visitors);
        rates.all_agents = self.all_agents.over(rates.all_agents);
        rates.conversations = self.conversations.unwrap_or(rates.conversations);
        rates.sockets = self.sockets.map_or(rates.sockets, NonZeroUsize::get);
        rates
    }

    /// Whether anything is said of how much is done.
    pub(crate) fn say_rates(&self) -> bool {
        let sections = [&self.visitor, &self.agent, &self.all_visitors, &self.all_agents];
        sections.into_iter().any(|section| *section != ChatSection::default())
            || self.conversations.is_some()
            || self.sockets.is_some()
    }
}

/// Where requests come from, and how much may come from one address.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Addresses")]
pub(crate) struct AddressOptions {
    /// The addresses of reverse proxies, or ranges such as 10.0.0.0/8, whose word on the client's address is believed; several
    /// by repeating it, or with commas. Without it all who come through one share its limits.
    #[arg(
        id = "addresses.trusted_proxies",
        long = "trusted-proxy",
        env = "MINICOM_TRUSTED_PROXY",
        value_name = "RANGE",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxies: Vec<AddressRange>,

    /// The header in which they say it. What a client puts into the other one is not heard.
    #[arg(
        id = "addresses.forwarded_header",
        long = "forwarded-header",
        env = "MINICOM_FORWARDED_HEADER",
        value_enum,
        default_value_t
    )]
    pub(crate) forwarded_header: HeaderName,

    /// How many handshakes of sockets in a while.
    #[arg(skip)]
    connects: Option<Rate>,
    /// How many requests.
    #[arg(skip)]
    requests: Option<Rate>,
    /// How many tokens that are not believed.
    #[arg(skip)]
    auth_failures: Option<Rate>,
    /// How many sockets may be open.
    #[arg(skip)]
    sockets: Option<NonZeroUsize>,
}

/// The headers in which proxies say where a request comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum HeaderName {
    /// As most write it.
    #[default]
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

impl AddressOptions {
    pub(crate) fn rates(&self) -> AddressRates {
        let mut rates = AddressRates::default();
        rates.connects = self.connects.unwrap_or(rates.connects);
        rates.requests = self.requests.unwrap_or(rates.requests);
        rates.auth_failures = self.auth_failures.unwrap_or(rates.auth_failures);
        rates.sockets = self.sockets.map_or(rates.sockets, NonZeroUsize::get);
        rates
    }

    /// Whether anything is said of how much is done.
    pub(crate) fn say_rates(&self) -> bool {
        self.connects.is_some()
            || self.requests.is_some()
            || self.auth_failures.is_some()
            || self.sockets.is_some()
    }

    pub(crate) fn proxies(&self) -> TrustedProxies {
        let header = match self.forwarded_header {
            HeaderName::XForwardedFor => ForwardedHeader::XForwardedFor,
            HeaderName::Forwarded => ForwardedHeader::Forwarded,
        };
        self.trusted_proxies
            .iter()
            .copied()
            .fold(TrustedProxies::default().header(header), TrustedProxies::allow)
    }
}
