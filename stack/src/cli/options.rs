//! Options of every command, and the stack that a command line is for.
//!
//! Nothing here knows a verb: verbs know this file, and `mod.rs` knows all verbs.

use crate::{error::CliError, program::Program, ui::Color};
use clap::Args;
use std::path::{Path, PathBuf};
use tenon_language::Given;
use tenon_resources::declaration::Document;
pub(crate) use tenon_resources::declaration::EnvironmentSpec as Env;

/// A stack: its name, its environments, and how it is declared for the environment of a name.
pub(crate) struct Stack<'a> {
    pub(crate) name: String,
    pub(crate) environments: Vec<Env>,
    pub(crate) declare: Box<dyn Fn(&str, &Given) -> Result<Document, CliError> + 'a>,
    /// The folder with the program's settings; none of a declaration, which has them in it.
    pub(crate) folder: Option<PathBuf>,
}

/// The program that a command line is for.
pub(crate) enum Origin<'a> {
    /// The one that is linked into this binary.
    Linked(&'a dyn Fn() -> Stack<'a>),
    /// The one of a crate, which is built first: this is the installed tool.
    Crate,
}

impl<'a> Origin<'a> {
    /// The stack that the flags name.
    ///
    /// # Errors
    /// A declaration cannot be read, or a program is not found or does not compile.
    pub(super) fn stack(&self, global: &Global) -> Result<Stack<'a>, CliError> {
        if let Some(path) = &global.declared {
            return declared_in(path);
        }
        match self {
            Self::Linked(stack) => Ok(stack()),
            Self::Crate => Program::build(global.program.as_deref())?.stack(),
        }
    }
}

