//! Flags for the resources that a command is about.

use clap::Args;
use tenon_planner::Options;

/// Narrows a plan, or allows what it would refuse.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Select {
    /// Limit the plan to this resource and everything that it depends on, or, where the plan is a destroy, that depends on it;
    /// may be repeated
    ///
    /// ADDRESS is one resource, such as `network/vpc`, all of a scope, such as `network/*`, or `*`.
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    target: Vec<String>,
    /// Skip this resource and everything that depends on it, or, where the plan is a destroy, that it depends on; may be
    /// repeated
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    exclude: Vec<String>,
    /// Replace this resource even if nothing about it has changed; may be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    replace: Vec<String>,
    /// Allow this resource to be deleted or replaced although it holds data; may be repeated
    ///
    /// A plan that would lose data, such as a database's, is refused until each such resource is named. Example: `--consent
    /// data/orders`.
    #[arg(long, value_name = "ADDRESS", help_heading = "Which resources")]
    consent: Vec<String>,
    /// Plan from the recorded state, without reading the resources from AWS
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

    /// `true` when any of the flags is given; a saved plan has already been narrowed.
    pub(super) fn is_set(&self) -> bool {
        self.no_refresh || self.options(false) != Options::default()
    }
}
