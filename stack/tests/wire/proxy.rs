//! A proxy between Tenon and an emulator that writes down every call it sees.
//!
//! One request a connection, HTTP/1.1, no TLS: enough for an SDK client and an emulator on the same machine.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A call as it went over the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    /// The service in the signature's scope, such as `ec2`.
    pub(crate) service: String,
    /// The operation, or for REST protocols method and path.
    pub(crate) operation: String,
    /// The status that the emulator answered.
    pub(crate) status: u16,
}

impl Seen {
    /// Whether the call changes anything, by the verbs that AWS names reads with.
    pub(crate) fn mutates(&self) -> bool {
        let reads = [
            "Describe", "Get", "List", "Head", "BatchGet", "Lookup", "GET ", "HEAD ",
        ];
        !reads.iter().any(|verb| self.operation.starts_with(verb))
    }
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// A proxy in front of `upstream`, an `http://127.0.0.1:port`.
    pub(crate) async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let book = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, book) = (upstream.clone(), Arc::clone(&book));
                // A client that hangs up in the middle is its own affair.
                tokio::spawn(async move { relay(client, &upstream, &book).await.ok() });
            }
        });
        Self { url, seen, task }
    }

    /// What was seen since the last time.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The head of a message, and where its body begins.
async fn head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<Option<usize>> {
    loop {
        if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            return Ok(Some(at + 4));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|l| l.split_once(':'));
    lines
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, v)| v.trim())
}

async fn relay(mut client: TcpStream, upstream: &str, book: &Mutex<Vec<Seen>>) -> std::io::Result<()> {
    let mut request = vec![];
    let Some(body_at) = head(&mut client, &mut request).await? else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(&request[..body_at]).into_owned();
    if header(&text, "expect").is_some() {
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let length: usize = header(&text, "content-length")
        .and_then(|l| l.parse().ok())
        .unwrap_or(0);
    while request.len() < body_at + length {
        if client.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let mut seen = identify(&text, &request[body_at..]);
    let mut server = TcpStream::connect(upstream).await?;
    let keep = |line: &&str| {
        !line.to_ascii_lowercase().starts_with("connection:")
            && !line.to_ascii_lowercase().starts_with("expect:")
    };
    let mut forward: String = text
        .trim_end()
        .lines()
        .filter(keep)
        .collect::<Vec<_>>()
        .join("\r\n");
    forward.push_str("\r\nConnection: close\r\n\r\n");
    server.write_all(forward.as_bytes()).await?;
    server.write_all(&request[body_at..]).await?;
    let mut reply = vec![];
    server.read_to_end(&mut reply).await?;
    let status = String::from_utf8_lossy(&reply[..reply.len().min(12)]).into_owned();
    seen.status = status.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    book.lock().unwrap().push(seen);
    client.write_all(&reply).await?;
    client.shutdown().await
}

/// Which call a request is: each protocol says it in its own place.
fn identify(head: &str, body: &[u8]) -> Seen {
    let scope = header(head, "authorization")
        .and_then(|a| a.split("Credential=").nth(1))
        .unwrap_or_default();
    let service = scope.split('/').nth(3).unwrap_or("?").to_owned();
    let first = head.lines().next().unwrap_or_default();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let body = String::from_utf8_lossy(body);
    let operation = if let Some(target) = header(head, "x-amz-target") {
        target.rsplit('.').next().unwrap_or(target).to_owned()
    } else if let Some(action) = body.split('&').find_map(|p| p.strip_prefix("Action=")) {
        action.to_owned()
    } else if let Some((_, operation)) = path.split_once("/operation/") {
        operation.to_owned()
    } else {
        format!("{method} {path}")
    };
    Seen {
        service,
        operation,
        status: 0,
    }
}
