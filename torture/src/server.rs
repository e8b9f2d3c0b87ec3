//! The server under test: a process that is killed and started again on the same file.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

/// How long a start may take.
const START: Duration = Duration::from_secs(20);
/// How long sockets may live on in a process that is replaced.
const WINDOW: Duration = Duration::from_secs(1);
/// How long a stop may take beyond that: what is promised, and as much again for a busy machine.
const STOP: Duration = Duration::from_secs(12);

/// The process, and where it listens.
#[derive(Debug)]
pub(crate) struct Server {
    binary: PathBuf,
    database: PathBuf,
    address: watch::Sender<Option<SocketAddr>>,
    /// Handed from one process to the next; without it, each has one of its own.
    socket: Option<TcpListener>,
    child: Option<Child>,
    said: Arc<Mutex<Said>>,
    pub kills: usize,
}

/// What it writes to its standard error.
#[derive(Debug, Default)]
struct Said {
    panics: Vec<String>,
    last: String,
}

impl Server {
    pub fn new(binary: &Path, database: PathBuf) -> Self {
        let (address, _) = watch::channel(None);
        let (binary, said) = (binary.to_owned(), Arc::default());
        Self { binary, database, address, socket: None, child: None, said, kills: 0 }
    }

    /// One whose processes inherit their socket, as from systemd.
    pub fn with_socket(self) -> io::Result<Self> {
        Ok(Self { socket: Some(TcpListener::bind("127.0.0.1:0")?), ..self })
    }

    /// Where it listens; `None` while it does not run.
    pub fn address(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.address.subscribe()
    }

    /// Starts it, without a socket of its own on a free port: always another one, so that no socket of an earlier life is in
    /// the way.
    pub async fn start(&mut self) -> io::Result<()> {
        // A file over the limit must be an error, as it is on a full disk, and not a signal.
        let (script, stdin) = match &self.socket {
            None => (r#"trap "" XFSZ; exec "$0" "$@""#, Stdio::null()),
            Some(socket) => (
                r#"trap "" XFSZ; export LISTEN_FDS=1 LISTEN_PID=$$; exec "$0" "$@" 3<&0 </dev/null"#,
                OwnedFd::from(socket.try_clone()?).into(),
            ),
        };
        let mut child = Command::new("sh")
            .args(["-c", script])
            .arg(&self.binary)
            .args(["--listen", "127.0.0.1:0", "--db"])
            .arg(&self.database)
            .env("RUST_LOG", "warn")
            // What is counted is what people say.
            .env("MINICOM_RESPONDER", "none")
            .env("MINICOM_DRAIN_SECONDS", WINDOW.as_secs().to_string())
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take();
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(listen(stderr, self.said.clone()));
        }
        let Some(address) = timeout(START, first_address(stdout)).await? else {
            let status = child.wait().await?;
            let last = self.said().last.clone();
            return Err(io::Error::other(format!("{status}: {last}")));
        };
        self.child = Some(child);
        self.address.send_replace(Some(address));
        Ok(())
    }

    /// Starts the next process beside the one that runs, and has that one drain. What is wrong with its end.
    pub async fn deploy(&mut self) -> io::Result<Option<String>> {
        let old = self.child.take();
        self.start().await?;
        let Some(mut old) = old else { return Ok(Some("nothing ran that could be replaced".into())) };
        let pid = old.id().map(|pid| pid.to_string()).unwrap_or_default();
        if !Command::new("kill").args(["-TERM", &pid]).status().await?.success() {
            return Ok(Some(format!("the process to be replaced has ended: {}", self.said().last)));
        }
        match timeout(WINDOW + STOP, old.wait()).await {
            Ok(status) => {
                let status = status?;
                Ok((!status.success()).then(|| format!("it drained, {status}: {}", self.said().last)))
            }
            Err(_) => Ok(Some("a process did not drain in time".into())),
        }
    }

    /// SIGKILL.
    pub async fn kill(&mut self) -> io::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
            self.kills += 1;
        }
        self.address.send_replace(None);
        Ok(())
    }

    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref()?.id()
    }

    /// Why it runs no more though nobody killed it.
    pub fn death(&mut self) -> Option<String> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        self.address.send_replace(None);
        Some(format!("the server ended by itself, {status}: {}", self.said().last))
    }

    /// Every panic of every life.
    pub fn panics(&self) -> Vec<String> {
        self.said().panics.clone()
    }

    /// Resident memory in bytes.
    pub fn rss(&self) -> io::Result<u64> {
        let pid = self.pid().ok_or_else(|| io::Error::other("no server runs"))?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        kib.map(|kib| kib * 1024).ok_or_else(|| io::Error::other("no VmRSS in the server's status"))
    }

    fn said(&self) -> std::sync::MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address in the first line that it prints; `None`: it ended instead. What follows is read on, so that it never waits.
async fn first_address(stdout: Option<impl AsyncRead + Send + Unpin + 'static>) -> Option<SocketAddr> {
    let mut lines = BufReader::new(stdout?).lines();
    let line = lines.next_line().await.ok()??;
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    line.split("http://").nth(1)?.trim_end_matches('/').parse().ok()
}

async fn listen(stderr: impl AsyncRead + Unpin, said: Arc<Mutex<Said>>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if line.contains("panicked at") {
            said.panics.push(line.clone());
        }
        said.last = line;
    }
}
