//! Which resources a command is about.

use clap::Args;
use tenon_planner::Options;

/// Narrows a plan, or allows what it would refuse.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Select {
    /// Only this, and what it depends on; an address, `scope/*`, or `*`; may be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    target: Vec<String>,
    /// Not this, nor what depends on it
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    exclude: Vec<String>,
    /// Replace this, although nothing asks for it
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    replace: Vec<String>,
    /// Data in this may be lost
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    consent: Vec<String>,
    /// Plan from the state as it is recorded, without reading what exists
    #[arg(long, help_heading = "Which resources")]
    pub(super) no_refresh: bool,
}

impl Select {
    pub(super) fn options(&self, destroy: bool) -> Options {
        Options {
            destroy,
            targets: self.target.clone(),
            excludes: self.exclude.clone(),
            replace: self.replace.clone(),
            consent: self.consent.clone(),
        }
    }

    /// Whether it says anything; a saved plan has already been narrowed.
    pub(super) fn is_set(&self) -> bool {
        self.no_refresh || self.options(false) != Options::default()
    }
}
