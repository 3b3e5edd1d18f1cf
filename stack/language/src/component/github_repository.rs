//! A repository at GitHub, and the subjects of the tokens of its workflows.

use std::{fmt, str::FromStr};
use tenon_resources::{
    iam::{Policy, Statement},
    value::Part,
};

/// Issuer of the OIDC tokens of GitHub Actions (GitHub's guide, "Security hardening your deployments"), without `https://`.
pub const GITHUB_ISSUER: &str = "token.actions.githubusercontent.com";

/// A repository at GitHub: `owner/name`, or `owner@OWNER_ID/name@ID`.
///
/// The subject of a token has the ids in repositories that were made or renamed since 2026-07-15, so that a name that somebody else takes
/// later is not the same (<https://docs.github.com/en/actions/reference/security/oidc>). `gh api repos/OWNER/NAME --jq '.owner.id, .id'`
/// prints them.
///
/// ```
/// use tenon_language::component::GithubRepository;
/// let repository: GithubRepository = "shop@123/catalog@456".parse().unwrap();
/// assert_eq!(repository.subjects("prod"), ["repo:shop@123/catalog@456:environment:prod", "repo:shop/catalog:environment:prod"]);
/// assert!("shop@123/catalog".parse::<GithubRepository>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubRepository {
    /// User or organisation.
    pub owner: String,
    /// Name of the repository.
    pub name: String,
    /// The ids of the owner and of the repository.
    pub ids: Option<(u64, u64)>,
}

/// A text that is no repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRepository;

impl fmt::Display for NoRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected `owner/name`, or with their ids `owner@OWNER_ID/name@ID`")
    }
}

impl std::error::Error for NoRepository {}

impl FromStr for GithubRepository {
    type Err = NoRepository;

    fn from_str(text: &str) -> Result<Self, NoRepository> {
        let (owner, name) = text.split_once('/').ok_or(NoRepository)?;
        let part = |text: &str| -> Option<(String, Option<u64>)> {
            let (name, id) = match text.split_once('@') {
                Some((name, id)) => (name, Some(id.parse().ok()?)),
                None => (text, None),
            };
            let ok = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            (!name.is_empty() && name.chars().all(ok)).then(|| (name.to_owned(), id))
        };
        let ((owner, owner_id), (name, id)) = part(owner).zip(part(name)).ok_or(NoRepository)?;
        let ids = match (owner_id, id) {
            (Some(owner), Some(id)) => Some((owner, id)),
            (None, None) => None,
            _ => return Err(NoRepository),
        };
        Ok(Self { owner, name, ids })
    }
}

impl fmt::Display for GithubRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ids {
            Some((owner, id)) => write!(f, "{}@{owner}/{}@{id}", self.owner, self.name),
            None => write!(f, "{}/{}", self.owner, self.name),
        }
    }
}

impl GithubRepository {
    /// The subjects of tokens of jobs that run in GitHub's environment `environment`: the one with the ids, when they are known, and the
    /// one that older repositories have.
    pub fn subjects(&self, environment: &str) -> Vec<String> {
        let (owner, name) = (&self.owner, &self.name);
        let named = format!("repo:{owner}/{name}:environment:{environment}");
        let with_ids = self.ids.map(|_| format!("repo:{self}:environment:{environment}"));
        with_ids.into_iter().chain([named]).collect()
    }

    /// The trust policy of a role that jobs in GitHub's environment `environment` may assume, by the account's OIDC provider.
    pub fn trusted(&self, provider: impl Into<Part>, environment: &str) -> Statement {
        Policy::assumed_by_web_identity(provider)
            .when(
                "StringEquals",
                &format!("{GITHUB_ISSUER}:aud"),
                ["sts.amazonaws.com"],
            )
            .when(
                "StringEquals",
                &format!("{GITHUB_ISSUER}:sub"),
                self.subjects(environment),
            )
    }
}
