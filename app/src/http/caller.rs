//! Who calls, and what they may do.

use super::problem::Problem;
use crate::settings::{Role, Token};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The name for histories.
    pub name: Arc<str>,
    /// What they may do.
    pub role: Role,
}

/// The callers that the settings name.
pub struct Callers {
    /// By the digest of the token, so that the time of a look-up tells nothing of the token.
    by_token: HashMap<[u8; 32], Caller>,
    anyone: Caller,
}

impl Callers {
    /// Takes the settings' tokens; none is the open mode.
    pub fn new(tokens: &[Token]) -> Self {
        let by_token = tokens
            .iter()
            .map(|token| {
                let caller = Caller {
                    name: token.name.as_str().into(),
                    role: token.role,
                };
                (Sha256::digest(token.token.expose()).into(), caller)
            })
            .collect();
        Self {
            by_token,
            anyone: Caller {
                name: "anyone".into(),
                role: Role::Admin,
            },
        }
    }

    /// Whether everyone may do everything.
    pub fn open(&self) -> bool {
        self.by_token.is_empty()
    }

    /// The caller that the `Authorization` header names.
    ///
    /// # Errors
    /// 401 without a bearer token or with one that nobody has.
    pub fn identify(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        if self.open() {
            return Ok(self.anyone.clone());
        }
        let token = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.as_bytes().split_at_checked(7))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"bearer "))
            .map(|(_, token)| token.trim_ascii());
        let caller = token.and_then(|token| {
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

impl Caller {
    /// Lets through who has at least `role`.
    ///
    /// # Errors
    /// 403.
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

/// A caller who may write.
pub struct Editor(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Editor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.at_least(Role::Editor)?;
        Ok(Self(caller))
    }
}

/// A caller who may write many at once.
pub struct Admin(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        caller.at_least(Role::Admin)?;
        Ok(Self(caller))
    }
}
