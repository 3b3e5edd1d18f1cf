//! Provenance of a run: the person that started it, and the commit of the program that it runs for.

use std::{
    env,
    process::{Command, Stdio},
};
use tenon_state::{Error, Holder};

/// Variables with the commit that a run is for, the first that is set; git is asked when none is.
const COMMIT: &[&str] = &["TENON_COMMIT", "GITHUB_SHA", "CI_COMMIT_SHA"];

/// Variables with the person that started a run of a pipeline: <https://docs.github.com/actions/reference/variables-reference>,
/// <https://docs.gitlab.com/ci/variables/predefined_variables/>.
const ACTOR: &[&str] = &["GITHUB_ACTOR", "GITLAB_USER_LOGIN"];

/// The holder of a lease for `command`. `of_checkout` says that the program is the one of the current folder, so that its
/// commit is that of the checkout.
///
/// # Errors
/// The system gives no random bytes.
pub(super) fn holder(command: &str, of_checkout: bool) -> Result<Holder, Error> {
    let mut holder = Holder::here(command)?;
    if let Some(actor) = first_set(ACTOR) {
        let machine = holder.who.rsplit('@').next().unwrap_or_default();
        holder.who = format!("{actor}@{machine}");
    }
    holder.commit = first_set(COMMIT).or_else(|| of_checkout.then(checked_out).flatten());
    Ok(holder)
}

/// The value of the first of `variables` that is set to one line of printable text.
fn first_set(variables: &[&str]) -> Option<String> {
    let plain = |text: &String| !text.is_empty() && text.len() <= 100 && !text.chars().any(char::is_control);
    variables
        .iter()
        .filter_map(|name| env::var(name).ok())
        .find(plain)
}

/// The commit of the current folder's repository, with `-dirty` behind it when tracked files differ from it; `None` outside
/// of a repository and without git.
fn checked_out() -> Option<String> {
    // A repository's own configuration may name a program as its file system monitor.
    let output = Command::new("git")
        .args([
            "-c",
            "core.fsmonitor=false",
            "describe",
            "--always",
            "--dirty",
            "--abbrev=40",
            "--exclude=*",
        ])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    let commit = text.strip_suffix("-dirty").unwrap_or(text);
    let is_commit = commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit());
    (output.status.success() && is_commit).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_of_this_checkout() {
        let commit = checked_out().expect("the sources are in a repository");
        assert_eq!(commit.trim_end_matches("-dirty").len(), 40);
    }
}
