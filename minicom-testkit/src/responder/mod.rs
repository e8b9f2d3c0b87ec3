//! The suite for responders, and a responder that follows a script.
//!
//! [`responder_conformance!`](crate::responder_conformance) makes tests of it. What a responder says is its own affair; the
//! suite looks at how it says it.

pub mod cases;
mod kit;
mod scripted;

use std::sync::Arc;

use async_trait::async_trait;
use minicom_core::Responder;

pub use scripted::ScriptedResponder;

use crate::suite::Case;

/// What a responder brings to the suite. Each case has a fixture of its own.
#[async_trait]
pub trait ResponderFixture: Send + Sync {
    /// The responder, ready to answer. Called once, before anything else.
    async fn responder(&self) -> Arc<dyn Responder>;

    /// Something that it answers, or hands over.
    fn question(&self) -> &'static str {
        "When are you open?"
    }
}

/// Every case, for a harness of one's own.
pub fn cases() -> Vec<Case<dyn ResponderFixture>> {
    crate::__responder_cases!(__suite_list { responder })
}

/// Makes a `#[test]` of each case, in a module `responder_conformance` or of the name that is given first. The last
/// argument is a future of a [`ResponderFixture`](crate::responder::ResponderFixture), evaluated for each case.
///
/// Between the two may stand what is asked, with the case's name, whether the case can run: a model's file need not be there.
/// It says why if not.
///
/// ```
/// use std::sync::Arc;
///
/// use minicom_core::Responder;
/// use minicom_testkit::{async_trait, responder::{ResponderFixture, ScriptedResponder}};
///
/// struct OpeningHours;
///
/// #[async_trait]
/// impl ResponderFixture for OpeningHours {
///     async fn responder(&self) -> Arc<dyn Responder> {
///         Arc::new(ScriptedResponder::new().says("From nine to five."))
///     }
/// }
///
/// minicom_testkit::responder_conformance!(async { OpeningHours });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! responder_conformance {
    ($fixture:expr) => {
        $crate::responder_conformance!(responder_conformance, $fixture);
    };
    ($module:ident, $fixture:expr) => {
        $crate::responder_conformance!($module, |_: &str| true, $fixture);
    };
    ($module:ident, $ready:expr, $fixture:expr) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            $crate::__responder_cases!(__suite_tests { responder, $ready, $fixture });
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __responder_cases {
    ($then:ident $with:tt) => {
        $crate::$then! { $with
            answers: a_simple_question, the_draft_grows_into_the_reply, nobody_need_watch_the_draft,
                again_and_again, many_at_once;
            cancelling: leaves_it_usable, one_of_many_spares_the_others;
            input: empty_text, very_long_text, hostile_text, a_long_history, no_events_at_all,
                the_last_word_is_an_agents, what_is_not_understood;
        }
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_case_is_listed() {
        crate::suite::assert_all_listed(&super::cases(), "responder");
    }
}
