//! A small fault run with fixed seeds against the support desk in a process of its own: kills, a full disk, stalled
//! readers, cut connections. `scripts/torture` is the large one.

use std::path::Path;

use minicom_torture::{Disk, Plan, Report, run};

async fn torture(plan: Plan, disk: impl FnOnce(&Path) -> Disk) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = Path::new(env!("CARGO_BIN_EXE_support-desk"));
    let report = run(&plan, disk(folder.path()), binary).await.expect("a run");
    println!("seed {}\n{report}", plan.seed);
    report
}

fn check(report: &Report) {
    assert!(report.verdict.is_clean(), "{report}");
    // A run in which little happened shows little.
    assert!(report.figure("kills") >= 3 && report.figure("full disks") >= 1, "{report}");
    assert!(report.figure("reconnects") >= 60 && report.figure("messages acked") >= 100, "{report}");
    assert!(report.figure("answers unavailable") > 0, "{report}");
}

/// Where no tmpfs can be mounted, files that may not grow stand in for the full disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_on_a_disk_that_fills_up() {
    let disk = |folder: &Path| {
        Disk::tmpfs(folder, 64).unwrap_or_else(|error| {
            println!("no tmpfs, so files that may not grow: {error}");
            Disk::file_size_limit(folder)
        })
    };
    let report = torture(Plan::small(1), disk).await;
    check(&report);
    // Not all: on a busy machine one may be heard again before its time is up.
    assert!(report.figure("stalled sockets ended by the server") >= 10, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_files_may_not_grow() {
    check(&torture(Plan::small_disk(2), Disk::file_size_limit).await);
}
