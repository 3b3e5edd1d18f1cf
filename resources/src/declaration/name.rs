//! Names and texts of a declaration: what they may be.

/// Addresses are kept in tags and shown in graphs, so they are limited to what those take.
pub(super) fn bad_address(address: &str) -> Option<String> {
    let ok = |c: char| c.is_ascii_alphanumeric() || "-_/.".contains(c);
    if address.is_empty() || address.len() > 200 {
        return Some(format!(
            "has {} characters; an address has 1 to 200",
            address.len()
        ));
    }
    if let Some(bad) = address.chars().find(|c| !ok(*c)) {
        return Some(format!(
            "has `{}`; an address has letters, digits, `-`, `_`, `.` and `/`",
            bad.escape_debug()
        ));
    }
    (address.split('/').any(str::is_empty)).then(|| "has an empty part; write `network/vpc`".into())
}

/// Names of stacks and environments are folders, parts of keys in a bucket, and parts of resources' names.
pub(super) fn bad_name(name: &str) -> Option<String> {
    let ok = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    (!begins || name.len() > 64 || !name.chars().all(ok)).then(|| {
        format!(
            "is named `{}`; a name begins with a letter or a digit and has up to 64 letters, digits, `-`, `_` and `.`",
            name.escape_debug()
        )
    })
}

/// Texts that people are shown are one line, and no terminal obeys them.
pub(super) fn bad_text(text: &str) -> Option<String> {
    if text.len() > 4096 {
        return Some(format!(
            "has a text of {} bytes; at most 4,096 are read",
            text.len()
        ));
    }
    let bad = text.chars().find(|c| c.is_control())?;
    Some(format!(
        "has `{}` in a text that is shown; remove it",
        bad.escape_debug()
    ))
}
