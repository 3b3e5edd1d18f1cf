//! The HTTP/1.1 server and its graceful shutdown.
//!
//! After the signal, `/ready` answers 503 at once so that the load balancer sends no more, but requests are accepted
//! for the drain time, each answered with `Connection: close`. Then the listener closes, requests in flight are
//! awaited up to a deadline, and only then may the caller close the connections to the database.

pub use crate::drain::{Drain, Peer};

use crate::http::host;
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
use tower::ServiceExt;

/// A listener that could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}; set HOST and PORT to an address of this machine with a free port")]
pub struct ListenError {
    /// The address that was to be listened on.
    pub address: SocketAddr,
    source: io::Error,
}

impl ListenError {
    /// Returns true if another program has the port.
    pub fn is_taken(&self) -> bool {
        self.source.kind() == io::ErrorKind::AddrInUse
    }
}

/// Listens on `address`.
///
/// # Errors
/// [`ListenError`] when the port is in use or the address does not belong to this machine.
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
        // A thousand clients that connect at the same moment must not wait for a retransmitted SYN.
        socket.listen(4096)
    };
    open().map_err(|source| ListenError { address, source })
}

/// Serves `router` until the shutdown has begun and the requests in flight are answered.
pub async fn serve(listener: TcpListener, router: Router, drain: &Drain, shutdown: Shutdown) {
    let router = host::required(router);
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(20));
    let end = async {
        drain.wait().await;
        tracing::info!(
            seconds = shutdown.drain.as_secs(),
            "shutting down: no longer ready, still accepting"
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
        // A connection without TCP_NODELAY is slower and otherwise correct.
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
