//! `graph`: a drawing of the stack, or of a plan's calls.

use super::{select::Select, session::Session};
use crate::error::{CliError, exit};
use tenon_planner::render;

/// Print a graph of the resources, or of a plan's calls, as DOT, Mermaid or SVG
///
/// Example: `graph --format svg > stack.svg`.
#[derive(clap::Args, Debug)]
pub(super) struct Graph {
    /// Language of the graph
    #[arg(long, value_enum, default_value = "dot")]
    format: Language,
    /// Draw the API calls that apply would make, instead of the declared resources
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    select: Select,
}

/// The language of a drawing.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Language {
    /// Graphviz
    Dot,
    /// Mermaid, for a fenced block in Markdown
    Mermaid,
    /// A picture, for a browser
    Svg,
}

pub(super) async fn run(session: &Session<'_>, args: &Graph) -> Result<u8, CliError> {
    let graph = if args.plan {
        render::Graph::of_calls(&session.plan(&args.select, false).await?)
    } else if args.select.is_set() {
        return Err(CliError::usage(
            "--target and the other selection flags apply to a plan: add --plan",
        ));
    } else {
        render::Graph::of_declared(&session.declared()?)
    };
    session.ui.data(&match args.format {
        Language::Dot => graph.dot(),
        Language::Mermaid => graph.mermaid(),
        Language::Svg => graph.svg(),
    })?;
    Ok(exit::DONE)
}
