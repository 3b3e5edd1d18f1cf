//! The body of `POST /e`: who sends, and up to 100 events, each kept as the text it came in.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The most events of a post.
pub const MOST_EVENTS: usize = 100;

/// A post of the tracker, or of the site's server.
#[derive(Deserialize)]
pub struct Post<'a> {
    /// The format's version: 1.
    pub v: u32,
    /// The site.
    #[serde(borrow)]
    pub site: Cow<'a, str>,
    /// The sender's clock when it sent, in milliseconds since 1970.
    pub at: i64,
    /// The trace of the post, as a `traceparent`: a page that closes cannot give headers to what it sends.
    #[serde(borrow, default)]
    pub trace: Option<Cow<'a, str>>,
    /// The sender.
    #[serde(borrow, default)]
    pub who: Who<'a>,
    /// The events.
    #[serde(borrow)]
    pub events: Vec<&'a RawValue>,
}

/// The sender of a post.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Who<'a> {
    /// The visitor; only with consent.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub v: Option<Cow<'a, str>>,
    /// The session.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub s: Option<Cow<'a, str>>,
    /// The site's user, as an HMAC.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub u: Option<Cow<'a, str>>,
    /// The campaign.
    #[serde(borrow, default, skip_serializing_if = "Campaign::is_empty")]
    pub c: Campaign<'a>,
}

/// Where the session came from.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Campaign<'a> {
    /// `utm_source`.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Cow<'a, str>>,
    /// `utm_medium`.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<Cow<'a, str>>,
    /// `utm_campaign`.
    #[serde(borrow, default, rename = "campaign", skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    /// The host that linked here.
    #[serde(borrow, default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub referrer: Option<Cow<'a, str>>,
}

impl Campaign<'_> {
    fn is_empty(&self) -> bool {
        self.source.is_none() && self.medium.is_none() && self.name.is_none() && self.referrer.is_none()
    }
}

/// A post that cannot be read; nothing of it is accepted.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The body is not JSON of the documented form.
    #[error("the body is not a post of the form {{v, site, at, who, events}}: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The version is another.
    #[error("the version is {0}; this collector reads version 1")]
    Version(u32),
    /// There is no event, or there are too many.
    #[error("a post has 1 to {MOST_EVENTS} events; this one has {0}")]
    Events(usize),
}

impl<'a> Post<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// [`PostError`] when the body has another form.
    pub fn read(body: &'a [u8]) -> Result<Self, PostError> {
        let post: Self = serde_json::from_slice(body)?;
        if post.v != 1 {
            return Err(PostError::Version(post.v));
        }
        if post.events.is_empty() || post.events.len() > MOST_EVENTS {
            return Err(PostError::Events(post.events.len()));
        }
        Ok(post)
    }
}
