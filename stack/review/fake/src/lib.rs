//! A stateful fake of the part of GitHub's REST API that tenon uses: it keeps comments, issues, checks and pull requests, refuses what a
//! token's permissions do not allow, pages lists, limits bodies, throttles, and loses replies.
//!
//! Written from <https://docs.github.com/en/rest>, and never from what the client believes; a request that is not of GitHub's own `OpenAPI`
//! description is refused with what is wrong with it. Each trouble is switched on by itself.

mod contract;
mod routes;
mod world;

pub use world::{Access, Event, Trouble, World};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::{net::TcpListener, task::JoinHandle};

/// A running fake; it stops when this is dropped.
pub struct Fake {
    world: Arc<Mutex<World>>,
    url: String,
    server: JoinHandle<()>,
}

impl Fake {
    /// Starts a fake with one repository, `shop/catalog`, on a free port of this machine.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let world = Arc::new(Mutex::new(World::new(&url)));
        let router = routes::router(world.clone());
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { world, url, server })
    }

    /// The URL that stands for `https://api.github.com`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The contents of GitHub.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}
