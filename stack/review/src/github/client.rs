//! A client of GitHub's REST API: requests, pages, limits, and errors that say which permission is missing.
//!
//! <https://docs.github.com/en/rest>.

use reqwest::{
    Method, StatusCode,
    header::{AUTHORIZATION, HeaderMap, HeaderName, LINK, RETRY_AFTER},
};
use serde_json::Value;
use std::time::Duration;

/// The version of the API.
const VERSION: &str = "2022-11-28";

/// The most pages of a list that are read.
const PAGES: usize = 100;

/// The number of times that a request is sent at most.
const TRIES: usize = 5;

/// The longest pause that a limit is waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(90);

/// The reason why GitHub did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GitHubError {
    /// A variable of the workflow is missing or wrong.
    #[error("{variable} {why}")]
    Variable {
        /// The variable.
        variable: &'static str,
        /// The fault, as the rest of a sentence.
        why: String,
    },
    /// GitHub refused the request.
    #[error("GitHub answers {status} to {request}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// The method and the path.
        request: String,
        /// GitHub's message.
        message: String,
        /// The permission of the workflow that the request needs, such as `pull-requests: write`.
        needs: &'static str,
    },
    /// The request or its reply was lost.
    #[error("{request} to GitHub was lost: {why}")]
    Lost {
        /// The method and the path.
        request: String,
        /// The reason.
        why: String,
    },
}

impl GitHubError {
    /// `true` if nobody knows whether the request was executed.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Lost { .. }) || matches!(self, Self::Refused { status: 500.., .. })
    }
}

/// A repository at GitHub, as a token sees it.
pub struct GitHub {
    http: reqwest::Client,
    api: String,
    token: String,
    /// `owner/name`.
    pub repository: String,
    /// The login under which the token writes comments.
    pub login: String,
    /// The factor by which pauses are shorter than GitHub asks; 1 but in tests.
    pub hurry: u32,
}

impl std::fmt::Debug for GitHub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitHub")
            .field("api", &self.api)
            .field("repository", &self.repository)
            .finish_non_exhaustive()
    }
}

/// A request: what it needs, where it goes.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) body: Option<&'a Value>,
    pub(super) needs: &'static str,
}

impl GitHub {
    /// The repository `owner/name` behind `api`.
    ///
    /// # Errors
    /// A text that is no name of a repository; no TLS.
    pub fn new(api: &str, repository: &str, token: &str, login: &str) -> Result<Self, GitHubError> {
        let wrong = |variable, why: &str| GitHubError::Variable {
            variable,
            why: why.into(),
        };
        let plain = |part: &str| {
            let ok = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !part.is_empty() && part.chars().all(ok) && part != ".."
        };
        if !repository
            .split_once('/')
            .is_some_and(|(owner, name)| plain(owner) && plain(name))
        {
            return Err(wrong("GITHUB_REPOSITORY", "is no `owner/name`"));
        }
        let local = ["http://127.0.0.1:", "http://localhost:"]
            .iter()
            .any(|start| api.starts_with(start));
        if !api.starts_with("https://") && !local {
            return Err(wrong(
                "GITHUB_API_URL",
                "is no `https://…`: the token would be read on the way",
            ));
        }
        // The one TLS of this program; whoever installed it first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("tenon/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .map_err(|e| wrong("GITHUB_API_URL", &crate::errors::chain(&e)))?;
        Ok(Self {
            http,
            api: api.trim_end_matches('/').into(),
            token: token.into(),
            repository: repository.into(),
            login: login.into(),
            hurry: 1,
        })
    }

    /// The repository that a workflow runs for, by `GITHUB_API_URL`, `GITHUB_REPOSITORY` and `GITHUB_TOKEN`.
    ///
    /// # Errors
    /// A variable is missing or wrong.
    pub fn of_workflow() -> Result<Self, GitHubError> {
        let variable = |variable| {
            std::env::var(variable).map_err(|_| GitHubError::Variable {
                variable,
                why: "is not set; a step of a workflow has it (`env: GITHUB_TOKEN: ${{ github.token }}`)"
                    .into(),
            })
        };
        let api = std::env::var("GITHUB_API_URL").unwrap_or_else(|_| "https://api.github.com".into());
        let login = std::env::var("TENON_GITHUB_LOGIN").unwrap_or_else(|_| "github-actions[bot]".into());
        Self::new(
            &api,
            &variable("GITHUB_REPOSITORY")?,
            &variable("GITHUB_TOKEN")?,
            &login,
        )
    }

