//! The host's services: restarted by the service manager, and asked whether they are well.

use crate::client::client;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str::FromStr;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::Instant;

/// A service of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// The subcommand, and the unit `analytics-NAME.service`.
    pub name: String,
    /// The port on loopback that answers `/ready` and `/version`.
    pub port: u16,
}

impl FromStr for Service {
    type Err = String;

    /// Reads `collect:4000`.
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (name, port) = text.split_once(':')?;
            let known = ["collect", "consume", "query", "archive"].contains(&name);
            Some(Self {
                name: known.then(|| name.to_owned())?,
                port: port.parse().ok()?,
            })
        };
        read().ok_or_else(|| {
            format!("{text:?} is not of the form collect:4000 with collect, consume, query or archive")
        })
    }
}

/// A service that is not well.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The service manager failed.
    #[error(
        "{manager} restart analytics-{service}.service failed; `journalctl -u analytics-{service}` says why"
    )]
    Restart {
        /// The program.
        manager: String,
        /// The service.
        service: String,
    },
    /// The service does not answer as the release should.
    #[error("{service} is not ready as release {release} after {seconds} s: {found}")]
    NotWell {
        /// The service.
        service: String,
        /// The release.
        release: String,
        /// The seconds that were waited.
        seconds: u64,
        /// The last answer.
        found: String,
    },
}

/// The services of a host.
#[derive(Clone, Debug)]
pub struct Services {
    /// The service manager's program, such as `systemctl`.
    pub manager: PathBuf,
    /// The services, in the order of their restarts.
    pub all: Vec<Service>,
    /// The time that each may take to be well.
    pub patience: Duration,
}

impl Services {
    /// Restarts one after the other, each when the one before is well as `release`.
    ///
    /// # Errors
    /// [`ServiceError`] of the first one that is not well; the others are not touched.
    pub async fn restart(&self, release: &str) -> Result<(), ServiceError> {
        for service in &self.all {
            let unit = format!("analytics-{}.service", service.name);
            let mut command = Command::new(&self.manager);
            let status = command
                .arg("restart")
                .arg(unit)
                .stdin(Stdio::null())
                .status()
                .await;
            if !status.is_ok_and(|status| status.success()) {
                return Err(ServiceError::Restart {
                    manager: self.manager.display().to_string(),
                    service: service.name.clone(),
                });
            }
            self.wait(service, release).await?;
        }
        Ok(())
    }

    async fn wait(&self, service: &Service, release: &str) -> Result<(), ServiceError> {
        let client = client(Duration::from_secs(2));
        let begun = Instant::now();
        let ask = |path: &str| {
            let call = client
                .get(format!("http://127.0.0.1:{}{path}", service.port))
                .send();
            async move {
                let answer = call.await.ok()?;
                let status = answer.status().as_u16();
                Some((status, answer.text().await.ok()?))
            }
        };
        loop {
            let (ready, version) = (ask("/ready").await, ask("/version").await);
            let is = |answer: &Option<(u16, String)>, text: Option<&str>| {
                answer.as_ref().is_some_and(|(status, body)| {
                    *status == 200 && text.is_none_or(|text| body.trim() == text)
                })
            };
            if is(&ready, None) && is(&version, Some(release)) {
                return Ok(());
            }
            if begun.elapsed() > self.patience {
                let shown = |answer: Option<(u16, String)>| {
                    answer.map_or("no answer".to_owned(), |(status, body)| {
                        format!("{status} {}", body.chars().take(80).collect::<String>())
                    })
                };
                return Err(ServiceError::NotWell {
                    service: service.name.clone(),
                    release: release.to_owned(),
                    seconds: self.patience.as_secs(),
                    found: format!("/ready {}, /version {}", shown(ready), shown(version)),
                });
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }

    /// Has the release's program check the settings of each service, with the variables of `environment`, a file of lines
    /// `NAME=value`. Returns the first service whose settings it does not take, and why.
    pub(super) async fn refused(
        &self,
        program: &Path,
        environment: Option<&Path>,
    ) -> Option<(String, String)> {
        let file = environment
            .map(std::fs::read_to_string)
            .and_then(Result::ok)
            .unwrap_or_default();
        let variables = file.lines().filter_map(|line| {
            let (name, value) = line.trim().split_once('=')?;
            (!name.starts_with('#')).then(|| (name.to_owned(), value.trim_matches('"').to_owned()))
        });
        let variables: Vec<(String, String)> = variables.collect();
        for service in &self.all {
            let mut command = Command::new(program);
            command
                .args(["check-settings", &service.name])
                .envs(variables.iter().cloned());
            match command.stdin(Stdio::null()).output().await {
                Ok(output) if output.status.success() => {}
                Ok(output) => {
                    let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                    return Some((service.name.clone(), why));
                }
                Err(error) => return Some((service.name.clone(), error.to_string())),
            }
        }
        None
    }
}
