//! The health check of a container: requests `/health` of a server on this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A server that is not healthy.
#[derive(Debug, thiserror::Error)]
#[error("{address} is not healthy: {reason}")]
pub struct Unhealthy {
    /// The address.
    pub address: SocketAddr,
    /// The server's answer, or the reason why there is none.
    pub reason: String,
}

/// Requests `/health` of the server that listens on `address`.
///
/// # Errors
/// [`Unhealthy`] when it does not answer 200 within three seconds.
pub async fn check(address: SocketAddr) -> Result<(), Unhealthy> {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let address = SocketAddr::new(ip, address.port());
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&answer).into_owned())
    };
    let reason = match tokio::time::timeout(Duration::from_secs(3), ask).await {
        Ok(Ok(answer)) if answer.ends_with(" 200") => return Ok(()),
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer within 3 s".to_owned(),
    };
    Err(Unhealthy { address, reason })
}
