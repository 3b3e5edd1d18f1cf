//! `destroy`: removes everything.

use super::{
    apply::{self, ExecutionArgs},
    select::Select,
    session::Session,
};
use crate::error::CliError;

/// Plan, ask for approval, and delete every resource of the environment
///
/// Resources that hold data are deleted only with `--consent ADDRESS`, or in an environment that is declared `disposable`.
#[derive(clap::Args, Debug)]
pub(super) struct Destroy {
    #[command(flatten)]
    execution: ExecutionArgs,
    #[command(flatten)]
    select: Select,
}

pub(super) async fn run(session: &Session<'_>, args: &Destroy) -> Result<u8, CliError> {
    apply::plan_and_apply(session, &args.select, &args.execution, true).await
}
