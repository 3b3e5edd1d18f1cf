//! `analytics load`: a platform of its own under load and kills, and the audit.

use super::failure::Failure;
use crate::load::{Chaos, Load, Platform, Report, Spike, run};
use crate::settings::Mongo;
use crate::store::Store;
use clap::Args;
use service::settings::Secret;
use std::path::PathBuf;
use std::time::Duration;

/// The options of `analytics load`.
#[derive(Args, Clone, Debug)]
pub struct LoadOptions {
    /// Events a second, before and after the spike
    #[arg(long, default_value_t = 1000)]
    pub rate: u32,
    /// Events of a post
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub batch: u32,
    /// How many times the rate, and for how long
    #[arg(long, default_value = "10x10s")]
    pub spike: Spike,
    /// Seconds before the spike, and after it
    #[arg(long, default_value_t = 3)]
    pub calm: u64,
    /// Processes to kill in the spike: consumer, collector, queue, query, archive, mongod
    #[arg(long, default_value = "", num_args = 0..=1, default_missing_value = "consumer:5,mongod:1,queue:1,collector:1,query:1")]
    pub chaos: Chaos,
    /// Answers of a hundred that the sender throws away, so that it posts the same again
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(0..=90))]
    pub lose: u32,
    /// File for the report as JSON
    #[arg(long)]
    pub report: Option<PathBuf>,
}

/// Starts a platform in a scratch folder, loads it, and compares what was acknowledged with what is stored and counted.
///
/// # Errors
/// [`Failure::Load`] when the platform does not start, and [`Failure::Inexact`] when an event is lost or too many.
pub async fn load(options: &LoadOptions) -> Result<Report, Failure> {
    let program = std::env::current_exe().map_err(Failure::system("finding this program"))?;
    let platform = Platform::start(&program).await.map_err(Failure::Load)?;
    let uri = platform.mongodb_uri();
    let uri = uri.ok_or_else(|| Failure::Load("the log of mongod does not tell its port".to_owned()))?;
    let mongo = Mongo {
        uri: Secret::new(uri),
        database: "analytics".to_owned(),
        ca: None,
    };
    let store = Store::connect(&mongo).await?;
    let load = Load {
        rate: options.rate,
        batch: options.batch,
        spike: options.spike,
        calm: Duration::from_secs(options.calm),
        lose: options.lose * 10,
        chaos: options.chaos.clone(),
        patience: Duration::from_secs(60),
    };
    let report = run(&load, &platform, &store).await.map_err(Failure::Load)?;
    if let Some(path) = &options.report {
        let text = serde_json::to_string_pretty(&report).unwrap_or_default();
        std::fs::write(path, text).map_err(service::up::Error::file("write", path))?;
    }
    if report.is_exact() {
        Ok(report)
    } else {
        Err(Failure::Inexact(report.to_string()))
    }
}
