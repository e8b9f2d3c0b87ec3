//! A folder of pages: which files there are, what is in them, and whether anything has changed.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{KnowledgeError, KnowledgeOptions};

/// How deep folders may lie in each other.
const DEEPEST: usize = 16;

/// How many entries of any kind are looked at, as a multiple of the pages that are allowed.
const ENTRIES_PER_FILE: usize = 16;

/// A page's file, as far as one can see without reading it. Two equal lists are taken for an unchanged folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// Below the folder; with `/` between its parts, whatever the platform has.
    pub(crate) name: String,
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

/// All pages of the folder, by name. Hidden files and folders are left out, and so are links to folders and links that
/// leave the folder: what is published must lie in it.
pub(crate) fn list(root: &Path, options: &KnowledgeOptions) -> Result<Vec<Entry>, KnowledgeError> {
    let real = root.canonicalize().map_err(|error| KnowledgeError::folder(root, error))?;
    let mut entries = Vec::new();
    let mut seen = 0;
    let mut folders = vec![(real.clone(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        let unreadable = |error| KnowledgeError::folder(&folder, error);
        for found in fs::read_dir(&folder).map_err(unreadable)? {
            let found = found.map_err(unreadable)?;
            seen += 1;
            if seen > options.max_files.saturating_mul(ENTRIES_PER_FILE) {
                return Err(KnowledgeError::too_large(root, "entries", seen as u64 - 1));
            }
            let file_name = found.file_name();
            let Some(name) = file_name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let (name, path) = (format!("{prefix}{name}"), found.path());
            let kind = found.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                if depth < DEEPEST {
                    folders.push((path, format!("{name}/"), depth + 1));
                } else {
                    tracing::warn!(folder = %path.display(), "too deep, left out");
                }
            } else if is_markdown(&path) && (kind.is_file() || leads_inside(&path, &real)) {
                entries.extend(entry(name, path));
            }
        }
    }
    if entries.len() > options.max_files {
        return Err(KnowledgeError::too_large(root, "pages", options.max_files as u64));
    }
    entries.sort();
    Ok(entries)
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
}

/// Whether a link (or what else is no plain file) ends in the folder.
fn leads_inside(path: &Path, root: &Path) -> bool {
    let inside = path.canonicalize().is_ok_and(|target| target.starts_with(root));
    if !inside {
        tracing::warn!(file = %path.display(), "leads out of the folder, left out");
    }
    inside
}

/// `None`: it is gone by now, or no file that could be read to an end.
fn entry(name: String, path: PathBuf) -> Option<Entry> {
    let about = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
    Some(Entry { name, path, len: about.len(), modified: about.modified().ok() })
}

/// The text of a page. `None`, with a warning: it cannot be read, is too large, or no UTF-8.
pub(crate) fn read(entry: &Entry, options: &KnowledgeOptions) -> Option<String> {
    let skip = |why: &dyn std::fmt::Display| {
        tracing::warn!(page = entry.name, %why, "a page is left out");
        None
    };
    let most = options.max_file_bytes;
    match read_at_most(&entry.path, most) {
        Err(error) => skip(&error),
        Ok(bytes) if bytes.len() as u64 > most => skip(&format_args!("it is larger than {most} bytes")),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Some(text.trim_start_matches('\u{feff}').to_owned()),
            Err(_) => skip(&"it is not UTF-8"),
        },
    }
}

/// One byte more than that at most: it may have grown since it was listed.
fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
