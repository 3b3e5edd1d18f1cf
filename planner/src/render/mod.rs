//! A plan made visible: for people, for a pull request, for programs, as a graph.
//!
//! [`text()`] is the tree with every field that changes, [`calls()`] the list of API calls, [`markdown()`] a comment
//! that a forge accepts whatever the plan's size, [`json()`] the document with its figures, and [`Graph`] a drawing.
//!
//! What is not here: any terminal. These functions return text; control characters that come out of a plan are
//! neutralised in all of it, because a plan is a file that somebody else may have written.

/// Writes to a `String`, which takes everything.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {{
        use std::fmt::Write as _;
        $out.write_fmt(format_args!($($arg)*)).expect("a string takes text");
    }};
}
/// The same, and ends the line.
macro_rules! putln {
    ($out:expr, $($arg:tt)*) => {{
        put!($out, $($arg)*);
        $out.push('\n');
    }};
}

mod calls;
mod change;
mod clean;
mod difference;
mod dot;
mod graph;
mod html;
mod json;
mod look;
mod markdown;
pub mod markup;
mod mermaid;
mod paint;
mod reason;
mod svg;
mod text;
mod value;

pub use calls::{calls, list as calls_in_order, waves};
pub use change::field as field_change;
pub use clean::{block, clean};
pub use difference::difference;
pub use graph::Graph;
pub use html::html;
pub use json::json;
pub use look::{Look, count};
pub use markdown::{LIMIT, markdown};
pub use paint::{Paint, Sigil};
pub use text::{summary, text};
pub use value::lines as value_lines;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
