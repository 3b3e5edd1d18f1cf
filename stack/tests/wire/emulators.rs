//! Emulators as child processes on free loopback ports, stopped by their process id when the test ends.

use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running emulator.
pub(crate) struct Emulator {
    child: Child,
    pub(crate) url: String,
    folder: tempfile::TempDir,
}

/// Where something of the emulators is installed.
pub(crate) fn installed(name: &str) -> PathBuf {
    // The lock file is in the workspace's folder, wherever in it the package of this test is.
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").exists())
        .unwrap();
    let default = || workspace.join("target/emulators");
    let folder = std::env::var_os("TENON_EMULATORS").map_or_else(default, PathBuf::from);
    let program = folder.join(name);
    assert!(
        program.exists(),
        "{} is missing: run `cargo verify`, which installs the emulators, or set TENON_EMULATORS",
        program.display()
    );
    program
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

impl Emulator {
    /// moto, with AWS's managed policies, services that become stable and certificates that are issued. It knows one
    /// number of running tasks for all services: `tasks`.
    pub(crate) fn moto(tasks: u32) -> Self {
        let port = free_port();
        let mut command = Command::new(installed("moto/bin/moto_server"));
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).envs([
            ("MOTO_IAM_LOAD_MANAGED_POLICIES", "true".to_owned()),
            ("MOTO_ECS_SERVICE_RUNNING", tasks.to_string()),
            ("MOTO_ACM_VALIDATION_WAIT", "1".to_owned()),
        ]);
        Self::start(command, port)
    }

    /// ministack, on loopback alone.
    pub(crate) fn ministack() -> Self {
        let port = free_port();
        let mut command = Command::new(installed("ministack/bin/ministack"));
        command.envs([
            ("BIND_HOST", "127.0.0.1"),
            ("IOT_MTLS_ENABLED", "0"),
            ("GATEWAY_PORT", &port.to_string()),
            ("EDGE_PORT", &port.to_string()),
        ]);
        Self::start(command, port)
    }

    fn start(mut command: Command, port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let errors = log.try_clone().unwrap();
        let child = command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut emulator = Self {
            child,
            url: format!("http://127.0.0.1:{port}"),
            folder,
        };
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = emulator.child.try_wait().unwrap();
            let log = std::fs::read_to_string(emulator.folder.path().join("log")).unwrap_or_default();
            assert!(
                ended.is_none() && Instant::now() < until,
                "the emulator did not start:\n{log}"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        emulator
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
