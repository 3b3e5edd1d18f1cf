//! The plan as one HTML file, for whoever reviews it without a terminal: no script, nothing loaded, light and dark.
//!
//! Text from the plan is never markup: all of it is escaped, and nothing of it becomes an attribute or a link.

use super::{Look, Sigil, calls, clean::clean, count, text};
use crate::Plan;

/// The style, which follows the reader's choice of light or dark.
const STYLE: &str = include_str!("html.css");

/// The plan as an HTML document.
// Long: the parts of the page, in the order in which they stand in it.
pub fn html(plan: &Plan) -> String {
    let title = escaped(&clean(&format!("{}/{}", plan.stack, plan.env)));
    let counts = plan.counts();
    let mut out = String::new();
    putln!(out, "<!doctype html>");
    putln!(
        out,
        "<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
    );
    putln!(
        out,
        "<meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    );
    putln!(
        out,
        "<title>Plan for {title}</title><style>\n{STYLE}</style></head><body>"
    );
    putln!(out, "<header><h1>Plan for {title}</h1>");
    let elsewhere = plan
        .elsewhere()
        .map(|to| format!("; calls go to {to} instead of AWS"));
    let place = format!(
        "account {}, {}{}",
        plan.account,
        plan.region,
        elsewhere.unwrap_or_default()
    );
    putln!(out, "<p>{}</p>", escaped(&clean(&place)));
    if !plan.digest.is_empty() {
        let digests = format!("digest {} · calls {}", plan.digest, plan.calls_digest);
        putln!(out, "<p>{}</p>", escaped(&clean(&digests)));
    }
    let tiles = [
        (counts.create, "to create", "add"),
        (counts.update, "to change", "change"),
        (counts.replace, "to replace", "replace"),
        (counts.delete, "to delete", "remove"),
        (counts.unchanged, "unchanged", ""),
        (counts.calls, "API calls", ""),
    ];
    put!(out, "</header><ul class=\"counts\">");
    for (n, what, class) in tiles {
        put!(out, "<li><b class=\"{class}\">{n}</b>{what}</li>");
    }
    putln!(out, "</ul>");
    let losses: Vec<_> = plan.destroys().collect();
    if !losses.is_empty() {
        putln!(
            out,
            "<section class=\"loss\"><h2>Data loss: {}</h2>",
            count(losses.len(), "call")
        );
        for (call, what) in losses {
            let line = format!("{} of {}: {what}", call.title(), call.address);
            putln!(out, "<p>{}</p>", escaped(&clean(&line)));
        }
        putln!(out, "</section>");
    }
    putln!(
        out,
        "<main><h2>Changes</h2>\n<pre>{}</pre>",
        lines(&text(plan, &Look::default()))
    );
    if !plan.is_empty() {
        let calls = escaped(&calls(plan, &Look::default()));
        putln!(
            out,
            "<details><summary>API calls, in waves</summary>\n<pre>{calls}</pre></details>"
        );
    }
    putln!(out, "</main></body></html>");
    out
}

/// The lines of a plan as a tree, each in the colour of its sigil.
fn lines(text: &str) -> String {
    let sigils = [
        (Sigil::Add, "add"),
        (Sigil::Change, "change"),
        (Sigil::Replace, "replace"),
        (Sigil::Remove, "remove"),
    ];
    let line = |line: &str| {
        let class = sigils.iter().find(|(sigil, _)| {
            let rest = line.trim_start().strip_prefix(sigil.char());
            rest.is_some_and(|rest| rest.starts_with(' '))
        });
        match class {
            Some((_, class)) => format!("<span class=\"{class}\">{}</span>\n", escaped(line)),
            None => format!("{}\n", escaped(line)),
        }
    };
    text.trim_end().lines().map(line).collect()
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples::busy;

    #[test]
    fn the_page_loads_nothing_and_shows_all_that_the_terminal_does() {
        let plan = busy();
        let page = html(&plan);
        assert!(
            !page.contains("<script")
                && !page.contains("url(")
                && !page.contains("src=")
                && !page.contains("href=")
        );
        for decision in plan
            .decisions
            .iter()
            .filter(|d| super::super::text::worth_showing(d))
        {
            let name = decision.address.rsplit('/').next().unwrap_or_default();
            assert!(page.contains(&escaped(&clean(name))), "{}", decision.address);
        }
        assert!(page.contains("class=\"remove\"") && page.contains("Data loss"));
    }

    #[test]
    fn text_of_a_plan_is_never_markup() {
        let mut plan = busy();
        plan.stack = "<script>alert(1)</script>".into();
        plan.decisions[0].address = "\"><img src=x onerror=alert(1)>".into();
        let page = html(&plan);
        assert!(!page.contains("<script") && !page.contains("<img"));
    }
}
