//! A folder of Markdown that can be asked, and that follows the folder.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::{
    KnowledgeError, KnowledgeOptions, Language, Match,
    folder::{self, Entry},
    index::Index,
    page,
    watch::Watcher,
};

/// A folder of Markdown pages as a knowledge base. Cheap to clone; all clones are the same one.
///
/// ```
/// use minicom_faq::{Knowledge, KnowledgeOptions};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("shop.md"), "# Shop\n\n## Opening hours\n\nFrom nine to five.")?;
/// let knowledge = Knowledge::open(folder.path(), KnowledgeOptions::new().base_url("/help/"))?;
///
/// let found = knowledge.look_up("When do you open?", &[]);
/// let best = found.best().expect("that is known");
/// assert_eq!(best.passage.source.title, "Shop › Opening hours");
/// assert_eq!(best.passage.source.url.as_deref(), Some("/help/shop#opening-hours"));
/// assert!(knowledge.look_up("Do you sell fish?", &[]).best().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Knowledge {
    shared: Arc<Shared>,
    /// Ends the thread that watches, with the last clone.
    _watcher: Option<Arc<Watcher>>,
}

/// What the thread that watches has in common with those who ask.
#[derive(Debug)]
pub(crate) struct Shared {
    folder: PathBuf,
    options: KnowledgeOptions,
    /// Held while it is looked at or replaced, and never while a folder is read.
    current: Mutex<Current>,
    /// Held while the folder is read, so that an older state never replaces a newer one.
    loading: Mutex<()>,
}

#[derive(Debug, Clone)]
struct Current {
    index: Arc<Index>,
    stats: KnowledgeStats,
    entries: Arc<Vec<Entry>>,
}

/// What a knowledge base holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnowledgeStats {
    /// The pages that were read.
    pub pages: usize,
    /// The pages that were left out, each with a warning.
    pub skipped: usize,
    /// The sections that can be found.
    pub sections: usize,
    /// How often the folder was read and taken over: 1 after opening.
    pub loads: u64,
}

/// What was found for a question.
///
/// A BM25 score cannot say whether the best section is good enough: it has no upper end, and depends on how many sections
/// there are, how long they are, and how many words the question has. So what decides is **coverage**: the share of the
/// question's weight that stands in the section. A word weighs its inverse document frequency; one that occurs nowhere
/// weighs the most, because whoever asks for it asks for what is not there; words that carry no meaning weigh nothing.
/// That is 1 if every word of the question was found and 0 if none was, in any folder. Besides, the words that were
/// found must weigh something, or stand in the section's own title: a question of words that are everywhere asks for
/// nothing in particular.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Best first, whatever they cover. Empty if no word of the question occurs.
    pub matches: Vec<Match>,
    threshold: f32,
}

impl Found {
    /// The best match, if it covers enough.
    pub fn best(&self) -> Option<&Match> {
        self.matches.first().filter(|best| best.coverage >= self.threshold && best.coverage > 0.0)
    }
}

impl Knowledge {
    /// How many matches a look-up gives.
    const MATCHES: usize = 8;

    /// Reads all `*.md` of a folder and of those in it, and watches it from then on, unless the options say otherwise.
    /// Hidden files and links that lead out of the folder are left out; so are pages that are too large, cannot be read or
    /// are no UTF-8, each with a warning. It blocks while it reads.
    ///
    /// It fails if the folder cannot be read, holds no page with words in it, or exceeds a bound of the options.
    pub fn open(folder: impl AsRef<Path>, options: KnowledgeOptions) -> Result<Self, KnowledgeError> {
        let folder = folder.as_ref().to_owned();
        let (index, stats, entries) = load(&folder, &options)?;
        let current = Current { index, stats: KnowledgeStats { loads: 1, ..stats }, entries };
        let every = options.watch_every;
        let shared =
            Arc::new(Shared { folder, options, current: Mutex::new(current), loading: Mutex::new(()) });
        let watcher = every.map(|every| Watcher::start(&shared, every)).transpose();
        Ok(Self { _watcher: watcher.map_err(KnowledgeError::thread)?.map(Arc::new), shared })
    }

    /// Reads the folder again, now. If that fails, what was there before stays. Who is asking meanwhile gets an answer of
    /// either state, and never of a mixture. It blocks while it reads.
    pub fn reload(&self) -> Result<(), KnowledgeError> {
        self.shared.reload()
    }

    /// What has to do with a question. `earlier` is what the same visitor said before, the latest first; for a
    /// short question ("and on weekends?") it says which of several sections is meant. At most eight matches.
    ///
    /// The time it takes is bounded: no more than the first 32 different words count.
    pub fn look_up(&self, question: &str, earlier: &[&str]) -> Found {
        let index = self.shared.current().index.clone();
        let matches = index.find(question, earlier, Self::MATCHES);
        Found { matches, threshold: self.shared.options.threshold }
    }

    /// What it holds.
    pub fn stats(&self) -> KnowledgeStats {
        self.shared.current().stats
    }

    pub(crate) fn language(&self) -> Language {
        self.shared.options.language
    }

    #[cfg(test)]
    pub(crate) fn shared_for_tests(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reload(&self) -> Result<(), KnowledgeError> {
        let _one_at_a_time = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let (index, stats, entries) = load(&self.folder, &self.options)?;
        let mut current = self.current();
        let loads = current.stats.loads + 1;
        let new = Current { index, stats: KnowledgeStats { loads, ..stats }, entries };
        let former = std::mem::replace(&mut *current, new);
        drop(current);
        // A large index takes its time, and nobody should wait for that.
        drop(former);
        Ok(())
    }

    /// What the folder looks like now.
    pub(crate) fn look(&self) -> Result<Vec<Entry>, KnowledgeError> {
        folder::list(&self.folder, &self.options)
    }

    /// Whether that is what was read last.
    pub(crate) fn is_current(&self, entries: &[Entry]) -> bool {
        *self.current().entries == entries
    }
}

type Loaded = (Arc<Index>, KnowledgeStats, Arc<Vec<Entry>>);

/// Lists before it reads: what changes in between is seen as a change at the next look.
fn load(folder: &Path, options: &KnowledgeOptions) -> Result<Loaded, KnowledgeError> {
    let entries = folder::list(folder, options)?;
    let (mut stats, mut sections, mut bytes) = (KnowledgeStats::default(), Vec::new(), 0);
    for entry in &entries {
        let Some(text) = folder::read(entry, options) else {
            stats.skipped += 1;
            continue;
        };
        bytes += text.len() as u64;
        if bytes > options.max_bytes {
            return Err(KnowledgeError::too_large(folder, "bytes", options.max_bytes));
        }
        stats.pages += 1;
        sections.extend(page::sections(&entry.name, &text, options));
    }
    if sections.is_empty() {
        return Err(KnowledgeError::empty(folder));
    }
    stats.sections = sections.len();
    Ok((Arc::new(Index::new(options.language, sections)), stats, Arc::new(entries)))
}
