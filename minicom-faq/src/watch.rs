//! Follows a folder by looking at it every few seconds, from a thread of its own.
//!
//! `notify` was weighed: eight crates, another mechanism on every platform, none on network file systems and in many
//! containers, and events that still have to be gathered until somebody has finished writing. Names, sizes and times of a
//! few hundred files are read in a few milliseconds.

use std::{
    io,
    sync::{
        Arc, Weak,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use crate::{KnowledgeError, folder::Entry, knowledge::Shared};

/// The thread that watches. It ends when this is dropped, and after a look that is under way.
#[derive(Debug)]
pub(crate) struct Watcher {
    _end: Sender<()>,
}

impl Watcher {
    pub(crate) fn start(shared: &Arc<Shared>, every: Duration) -> io::Result<Self> {
        let (end, ended) = mpsc::channel();
        let mut look = Look::new(Arc::downgrade(shared));
        thread::Builder::new().name("minicom-faq".into()).spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(every) {
                if look.again().is_none() {
                    break;
                }
            }
        })?;
        Ok(Self { _end: end })
    }
}

/// One look after the other.
#[derive(Debug)]
struct Look {
    shared: Weak<Shared>,
    /// What the last look saw, if that is neither what was read nor known to be unreadable.
    changing: Option<Vec<Entry>>,
    /// What could not be taken over, so that it is tried and told once.
    failed: Option<Failed>,
}

#[derive(Debug, PartialEq)]
enum Failed {
    Listing,
    Reading(Vec<Entry>),
}

/// What a look came to.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// Nothing to do.
    Nothing,
    /// A change, which may still go on.
    Change,
    /// A change that stood still, and was taken over.
    Reloaded,
    /// Something that cannot be taken over.
    Broken,
}

impl Look {
    fn new(shared: Weak<Shared>) -> Self {
        Self { shared, changing: None, failed: None }
    }

    /// `None`: nobody asks any more.
    fn again(&mut self) -> Option<Seen> {
        let shared = self.shared.upgrade()?;
        let entries = match shared.look() {
            Ok(entries) => entries,
            Err(error) => return Some(self.broken(Failed::Listing, &error)),
        };
        if shared.is_current(&entries) {
            (self.changing, self.failed) = (None, None);
            return Some(Seen::Nothing);
        }
        if self.failed == Some(Failed::Reading(entries.clone())) {
            return Some(Seen::Nothing);
        }
        // Who writes a page writes for a while.
        if self.changing.as_ref() != Some(&entries) {
            self.changing = Some(entries);
            return Some(Seen::Change);
        }
        self.changing = None;
        match shared.reload() {
            Ok(()) => {
                self.failed = None;
                tracing::info!("the knowledge base has changed and was read again");
                Some(Seen::Reloaded)
            }
            Err(error) => Some(self.broken(Failed::Reading(entries), &error)),
        }
    }

    fn broken(&mut self, failed: Failed, error: &KnowledgeError) -> Seen {
        if self.failed.as_ref() == Some(&failed) {
            return Seen::Nothing;
        }
        let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        tracing::warn!(%error, cause, "the knowledge base stays as it was");
        self.failed = Some(failed);
        Seen::Broken
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        time::{Duration, SystemTime},
    };

    use super::*;
    use crate::{Knowledge, KnowledgeOptions};

    fn titles(knowledge: &Knowledge, question: &str) -> Vec<String> {
        let found = knowledge.look_up(question, &[]);
        found.matches.into_iter().map(|found| found.passage.source.title).collect()
    }

    #[test]
    fn a_change_is_taken_over_once_it_stands_still() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("a.md");
        fs::write(&page, "# Apples\n\nred").unwrap();
        let knowledge = Knowledge::open(folder.path(), KnowledgeOptions::new().watch_every(None)).unwrap();
        let mut look = Look::new(Arc::downgrade(knowledge.shared_for_tests()));
        assert_eq!(look.again(), Some(Seen::Nothing));

        fs::write(&page, "# Pears\n\ngreen").unwrap();
        assert_eq!(look.again(), Some(Seen::Change));
        fs::write(&page, "# Pears\n\ngreen and yellow").unwrap();
        assert_eq!(look.again(), Some(Seen::Change), "somebody is still writing");
        assert!(titles(&knowledge, "pears").is_empty());
        assert_eq!(look.again(), Some(Seen::Reloaded));
        assert_eq!(titles(&knowledge, "pears"), ["Pears"]);
        assert_eq!(look.again(), Some(Seen::Nothing));

        // The same size, another time.
        fs::write(&page, "# Plums\n\nblue and more blue").unwrap();
        let later = SystemTime::now() + Duration::from_mins(1);
        fs::File::options().append(true).open(&page).unwrap().set_modified(later).unwrap();
        assert_eq!((look.again(), look.again()), (Some(Seen::Change), Some(Seen::Reloaded)));
        assert_eq!(knowledge.stats().loads, 3);
    }

    #[test]
    fn what_cannot_be_read_is_told_once_and_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (root, away) = (folder.path().join("pages"), folder.path().join("away"));
        fs::create_dir(&root).unwrap();
        fs::write(root.join("a.md"), "# Apples\n\nred").unwrap();
        let knowledge = Knowledge::open(&root, KnowledgeOptions::new().watch_every(None)).unwrap();
        let mut look = Look::new(Arc::downgrade(knowledge.shared_for_tests()));

        fs::rename(&root, &away).unwrap();
        assert_eq!((look.again(), look.again()), (Some(Seen::Broken), Some(Seen::Nothing)));
        fs::create_dir(&root).unwrap();
        assert_eq!(
            (look.again(), look.again()),
            (Some(Seen::Change), Some(Seen::Broken)),
            "a folder without pages"
        );
        assert_eq!(look.again(), Some(Seen::Nothing));
        assert_eq!(titles(&knowledge, "apples"), ["Apples"]);
        assert!(knowledge.reload().unwrap_err().is_empty());

        fs::write(root.join("b.md"), "# Pears\n\ngreen").unwrap();
        assert_eq!((look.again(), look.again()), (Some(Seen::Change), Some(Seen::Reloaded)));
        assert_eq!(titles(&knowledge, "pears"), ["Pears"]);
    }

    #[test]
    fn a_thread_looks_and_ends_with_the_last_clone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.md"), "# Apples\n\nred").unwrap();
        let options = KnowledgeOptions::new().watch_every(Duration::from_millis(1));
        let knowledge = Knowledge::open(folder.path(), options).unwrap();
        let shared = Arc::downgrade(knowledge.shared_for_tests());
        let clone = knowledge.clone();
        drop(knowledge);
        fs::write(folder.path().join("b.md"), "# Pears\n\ngreen").unwrap();
        while clone.stats().loads == 1 {
            thread::yield_now();
        }
        drop(clone);
        while shared.strong_count() > 0 {
            thread::yield_now();
        }
    }
}
