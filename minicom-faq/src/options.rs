//! What a host may set.

use std::time::Duration;

use crate::Language;

/// How a folder is read, and when what is found is good enough.
///
/// ```
/// use minicom_faq::{KnowledgeOptions, Language};
/// let options = KnowledgeOptions::new()
///     .language(Language::German)
///     .base_url("https://example.com/hilfe/")
///     .threshold(0.7);
/// ```
#[derive(Debug, Clone)]
pub struct KnowledgeOptions {
    pub(crate) language: Language,
    pub(crate) base_url: Option<String>,
    pub(crate) url_suffix: String,
    pub(crate) threshold: f32,
    pub(crate) watch_every: Option<Duration>,
    pub(crate) section_bytes: usize,
    pub(crate) max_files: usize,
    pub(crate) max_file_bytes: u64,
    pub(crate) max_bytes: u64,
}

impl Default for KnowledgeOptions {
    fn default() -> Self {
        Self {
            language: Language::default(),
            base_url: None,
            url_suffix: String::new(),
            threshold: 0.55,
            watch_every: Some(Duration::from_secs(2)),
            section_bytes: 1_200,
            max_files: 2_000,
            max_file_bytes: 256 * 1024,
            max_bytes: 16 * 1024 * 1024,
        }
    }
}

impl KnowledgeOptions {
    /// English, no address, a threshold of 0.55, a look at the folder every 2 s, sections of 1,200 bytes; at most 2,000
    /// files of 256 KiB each and 16 MiB together.
    pub fn new() -> Self {
        Self::default()
    }

    /// The language of the pages, and so of questions.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Where the folder is published: `https://…`, `http://…`, or a path of the chat's own origin (`/help/`). A page's
    /// address is this, its path without `.md` (without `index` and `README` at the end) and the suffix; a page may say
    /// another itself. Without, sources have no address, unless pages say theirs.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// What stands at the end of an address, such as `.html`. Nothing by default.
    #[must_use]
    pub fn url_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.url_suffix = suffix.into();
        self
    }

    /// Which share of a question's weight a section must cover to answer it, from 0 to 1; see [`Found`](crate::Found) for
    /// what is measured. Higher: fewer wrong answers, more hand-offs.
    #[must_use]
    pub fn threshold(mut self, share: f32) -> Self {
        self.threshold = if share.is_nan() { 1.0 } else { share.clamp(0.0, 1.0) };
        self
    }

    /// How often the folder is looked at; a change is read once it has stood still that long. `None`: never, only
    /// [`Knowledge::reload`](crate::Knowledge::reload) reads again. At least 1 ms.
    #[must_use]
    pub fn watch_every(mut self, interval: impl Into<Option<Duration>>) -> Self {
        self.watch_every = interval.into().map(|interval| interval.max(Duration::from_millis(1)));
        self
    }

    /// How long a section may be, in bytes, before it is split between paragraphs. At least 200.
    #[must_use]
    pub fn section_bytes(mut self, bytes: usize) -> Self {
        self.section_bytes = bytes.max(200);
        self
    }

    /// How many pages there may be; more are an error.
    #[must_use]
    pub fn max_files(mut self, files: usize) -> Self {
        self.max_files = files;
        self
    }

    /// How large a page may be, in bytes; a larger one is left out.
    #[must_use]
    pub fn max_file_bytes(mut self, bytes: u64) -> Self {
        self.max_file_bytes = bytes;
        self
    }

    /// How large all pages together may be, in bytes; more is an error.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }
}
