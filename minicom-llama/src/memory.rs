//! How much memory a model takes, and whether there is that much. llama.cpp may abort the process when there is not.

use std::{fs, path::Path};

use crate::{
    error::{OpenError, OpenErrorKind},
    gguf::Head,
    options::LlamaOptions,
};

/// What it takes, in bytes: weights, keys and values, and the results of a batch. An estimate, and on the low side: what a
/// graph needs in between is llama.cpp's own affair.
pub(crate) fn needed(head: &Head, options: &LlamaOptions) -> u64 {
    let cells = options.cells() as u64;
    let batch = options.batch as u64;
    let results = batch.saturating_mul(head.vocabulary.saturating_add(head.embedding)).saturating_mul(4);
    head.bytes.saturating_add(cells.saturating_mul(head.bytes_per_token())).saturating_add(results)
}

/// Refuses a model that does not fit.
pub(crate) fn check(head: &Head, options: &LlamaOptions) -> Result<(), OpenError> {
    let needed = needed(head, options);
    let Some(room) = options.memory_limit.or_else(available) else { return Ok(()) };
    if needed <= room {
        return Ok(());
    }
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    let detail = format!("it needs {} MiB of memory, and has {} MiB", mib(needed), mib(room));
    Err(OpenError::new(OpenErrorKind::Memory, detail))
}

/// Bytes that the machine, or this process's control group, has left; `None` where nobody says.
fn available() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| meminfo(&text));
    let group = group(Path::new("/sys/fs/cgroup"));
    match (machine, group) {
        (Some(machine), Some(group)) => Some(machine.min(group)),
        (one, other) => one.or(other),
    }
}

fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kib.checked_mul(1024)
}

/// What a control group (version 2) has left. Cached files count as used there, which errs on the careful side.
fn group(folder: &Path) -> Option<u64> {
    let number = |name: &str| fs::read_to_string(folder.join(name)).ok()?.trim().parse::<u64>().ok();
    Some(number("memory.max")?.saturating_sub(number("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.gguf");
        fs::write(&path, crate::gguf::tests::sample(3)).unwrap();
        crate::gguf::read(&path).unwrap()
    }

    #[test]
    fn weights_context_and_results_are_counted() {
        let options = LlamaOptions { context: Some(1000), batch: 10, ..LlamaOptions::new("m") };
        let head = head();
        assert_eq!(needed(&head, &options), head.bytes + 23_040_000 + 10 * (2 + 576) * 4);
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        let options = |memory_limit| LlamaOptions { memory_limit, ..LlamaOptions::new("m") };
        let error = check(&head(), &options(Some(1 << 20))).unwrap_err();
        assert_eq!(error.kind(), OpenErrorKind::Memory);
        assert!(error.to_string().ends_with("it needs 182 MiB of memory, and has 1 MiB"), "{error}");
        check(&head(), &options(Some(1 << 30))).unwrap();
    }

    #[test]
    fn a_context_for_which_no_machine_has_memory_is_refused() {
        let options = LlamaOptions { context: Some(i32::MAX as usize), ..LlamaOptions::new("m") };
        if available().is_some_and(|bytes| bytes < 40 << 40) {
            assert_eq!(check(&head(), &options).unwrap_err().kind(), OpenErrorKind::Memory);
        }
    }

    #[test]
    fn what_is_available_is_read() {
        assert_eq!(meminfo("MemTotal: 9 kB\nMemAvailable:   2048 kB\n"), Some(2 << 20));
        assert_eq!(meminfo("MemTotal: 9 kB\n"), None);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(group(folder.path()), None);
        fs::write(folder.path().join("memory.max"), "max\n").unwrap();
        fs::write(folder.path().join("memory.current"), "100\n").unwrap();
        assert_eq!(group(folder.path()), None);
        fs::write(folder.path().join("memory.max"), "150\n").unwrap();
        assert_eq!(group(folder.path()), Some(50));
    }
}
