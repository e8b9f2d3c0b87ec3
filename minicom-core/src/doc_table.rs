//! Test helper: tables in `docs/protocol.md` that are written from enums.

use std::{
    env, fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

/// Compares the table between `<!-- name -->` and `<!-- /name -->` with `rows`; with `UPDATE_DOCS` set, writes it.
pub(crate) fn check(name: &str, header: &str, rows: &[String]) {
    // Tests run side by side, and the file is one.
    static FILE: Mutex<()> = Mutex::new(());
    let _guard = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/protocol.md");
    let document = fs::read_to_string(&path).expect("docs/protocol.md");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = document.split_once(&open).expect("the table's opening mark");
    let (table, after) = rest.split_once(&close).expect("the table's closing mark");
    let expected = format!("{header}\n{}\n", rows.join("\n"));
    if table != expected && env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{open}{expected}{close}{after}")).expect("docs/protocol.md");
        return;
    }
    assert_eq!(table, expected, "docs/protocol.md: run UPDATE_DOCS=1 cargo test -p minicom-core documented");
}
