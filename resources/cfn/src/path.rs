//! Paths of properties: `Code/ZipFile`, `Tags/*/Key`, where `*` is any element of a list or any key of a map.

/// True if `path` is `of`, or below it.
pub fn within(of: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    of.split('/')
        .all(|wanted| parts.next().is_some_and(|part| same(wanted, part)))
}

/// True if both are one path.
pub fn matches(of: &str, path: &str) -> bool {
    of.split('/').count() == path.split('/').count() && within(of, path)
}

/// True if any of `paths` is `path` or above it.
pub fn any_within(paths: &[String], path: &str) -> bool {
    paths.iter().any(|of| within(of, path))
}

/// The first part of a path: the property at the top.
pub fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

fn same(wanted: &str, part: &str) -> bool {
    wanted == part || wanted == "*" || part == "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_element() {
        assert!(matches("Tags/*/Key", "Tags/0/Key") && !matches("Tags/*", "Tags/0/Key"));
        assert!(within("Code", "Code/ZipFile") && !within("Code", "CodeSha256"));
        assert_eq!(top("Code/ZipFile"), "Code");
    }
}