    /// A path of the repository: `/repos/owner/name/…`.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/repos/{}{rest}", self.repository)
    }

    /// Sends a request, once.
    async fn once(&self, ask: &Ask<'_>) -> Result<(HeaderMap, Value), (GitHubError, Option<Duration>)> {
        let request = format!("{} {}", ask.method, ask.path);
        let lost = |e: reqwest::Error| {
            let why = crate::errors::chain(&e.without_url());
            let request = request.clone();
            (GitHubError::Lost { request, why }, Some(Duration::from_secs(2)))
        };
        let mut builder = self
            .http
            .request(ask.method.clone(), format!("{}{}", self.api, ask.path))
            .header("accept", "application/vnd.github+json")
            .header("x-github-api-version", VERSION)
            .header(AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(body) = ask.body {
            builder = builder
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let reply = builder.send().await.map_err(lost)?;
        let (status, headers) = (reply.status(), reply.headers().clone());
        let text = reply.text().await.map_err(lost)?;
        let value: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok((headers, value));
        }
        let message = value["message"]
            .as_str()
            .unwrap_or("no message")
            .chars()
            .take(500)
            .collect();
        let refused = GitHubError::Refused {
            status: status.as_u16(),
            request,
            message,
            needs: ask.needs,
        };
        Err((refused, pause(status, &headers)))
    }

    /// Sends a request; one that is throttled is repeated, and so is one whose reply was lost if repeating it changes nothing.
    pub(super) async fn send(&self, ask: &Ask<'_>) -> Result<(HeaderMap, Value), GitHubError> {
        let mut tries = 1;
        loop {
            let (error, pause) = match self.once(ask).await {
                Ok(done) => return Ok(done),
                Err(failed) => failed,
            };
            // A POST that may have been executed is looked for before it is sent again, by who knows what to look for.
            let repeats = ask.method != Method::POST || !error.is_unknown();
            let Some(pause) = pause.filter(|p| repeats && tries < TRIES && *p <= LONGEST_PAUSE) else {
                return Err(error);
            };
            tries += 1;
            tokio::time::sleep(pause / self.hurry).await;
        }
    }

    /// Reads a whole list; `of` is the member that holds it in a reply that is no list itself.
    pub(super) async fn list(
        &self,
        path: &str,
        of: Option<&str>,
        needs: &'static str,
    ) -> Result<Vec<Value>, GitHubError> {
        let sign = if path.contains('?') { '&' } else { '?' };
        let mut next = Some(format!("{path}{sign}per_page=100"));
        let mut all = vec![];
        for _ in 0..PAGES {
            let Some(path) = next.take() else { break };
            let ask = Ask {
                method: Method::GET,
                path: &path,
                body: None,
                needs,
            };
            let (headers, mut page) = self.send(&ask).await?;
            let items = match of {
                Some(of) => page[of].take(),
                None => page,
            };
            if let Value::Array(items) = items {
                all.extend(items);
            }
            next = self.next_page(&headers);
        }
        Ok(all)
    }

    /// The path of the next page. A link to another server is none: the token is for this one.
    fn next_page(&self, headers: &HeaderMap) -> Option<String> {
        let links = headers.get(LINK)?.to_str().ok()?;
        let next = links.split(',').find(|link| link.contains(r#"rel="next""#))?;
        let url = next.trim().strip_prefix('<')?.split_once('>')?.0;
        let path = url.strip_prefix(&self.api).filter(|p| p.starts_with('/'));
        path.map(ToOwned::to_owned)
    }
}

/// The pause before a request is repeated; none where repeating it is of no use.
///
/// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately>
fn pause(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let number = |name: HeaderName| headers.get(name)?.to_str().ok()?.parse::<u64>().ok();
    let header = |name: &'static str| number(HeaderName::from_static(name));
    if let Some(seconds) = number(RETRY_AFTER) {
        return Some(Duration::from_secs(seconds));
    }
    let limited = status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::FORBIDDEN;
    if limited && header("x-ratelimit-remaining") == Some(0) {
        let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
        let reset = header("x-ratelimit-reset").unwrap_or(now + 60);
        return Some(Duration::from_secs(reset.saturating_sub(now) + 1));
    }
    let passes = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    passes.then(|| Duration::from_secs(2))
}
