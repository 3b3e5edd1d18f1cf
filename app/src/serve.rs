//! Listening, and ending without a lost request.
//!
//! After the signal, `/ready` answers 503 at once so that the load balancer sends no more, but requests are accepted
//! for the drain time, each answered with `Connection: close`. Then the listener closes, requests in flight are
//! awaited up to a deadline, and only then may the caller close what they need.

use crate::settings::Shutdown;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tower::ServiceExt;

/// The address at the other end of the connection that a request came on.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Tells everybody that the process is about to end.
#[derive(Clone, Debug)]
pub struct Drain(watch::Sender<bool>);

impl Default for Drain {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Drain {
    /// Begins.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether it has begun.
    pub fn begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it begins.
    pub async fn wait(&self) {
        // The sender lives as long as this does.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }

    /// Begins at SIGTERM or SIGINT.
    ///
    /// # Errors
    /// When the signals cannot be listened for.
    pub fn on_signals(&self) -> io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let drain = self.clone();
        tokio::spawn(async move {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            drain.begin();
        });
        Ok(())
    }
}

/// Why a server does not listen.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}; set HOST and PORT to an address of this machine with a free port")]
pub struct ListenError {
    /// The address.
    pub address: SocketAddr,
    source: io::Error,
}

/// Listens on `address`.
///
/// # Errors
/// When the port is taken or the address is not this machine's.
pub fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let open = || {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        socket.set_reuseaddr(true)?;
        socket.set_nodelay(true)?;
        socket.bind(address)?;
        // A thousand clients that come at once must not wait for a retransmission.
        socket.listen(4096)
    };
    open().map_err(|source| ListenError { address, source })
}

/// Serves `router` until `drain` begins and all is done.
pub async fn serve(listener: TcpListener, router: Router, drain: &Drain, shutdown: Shutdown) {
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(20))
        .pipeline_flush(true);
    let end = async {
        drain.wait().await;
        tracing::info!(
            seconds = shutdown.drain.as_secs(),
            "ending: no longer ready, still accepting"
        );
        tokio::time::sleep(shutdown.drain).await;
    };
    tokio::pin!(end);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, most likely: wait for some to come free.
                    tracing::error!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        // Not having it costs latency, nothing else.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = router.map_request(move |request: axum::http::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            request
        });
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(shutdown.deadline, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still being answered at the deadline");
    }
}
