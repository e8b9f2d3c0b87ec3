//! Test helper: tables in the documentation that are written from enums, or from what is done.

use std::{
    env, fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

/// Compares a table of `docs/protocol.md`.
pub(crate) fn check(name: &str, header: &str, rows: &[String]) {
    check_in("protocol.md", name, header, rows);
}

/// Compares the table between `<!-- name -->` and `<!-- /name -->` with `rows`; with `UPDATE_DOCS` set, writes it.
pub(crate) fn check_in(file: &str, name: &str, header: &str, rows: &[String]) {
    // Tests run side by side, and the file is one.
    static FILE: Mutex<()> = Mutex::new(());
    let _guard = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(file);
    let document = fs::read_to_string(&path).expect(file);
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = document.split_once(&open).expect("the table's opening mark");
    let (table, after) = rest.split_once(&close).expect("the table's closing mark");
    let expected = format!("{header}\n{}\n", rows.join("\n"));
    if table != expected && env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{open}{expected}{close}{after}")).expect(file);
        return;
    }
    let package = env!("CARGO_PKG_NAME");
    assert_eq!(table, expected, "docs/{file}: run UPDATE_DOCS=1 cargo test -p {package} documented");
}
