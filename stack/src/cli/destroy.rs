//! `destroy`: removes everything.

use super::{
    apply::{self, Doing},
    select::Select,
    session::Session,
};
use crate::error::CliError;

/// Remove everything this environment has
#[derive(clap::Args, Debug)]
pub(super) struct Destroy {
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    select: Select,
}

pub(super) async fn run(session: &Session<'_>, args: &Destroy) -> Result<u8, CliError> {
    apply::anew(session, &args.select, &args.doing, true).await
}
