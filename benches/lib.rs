//! Benchmarks of Minicom. They live in `benches/`; `cargo bench -p minicom-benches` runs them.
