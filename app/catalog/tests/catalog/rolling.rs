//! Ending a process loses no request: two processes behind a round robin are restarted one after the other under
//! load, and every answer is a 2xx.

use crate::harness::{Process, server};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A load balancer in small: it asks each target for `/ready` every 50 ms, sends requests in turn to those that are
/// ready, keeps connections, repeats nothing. An answer decides at once; silence does not, because on a busy machine it
/// says nothing about the target, and a request to a target that is really gone still counts as lost.
struct Balancer {
    targets: Mutex<Vec<(SocketAddr, bool)>>,
    turn: AtomicUsize,
}

impl Balancer {
    fn pick(&self) -> Option<SocketAddr> {
        let targets = self.targets.lock().unwrap();
        let ready: Vec<SocketAddr> = targets
            .iter()
            .filter(|(_, ready)| *ready)
            .map(|(address, _)| *address)
            .collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        (!ready.is_empty()).then(|| ready[turn % ready.len()])
    }

    /// Asks for as long as anybody else has the balancer, and each target for itself: a slow one must not keep the
    /// balancer from hearing that another is about to end.
    async fn watch(self: Arc<Self>) {
        let mut questions = JoinSet::new();
        let mut asked = HashSet::new();
        while Arc::strong_count(&self) > 1 {
            for (address, _) in self.targets.lock().unwrap().iter() {
                if asked.insert(*address) {
                    questions.spawn(ready(*address));
                }
            }
            let pause = tokio::time::sleep(Duration::from_millis(50));
            tokio::pin!(pause);
            loop {
                let answer = tokio::select! {
                    () = &mut pause => break,
                    Some(answer) = questions.join_next() => answer,
                };
                let (address, answer) = answer.unwrap();
                asked.remove(&address);
                let mut targets = self.targets.lock().unwrap();
                let target = targets.iter_mut().find(|(a, _)| *a == address);
                if let (Some(target), Some(ready)) = (target, answer) {
                    target.1 = ready;
                }
            }
        }
    }

    /// Waits until both targets take requests, which is what a deployment waits for before it ends the next process.
    async fn settled(&self) {
        let patience = Instant::now();
        while self
            .targets
            .lock()
            .unwrap()
            .iter()
            .filter(|(_, ready)| *ready)
            .count()
            < 2
        {
            assert!(
                patience.elapsed() < Duration::from_mins(1),
                "a target never became ready"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn serve(self: Arc<Self>, listener: TcpListener) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(Arc::clone(&self).client(stream));
        }
    }

    /// Forwards a client's connection: each request goes to the next target, over a connection that is kept as long as
    /// the target keeps it.
    async fn client(self: Arc<Self>, stream: TcpStream) {
        let mut client = BufReader::new(stream);
        let mut kept: Vec<(SocketAddr, Connection)> = Vec::new();
        while let Some(path) = request(&mut client).await {
            let status = match self.pick() {
                None => 503,
                Some(target) => {
                    let connection = match kept.iter().position(|(address, _)| *address == target) {
                        Some(place) => Ok(kept.swap_remove(place).1),
                        None => Connection::open(target).await,
                    };
                    match connection {
                        Err(_) => 502,
                        Ok(mut connection) => match connection.get(&path).await {
                            Ok((status, close)) => {
                                if !close {
                                    kept.push((target, connection));
                                }
                                status
                            }
                            Err(_) => 502,
                        },
                    }
                }
            };
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
            if client.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

/// The readiness that a target answers; `None` when it does not. The patience is longer than the drain, because a question
/// that is given up while the machine is busy would let a target end unheard.
async fn ready(address: SocketAddr) -> (SocketAddr, Option<bool>) {
    let ask = async {
        match Connection::open(address).await {
            Ok(mut connection) => connection
                .get("/ready")
                .await
                .is_ok_and(|(status, _)| status == 200),
            Err(_) => false,
        }
    };
    let answer = tokio::time::timeout(Duration::from_secs(10), ask).await;
    (address, answer.ok())
}

/// Reads the head of a request and returns its path.
async fn request(client: &mut BufReader<TcpStream>) -> Option<String> {
    let mut path = None;
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if path.is_none() {
            path = line.split(' ').nth(1).map(str::to_owned);
        } else if line == "\r\n" {
            return path;
        }
    }
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    async fn open(address: SocketAddr) -> std::io::Result<Self> {
        Ok(Self(BufReader::new(TcpStream::connect(address).await?)))
    }

    /// Returns the status, and whether the server closes the connection.
    async fn get(&mut self, path: &str) -> std::io::Result<(u16, bool)> {
        self.0
            .write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").as_bytes())
            .await?;
        let (mut status, mut length, mut close) = (0, 0, false);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            } else if line.starts_with("http/1.1 ") {
                status = line[9..12].parse().unwrap();
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            } else if line == "connection: close" {
                close = true;
            }
        }
        self.0.read_exact(&mut vec![0; length]).await?;
        Ok((status, close))
    }
}

/// Sends requests one after the other until it is `over`; returns how many succeeded, and the other statuses.
async fn requests(front: SocketAddr, path: &str, over: Arc<AtomicBool>) -> (usize, Vec<u16>) {
    let mut connection = Connection::open(front).await.unwrap();
    let (mut good, mut bad) = (0, Vec::new());
    while !over.load(Ordering::Relaxed) {
        let (status, _) = connection.get(path).await.unwrap();
        if (200..300).contains(&status) {
            good += 1;
        } else {
            bad.push(status);
        }
    }
    (good, bad)
}

/// Stops a process as a deployment does, and starts another one behind the balancer.
async fn replace(old: Process, balancer: &Balancer, environment: &[(String, String)]) -> Process {
    let begun = Instant::now();
    old.terminate();
    let gone = old.address;
    let status = tokio::task::spawn_blocking(|| old.wait()).await.unwrap();
    assert!(status.success(), "it ends by itself: {status}");
    assert!(
        begun.elapsed() >= Duration::from_secs(3),
        "it accepts requests for the drain time"
    );
    let new = Process::start("api", environment);
    let mut targets = balancer.targets.lock().unwrap();
    targets.retain(|(address, _)| *address != gone);
    targets.push((new.address, false));
    new
}

// Long: one restart, from the first process to the last answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_under_load_loses_nothing() {
    let database = server::database().await;
    catalog::database::seed::seed(&mut server::client(&database).await, 40)
        .await
        .unwrap();
    let mut environment = server::environment(&database);
    for (name, value) in [("DRAIN_SECONDS", "3"), ("RATE_LIMIT", "0"), ("LOG", "info")] {
        environment.push((name.to_owned(), value.to_owned()));
    }
    let mut processes: Vec<Process> = (0..2).map(|_| Process::start("api", &environment)).collect();
    let targets = processes.iter().map(|process| (process.address, false)).collect();
    let balancer = Arc::new(Balancer {
        targets: Mutex::new(targets),
        turn: AtomicUsize::new(0),
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let front = listener.local_addr().unwrap();
    let mut background = JoinSet::new();
    // On a thread of its own: a balancer whose clients keep it from asking is not what is tested.
    let watching = Arc::clone(&balancer);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(watching.watch());
    });
    background.spawn(Arc::clone(&balancer).serve(listener));
    balancer.settled().await;

