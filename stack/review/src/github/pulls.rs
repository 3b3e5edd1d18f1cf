//! Pull requests, and what people may do in the repository.

use super::client::{GitHub, GitHubError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const NEEDS: &str = "pull-requests: read";

/// An open pull request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pull {
    /// The number.
    pub number: u64,
    /// The newest commit.
    pub head: String,
    /// The head is in another repository.
    pub fork: bool,
    /// The labels.
    pub labels: Vec<String>,
}

fn pull(value: &Value) -> Option<Pull> {
    let labels = value["labels"].as_array().into_iter().flatten();
    Some(Pull {
        number: value["number"].as_u64()?,
        head: value["head"]["sha"].as_str()?.into(),
        fork: value["head"]["repo"]["full_name"] != value["base"]["repo"]["full_name"],
        labels: labels
            .filter_map(|l| l["name"].as_str())
            .map(ToOwned::to_owned)
            .collect(),
    })
}

impl GitHub {
    /// The open pull requests.
    ///
    /// # Errors
    /// GitHub refuses a request, or answers with what is no pull request.
    pub async fn open_pulls(&self) -> Result<Vec<Pull>, GitHubError> {
        let all = self.list(&self.path("/pulls?state=open"), None, NEEDS).await?;
        // One that is not understood is one that would be torn down as closed.
        let pulls: Option<Vec<Pull>> = all.iter().map(pull).collect();
        pulls.ok_or_else(|| GitHubError::Lost {
            request: "GET /pulls".into(),
            why: "the reply has what is no pull request".into(),
        })
    }

    /// The open pull request whose newest commit is `head`: from the API, because what a run of the pull request says may be anybody's.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn pull_of(&self, head: &str) -> Result<Option<Pull>, GitHubError> {
        let open = self.open_pulls().await?;
        Ok(open.into_iter().find(|p| p.head == head))
    }

    /// The open pull request of a number.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn open_pull(&self, number: u64) -> Result<Option<Pull>, GitHubError> {
        let open = self.open_pulls().await?;
        Ok(open.into_iter().find(|p| p.number == number))
    }

    /// The merged pull request that a commit of the main branch came with: its number and its head.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn merged_with(&self, commit: &str) -> Result<Option<(u64, String)>, GitHubError> {
        let all = self
            .list(&self.path(&format!("/commits/{commit}/pulls")), None, NEEDS)
            .await?;
        let merged = all.iter().find(|p| !p["merged_at"].is_null());
        Ok(merged.and_then(|p| Some((p["number"].as_u64()?, p["head"]["sha"].as_str()?.to_owned()))))
    }

    /// `true` if a person may write to the repository.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn may_write(&self, login: &str) -> Result<bool, GitHubError> {
        let ok = |c: char| c.is_ascii_alphanumeric() || "-_[]".contains(c);
        if login.is_empty() || !login.chars().all(ok) {
            return Ok(false);
        }
        let path = self.path(&format!("/collaborators/{login}/permission"));
        match self.get(&path, "metadata: read").await {
            Ok(value) => Ok(["admin", "write"].iter().any(|p| value["permission"] == *p)),
            Err(GitHubError::Refused { status: 404, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
