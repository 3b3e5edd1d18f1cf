//! `plan`: shows what apply would do.

use super::{format::Format, output, policy, select::Select, session::Session};
use crate::error::{CliError, exit};
use std::path::PathBuf;

/// Show the changes that apply would make
///
/// A plan is the ordered list of AWS API calls that apply will make. Nothing is changed. Example: `plan --out my.plan`, then
/// `apply my.plan --digest HEX` with the digest that it prints.
#[derive(clap::Args, Debug)]
pub(super) struct Plan {
    #[command(flatten)]
    format: Format,
    /// Save the plan to this file, for `apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the plan to this file as a page for a browser, which loads nothing
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Exit with code 2 when there are changes
    #[arg(long)]
    detailed_exitcode: bool,
    /// Plan the deletion of every resource
    #[arg(long)]
    destroy: bool,
    /// Plan what restores drift, and none of the program's own changes
    ///
    /// Refused where a resource that drifted has changes of the program's own, too.
    #[arg(long, conflicts_with_all = ["destroy", "no_refresh", "target", "replace"])]
    only_drift: bool,
    #[command(flatten)]
    policies: policy::Folder,
    #[command(flatten)]
    select: Select,
}

pub(super) async fn run(session: &Session<'_>, args: &Plan) -> Result<u8, CliError> {
    let plan = if args.only_drift {
        session.plan_only_drift(&args.select).await?
    } else {
        session.plan(&args.select, args.destroy).await?
    };
    if let Some(path) = &args.out {
        output::file(path, &plan.to_json()).map_err(|e| CliError::file("write the plan to", path, e))?;
    }
    if let Some(path) = &args.html {
        output::file(path, &tenon_planner::render::html(&plan))
            .map_err(|e| CliError::file("write the page to", path, e))?;
    }
    args.format.write(&session.ui, &plan)?;
    session.say_what_the_sandbox_has(&plan);
    policy::say(&session.ui, &args.policies, &plan)?;
    if let Some(path) = &args.out {
        session.ui.note(&format!(
            "the plan is in {0}; `apply {0} --digest {1}` does just that",
            path.display(),
            plan.digest
        ));
    }
    Ok(if args.detailed_exitcode && !plan.is_empty() {
        exit::CHANGES
    } else {
        exit::DONE
    })
}
