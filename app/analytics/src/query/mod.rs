//! The query process: the engine's columns, filled from the archive's files and the hot store's newest events, and the HTTP
//! API of the figures.

mod answer;
mod app;
mod export;
mod feed;
mod figures;
mod jobs;
mod journeys;
mod live;
mod openapi;
mod params;
mod shape;

pub use app::{App, SiteState};
pub use feed::{Feed, FeedError};
pub use jobs::begin as begin_erasure;
pub use openapi::{document, router};
