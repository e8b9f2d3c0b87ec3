//! What README shows is what compiles: it carries `axum-minimal` to the letter, and three lines of `axum-host-session`.

use std::{env, fs, path::Path};

#[test]
fn readme_shows_axum_minimal_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let source = fs::read_to_string(root.join("examples/src/bin/axum-minimal.rs")).expect("the example");
    let (_, code) = source.split_once("\n\n").expect("the example begins with a comment");
    let readme = fs::read_to_string(root.join("README.md")).expect("README");
    let (before, rest) = readme.split_once("<!-- axum-minimal -->\n").expect("the opening mark");
    let (shown, after) = rest.split_once("<!-- /axum-minimal -->").expect("the closing mark");
    let expected = format!("```rust\n{code}```\n");
    if shown != expected && env::var_os("UPDATE_DOCS").is_some() {
        let readme = format!("{before}<!-- axum-minimal -->\n{expected}<!-- /axum-minimal -->{after}");
        fs::write(root.join("README.md"), readme).expect("README");
        return;
    }
    assert_eq!(shown, expected, "run UPDATE_DOCS=1 cargo test -p minicom-examples --test readme");
    assert!(code.lines().count() <= 20, "twenty lines are promised");
}

#[test]
fn a_hosts_session_is_three_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("README");
    let (_, rest) = readme.split_once("<!-- axum-host-session -->\n```rust\n").expect("the opening mark");
    let (shown, _) = rest.split_once("```\n<!-- /axum-host-session -->").expect("the closing mark");
    assert_eq!(shown.lines().count(), 3, "three lines are promised");
    let source = fs::read_to_string(root.join("examples/src/bin/axum-host-session.rs")).expect("the example");
    let indented: String = shown.lines().map(|line| "        ".to_owned() + line + "\n").collect();
    assert!(source.contains(&indented), "{indented}");
}
