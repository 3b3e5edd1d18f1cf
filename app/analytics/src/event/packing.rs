//! Messages of the queue: many posts share one, as base64 of zstd of JSON lines. An event alone takes 516 bytes, one of 500
//! about 127.

use super::agent::Agent;
use super::check::{Frame, Reject, read};
use super::id::{Id, UserKey};
use super::model::{Context, Event, Text};
use super::money::Currency;
use super::post::Who;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::Read as _;

/// The most bytes of a message's body.
pub const MESSAGE: usize = 256 * 1024;

/// The most bytes that a message may unpack to: a guard against a body that was made to fill the memory.
const UNPACKED: u64 = 64 * 1024 * 1024;

/// The accepted events of one post, as they travel.
#[derive(Clone, Deserialize, Serialize)]
pub struct Line<'a> {
    /// The collector's clock when it received the post.
    #[serde(rename = "r")]
    pub received: i64,
    /// The site.
    #[serde(borrow, rename = "i")]
    pub site: Cow<'a, str>,
    /// The sender's clock when it sent.
    #[serde(rename = "t")]
    pub sent: i64,
    /// The visitor's country.
    #[serde(borrow, rename = "o")]
    pub country: Cow<'a, str>,
    /// The `User-Agent`.
    #[serde(borrow, rename = "a")]
    pub agent: Cow<'a, str>,
    /// The device that the sender named itself.
    #[serde(borrow, default, rename = "d", skip_serializing_if = "Option::is_none")]
    pub device: Option<Cow<'a, str>>,
    /// The browser that the sender named itself.
    #[serde(borrow, default, rename = "b", skip_serializing_if = "Option::is_none")]
    pub browser: Option<Cow<'a, str>>,
    /// The visitor without consent: the keyed hash of address and agent, which is another one each day.
    #[serde(borrow, rename = "h")]
    pub hash: Cow<'a, str>,
    /// True for a post of the site's server.
    #[serde(rename = "v")]
    pub server: bool,
    /// The sender.
    #[serde(borrow, rename = "w")]
    pub who: Who<'a>,
    /// The place in a trace that the line's storing goes below, as a `traceparent`; only when it is recorded.
    #[serde(borrow, default, rename = "p", skip_serializing_if = "Option::is_none")]
    pub trace: Option<Cow<'a, str>>,
    /// The events.
    #[serde(borrow, rename = "e")]
    pub events: Vec<Cow<'a, RawValue>>,
    /// Events that the collector refused, counted.
    #[serde(default, rename = "x", skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejection>,
}

/// Events that were refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Rejection {
    /// The reason's code.
    #[serde(rename = "c")]
    pub code: String,
    /// The number of events.
    #[serde(rename = "n")]
    pub count: i64,
    /// One of them, without its values.
    #[serde(rename = "s")]
    pub sample: String,
}

impl Line<'_> {
    /// A line without events, for what was refused.
    pub fn of_rejected(site: &str, received: i64, rejected: Vec<Rejection>) -> Line<'static> {
        Line {
            received,
            site: Cow::Owned(site.to_owned()),
            sent: received,
            country: Cow::Borrowed("-"),
            agent: Cow::Borrowed("-"),
            device: None,
            browser: None,
            hash: Cow::Borrowed("-"),
            server: false,
            who: Who::default(),
            trace: None,
            events: Vec::new(),
            rejected,
        }
    }

    /// The frame in which the line's events are read.
    pub fn frame(&self, currency: Currency) -> Frame {
        let agent = Agent::read(&self.agent);
        let text = |value: &Option<Cow<'_, str>>| {
            let value = value.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            Some(Text::from(cut(value, 100)))
        };
        let device = match self.device.as_deref() {
            Some("desktop") => "desktop",
            Some("mobile") => "mobile",
            Some("tablet") => "tablet",
            Some(_) => "other",
            None => agent.device,
        };
        Frame {
            site: self.site.as_ref().into(),
            received: self.received,
            sent: self.sent,
            // Nothing is kept in a browser without consent: its visit is the visitor's day.
            session: match self.who.s.as_deref() {
                Some(session) => Some(Id::of_text(session)),
                None if self.server => None,
                None => Some(Id::of_text(&format!("day {}", self.hash))),
            },
            visitor: Id::of_text(self.who.v.as_deref().unwrap_or(&self.hash)),
            user: self
                .who
                .u
                .as_deref()
                .map(|user| UserKey::of_text(&self.site, user)),
            context: Context {
                device: device.into(),
                browser: text(&self.browser).unwrap_or_else(|| agent.browser.into()),
                os: agent.os.into(),
                country: cut(&self.country, 2).into(),
                source: text(&self.who.c.source),
                medium: text(&self.who.c.medium),
                campaign: text(&self.who.c.name),
                referrer: text(&self.who.c.referrer),
                bot: agent.bot && !self.server,
                server: self.server,
            },
            currency,
        }
    }

    /// Reads the line's events.
    pub fn read(&self, currency: Currency) -> impl Iterator<Item = Result<Event, (Reject, &str)>> {
        let frame = self.frame(currency);
        self.events
            .iter()
            .map(move |raw| read(raw.get(), &frame).map_err(|reject| (reject, raw.get())))
    }
}

/// The first `most` characters of a text.
fn cut(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(end, _)| &text[..end])
}

/// A message's body, and the number of events in it.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The body: base64 of zstd of JSON lines.
    pub body: String,
    /// The number of events.
    pub events: usize,
}

/// A message that cannot be packed or unpacked.
#[derive(Debug, thiserror::Error)]
pub enum PackingError {
    /// The body is not base64.
    #[error("the message's body is not base64")]
    Base64(#[from] base64::DecodeError),
    /// The body is not zstd, or unpacks to too much.
    #[error("the message's body does not unpack")]
    Zstd(#[from] std::io::Error),
    /// The content is not UTF-8.
    #[error("the message's content is not UTF-8")]
    Utf8(#[from] std::string::FromUtf8Error),
}

/// Packs lines into a body; keeps its working memory between calls.
pub struct Packer(zstd::bulk::Compressor<'static>);

impl Packer {
    /// Creates a packer.
    ///
    /// # Errors
    /// An error of zstd when there is no memory.
    pub fn new() -> std::io::Result<Self> {
        zstd::bulk::Compressor::new(1).map(Self)
    }

    /// Packs `lines`, JSON texts that each end with a line break.
    ///
    /// # Errors
    /// [`PackingError::Zstd`] when there is no memory.
    pub fn pack(&mut self, lines: &[u8], events: usize) -> Result<Packed, PackingError> {
        let packed = self.0.compress(lines)?;
        Ok(Packed {
            body: STANDARD.encode(packed),
            events,
        })
    }
}

/// Unpacks a body into its lines, each a JSON text of a [`Line`].
///
/// # Errors
/// [`PackingError`] when the body is not one of [`Packer::pack`].
pub fn unpack(body: &str) -> Result<String, PackingError> {
    let packed = STANDARD.decode(body)?;
    let mut bytes = Vec::with_capacity(packed.len() * 8);
    zstd::stream::read::Decoder::new(packed.as_slice())?
        .take(UNPACKED)
        .read_to_end(&mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}
