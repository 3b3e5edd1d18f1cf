//! Authentication by bearer token or by a browser's session, and the roles of callers.

use super::problem::Problem;
use super::session::Sessions;
use crate::settings::{Role, Token};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// An authenticated caller.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The name that logs and histories show.
    pub name: Arc<str>,
    /// The caller's role.
    pub role: Role,
}

/// The callers that the settings name.
pub struct Callers {
    /// Keys are digests of the tokens, so that the time of a look-up reveals nothing about a token.
    by_token: HashMap<[u8; 32], Caller>,
    sessions: Sessions,
    anyone: Caller,
}

impl Callers {
    /// The callers of the settings' tokens; without tokens the API of `service` is open to everyone.
    pub fn new(service: &'static str, tokens: &[Token]) -> Self {
        let caller = |token: &Token| Caller {
            name: token.name.as_str().into(),
            role: token.role,
        };
        let digest = |token: &Token| <[u8; 32]>::from(Sha256::digest(token.token.expose()));
        Self {
            by_token: tokens
                .iter()
                .map(|token| (digest(token), caller(token)))
                .collect(),
            sessions: Sessions::new(service, tokens.iter().map(|token| (token, caller(token)))),
            anyone: Caller {
                name: "anyone".into(),
                role: Role::Admin,
            },
        }
    }

    /// Returns true in the open mode, in which every caller is an administrator.
    pub fn open(&self) -> bool {
        self.by_token.is_empty()
    }

    pub(super) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Finds the caller of the token in the `Authorization` header, or without that header the one of the session.
    ///
    /// # Errors
    /// 401 without a known token or a session; 403 when another site's page uses the session to change something.
    pub fn identify(&self, method: &Method, headers: &HeaderMap) -> Result<Caller, Problem> {
        if self.open() {
            return Ok(self.anyone.clone());
        }
        if !headers.contains_key(header::AUTHORIZATION)
            && let Some(caller) = self.sessions.identify(method, headers)?
        {
            return Ok(caller);
        }
        self.by_token(headers)
    }

    pub(super) fn by_token(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let caller = bearer(headers).and_then(|token| {
            self.by_token
                .get(<[u8; 32]>::from(Sha256::digest(token)).as_slice())
        });
        caller.cloned().ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Send a valid token as Authorization: Bearer",
            )
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
        })
    }
}

/// The bearer token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().split_at_checked(7))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "))
        .map(|(_, token)| token.trim_ascii())
}

impl Caller {
    /// Checks that the caller has at least `role`.
    ///
    /// # Errors
    /// 403 when the caller's role is lower.
    pub fn at_least(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role {
            return Ok(());
        }
        let sentence = format!(
            "This needs the role {}; yours is {}",
            role.name(),
            self.role.name()
        );
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", sentence))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Nobody is known to call",
            )
        })
    }
}

/// A caller with at least the role editor.
pub struct Editor(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Editor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.at_least(Role::Editor)?;
        Ok(Self(caller))
    }
}

/// A caller with the role admin.
pub struct Admin(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.at_least(Role::Admin)?;
        Ok(Self(caller))
    }
}
