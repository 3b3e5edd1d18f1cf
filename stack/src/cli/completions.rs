//! `completions`: for a shell.

use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use clap_complete::Shell;

/// Print the completion script for a shell
///
/// Example: `completions bash > /etc/bash_completion.d/tenon`.
#[derive(clap::Args, Debug)]
pub(super) struct Completions {
    /// Shell to complete for
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(ui: &Ui, args: &Completions, mut command: clap::Command) -> Result<u8, CliError> {
    let name = command.get_bin_name().unwrap_or("tenon").to_owned();
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    ui.data(&String::from_utf8_lossy(&script))?;
    Ok(exit::DONE)
}
