//! A platform of its own for a load: `analytics up` in a scratch folder.

use service::up::free_port;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running platform. Dropping it ends it and removes its folder.
pub struct Platform {
    up: Child,
    port: u16,
    folder: PathBuf,
    client: reqwest::Client,
}

impl Platform {
    /// Starts a platform without demo and waits until it answers. `program` is the binary `analytics`.
    ///
    /// # Errors
    /// A message when it does not start.
    pub async fn start(program: &Path) -> Result<Self, String> {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("analytics-load-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // The store runs under an account of its own, which must get in.
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&folder, open).map_err(|error| format!("{}: {error}", folder.display()))?;
        let port = free_port().map_err(|error| error.to_string())?;
        let up = Command::new(program)
            .args(["up", "--demo", "0", "--port", &port.to_string(), "--data"])
            .arg(&folder)
            .env_remove("MONGODB_URI")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let client = crate::client::client(Duration::from_secs(10));
        let platform = Self {
            up,
            port,
            folder,
            client,
        };
        let begun = Instant::now();
        while !(platform.answers(0).await && platform.answers(1).await) {
            if begun.elapsed() > Duration::from_secs(120) {
                return Err(format!(
                    "the platform does not answer; its logs are in {}",
                    platform.folder.display()
                ));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(platform)
    }

    async fn answers(&self, offset: u16) -> bool {
        let url = format!("http://127.0.0.1:{}/ready", self.port + offset);
        let answer = self.client.get(url).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The process of `up`, whose children are the parts.
    pub fn process(&self) -> u32 {
        self.up.id()
    }

    /// The address that takes events.
    pub fn collector(&self) -> String {
        format!("http://127.0.0.1:{}/e", self.port)
    }

    /// The URI of its MongoDB, which the log of mongod tells.
    pub fn mongodb_uri(&self) -> Option<String> {
        let log = std::fs::read_to_string(self.folder.join("mongod.log")).ok()?;
        let port = log
            .split("\"Waiting for connections\",\"attr\":{\"port\":")
            .nth(1)?
            .split(',')
            .next()?;
        Some(format!("mongodb://127.0.0.1:{port}/?directConnection=true"))
    }

    /// The events that the figures have counted.
    pub async fn counted(&self) -> Option<u64> {
        let url = format!("http://127.0.0.1:{}/api/sites", self.port + 1);
        let answer = self.client.get(url).send().await.ok()?;
        let body: serde_json::Value = serde_json::from_slice(&answer.bytes().await.ok()?).ok()?;
        body["data"][0]["events"].as_u64()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        if let Some(id) = i32::try_from(self.up.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw)
        {
            // It may have ended already.
            let _ = rustix::process::kill_process(id, rustix::process::Signal::INT);
        }
        let _ = self.up.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
