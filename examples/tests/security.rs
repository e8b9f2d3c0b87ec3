//! `SECURITY.md` names tests: each of them is there.

use std::{fs, path::Path};

/// What stands between backticks and is followed by ` in ` and a path between backticks.
fn named(text: &str) -> Vec<(&str, &str)> {
    let pieces: Vec<_> = text.split('`').collect();
    let named = pieces.windows(3).skip(1).step_by(2).filter(|pieces| pieces[1] == " in ");
    named.map(|pieces| (pieces[0], pieces[2])).collect()
}

/// What its name ends with.
fn kind(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, kind)| kind)
}

#[test]
fn every_test_that_is_named_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md");
    let tests: Vec<_> =
        named(&text).into_iter().filter(|(_, path)| matches!(kind(path), "rs" | "ts")).collect();
    assert!(tests.len() >= 40, "{}", tests.len());
    for (name, path) in &tests {
        let file = fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let written = if kind(path) == "ts" { format!("test('{name}'") } else { format!("fn {name}(") };
        assert!(file.contains(&written), "{name} in {path}");
    }
    // No row of the tables goes without one.
    let (_, tables) = text.split_once("| point | answer | test |").expect("the tables");
    let rows: Vec<_> =
        tables.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| point")).collect();
    assert!(rows.len() >= 20, "{}", rows.len());
    for row in rows.iter().filter(|row| !row.starts_with("| ---")) {
        assert!(!named(row).is_empty(), "{row}");
    }
}

#[test]
fn names_are_found_where_they_stand() {
    let text = "| a `b` | `one` in `x.rs`; `two three` in `y.ts` | `four` of `z.rs` |";
    assert_eq!(named(text), [("one", "x.rs"), ("two three", "y.ts")]);
}