/// The stack of the declaration in file `path`, for the one environment that it is for.
fn declared_in(path: &Path) -> Result<Stack<'static>, CliError> {
    let text = std::fs::read_to_string(path).map_err(|e| CliError::file("read the declaration", path, e))?;
    let document = Document::from_json(&text).map_err(|e| {
        CliError::from(e).context(format!("could not use the declaration in {}", path.display()))
    })?;
    Ok(Stack {
        name: document.declared.stack.clone(),
        environments: vec![document.environment.clone()],
        declare: Box::new(move |_, _| Ok(document.clone())),
        folder: None,
    })
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(super) struct Global {
    /// Environment of the stack to work on
    ///
    /// The environments are those that the stack declares; a stack with only one needs no flag. Example: `--env dev`, or `--env
    /// pr-7` for a member of a family of previews.
    #[arg(
        long,
        global = true,
        env = "TENON_ENV",
        value_name = "NAME",
        help_heading = "Where"
    )]
    pub(super) env: Option<String>,
    /// Take the stack from this declaration instead of running its program
    ///
    /// `declare --out FILE` writes one. Example: `--declared dev.json plan`.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Where")]
    pub(super) declared: Option<PathBuf>,
    /// Package of the workspace whose binary is the stack's program [default: the current folder's]
    ///
    /// `[workspace.metadata.tenon]` with `program = "NAME"` in the workspace's Cargo.toml is the default in its root.
    #[arg(
        long,
        global = true,
        value_name = "PACKAGE",
        conflicts_with = "declared",
        help_heading = "Where"
    )]
    pub(super) program: Option<String>,
    /// Give the program this value for a setting; may be repeated
    ///
    /// The value is over the one in `tenon.toml`; a variable `TENON_SET_NAME` is over both. `.` separates a table from its
    /// members: `--set database.class=large`, or `TENON_SET_DATABASE__CLASS`. No secrets: the plan shows it.
    #[arg(
        long,
        global = true,
        value_name = "NAME=VALUE",
        conflicts_with = "declared",
        help_heading = "Where",
        value_parser = set
    )]
    pub(super) set: Vec<(String, String)>,
    /// Seconds to wait for the state's lock while another run holds it
    ///
    /// Without it, a command that writes ends at once with exit code 5. Example: `--lock-timeout 300`.
    #[arg(
        long,
        global = true,
        env = "TENON_LOCK_TIMEOUT",
        value_name = "SECONDS",
        default_value = "0",
        hide_short_help = true,
        help_heading = "Where"
    )]
    pub(super) lock_timeout: u32,
    /// Send AWS API calls to this URL instead of AWS
    ///
    /// `SERVICE=URL` sets the endpoint of one service and may be repeated. Example: `--endpoint http://localhost:4566`, or
    /// `--endpoint cloudwatch=http://localhost:4582`.
    #[arg(long, global = true, value_name = "URL", help_heading = "Where", value_parser = endpoint)]
    pub(super) endpoint: Vec<Endpoint>,
    /// Profile of the AWS configuration to take credentials from [default: `AWS_PROFILE`]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Where")]
    pub(super) profile: Option<String>,
    /// AWS region [default: the environment's, else the AWS configuration's]
    ///
    /// An environment that names a region accepts no other.
    #[arg(long, global = true, value_name = "REGION", help_heading = "Where")]
    pub(super) region: Option<String>,
    /// Location of the state: `file:FOLDER`, `s3://BUCKET/KEY` or `postgres://USER@HOST/DATABASE` [default: the
    /// environment's, else `file:.tenon`]
    ///
    /// A location holds many states, each under `<stack>/<env>`. Example: `--state s3://my-states/tenon`. Give a database's
    /// password in `PGPASSWORD` rather than in the URL. With `TENON_STATE_PASSPHRASE` the state is encrypted with that
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
    /// Folder on this machine that holds just this state
    ///
    /// Unlike `--state file:FOLDER`, nothing is appended to it. Example: `--state-dir /tmp/try`.
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        conflicts_with = "state",
        help_heading = "Where"
    )]
    pub(super) state_dir: Option<PathBuf>,
    /// File with the age key that the state is encrypted with
    ///
    /// `age-keygen -o FILE` creates one.
    #[arg(
        long,
        global = true,
        env = "TENON_STATE_KEY_FILE",
        value_name = "FILE",
        hide_short_help = true,
        help_heading = "Where"
    )]
    pub(super) state_key_file: Option<PathBuf>,
    /// AWS KMS key that the state is encrypted with: key id, ARN, or `alias/NAME`
    ///
    /// Reading the state needs the permission `kms:Decrypt`; the first apply, `state migrate` and `state rekey` also need
    /// `kms:GenerateDataKey`.
    #[arg(
        long,
        global = true,
        env = "TENON_STATE_KMS_KEY",
        value_name = "KEY",
        hide_short_help = true,
        help_heading = "Where"
    )]
    pub(super) state_kms_key: Option<String>,
    /// Speed of the sandbox, as a multiple of AWS's own; `inf` for no delays
    #[arg(long, global = true, env = "TENON_SANDBOX_SPEED", value_name = "FACTOR", default_value = "100", hide_short_help = true, help_heading = "Where", value_parser = speed)]
    pub(super) sandbox_speed: f64,
    /// Seed of the sandbox's resource ids
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
    /// Print JSON instead of text
    ///
    /// `apply` and `destroy` print one event per line while they run.
    #[arg(long, global = true, help_heading = "How")]
    pub(super) json: bool,
    /// When to color the output
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "How"
    )]
    pub(super) color: Color,
    /// Show more: unchanged resources, ownership tags, every retry and wait
    #[arg(long, short, global = true, help_heading = "How")]
    pub(super) verbose: bool,
}

/// An endpoint for one service, or for all of them.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub(super) service: Option<String>,
    pub(super) url: String,
}

fn set(text: &str) -> Result<(String, String), String> {
    let ok = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match text.split_once('=') {
        Some((name, value))
            if name
                .split('.')
                .all(|part| !part.is_empty() && part.chars().all(ok)) =>
        {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("expected `NAME=VALUE`, such as `tasks=2` or `database.class=large`".into()),
    }
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
