//! Options of every command, and the stack that a command line is for.
//!
//! Nothing here knows a verb: verbs know this file, and `mod.rs` knows all verbs.

use crate::{Backend, Place, error::CliError, ui::Color};
use clap::Args;
use std::path::PathBuf;
use tenon_planner::Declared;

/// A stack: its name, its environments, and its program.
pub(crate) struct Stack<'a> {
    pub(crate) name: &'static str,
    pub(crate) environments: Vec<Env>,
    pub(crate) declare: &'a dyn Fn(&str) -> Result<Declared, CliError>,
}

/// One environment of a stack, as the command line knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Env {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) confirm: bool,
    pub(crate) backend: Backend,
}

impl Env {
    /// The region of an environment that names its account.
    pub(crate) fn region(&self) -> Option<&'static str> {
        match self.place {
            Place::Account { region, .. } => Some(region),
            Place::Sandbox | Place::FirstApply => None,
        }
    }
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(super) struct Global {
    /// The environment
    #[arg(
        long,
        global = true,
        env = "TENON_ENV",
        value_name = "NAME",
        help_heading = "Where"
    )]
    pub(super) env: Option<String>,
    /// An endpoint instead of AWS itself, for every service; `SERVICE=URL` for one, such as `cloudwatch`
    #[arg(long, global = true, value_name = "URL", help_heading = "Where", value_parser = endpoint)]
    pub(super) endpoint: Vec<Endpoint>,
    /// The profile of the AWS configuration
    #[arg(long, global = true, value_name = "NAME", help_heading = "Where")]
    pub(super) profile: Option<String>,
    /// The region; it must be the environment's, where that names one
    #[arg(long, global = true, value_name = "REGION", help_heading = "Where")]
    pub(super) region: Option<String>,
    /// Where states are kept, each under `<stack>/<env>`: `file:FOLDER`, `s3://BUCKET/KEY` or
    /// `postgres://USER@HOST/DATABASE` [default: the environment's, else `file:.tenon`]
    ///
    /// The password of a database is best left to `PGPASSWORD`. With `TENON_STATE_PASSPHRASE` the state is encrypted with that
    /// passphrase.
    #[arg(
        long,
        global = true,
        env = "TENON_STATE",
        hide_env_values = true,
        value_name = "URL",
        help_heading = "Where"
    )]
    pub(super) state: Option<String>,
    /// The folder of this one state, on this machine
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        conflicts_with = "state",
        help_heading = "Where"
    )]
    pub(super) state_dir: Option<PathBuf>,
    /// Encrypt the state with the age key in this file, as `age-keygen` makes it
    #[arg(
        long,
        global = true,
        env = "TENON_STATE_KEY_FILE",
        value_name = "FILE",
        hide_short_help = true,
        help_heading = "Where"
    )]
    pub(super) state_key_file: Option<PathBuf>,
    /// Encrypt the state with this key of AWS KMS: its id, ARN, or `alias/NAME`
    ///
    /// Reading needs `kms:Decrypt` of it, the first apply, `state migrate` and `state rekey` also `kms:GenerateDataKey`.
    #[arg(
        long,
        global = true,
        env = "TENON_STATE_KMS_KEY",
        value_name = "KEY",
        hide_short_help = true,
        help_heading = "Where"
    )]
    pub(super) state_kms_key: Option<String>,
    /// How many times faster than AWS the sandbox is; `inf` for no delays
    #[arg(long, global = true, env = "TENON_SANDBOX_SPEED", value_name = "FACTOR", default_value = "100", hide_short_help = true, help_heading = "Where", value_parser = speed)]
    pub(super) sandbox_speed: f64,
    /// What the sandbox makes its ids from
    #[arg(
        long,
        global = true,
        env = "TENON_SANDBOX_SEED",
        value_name = "NUMBER",
        default_value = "1",
        hide_short_help = true,
        help_heading = "Where"
    )]
    pub(super) sandbox_seed: u64,
    /// JSON instead of text; for apply, one event a line
    #[arg(long, global = true, help_heading = "How")]
    pub(super) json: bool,
    /// Colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "How"
    )]
    pub(super) color: Color,
    /// More: unchanged resources, ownership tags, every retry and wait
    #[arg(long, short, global = true, help_heading = "How")]
    pub(super) verbose: bool,
}

/// An endpoint for one service, or for all of them.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only AWS is anywhere"))]
pub(super) struct Endpoint {
    pub(super) service: Option<String>,
    pub(super) url: String,
}

fn endpoint(text: &str) -> Result<Endpoint, String> {
    let (service, url) = match text.split_once('=') {
        Some((service, url)) if !service.contains(':') => (Some(service.to_owned()), url),
        _ => (None, text),
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err("expected `http://…` or `https://…`, with `SERVICE=` before it for one service".into());
    }
    Ok(Endpoint {
        service,
        url: url.to_owned(),
    })
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor >= 0.001 => Ok(factor),
        _ => Err("expected 0.001 or more, or `inf`".into()),
    }
}
