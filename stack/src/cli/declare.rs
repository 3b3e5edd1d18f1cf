//! `declare`: writes the declaration of a stack.

use super::{
    options::{Global, Stack},
    settings,
};
use crate::{
    cli::deployment::{Deployment, beside},
    error::{CliError, exit},
    ui::Ui,
};
use std::path::PathBuf;
use tenon_planner::Check;

/// Write the declaration of the stack: a document that is planned without its program
///
/// The program runs without credentials, and nothing is read from AWS or from the state. The same program writes the same bytes.
/// With `--out`, the files that the stack puts into AWS are copied to the folder `assets` beside the declaration, each under its digest.
/// Example: `--env dev declare --out dev.json`, and elsewhere `--declared dev.json plan`.
#[derive(clap::Args, Debug)]
pub(super) struct Declare {
    /// Write the declaration to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(ui: &Ui, stack: &Stack<'_>, global: &Global, args: &Declare) -> Result<u8, CliError> {
    let deployment = Deployment::new(stack, global)?;
    let document = settings::declaration(stack, &deployment.env, global)?;
    document.declared.check()?;
    let text = document.to_json();
    match &args.out {
        Some(path) => {
            std::fs::write(path, text).map_err(|e| CliError::file("write the declaration to", path, e))?;
            let assets = &document.declared.assets;
            let folder = beside(path);
            let count = deployment
                .shelf()
                .export(assets, &folder)
                .map_err(|e| CliError::failed("could not write the assets of the declaration").because(e))?;
            if count > 0 {
                let (count, folder) = (tenon_planner::render::count(count, "asset"), folder.display());
                ui.note(&format!("{count} in {folder}, which goes with the declaration"));
            }
            let path = path.display();
            ui.note(&format!(
                "the declaration of {} is in {path}, digest {}; `--declared {path} plan` plans it",
                deployment.title(),
                document.digest()
            ));
        }
        None => ui.data(text.trim_end())?,
    }
    Ok(exit::DONE)
}
