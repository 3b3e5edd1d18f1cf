//! `analytics deploy` and `check-settings`: what a host runs.

use super::failure::Failure;
use crate::archive::Files;
use crate::deploy::{Host, Service, Services};
use crate::settings::{Reader, Settings};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// The options of `analytics deploy`.
#[derive(Args, Clone, Debug)]
pub struct DeployOptions {
    /// The releases: a folder, or `s3://bucket/prefix`; its `current` names the one to run
    #[arg(long)]
    pub releases: String,
    /// The services of this host with the port of each, in the order of their restarts
    #[arg(long = "service", required = true)]
    pub services: Vec<Service>,
    /// The folder of the releases on this host
    #[arg(long, default_value = "/opt/analytics")]
    pub root: PathBuf,
    /// The file with the services' variables
    #[arg(long, default_value = "/etc/analytics/fleet")]
    pub environment: PathBuf,
    /// The service manager's program
    #[arg(long, default_value = "systemctl")]
    pub manager: PathBuf,
    /// Seconds that a service may take to be well
    #[arg(long, default_value_t = 30)]
    pub patience: u64,
    /// The endpoint of the releases' bucket, when it is not AWS
    #[arg(long)]
    pub endpoint: Option<String>,
}

/// Runs the release that `current` names, or what ran before when it is not well. Returns its name.
///
/// # Errors
/// [`Failure::Deploy`].
pub async fn deploy(options: &DeployOptions) -> Result<String, Failure> {
    let host = Host {
        root: options.root.clone(),
        services: Services {
            manager: options.manager.clone(),
            all: options.services.clone(),
            patience: Duration::from_secs(options.patience),
        },
        environment: Some(options.environment.clone()),
    };
    let releases = Files::open(&options.releases, options.endpoint.as_deref())?;
    Ok(host.deploy(&releases).await?)
}

/// Reads the settings of a process as it would, and does nothing else.
///
/// # Errors
/// [`Failure::Settings`] for the first one that it would not take.
pub fn check_settings(process: &str) -> Result<(), Failure> {
    let reader = match process {
        "collect" => Reader::Collect,
        "consume" => Reader::Consume,
        "query" => Reader::Query,
        "archive" => Reader::Archive,
        _ => Reader::Web,
    };
    Settings::from_env(reader)?;
    Ok(())
}

/// The release that this program is of: the folder that it lies in, which `deploy` names by the release.
pub fn version() -> String {
    let program = std::env::current_exe().and_then(|path| path.canonicalize());
    let folder = program
        .ok()
        .and_then(|path| Some(path.parent()?.file_name()?.to_str()?.to_owned()));
    folder.unwrap_or_default()
}
