//! What all suites are made of: a case, a runtime to run it on, and the two things that are made of a list of cases: a
//! `#[test]` of each, and the list as a value.

use std::{fmt, pin::Pin, time::Duration};

use tokio::time::timeout;

/// What a case runs as. It stays on the thread that it was started on.
pub type CaseFuture<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// One case of a suite, for whoever runs cases by a harness of his own.
pub struct Case<F: ?Sized> {
    /// Its group and its name, as in `append::numbers_are_dense`.
    pub name: &'static str,
    /// Runs it on a fixture of its own; panics where what is tested does not hold to its contract.
    pub run: for<'a> fn(&'a F) -> CaseFuture<'a>,
}

impl<F: ?Sized> fmt::Debug for Case<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// How long a case may take. Far more than any does, so that a stuck one ends.
const LONGEST: Duration = Duration::from_mins(5);

/// Runs a case on a runtime of its own, with more than one thread, so that what races can race, and with sockets, where
/// somebody's tokio has them.
///
/// # Panics
///
/// If the case does, or takes five minutes, or if threads cannot be started.
pub fn run<T>(case: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().expect("a runtime for the case");
    runtime.block_on(async { timeout(LONGEST, case).await.expect("the case ends") })
}

#[doc(hidden)]
#[macro_export]
macro_rules! __suite_tests {
    ({ $suite:ident, $fixture:expr } $($cases:tt)+) => {
        $crate::__suite_tests!({ $suite, |_: &str| true, $fixture } $($cases)+);
    };
    ({ $suite:ident, $ready:expr, $fixture:expr } $($group:ident: $($case:ident),+;)+) => {
        $(mod $group {
            #[allow(unused_imports)]
            use super::*;

            $(#[test]
            fn $case() {
                if !($ready)(concat!(module_path!(), "::", stringify!($case))) {
                    return;
                }
                $crate::suite::run(async {
                    let fixture = $fixture.await;
                    $crate::$suite::cases::$group::$case(&fixture).await;
                });
            })+
        })+
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __suite_list {
    ({ $suite:ident } $($group:ident: $($case:ident),+;)+) => {
        vec![$($($crate::suite::Case {
            name: concat!(stringify!($group), "::", stringify!($case)),
            run: |fixture| Box::pin($crate::$suite::cases::$group::$case(fixture)),
        }),+),+]
    };
}

/// A case that is written and not listed would run nowhere.
#[cfg(test)]
pub(crate) fn assert_all_listed<F: ?Sized>(listed: &[Case<F>], suite: &str) {
    let directory = format!("{}/src/{suite}/cases", env!("CARGO_MANIFEST_DIR"));
    let mut written = Vec::new();
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let group = path.file_stem().unwrap().to_str().unwrap();
        for case in std::fs::read_to_string(&path).unwrap().split("\npub async fn ").skip(1) {
            written.push(format!("{group}::{}", case.split('(').next().unwrap()));
        }
    }
    let mut listed: Vec<_> = listed.iter().map(|case| case.name.to_owned()).collect();
    listed.sort();
    written.sort();
    assert_eq!(listed, written);
}
