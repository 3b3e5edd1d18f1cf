//! What is fetched from elsewhere is fetched in one version: a tag of an action, or the newest of a package, is whatever its owner makes
//! of it tomorrow.

/// Lines of a workflow that fetch something without saying which, with their numbers.
pub(crate) fn unpinned(workflow: &str) -> Vec<(usize, &str)> {
    let lines = workflow.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
    lines.filter(|(_, line)| fetches_anything(line)).collect()
}

fn fetches_anything(line: &str) -> bool {
    if line.starts_with('#') {
        return false;
    }
    let mut words = line.split_whitespace();
    if let Some(action) = words
        .find_map(|word| (word == "uses:").then_some(()))
        .and(words.next())
    {
        let commit = action.rsplit_once('@').map(|(_, commit)| commit);
        let pinned = commit.is_some_and(|c| c.len() == 40 && c.bytes().all(|b| b.is_ascii_hexdigit()));
        return !pinned && !action.starts_with("./");
    }
    let says = |what: &str| line.contains(what);
    let cargo = says("cargo install") && !(says("--locked") && (says("--version") || says("--path")));
    cargo || (says("pip install") && !says("==")) || says("npm install") || says("curl ") && says("| sh")
}

#[cfg(test)]
mod tests {
    use super::unpinned;

    /// Finding 10 of the review: actions by tag, tools without a version.
    #[test]
    fn what_a_workflow_fetches_is_never_whatever_somebody_makes_of_it() {
        let commit = "8e8c483db84b4bee98b60c0593521ed34d9990e8";
        let fine = format!(
            "- uses: actions/checkout@{commit} # v6\n- uses: ./.github/actions/x\n- run: cargo install --locked deny --version 1.2.3\n\
             # cargo install deny\n- run: npm ci\n- run: pip install moto==5.2.5"
        );
        assert_eq!(unpinned(&fine), []);
        for wrong in [
            "- uses: actions/checkout@v6",
            "uses: actions/checkout",
            "- run: cargo install deny --version 1.2.3",
            "- run: cargo install --locked deny",
            "- run: pip install moto",
            "- run: npm install left-pad",
            "- run: curl https://sh.example | sh",
        ] {
            assert_eq!(unpinned(wrong), [(1, wrong)]);
        }
    }
}
