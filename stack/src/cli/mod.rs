//! The command line: one file a verb.
//!
//! A verb is a struct of arguments, whose documentation is its help, and a function. Data goes to standard output and
//! talk to standard error, both through [`Ui`]; no verb writes by itself.

mod apply;
mod backend;
mod bootstrap;
mod completions;
mod destroy;
mod drift;
mod explain;
mod format;
mod graph;
mod import;
mod key;
mod migrate;
mod output;
mod permissions;
mod plan;
mod recover;
mod rekey;
mod repair;
mod select;
mod session;
mod show;
mod signals;
mod state;
mod unlock;

use crate::{
    error::{CliError, exit},
    run::Env,
    ui::{Color, Ui},
};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use session::Session;
use std::path::PathBuf;
use tenon_planner::Declared;

/// A stack: its name, its environments, and its program.
pub(crate) struct Stack<'a> {
    pub(crate) name: &'static str,
    pub(crate) environments: Vec<Env>,
    pub(crate) declare: &'a dyn Fn(&str) -> Result<Declared, CliError>,
}

#[derive(Parser)]
#[command(version, after_help = exit::TABLE, after_long_help = exit::TABLE, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// What every command takes.
#[derive(Args, Clone, Debug)]
struct Global {
    /// The environment
    #[arg(
        long,
        global = true,
        env = "TENON_ENV",
        value_name = "NAME",
        help_heading = "Where"
    )]
    env: Option<String>,
    /// An endpoint instead of AWS itself, for every service; `SERVICE=URL` for one, such as `cloudwatch`
    #[arg(long, global = true, value_name = "URL", help_heading = "Where", value_parser = endpoint)]
    endpoint: Vec<Endpoint>,
    /// The profile of the AWS configuration
    #[arg(long, global = true, value_name = "NAME", help_heading = "Where")]
    profile: Option<String>,
    /// The region; it must be the environment's, where that names one
    #[arg(long, global = true, value_name = "REGION", help_heading = "Where")]
    region: Option<String>,
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
    state: Option<String>,
    /// The folder of this one state, on this machine
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        conflicts_with = "state",
        help_heading = "Where"
    )]
    state_dir: Option<PathBuf>,
    /// Encrypt the state with the age key in this file, as `age-keygen` makes it
    #[arg(
        long,
        global = true,
        env = "TENON_STATE_KEY_FILE",
        value_name = "FILE",
        hide_short_help = true,
        help_heading = "Where"
    )]
    state_key_file: Option<PathBuf>,
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
    state_kms_key: Option<String>,
    /// How many times faster than AWS the sandbox is; `inf` for no delays
    #[arg(long, global = true, env = "TENON_SANDBOX_SPEED", value_name = "FACTOR", default_value = "100", hide_short_help = true, help_heading = "Where", value_parser = speed)]
    sandbox_speed: f64,
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
    sandbox_seed: u64,
    /// JSON instead of text; for apply, one event a line
    #[arg(long, global = true, help_heading = "How")]
    json: bool,
    /// Colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "How"
    )]
    color: Color,
    /// More: unchanged resources, ownership tags, every retry and wait
    #[arg(long, short, global = true, help_heading = "How")]
    verbose: bool,
}

/// Where one service is, or all of them.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only AWS is anywhere"))]
struct Endpoint {
    service: Option<String>,
    url: String,
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

#[derive(Subcommand)]
enum Verb {
    Plan(plan::Plan),
    Apply(apply::Apply),
    Destroy(destroy::Destroy),
    Show(show::Show),
    Output(output::Output),
    Drift(drift::Drift),
    Graph(graph::Graph),
    Explain(explain::Explain),
    Permissions(permissions::Permissions),
    State(state::State),
    Import(import::Import),
    Recover(recover::Recover),
    Unlock(unlock::Unlock),
    Bootstrap(bootstrap::Bootstrap),
    Completions(completions::Completions),
}

/// Does what the process's arguments say, and returns the exit code.
pub(crate) fn main(stack: &Stack<'_>) -> u8 {
    let command = command(stack);
    let cli = command.try_get_matches().and_then(|m| Cli::from_arg_matches(&m));
    let cli = match cli {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are what was asked for; clap knows which stream is theirs.
            let code = if error.use_stderr() {
                exit::USAGE
            } else {
                exit::DONE
            };
            let _ = error.print();
            return code;
        }
    };
    let ui = Ui::new(cli.global.color, cli.global.json, cli.global.verbose);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(verb(stack, cli, &ui));
            // A blocking read of standard input must not keep the process.
            runtime.shutdown_background();
            result
        }
        Err(source) => Err(CliError::failed("could not start").because(source)),
    };
    result.unwrap_or_else(|error| {
        ui.error(&error);
        error.kind.exit_code()
    })
}

/// The command line of `stack`.
fn command(stack: &Stack<'_>) -> clap::Command {
    let names: Vec<_> = stack.environments.iter().map(|e| e.name).collect();
    let about = format!(
        "Plan and apply the stack `{}` (environments: {})",
        stack.name,
        names.join(", ")
    );
    let binary = std::env::args_os().next().map(PathBuf::from);
    let binary = binary
        .as_deref()
        .and_then(|p| p.file_stem()?.to_str())
        .unwrap_or("tenon")
        .to_owned();
    Cli::command().bin_name(binary).about(about)
}

async fn verb(stack: &Stack<'_>, cli: Cli, ui: &Ui) -> Result<u8, CliError> {
    let session = || Session::new(stack, &cli.global, *ui);
    match cli.verb {
        Verb::Explain(args) => explain::run(ui, &args),
        Verb::Completions(args) => completions::run(ui, &args, command(stack)),
        Verb::Show(args) if args.plan.is_some() => show::saved(ui, &args),
        Verb::Permissions(args) if args.plan.is_some() => permissions::saved(ui, &args),
        Verb::Plan(args) => plan::run(&session().await?, &args).await,
        Verb::Apply(args) => apply::run(&session().await?, &args).await,
        Verb::Destroy(args) => destroy::run(&session().await?, &args).await,
        Verb::Show(args) => show::run(&session().await?, &args).await,
        Verb::Output(args) => output::run(&session().await?, &args).await,
        Verb::Drift(args) => drift::run(&session().await?, &args).await,
        Verb::Graph(args) => graph::run(&session().await?, &args).await,
        Verb::Permissions(args) => permissions::run(&session().await?, &args).await,
        Verb::State(args) => state::run(&session().await?, &args).await,
        Verb::Import(args) => import::run(&session().await?, &args).await,
        Verb::Recover(args) => recover::run(&session().await?, &args).await,
        Verb::Bootstrap(args) => {
            bootstrap::run(&Session::without_state(stack, &cli.global, *ui)?, &args).await
        }
        Verb::Unlock(args) => unlock::run(&session().await?, &args).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
