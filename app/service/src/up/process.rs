//! Data stores as child processes: as their own account, and ended with the process that started them.

use super::account::Account;
use super::error::Error;
use std::io;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A command for `program` as `account`, in a process group of its own, so that Ctrl-C reaches this process alone.
pub fn command(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdin(Stdio::null()).process_group(0);
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

/// A shell that interrupts a process as soon as its standard input closes: when this process closes it or dies, even by
/// SIGKILL.
pub struct Watchdog(Child);

impl Watchdog {
    /// Watches over the process `id`, and sends it `signal`, such as `INT`.
    ///
    /// # Errors
    /// [`Error::File`] when the shell cannot be started.
    pub fn over(id: u32, signal: &str) -> Result<Self, Error> {
        let shell = Path::new("/bin/sh");
        // `read` is of the shell itself, and needs no PATH.
        let release = format!("while read -r _; do :; done; kill -{signal} \"$0\" 2>/dev/null");
        let child = Command::new(shell)
            .args(["-c", &release, &id.to_string()])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Error::file("start", shell))?;
        Ok(Self(child))
    }

    /// Sends the signal now.
    pub fn release(&mut self) {
        drop(self.0.stdin.take());
        // Waiting fails only for a process that was reaped already.
        let _ = self.0.wait();
    }
}

/// Gives a file or folder to `account`.
///
/// # Errors
/// [`Error::File`] when the system refuses.
pub fn give_to_account(path: &Path, account: Option<Account>) -> Result<(), Error> {
    let Some(account) = account else { return Ok(()) };
    chown(path, Some(account.uid), Some(account.gid)).map_err(Error::file("hand over", path))
}

/// A port of the loopback interface that was free a moment ago.
///
/// # Errors
/// The system's error.
pub fn free_port() -> io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}
