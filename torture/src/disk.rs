//! A disk that can be filled and emptied again.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// What a full disk leaves: some commits still succeed.
const LEFT: u64 = 256 << 10;

/// Where the server's file lies.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A file system of its own: writing fails with `ENOSPC` everywhere.
    Tmpfs,
    /// A limit of the server's process on the size of files: writing fails with `EFBIG`, beyond that size alone.
    FileSize,
}

impl Disk {
    /// Mounts a tmpfs on a folder. Only root may.
    pub fn tmpfs(folder: &Path, mebibytes: u64) -> io::Result<Self> {
        let size = format!("size={mebibytes}m");
        run(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "minicom-torture"]).arg(folder))?;
        Ok(Self { folder: folder.to_owned(), kind: Kind::Tmpfs })
    }

    /// An ordinary folder. The server's process is forbidden to make its files larger while the disk counts as full, which
    /// needs no rights.
    pub fn file_size_limit(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), kind: Kind::FileSize }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("torture.db")
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    /// Takes the room that is left.
    pub(crate) fn fill(&self, server: Option<u32>) -> io::Result<()> {
        match self.kind {
            Kind::Tmpfs => {
                let mut ballast = File::create(self.ballast())?;
                let chunk = vec![0; 64 << 10];
                let mut written = 0;
                loop {
                    match ballast.write(&chunk) {
                        Ok(0) => break,
                        Ok(more) => written += more as u64,
                        Err(error) if error.kind() == io::ErrorKind::StorageFull => break,
                        Err(error) => return Err(error),
                    }
                }
                ballast.set_len(written.saturating_sub(LEFT))
            }
            Kind::FileSize => {
                let mut largest = 0;
                for entry in fs::read_dir(&self.folder)? {
                    largest = largest.max(entry?.metadata()?.len());
                }
                limit(server, &(largest + LEFT).to_string())
            }
        }
    }

    /// Gives it back.
    pub(crate) fn free(&self, server: Option<u32>) -> io::Result<()> {
        match self.kind {
            Kind::Tmpfs => fs::remove_file(self.ballast()),
            Kind::FileSize => limit(server, "unlimited"),
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Kind::Tmpfs = self.kind {
            // Lazily: a server that was just killed may still be on its way out.
            if let Err(error) = run(Command::new("umount").arg("--lazy").arg(&self.folder)) {
                eprintln!("{} stays mounted: {error}", self.folder.display());
            }
        }
    }
}

/// Sets the soft limit, which may be raised again.
fn limit(server: Option<u32>, bytes: &str) -> io::Result<()> {
    let Some(server) = server else { return Ok(()) };
    run(Command::new("prlimit").arg(format!("--pid={server}")).arg(format!("--fsize={bytes}:")))
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {}", command.get_program().display(), said.trim())))
}
