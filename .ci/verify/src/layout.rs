//! The layout of the repository: nothing odd at its top, no large circles of imports, no long files, and a reason beside
//! each long function.

use crate::{
    circles::Crate,
    pins::unpinned,
    run::{Failed, read, root},
    source::Source,
};
use std::{collections::BTreeMap, fs, process::Command};

/// Names that may stand at the top, besides dot-files.
const TOP: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "app",
    "examples",
    "planner",
    "resources",
    "stack",
    "state",
];

/// The most files that a circle of imports may have.
const CIRCLE: usize = 3;

/// The most lines that a file may have.
const FILE: usize = 600;

/// The most lines that a function may have without a reason.
const FUNCTION: usize = 60;

/// The beginning of the comment above a function that says why it is longer.
const REASON: &str = "// Long: ";

/// The packages of the engine, whose documentation begins with the noun that it is about.
const ENGINE: [&str; 4] = ["resources/", "planner/", "state/", "stack/"];

/// Words that may not open a sentence of documentation: none of them is what the sentence is about.
const NO_NOUNS: [&str; 11] = [
    "How", "It", "Its", "One", "What", "Where", "Whether", "Which", "Who", "Whom", "Whose",
];

/// True if `tenon add` wrote the file: it is as long as its type has properties and words, and is not read from top to bottom.
fn written(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|first| first.contains("Written by `tenon add "))
}

/// What workflows fetch in whatever version there is.
fn fetched(files: &[&str]) -> Result<Vec<String>, Failed> {
    let mut findings = vec![];
    for path in files.iter().filter(|path| path.starts_with(".github/workflows/")) {
        let text = fs::read_to_string(root().join(path)).map_err(|e| Failed(format!("{path}: {e}")))?;
        findings.extend(
            unpinned(&text).into_iter().map(|(line, text)| {
                format!("{path}:{line}: say which commit or version is fetched: `{text}`")
            }),
        );
    }
    Ok(findings)
}

/// Checks the layout.
pub(crate) fn layout() -> Result<(), Failed> {
    let listed = read(Command::new("git").args(["ls-files"]).current_dir(root()))?;
    let files: Vec<&str> = listed.lines().collect();
    let mut findings = top(&files);
    findings.extend(fetched(&files)?);
    let mut crates: BTreeMap<String, Crate> = BTreeMap::new();
    for path in files
        .into_iter()
        .filter(|f| f.rsplit_once('.').is_some_and(|(_, end)| end == "rs"))
    {
        let text = fs::read_to_string(root().join(path)).map_err(|e| Failed(format!("{path}: {e}")))?;
        let source = Source::read(&text);
        let lines: Vec<&str> = text.lines().collect();
        let generated = written(&text);
        if lines.len() > FILE && !generated {
            findings.push(format!("{path} has more than {FILE} lines"));
        }
        for function in &source.functions {
            let length = function.last + 1 - function.first;
            if length > FUNCTION && !generated && !explained(&lines, function.first) {
                findings.push(format!(
                    "{path}: `{}` has more than {FUNCTION} lines, and no comment `{REASON}…` above it that says why",
                    function.name
                ));
            }
        }
        if ENGINE.iter().any(|package| path.starts_with(package)) && path.contains("/src/") {
            let found = without_noun(&lines).map(|(line, text)| {
                format!("{path}:{line}: begin the documentation with the noun that it is about: `{text}`")
            });
            findings.extend(found);
        }
        // A binary beside a library is above everything in it.
        let package = path.split_once("/src/").filter(|(package, inside)| {
            *inside != "main.rs" || !root().join(package).join("src/lib.rs").exists()
        });
        if let Some((package, inside)) = package {
            crates.entry(package.to_owned()).or_default().add(inside, source);
        }
    }
    findings.extend(circles(&crates));
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Failed(findings.join("\n")))
    }
}

/// The first lines of documentation that begin with no noun, with their numbers.
fn without_noun<'a>(lines: &'a [&'a str]) -> impl Iterator<Item = (usize, &'a str)> {
    let doc = |line: &'a str| {
        let line = line.trim_start();
        line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))
    };
    let first = lines.iter().enumerate().filter_map(move |(at, line)| {
        let inside = at > 0 && doc(lines[at - 1]).is_some();
        doc(line).filter(|_| !inside).map(|text| (at + 1, text.trim()))
    });
    first.filter(|(_, text)| {
        let word = text.split([' ', '\'', ',', '.']).next().unwrap_or_default();
        NO_NOUNS.contains(&word)
    })
}

/// What stands at the top and does not belong there.
fn top(files: &[&str]) -> Vec<String> {
    let mut top: Vec<&str> = files.iter().filter_map(|f| f.split('/').next()).collect();
    top.dedup();
    let odd = top.iter().filter(|t| !t.starts_with('.') && !TOP.contains(t));
    odd.map(|name| format!("{name} does not belong at the top"))
        .collect()
}

/// Circles of imports that are too large.
fn circles(crates: &BTreeMap<String, Crate>) -> Vec<String> {
    let mut findings = vec![];
    for (package, sources) in crates {
        for circle in sources.circles().iter().filter(|circle| circle.len() > CIRCLE) {
            let arrows = circle
                .iter()
                .map(|(from, to)| format!("\n  {from} -> {}", to.join(", ")));
            findings.push(format!(
                "{package}: {} files import each other in a circle:{}",
                circle.len(),
                arrows.collect::<String>()
            ));
        }
    }
    findings
}

/// True if a reason stands in the comments and attributes directly above line `first`.
fn explained(lines: &[&str], first: usize) -> bool {
    lines[..first - 1]
        .iter()
        .rev()
        .map(|line| line.trim_start())
        .take_while(|line| line.starts_with("//") || line.starts_with('#'))
        .any(|line| line.starts_with(REASON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_above_attributes_and_documentation() {
        let lines = [
            "/// Does it.",
            "// Long: one line a case.",
            "#[test]",
            "fn f() {",
            "",
            "fn g() {",
        ];
        assert!(explained(&lines, 4));
        assert!(!explained(&lines, 6));
    }

    #[test]
    fn documentation_begins_with_a_noun() {
        let lines = [
            "/// The size.",
            "/// What else is said of it.",
            "fn size() {}",
            "    /// Its name.",
            "//! Who reads it.",
        ];
        let found: Vec<_> = without_noun(&lines).collect();
        assert_eq!(found, [(4, "Its name.")]);
        assert_eq!(without_noun(&lines[4..]).count(), 1);
    }

    #[test]
    fn the_layout_holds() {
        if let Err(Failed(findings)) = layout() {
            panic!("{findings}");
        }
    }
}
