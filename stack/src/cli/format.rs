//! Formats of a plan on standard output.

use crate::{error::CliError, ui::Ui};
use clap::Args;
use tenon_planner::{Plan, render};

/// The form of a plan.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Format {
    /// Print the numbered list of API calls with their parameters
    #[arg(long, conflicts_with_all = ["markdown", "json"])]
    calls: bool,
    /// Print Markdown for a pull request
    ///
    /// The text is never longer than a comment on GitHub may be.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

impl Format {
    /// `true` for a format that only a plan has.
    pub(super) fn is_set(self) -> bool {
        self.calls || self.markdown
    }

    /// Writes the plan.
    pub(super) fn write(self, ui: &Ui, plan: &Plan) -> Result<(), CliError> {
        let text = match () {
            () if ui.json => render::json(plan),
            () if self.calls => render::calls(plan, &ui.out()),
            () if self.markdown => render::markdown(plan),
            () => render::text(plan, &ui.out()),
        };
        ui.data(&text)
    }
}