    let over = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for number in 0..16 {
        let over = Arc::clone(&over);
        let path = if number % 2 == 0 {
            "/api/products"
        } else {
            "/api/products/7"
        };
        clients.spawn(requests(front, path, over));
    }
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        balancer.settled().await;
        let old = processes.remove(0);
        processes.push(replace(old, &balancer, &environment).await);
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    over.store(true, Ordering::Relaxed);
    let (mut good, mut bad) = (0, Vec::new());
    while let Some(client) = clients.join_next().await {
        let (more, wrong) = client.unwrap();
        good += more;
        bad.extend(wrong);
    }
    assert!(
        bad.is_empty(),
        "{} of {} were not 2xx: {:?}",
        bad.len(),
        good + bad.len(),
        &bad[..bad.len().min(9)]
    );
    // How many is the machine's affair; that there was load all the time is not.
    assert!(good > 16 * 10, "only {good} requests");
}

#[tokio::test]
async fn sigterm_lets_a_request_in_flight_finish_and_frees_the_port() {
    let database = server::database().await;
    let mut environment = server::environment(&database);
    environment.push(("DRAIN_SECONDS".to_owned(), "0".to_owned()));
    catalog::database::seed::seed(&mut server::client(&database).await, 1)
        .await
        .unwrap();
    let process = Process::start("api", &environment);
    let address = process.address;
    let holder = server::client(&database).await;
    holder
        .batch_execute("begin; update products set stock = 7 where id = 1")
        .await
        .unwrap();
    let body = r#"{"price": "3.00"}"#;
    let request = format!(
        "PATCH /api/products/1 HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut waiting = TcpStream::connect(address).await.unwrap();
    waiting.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    process.terminate();
    let patience = Instant::now();
    while TcpStream::connect(address).await.is_ok() {
        assert!(
            patience.elapsed() < Duration::from_secs(10),
            "something new is accepted"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    holder.batch_execute("commit").await.unwrap();
    let mut answer = String::new();
    waiting.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("\"stock\":7") && answer.contains("\"price\":\"3.00\""),
        "{answer}"
    );
    assert!(
        tokio::task::spawn_blocking(|| process.wait())
            .await
            .unwrap()
            .success()
    );
    drop(std::net::TcpListener::bind(address).unwrap());
}

#[tokio::test]
async fn a_request_that_never_ends_is_given_up_at_the_deadline() {
    let mut environment = server::environment(&server::database().await);
    environment.push(("DRAIN_SECONDS".to_owned(), "0".to_owned()));
    environment.push(("SHUTDOWN_SECONDS".to_owned(), "1".to_owned()));
    let process = Process::start("api", &environment);
    let mut half = TcpStream::connect(process.address).await.unwrap();
    half.write_all(b"POST /api/products HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let begun = Instant::now();
    process.terminate();
    assert!(
        tokio::task::spawn_blocking(|| process.wait())
            .await
            .unwrap()
            .success()
    );
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}
