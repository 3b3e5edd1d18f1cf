//! The command line: one file a verb.
//!
//! A verb is a struct of arguments, whose documentation is its help, and a function. Data goes to standard output and
//! messages to standard error, both through [`Ui`]; no verb writes by itself.

mod add;
mod apply;
mod approve;
mod backend;
mod blame;
mod bootstrap;
mod bootstrap_github;
mod chaos;
mod ci;
mod completions;
mod connect;
mod console;
mod declare;
mod deployment;
mod destroy;
mod drift;
mod endpoints;
mod environments;
mod explain;
mod family;
mod format;
mod graph;
mod history;
mod import;
mod keep;
mod key;
mod logs;
mod migrate;
mod new;
mod options;
mod output;
mod permissions;
mod plan;
mod policy;
mod provenance;
mod recover;
mod refresh;
mod rehearse;
mod rekey;
mod repair;
mod rollback;
mod select;
mod session;
mod settings;
mod show;
mod signals;
mod state;
mod states;
mod status;
mod sweep;
mod time;
mod unlock;

pub(crate) use options::{Origin, Stack};

use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use connect::AwsConfig;
use deployment::Deployment;
use options::Global;
use session::Session;
use std::path::PathBuf;

#[derive(Parser)]
#[command(version, after_help = exit::TABLE, after_long_help = exit::TABLE, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Plan(plan::Plan),
    Apply(apply::Apply),
    Rehearse(rehearse::Rehearse),
    Chaos(chaos::Chaos),
    Rollback(rollback::Rollback),
    Approve(approve::Approve),
    Destroy(destroy::Destroy),
    Declare(declare::Declare),
    Show(show::Show),
    Output(output::Output),
    Console(console::Console),
    Environments(environments::Environments),
    History(history::History),
    Blame(blame::Blame),
    Drift(drift::Drift),
    Status(status::Status),
    Logs(logs::Logs),
    Refresh(refresh::Refresh),
    Graph(graph::Graph),
    Explain(explain::Explain),
    Add(add::Add),
    Permissions(permissions::Permissions),
    Policy(policy::Policy),
    State(state::State),
    Import(import::Import),
    Recover(recover::Recover),
    Unlock(unlock::Unlock),
    Bootstrap(bootstrap::Bootstrap),
    Ci(ci::Ci),
    Sweep(sweep::Sweep),
    Keep(keep::Keep),
    Completions(completions::Completions),
    New(new::New),
}

/// Does what the process's arguments say, and returns the exit code.
pub(crate) fn main(origin: &Origin<'_>) -> u8 {
    let command = command(origin);
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
            let result = runtime.block_on(verb(origin, cli, &ui));
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

/// The command line of the installed tool, or of a stack's own binary.
fn command(origin: &Origin<'_>) -> clap::Command {
    let Origin::Linked(stack) = origin else {
        return Cli::command()
            .bin_name("tenon")
            .about("Plan and apply the stack of the crate in the current folder, or of a declaration");
    };
    let stack = stack();
    let names: Vec<_> = stack.environments.iter().map(|e| e.name.as_str()).collect();
    let about = format!(
        "Plan and apply the stack `{}` (environments: {})",
        stack.name,
        // Braces are the help text's own.
        names.join(", ").replace('{', "<").replace('}', ">")
    );
    let binary = std::env::args_os().next().map(PathBuf::from);
    let binary = binary
        .as_deref()
        .and_then(|p| p.file_stem()?.to_str())
        .unwrap_or("tenon")
        .to_owned();
    // The program is in this binary: there is none to make, to find or to build.
    Cli::command()
        .bin_name(binary)
        .about(about)
        .mut_arg("program", |arg| arg.hide(true))
        .mut_subcommand("new", |verb| verb.hide(true))
}

async fn verb(origin: &Origin<'_>, cli: Cli, ui: &Ui) -> Result<u8, CliError> {
    match &cli.verb {
        Verb::New(args) => return new::run(ui, args),
        Verb::Explain(args) => return explain::run(ui, args),
        Verb::Add(args) => return add::run(ui, args),
        Verb::Completions(args) => return completions::run(ui, args, command(origin)),
        Verb::Show(args) if args.plan.is_some() || args.schema.is_some() => return show::saved(ui, args),
        Verb::Approve(args) => return approve::run(ui, args),
        Verb::Ci(args) => return ci::run(ui, cli.global.env.as_deref(), args).await,
        Verb::Sweep(args) => return sweep::run(ui, &cli.global, args).await,
        Verb::Keep(args) => return keep::run(ui, &cli.global, args).await,
        Verb::Policy(args) if args.plan.is_some() || args.defaults => return policy::saved(ui, args),
        Verb::Permissions(args) if args.plan.is_some() && cli.global.declared.is_none() => {
            return permissions::saved(ui, args, None);
        }
        _ => {}
    }
    let stack = &origin.stack(&cli.global)?;
    let session = || Session::new(stack, &cli.global, *ui);
    match cli.verb {
        Verb::New(_)
        | Verb::Explain(_)
        | Verb::Add(_)
        | Verb::Completions(_)
        | Verb::Approve(_)
        | Verb::Ci(_)
        | Verb::Sweep(_)
        | Verb::Keep(_) => {
            unreachable!("they need no stack")
        }
        Verb::Declare(args) => declare::run(ui, stack, &cli.global, &args),
        Verb::Plan(args) => plan::run(&session().await?, &args).await,
        Verb::Apply(args) => apply::run(&session().await?, &args).await,
        Verb::Rollback(args) => rollback::run(&session().await?, &args).await,
        Verb::Rehearse(args) => rehearse::run(&session().await?, &args).await,
        Verb::Chaos(args) => chaos::run(&session().await?, &args).await,
        Verb::Destroy(args) => destroy::run(&session().await?, &args).await,
        Verb::Show(args) => show::run(&session().await?, &args).await,
        Verb::Output(args) => output::run(&session().await?, &args).await,
        Verb::Console(args) => console::run(&session().await?, &args).await,
        Verb::Environments(args) => environments::run(ui, stack, &cli.global, &args).await,
        Verb::History(args) => history::run(&session().await?, &args).await,
        Verb::Blame(args) => blame::run(&session().await?, &args).await,
        Verb::Refresh(args) => refresh::run(&session().await?, &args).await,
        Verb::Drift(args) => drift::run(&session().await?, &args).await,
        Verb::Status(args) => status::run(&session().await?, &args).await,
        Verb::Logs(args) => logs::run(&session().await?, &args).await,
        Verb::Graph(args) => graph::run(&session().await?, &args).await,
        Verb::Permissions(args) => permissions::run(&session().await?, &args).await,
        Verb::Policy(args) => policy::run(&session().await?, &args).await,
        Verb::State(args) => state::run(&session().await?, &args).await,
        Verb::Import(args) => import::run(&session().await?, &args).await,
        Verb::Recover(args) => recover::run(&session().await?, &args).await,
        Verb::Bootstrap(args) => {
            let deployment = Deployment::new(stack, &cli.global)?;
            bootstrap::run(ui, &deployment, &AwsConfig::new(&cli.global), &args).await
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
