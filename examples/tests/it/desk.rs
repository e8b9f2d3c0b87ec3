//! A running `support-desk`.

use std::{ffi::OsStr, net::SocketAddr, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// How long starting and stopping may take at most; stopping is promised within about 6 s.
const PATIENCE: Duration = Duration::from_secs(8);

/// The process. It is killed with the test.
pub struct Desk {
    pub address: SocketAddr,
    child: Child,
    /// What else it says.
    lines: Lines<BufReader<ChildStdout>>,
}

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    /// Nothing of one that was served by.
    pub stdout: String,
    pub stderr: String,
}

pub fn command(arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_support-desk"));
    let inherited = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MINICOM_"));
    for (name, _) in inherited {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").args(arguments).kill_on_drop(true);
    command.env("MINICOM_RESPONDER", "none").env("MINICOM_DRAIN_SECONDS", "0");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs one that is expected to end by itself.
pub async fn fails(mut command: Command) -> Ended {
    let output = timeout(PATIENCE, command.output()).await.expect("it ends").expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Desk {
    /// With a database, on a free port.
    pub async fn start(db: &Path) -> Self {
        let listen = ["--listen", "127.0.0.1:0", "--db"].map(OsStr::new);
        Self::spawn(command(&[&listen[..], &[db.as_os_str()]].concat())).await
    }

    /// Runs one and waits until it says where it listens.
    pub async fn spawn(mut command: Command) -> Self {
        let mut child = command.spawn().expect("it runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = timeout(PATIENCE, lines.next_line()).await.expect("in time").expect("text");
        let Some(line) = line else {
            let mut said = String::new();
            let _ = child.stderr.take().expect("its errors").read_to_string(&mut said).await;
            panic!("it did not start: {said}");
        };
        let address = line.strip_prefix("visitors  http://").and_then(|rest| rest.strip_suffix('/'));
        let address = address.and_then(|address| address.parse().ok()).expect("an address");
        let second = lines.next_line().await.expect("text").expect("a second line");
        assert_eq!(second, format!("agents    http://{address}/desk"));
        Self { address, child, lines }
    }

    /// The next line that it says.
    pub async fn line(&mut self) -> String {
        let line = timeout(PATIENCE, self.lines.next_line()).await.expect("in time").expect("text");
        line.expect("a line")
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for its end.
    pub async fn ended(mut self) -> Ended {
        let status = timeout(PATIENCE, self.child.wait()).await.expect("it ends").expect("a status");
        let mut stderr = String::new();
        let mut errors = self.child.stderr.take().expect("its errors");
        errors.read_to_string(&mut stderr).await.expect("text");
        Ended { code: status.code(), stdout: String::new(), stderr }
    }
}
