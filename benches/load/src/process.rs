//! A server in a process of its own, and what the kernel says of it.

use std::{fs, net::SocketAddr, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{Result, serve::Kind};

/// Clock ticks for each second of CPU in `/proc`: `USER_HZ`, which is 100 on every Linux (proc(5)).
const TICKS: f64 = 100.0;

/// A server that runs.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    child: Child,
    pid: u32,
}

impl Server {
    /// Starts one on the first CPU.
    pub(crate) async fn start(kind: Kind) -> Result<Self> {
        let mut child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(std::env::current_exe()?)
            .args(["serve", kind.word()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let line = BufReader::new(stdout).lines().next_line().await?.ok_or("the server ended at once")?;
        // taskset becomes the program, so the number is the server's.
        let pid = child.id().ok_or("the server ended at once")?;
        Ok(Self { address: line.parse()?, child, pid })
    }

    /// Ends it and waits.
    pub(crate) async fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        self.child.wait().await?;
        Ok(())
    }

    /// Seconds of CPU that it has used, its own and the kernel's for it.
    pub(crate) fn cpu(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // After the name, which may hold anything, fields 14 and 15 are the 12th and 13th.
        let fields = stat.rsplit_once(')').ok_or("an unknown form of /proc/PID/stat")?.1;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let mut sum = 0.0;
        for field in ticks {
            sum += field.parse::<f64>()?;
        }
        Ok(sum / TICKS)
    }

    /// Its resident memory, in KiB.
    pub(crate) fn resident(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }
}

/// Puts this process on the second CPU, if there is one.
pub(crate) fn pin_self() -> Result<()> {
    if std::thread::available_parallelism()?.get() < 2 {
        eprintln!("one CPU: the generator takes its part of what is measured");
        return Ok(());
    }
    let pid = std::process::id().to_string();
    let pinned =
        std::process::Command::new("taskset").args(["-cp", "1", &pid]).stdout(Stdio::null()).status()?;
    if pinned.success() { Ok(()) } else { Err("the generator could not be put on the second CPU".into()) }
}
