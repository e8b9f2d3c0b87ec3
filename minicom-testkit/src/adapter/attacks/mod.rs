//! The tables of attacks, each row with its answer.

pub(crate) mod frames;
pub(crate) mod handshakes;
pub(crate) mod raw;
pub(crate) mod requests;
pub(crate) mod tokens;

use super::kit::Header;

/// A page that may.
pub(crate) const SHOP: &str = "https://shop.example";

const ANN: Header<'_> = ("authorization", "Bearer user:ann");
const BEN: Header<'_> = ("authorization", "Bearer admin:ben");
/// The host's own cookie, which a browser sends along whichever page asks.
const ANNS_COOKIE: Header<'_> = (super::SESSION_HEADER, "user:ann");
/// Somebody who owns another workspace.
const ELSEWHERE: Header<'_> = ("authorization", "Bearer elsewhere:eve");
/// A visitor of another workspace with the same name.
const HER_NAMESAKE: Header<'_> = ("authorization", "Bearer stranger:ann");

/// Tokens that no authenticator of the suite's believes. Those that somebody signed are in `tokens`.
const UNSIGNED: Header<'_> =
    ("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4iLCJyb2xlIjoiYWRtaW4ifQ.");
const FORGED: Header<'_> =
    ("authorization", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.AAAAAAAAAAAAAAAAAAAAAA");
const ENDED: Header<'_> = ("authorization", "Bearer ended:ann");

const STRANGERS: Header<'_> = ("origin", "https://evil.example");
const SHOPS: Header<'_> = ("origin", SHOP);
const NULL: Header<'_> = ("origin", "null");
const CROSS_SITE: Header<'_> = ("sec-fetch-site", "cross-site");
const SAME_SITE: Header<'_> = ("sec-fetch-site", "same-site");
const SAME_ORIGIN: Header<'_> = ("sec-fetch-site", "same-origin");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_many_and_each_is_another() {
        let handshakes = handshakes::ALL.iter().map(|row| format!("handshake {}", row.what));
        let requests = requests::ALL.iter().map(|row| format!("request {}", row.what));
        let targets = requests::TARGETS.iter().map(|row| format!("target {row}"));
        let raw = raw::ALL.iter().map(|row| format!("raw {}", row.what));
        let frames = frames::ALL.iter().map(|row| format!("frame {}", row.what));
        let tokens = tokens::ALL.iter().map(|row| format!("token {}", row.what));
        let all = handshakes.chain(requests).chain(targets).chain(raw).chain(frames).chain(tokens);
        let all: Vec<_> = all.collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.len() >= 150, "{}", all.len());
    }
}
