//! Close codes: part of the protocol, one enum, from which the documentation's table is written.

use std::time::Duration;

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $word:literal, $meaning:literal, $client:literal;)*) => {
        /// Why a socket is closed. 4000–4499: come back. 4500–4999: do not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CloseCode {
            $(#[doc = concat!("`", $code, "`: ", $meaning)] $(#[$doc])* $name,)*
        }

        impl CloseCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number on the wire.
            pub fn code(self) -> u16 {
                match self { $(Self::$name => $code,)* }
            }
            /// The name that begins the reason.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
            /// What happened.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
            /// What a client does.
            pub fn client(self) -> &'static str {
                match self { $(Self::$name => $client,)* }
            }
        }
    };
}

close_codes! {
    Normal = 1000, "normal", "the client closed", "nothing";
    Unsupported = 1003, "unsupported", "a binary frame came; frames are text", "mend the client";
    TooBig = 1009, "too_big", "a frame over 1 MiB came", "mend the client";
    Restart = 1012, "restart", "the server drains", "come back with jitter, then resume";
    Expired = 4401, "expired", "the identity has ended", "get a fresh token, then come back";
    Unresponsive = 4407, "unresponsive", "two pings went unanswered", "come back, then resume";
    Slow = 4408, "slow", "the client read too slowly, what waited for it grew too large", "come back, then resume";
    Moved = 4410, "moved", "the visitor was identified, and the conversation moved to who he is", "come back as who he is now";
    TooMany = 4429, "too_many", "too many connections", "come back after `retry_after_ms`";
    Unavailable = 4430, "unavailable", "the store or the authenticator does not answer", "come back after `retry_after_ms`";
    Unauthenticated = 4501, "unauthenticated", "nobody vouches for this client", "sign in first";
    Forbidden = 4503, "forbidden", "the identity may not have what the path asks for", "do not come back with this path";
    UnknownRole = 4504, "unknown_role", "the path's role is neither `user` nor `admin`", "mend the client";
}

impl CloseCode {
    /// The reason on the wire: `name` or `name;retry_after_ms=1500`. Always under the 123 bytes of RFC 6455 section 5.5.
    pub fn reason(self, retry_after: Option<Duration>) -> String {
        match retry_after {
            Some(after) => format!("{};retry_after_ms={}", self.name(), after.as_millis()),
            None => self.name().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `docs/protocol.md` carries the table; `UPDATE_DOCS=1 cargo test` writes it.
    #[test]
    fn the_documented_table_is_this_enum() {
        let rows: Vec<_> = CloseCode::ALL
            .iter()
            .map(|c| format!("| {} | `{}` | {} | {} |", c.code(), c.name(), c.meaning(), c.client()))
            .collect();
        crate::doc_table::check(
            "close codes",
            "| code | name | meaning | what a client does |\n| --- | --- | --- | --- |",
            &rows,
        );
    }

    #[test]
    fn reasons_fit_into_a_close_frame() {
        for code in CloseCode::ALL {
            assert!(code.reason(Some(Duration::MAX)).len() <= 123);
        }
        assert_eq!(CloseCode::Slow.reason(Some(Duration::from_millis(1500))), "slow;retry_after_ms=1500");
    }
}
