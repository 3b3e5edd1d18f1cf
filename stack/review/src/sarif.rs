//! Findings as SARIF 2.1.0, the format in which code scanning takes them.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; what GitHub reads of it:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The most results that GitHub takes of a run.
const MOST: usize = 25_000;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something to know.
    Note,
    /// Something to look at.
    Warning,
    /// Something that stops the work.
    Error,
}

impl Level {
    /// The word for it in SARIF.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A finding at a place in a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Result {
    /// The rule, such as `drift/changed`.
    pub rule: String,
    /// The severity.
    pub level: Level,
    /// The finding as a sentence.
    pub message: String,
    /// The place as a declaration says it, `main.rs:38`; empty for none.
    pub location: String,
    /// The texts that make it the same finding in another run: an address, a field.
    pub identity: Vec<String>,
}

/// The document for `results`; `rules` describes each rule, `sources` is the folder of the sources that locations are relative to,
/// as seen from the root of the repository.
pub fn document(rules: &[(&str, &str)], results: &[Result], sources: &str) -> Value {
    let mut described: BTreeMap<&str, &str> = rules.iter().copied().collect();
    for result in results {
        described.entry(&result.rule).or_insert("A finding.");
    }
    let index: BTreeMap<&str, usize> = described.keys().enumerate().map(|(n, rule)| (*rule, n)).collect();
    let rules: Vec<Value> = described
        .iter()
        .map(|(id, text)| json!({"id": id, "shortDescription": {"text": text}}))
        .collect();
    let results: Vec<Value> = results
        .iter()
        .take(MOST)
        .map(|result| {
            let mut value = json!({
                "ruleId": result.rule,
                "ruleIndex": index[result.rule.as_str()],
                "level": result.level.name(),
                "message": {"text": result.message},
                "partialFingerprints": {"tenon/v1": fingerprint(result)},
            });
            if let Some((file, line)) = place(&result.location, sources) {
                value["locations"] = json!([{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&file)},
                    "region": {"startLine": line},
                }}]);
            }
            value
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "tenon",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// The file from the root of the repository, and the line, of a location such as `main.rs:38`.
pub fn place(location: &str, sources: &str) -> Option<(String, u64)> {
    let (file, line) = location.rsplit_once(':')?;
    let line = line.parse().ok().filter(|line| *line > 0)?;
    let folder = sources.trim_matches('/');
    let inside = file.trim_start_matches('/');
    // Nothing outside of the repository is any of its files.
    if inside.is_empty() || inside.split('/').any(|part| part == "..") {
        return None;
    }
    let file = match folder {
        "" | "." => inside.to_owned(),
        folder => format!("{folder}/{inside}"),
    };
    Some((file, line))
}

/// A path as a relative reference: bytes that a URI does not take are written as `%XX`.
fn uri(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn fingerprint(result: &Result) -> String {
    let mut hash = Sha256::new();
    for text in std::iter::once(&result.rule).chain(&result.identity) {
        // The length in front, so that no two lists of texts are the same bytes.
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_file_of_the_repository_or_none() {
        let at = |location, sources| place(location, sources);
        assert_eq!(at("main.rs:38", "src"), Some(("src/main.rs".into(), 38)));
        assert_eq!(
            at("net/vpc.rs:1", "examples/shop/src/"),
            Some(("examples/shop/src/net/vpc.rs".into(), 1))
        );
        assert_eq!(at("main.rs:38", ""), Some(("main.rs".into(), 38)));
        for none in ["", "main.rs", "main.rs:0", ":3", "../secret.rs:3", "main.rs:x"] {
            assert_eq!(at(none, "src"), None, "{none}");
        }
        assert_eq!(uri("a b/ü.rs"), "a%20b/%C3%BC.rs");
    }
}
