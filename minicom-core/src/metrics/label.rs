//! Labels, and every value that each may have.

use crate::{close::CloseCode, error::Code, store::StoreError};

/// A label: a name, and a few values that are all known.
pub(crate) trait Label: Copy + PartialEq + 'static {
    const NAME: &'static str;

    /// Every value.
    fn all() -> &'static [Self];

    /// How a recorder is told of it.
    fn value(self) -> &'static str;
}

impl Label for CloseCode {
    const NAME: &'static str = "code";

    fn all() -> &'static [Self] {
        Self::ALL
    }
    fn value(self) -> &'static str {
        self.name()
    }
}

impl Label for Code {
    const NAME: &'static str = "code";

    fn all() -> &'static [Self] {
        Self::ALL
    }
    fn value(self) -> &'static str {
        self.as_str()
    }
}

macro_rules! labels {
    ($($(#[$doc:meta])* $label:ident($name:literal) { $($value:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $label {
            $($value,)+
        }

        impl Label for $label {
            const NAME: &'static str = $name;

            fn all() -> &'static [Self] {
                &[$(Self::$value,)+]
            }
            fn value(self) -> &'static str {
                match self { $(Self::$value => $word,)+ }
            }
        }
    )+};
}

labels! {
    /// Whether a client that came back lacks nothing.
    Recovered("recovered") { Yes = "true", No = "false" }

    /// A method of the store.
    StoreCall("call") {
        Load = "load",
        Append = "append",
        Events = "events",
        Rows = "rows",
        Search = "search",
    }

    /// How a store failed.
    StoreFault("error") {
        Unavailable = "unavailable",
        Full = "full",
        Corrupt = "corrupt",
        Invalid = "invalid",
        Closed = "closed",
    }

    /// What an attempt of the AI came to.
    Outcome("outcome") {
        Answer = "answer",
        Handoff = "handoff",
        Silent = "silent",
        Retry = "retry",
        Failed = "failed",
        Cancelled = "cancelled",
    }

    /// Which side of a model: the words are those of OpenTelemetry's conventions for generative AI.
    TokenType("type") { Input = "input", Output = "output" }
}

impl From<bool> for Recovered {
    fn from(recovered: bool) -> Self {
        if recovered { Self::Yes } else { Self::No }
    }
}

impl From<&StoreError> for StoreFault {
    fn from(error: &StoreError) -> Self {
        match error {
            error if error.is_full() => Self::Full,
            error if error.is_corrupt() => Self::Corrupt,
            error if error.is_invalid() => Self::Invalid,
            error if error.is_closed() => Self::Closed,
            _ => Self::Unavailable,
        }
    }
}
