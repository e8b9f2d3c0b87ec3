//! What a run comes to.

use std::fmt::{self, Display, Formatter};

use crate::judge::Verdict;

/// Figures and the verdict.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// How much happened, a name and a number each.
    pub figures: Vec<(&'static str, usize)>,
    /// Resident memory around each time that many sockets stalled.
    pub stalls: Vec<Memory>,
    /// What was found wrong.
    pub verdict: Verdict,
}

/// Resident memory of the server in bytes, around many sockets that read nothing.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Memory {
    /// Just before.
    pub before: u64,
    /// The most while they stalled.
    pub during: u64,
    /// When all were live again.
    pub after: u64,
    /// What it may not exceed.
    pub bound: u64,
}

impl Report {
    /// A figure by its name; 0 if there is none.
    pub fn figure(&self, name: &str) -> usize {
        self.figures.iter().find(|(figure, _)| *figure == name).map_or(0, |(_, number)| *number)
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, number) in &self.figures {
            writeln!(f, "{name:<38}{number:>10}")?;
        }
        for Memory { before, during, after, bound } in &self.stalls {
            let [before, during, after, bound] =
                [before, during, after, bound].map(|bytes| format!("{} MiB", bytes >> 20));
            writeln!(
                f,
                "resident around a stall: before {before}, most {during} (bound {bound}), after {after}"
            )?;
        }
        self.verdict.fmt(f)
    }
}
