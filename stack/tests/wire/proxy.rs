//! A proxy between Tenon and an emulator that writes down every call it sees.
//!
//! One request a connection, HTTP/1.1, no TLS: enough for an SDK client and an emulator on the same machine.

use crate::{
    book::Book,
    gaps::Home,
    mischief::{Mischief, Trouble},
    operation::{self, header},
    pages::Pages,
    translate::{self, Question},
    words::Turn,
};
use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A call as it went over the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    /// The service, such as `ec2`.
    pub(crate) service: String,
    /// The operation; for a request that nobody can name, method and path.
    pub(crate) operation: String,
    /// The status that the emulator answered.
    pub(crate) status: u16,
}

impl Seen {
    /// Whether the call changes anything.
    pub(crate) fn mutates(&self) -> bool {
        mutates(&self.operation)
    }
}

/// Whether an operation changes anything, by the verbs that AWS names reads with.
fn mutates(operation: &str) -> bool {
    let reads = [
        "Describe", "Get", "List", "Head", "BatchGet", "Lookup", "GET ", "HEAD ",
    ];
    !reads.iter().any(|verb| operation.starts_with(verb))
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) url: String,
    book: Arc<Book>,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// A proxy in front of `upstream`, an `http://127.0.0.1:port`, that makes up for what that emulator forgets.
    pub(crate) async fn start(upstream: &str, home: Home) -> Self {
        Self::paging(upstream, home, Arc::default()).await
    }

    /// The same, with its lists among those of other proxies.
    pub(crate) async fn paging(upstream: &str, home: Home, pages: Arc<Pages>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = upstream.trim_start_matches("http://").to_owned();
        let kept = Arc::new(Book::of(pages));
        let book = Arc::clone(&kept);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, book) = (upstream.clone(), Arc::clone(&book));
                // A client that hangs up in the middle is its own affair.
                tokio::spawn(async move { relay(client, &upstream, home, &book).await.ok() });
            }
        });
        Self {
            url,
            book: kept,
            task,
        }
    }

    /// What it is to break.
    pub(crate) fn trouble(&self) -> &Trouble {
        &self.book.trouble
    }

    /// The lists it answers.
    pub(crate) fn pages(&self) -> &Pages {
        &self.book.pages
    }

    /// What was seen since the last time.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.book.seen.lock().unwrap())
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

// Long: the steps of one request on its way, each of which may end it.
async fn relay(mut client: TcpStream, upstream: &str, home: Home, book: &Book) -> std::io::Result<()> {
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
    let body = &request[body_at..];
    let (service, operation) = operation::of(&text, body);
    let mischief = mutates(&operation).then(|| book.trouble.next()).flatten();
    if let Some(mischief) = mischief.filter(|m| !m.executes()) {
        return spoil(client, mischief, (body, &[]), &book.trouble).await;
    }
    let turn = if mutates(&operation) {
        Turn::Asked
    } else {
        book.pages.turn(&service, &operation, &text, body)
    };
    let (text, body) = match turn {
        Turn::Asked => (text, body.to_vec()),
        Turn::Second(head, body) => (head, body),
        Turn::Empty(page) => {
            client.write_all(&page).await?;
            return client.shutdown().await;
        }
    };
    let body = body.as_slice();
    let known = book.ask(home, (&service, &operation), body);
    let question = match home {
        Home::Moto => Question::for_moto(&operation, &String::from_utf8_lossy(body)),
        Home::Ministack => None,
    };
    let mut reply = match (known, question) {
        (Some(answer), _) => message(CBOR, &answer.write()),
        (None, Some(question)) => ask(upstream, &text, question).await?,
        (None, None) => forward(upstream, &text, body).await?,
    };
    let answer = reply
        .windows(4)
        .position(|w| w == b"\r\n\r\n")
        .map_or(&[][..], |at| &reply[at + 4..]);
    let of_options = (home == Home::Moto)
        .then(|| translate::tags_of_new_options(&operation, body, answer))
        .flatten();
    let better = book.better(home, (&service, &operation), body, answer);
    reply = better.unwrap_or(reply);
    if home == Home::Moto
        && let Some(tags) = translate::tags_of_new_bucket(&operation, body)
    {
        // The path of the request is the bucket's.
        let head = text.replacen(" HTTP/1.1", "?tagging HTTP/1.1", 1);
        let head = head.replacen("?x-id=CreateBucket?", "?", 1);
        forward(upstream, &head, tags.as_bytes()).await?;
    }
    if let Some(tags) = of_options {
        forward(upstream, &text, tags.as_bytes()).await?;
    }
    let status = String::from_utf8_lossy(&reply[..reply.len().min(12)]).into_owned();
    let status = status.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    book.seen.lock().unwrap().push(Seen {
        service,
        operation,
        status,
    });
    if let Some(mischief) = mischief {
        return spoil(client, mischief, (body, &reply), &book.trouble).await;
    }
    client.write_all(&reply).await?;
    client.shutdown().await
}

/// Ends a call, its request and the reply to it, as a broken wire does.
async fn spoil(
    mut client: TcpStream,
    mischief: Mischief,
    (request, reply): (&[u8], &[u8]),
    trouble: &Trouble,
) -> std::io::Result<()> {
    match mischief.answer(request, reply) {
        Some(answer) => {
            client.write_all(&answer).await?;
            client.shutdown().await
        }
        None if mischief == Mischief::Hold => {
            trouble.held.notify_one();
            // Until the client is no more.
            client.read_buf(&mut vec![]).await.map(drop)
        }
        None => client.set_zero_linger(),
    }
}

/// The headers of an answer of CloudWatch's.
pub(crate) const CBOR: &str = "content-type: application/cbor\r\nsmithy-protocol: rpc-v2-cbor";

/// The header of an answer in JSON.
pub(crate) const JSON: &str = "content-type: application/x-amz-json-1.1";

/// The header of an answer in XML.
pub(crate) const XML: &str = "content-type: application/xml";

/// An answer of the proxy's own.
pub(crate) fn message(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n{headers}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Asks in the emulator's words, until it knows everything that it is asked for.
async fn ask(upstream: &str, head: &str, mut question: Question) -> std::io::Result<Vec<u8>> {
    loop {
        let reply = forward(upstream, head, question.body.as_bytes()).await?;
        let Some(less) = question.without_missing(&String::from_utf8_lossy(&reply)) else {
            return Ok(reply);
        };
        if !less.asks() {
            return Ok(message(XML, less.nothing().as_bytes()));
        }
        question = less;
    }
}

/// Sends a request on, on a connection of its own; returns the whole reply.
async fn forward(upstream: &str, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let own = ["connection:", "expect:", "content-length:"];
    let keep = |line: &&str| !own.iter().any(|name| line.to_ascii_lowercase().starts_with(name));
    let mut head = head
        .trim_end()
        .lines()
        .filter(keep)
        .collect::<Vec<_>>()
        .join("\r\n");
    head.push_str(&format!(
        "\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    ));
    let mut server = TcpStream::connect(upstream).await?;
    server.write_all(head.as_bytes()).await?;
    server.write_all(body).await?;
    let mut reply = vec![];
    server.read_to_end(&mut reply).await?;
    Ok(reply)
}
