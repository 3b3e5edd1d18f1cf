//! An AWS that a test starts and stops itself: moto's server, looked for in `TENON_TEST_MOTO`, then under
//! `TENON_EMULATORS`, where `cargo verify` installs it, and else as `moto_server` in the path.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub(crate) struct Moto {
    port: u16,
    process: Child,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> PathBuf {
    if let Some(program) = std::env::var_os("TENON_TEST_MOTO") {
        return program.into();
    }
    match std::env::var_os("TENON_EMULATORS") {
        Some(folder) => PathBuf::from(folder).join("moto/bin/moto_server"),
        None => "moto_server".into(),
    }
}

impl Moto {
    pub(crate) async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto_server in the path, or TENON_TEST_MOTO, or TENON_EMULATORS");
        let moto = Self { port, process };
        for _ in 0..300 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return moto;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("moto did not start");
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
