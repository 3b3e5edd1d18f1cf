//! The comment of a pull request: one of each part, found by its mark.

use super::client::{Ask, GitHub, GitHubError};
use crate::comment::marker;
use reqwest::Method;
use serde_json::{Value, json};

const NEEDS: &str = "pull-requests: write";

impl GitHub {
    /// Makes the comments of `stack` on a pull request these: what is there is rewritten if it differs, what is missing is added, and what
    /// is too many, or there twice, is removed. Returns whether anything changed.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn comment(&self, pull: u64, stack: &str, bodies: &[String]) -> Result<bool, GitHubError> {
        let mut changed = false;
        for (n, body) in bodies.iter().enumerate() {
            changed |= self.part(pull, &marker(stack, n + 1), body).await?;
        }
        // Parts of an earlier, longer review.
        for part in bodies.len() + 1.. {
            let old = self.marked(pull, &marker(stack, part)).await?;
            if old.is_empty() {
                break;
            }
            for comment in old {
                self.remove(&comment).await?;
                changed = true;
            }
        }
        Ok(changed)
    }

    /// Puts a page on a pull request; one that is there with the same first line is rewritten.
    ///
    /// # Errors
    /// GitHub refuses a request.
    pub async fn page(&self, pull: u64, text: &str) -> Result<bool, GitHubError> {
        self.part(pull, text.lines().next().unwrap_or_default(), text)
            .await
    }

    async fn part(&self, pull: u64, mark: &str, body: &str) -> Result<bool, GitHubError> {
        let mut tries = 0;
        loop {
            let found = self.marked(pull, mark).await?;
            if let Some((first, twice)) = found.split_first() {
                for comment in twice {
                    self.remove(comment).await?;
                }
                // GitHub keeps line ends as they are sent, and trims nothing inside.
                if first["body"]
                    .as_str()
                    .is_some_and(|b| b.trim_end() == body.trim_end())
                {
                    return Ok(!twice.is_empty());
                }
                let path = self.path(&format!("/issues/comments/{}", first["id"]));
                self.write(Method::PATCH, &path, &json!({"body": body}), NEEDS)
                    .await?;
                return Ok(true);
            }
            let path = self.path(&format!("/issues/{pull}/comments"));
            match self
                .write(Method::POST, &path, &json!({"body": body}), NEEDS)
                .await
            {
                // It may be there: that is looked at first.
                Err(error) if error.is_unknown() && tries < 3 => tries += 1,
                other => return other.map(|_| true),
            }
        }
    }

    /// Our comments that begin with a mark, the oldest first.
    async fn marked(&self, pull: u64, mark: &str) -> Result<Vec<Value>, GitHubError> {
        let path = self.path(&format!("/issues/{pull}/comments"));
        let mut all = self.list(&path, None, NEEDS).await?;
        all.retain(|c| self.is_ours(c) && c["body"].as_str().is_some_and(|b| b.starts_with(mark)));
        all.sort_by_key(|c| c["id"].as_u64());
        Ok(all)
    }

    async fn remove(&self, comment: &Value) -> Result<(), GitHubError> {
        let path = self.path(&format!("/issues/comments/{}", comment["id"]));
        let ask = Ask {
            method: Method::DELETE,
            path: &path,
            body: None,
            needs: NEEDS,
        };
        match self.send(&ask).await {
            Err(GitHubError::Refused { status: 404, .. }) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Sends a body.
    pub(super) async fn write(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        needs: &'static str,
    ) -> Result<Value, GitHubError> {
        let ask = Ask {
            method,
            path,
            body: Some(body),
            needs,
        };
        Ok(self.send(&ask).await?.1)
    }

    /// Reads one thing.
    pub(super) async fn get(&self, path: &str, needs: &'static str) -> Result<Value, GitHubError> {
        let ask = Ask {
            method: Method::GET,
            path,
            body: None,
            needs,
        };
        Ok(self.send(&ask).await?.1)
    }
}
