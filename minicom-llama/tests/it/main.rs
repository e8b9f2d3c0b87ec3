//! With a real model, whose file is named by `MINICOM_MODEL`; `scripts/model` fetches one. Without it each test says that it
//! is skipped.

mod conformance;
mod kit;
mod many;
mod process;
mod reuse;
mod words;
