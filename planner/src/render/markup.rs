//! Text of a plan or a cloud inside of GitHub's Markdown: never markup itself, so never a link, a mention or HTML.

use super::clean::{block, clean};

/// Inline code that its own text cannot end.
pub fn code(text: &str) -> String {
    let text = clean(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// Inline code in a table, where a bar would end the cell even inside of code.
pub fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A block of code that its own text cannot end.
pub fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text) + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", block(text))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Text inside of HTML, where Markdown is not read; a mention would be, so its sign is an entity.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            '`' => out.push_str("&#96;"),
            '*' => out.push_str("&#42;"),
            '_' => out.push_str("&#95;"),
            '[' => out.push_str("&#91;"),
            '!' => out.push_str("&#33;"),
            c => out.push(c),
        }
    }
    out
}
