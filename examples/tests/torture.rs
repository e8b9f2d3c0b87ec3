//! A small fault run with fixed seeds against the support desk in a process of its own: kills, a full disk, stalled
//! readers, cut connections; and deploys, one process after the other on one file and one socket. `scripts/torture` is the
//! large one.

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

/// While everybody talks, each process hands its socket to the next one and drains.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_refused_in_ten_deploys() {
    let report = torture(Plan::deploys(3), Disk::file_size_limit).await;
    assert!(report.verdict.is_clean(), "{report}");
    assert_eq!((report.figure("deploys"), report.figure("connections not accepted")), (10, 0), "{report}");
    // Everybody had to move each time.
    assert!(report.figure("reconnects") >= 500 && report.figure("messages acked") >= 500, "{report}");
}
