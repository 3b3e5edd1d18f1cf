//! `completions`: for a shell.

use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use clap_complete::Shell;

/// Print the completions for a shell
#[derive(clap::Args, Debug)]
pub(super) struct Completions {
    /// The shell
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
