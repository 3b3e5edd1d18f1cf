//! The binary as a process, with nothing of this process's environment but the path.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A running `catalog`.
pub(crate) struct Process {
    child: Guarded,
    pub(crate) address: SocketAddr,
}

/// A child process that does not outlive its test, even one that fails.
pub(crate) struct Guarded(pub(crate) Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        // Already gone, usually.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// `catalog` with these arguments and these variables and no others.
pub(crate) fn command(arguments: &[&str], environment: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_catalog"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Runs `catalog` to its end; returns the exit code, standard output and standard error.
pub(crate) fn run(arguments: &[&str], environment: &[(String, String)]) -> (Option<i32>, String, String) {
    let mut child = command(arguments, environment)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if begun.elapsed() > Duration::from_mins(1) => {
                child.kill().unwrap();
                break child.wait().unwrap();
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    (status.code(), out, err)
}

impl Process {
    /// Starts a server on a port of the system's choice and waits until it says which.
    pub(crate) fn start(subcommand: &str, environment: &[(String, String)]) -> Self {
        let mut environment = environment.to_vec();
        for (name, value) in [("HOST", "127.0.0.1"), ("PORT", "0")] {
            environment.push((name.to_owned(), value.to_owned()));
        }
        let mut child = Guarded(
            command(&[subcommand], &environment)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap(),
        );
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        for line in lines.by_ref() {
            let entry: serde_json::Value = serde_json::from_str(&line.unwrap()).expect("a line of JSON");
            if entry["message"].as_str().is_some_and(|m| m.contains("listening")) {
                let address = entry["address"].as_str().unwrap().parse().unwrap();
                // The rest is read, so that the process never waits for somebody to read its log.
                std::thread::spawn(move || lines.for_each(drop));
                return Self { child, address };
            }
        }
        panic!(
            "catalog {subcommand} ended before it listened: {:?}",
            child.0.wait()
        );
    }

    pub(crate) fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    pub(crate) fn wait(mut self) -> ExitStatus {
        self.child.0.wait().unwrap()
    }
}
