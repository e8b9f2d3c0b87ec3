//! The suite for adapters: what one brings, and the one list of all cases.
//!
//! An adapter hands a framework's requests to [`minicom_web::Web`]. A fixture serves a [`Site`] with it as a host would: beside
//! a page of the host's own, with a session of the host's own. The cases speak to it over real sockets.
//!
//! `minicom-warp/tests/conformance.rs` is the shortest fixture there is, `examples/tests/hyper.rs` the one with nothing hidden.

mod attack;
mod attacks;
pub mod cases;
mod http;
mod kit;
mod people;
mod socket;
mod tenants;

use std::sync::Arc;

use ::http::HeaderMap;
use async_trait::async_trait;
use minicom_core::{Identity, MemoryStore, Minicom, Store};
use minicom_web::WebOptions;
pub use people::SESSION_HEADER;
use tokio::{net::TcpListener, sync::oneshot};

use crate::suite::Case;

/// The host's own page, which every fixture serves at the root, whatever the mount.
pub const HOST_PAGE: &str = "/basket";
/// What is there, answered to `GET` with status 200.
pub const HOST_TEXT: &str = "three apples and a pear";

/// What a fixture serves.
#[derive(Debug)]
#[non_exhaustive]
pub struct Site {
    /// The chat.
    pub minicom: Minicom,
    /// What it is to be served with.
    pub options: WebOptions,
    /// The one segment that the chat is mounted below: `chat` for `/chat/…`. `None`: at the root, beside [`HOST_PAGE`].
    pub mount: Option<&'static str>,
    /// Where to accept connections.
    pub listener: TcpListener,
    /// When to stop accepting them and to finish those that are open. It resolves once, with or without a value.
    pub stop: oneshot::Receiver<()>,
}

/// What an adapter brings to the suite.
#[async_trait]
pub trait AdapterFixture: Send + Sync + 'static {
    /// Serves a site until it is told to stop and what was under way is finished. For every request the peer's
    /// `SocketAddr` and whom [`vouched`] finds in its headers go where the adapter looks for them: that is the host's session.
    /// What is neither the chat's nor [`HOST_PAGE`] is answered with 404.
    async fn serve(&self, site: Site);

    /// A fresh store for a case; one in memory, unless the fixture brings another.
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(MemoryStore::new())
    }
}

/// Whom the host's session names: this header stands for a cookie.
pub fn vouched(headers: &HeaderMap) -> Option<Identity> {
    people::parse(headers.get(SESSION_HEADER)?.to_str().ok()?)
}

/// Every case, for a harness of one's own.
pub fn cases() -> Vec<Case<cases::Fixture>> {
    crate::__adapter_cases!(__suite_list { adapter })
}

/// Makes a `#[test]` of each case, in a module `adapter_conformance` or of the name that is given first. The last
/// argument is a future of an [`AdapterFixture`](crate::adapter::AdapterFixture), evaluated for each case.
#[macro_export]
macro_rules! adapter_conformance {
    ($fixture:expr) => {
        $crate::adapter_conformance!(adapter_conformance, $fixture);
    };
    ($module:ident, $fixture:expr) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            $crate::__adapter_cases!(__suite_tests {
                adapter,
                async { ::std::sync::Arc::new($fixture.await) as $crate::adapter::cases::Fixture }
            });
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __adapter_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            chat: a_visitor_and_an_agent_talk, an_email_is_one_segment_decoded_once,
                both_tabs_of_a_visitor_hear, what_is_said_is_listed;
            identity: an_unknown_role_is_refused, a_path_is_believed_under_loopback_names,
                anothers_path_is_refused, nobody_is_let_in_by_nobody, what_is_not_believed_is_refused,
                an_ended_session_is_refused, a_first_frame_says_who, the_hosts_session_at_the_socket,
                the_hosts_session_at_the_original_path, the_hosts_session_over_rest,
                the_hosts_session_goes_first, the_peers_address_is_known;
            handshake: is_answered, what_is_wrong_is_told, takes_no_old_http,
                takes_bytes_that_came_with_it, takes_lists_and_any_case;
            rest: users_are_for_agents, acts_are_for_those_who_may, users_are_open_by_path, session_by_path, session_by_token, health,
                readiness;
            metrics: are_closed_unless_they_are_chosen, are_for_whoever_has_the_token, are_told_as_prometheus_reads_them;
            pages: are_strict, load_what_is_there, have_tags, have_encodings, head_is_get_without_a_body,
                the_desk_has_one_address;
            http: other_methods_are_refused, other_paths_are_the_hosts, bodies_do_not_matter,
                connections_are_kept, requests_may_come_together, absolute_addresses;
            origins: sockets, reading, asking_first;
            login: comes_in_and_goes, bodies_are_read_in_whatever_pieces, too_long_a_body_is_refused,
                below_a_mount, without_one_its_paths_are_the_hosts, holds_in_its_workspace_alone,
                holds_beside_that_of_a_path_above;
            mounted: pages_and_what_they_load, sockets, rest, without_a_slash_leads_in,
                beside_it_is_the_host;
            workspaces: no_frame_reaches_another, no_route_reaches_another, nothing_of_another_is_heard,
                are_chosen_by_path_and_host_name, are_below_a_mount, another_ones_people_are_refused,
                a_renewal_stays_where_it_is;
            frames: too_large_is_an_error, far_too_large_is_the_end, binary_is_not_spoken,
                pieces_with_pings_between, pings_are_answered, goodbye_is_answered, nonsense_is_told;
            attacks: handshakes, tokens, requests, workspaces, targets, heads, oversized_heads,
                a_length_beside_chunks_smuggles_nothing, frames;
            limits: requests_of_an_address, handshakes_of_an_address, sockets_of_an_address, guesses_of_an_address,
                one_workspace_takes_nothing_from_another, a_trusted_proxy_says_who_is_behind_it, a_banned_address_is_let_nowhere,
                a_banned_visitor_is_let_nowhere;
            many: a_hundred_hear_in_order, who_vanishes_leaves_the_others, a_drain_ends_everything;
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_case_is_listed() {
        crate::suite::assert_all_listed(&super::cases(), "adapter");
    }
}
