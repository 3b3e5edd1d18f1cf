//! Two real processes and one state in a database, under a lease that runs out: both begin at once, or the one that holds
//! it is stopped past its end while the other goes on. Never do both make calls.
//!
//! The test starts itself again as the other process, which says on its output when it makes a call.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tenon_state::{Error, LeaseConfig, Outcome, Postgres, Settings, StateWrite, Store};

use crate::{
    server::Server,
    support::{holder, identity, intent, op, record},
};

const URL: &str = "TENON_STATE_TEST_URL";
const NAME: &str = "TENON_STATE_TEST_NAME";
const FIRST: &str = "TENON_STATE_TEST_FIRST";
const RUNS: u32 = 50;
/// How many runs are on their way at the same time; each spends most of its time waiting for a lease to run out.
const AT_ONCE: u32 = 10;
const TTL: Duration = Duration::from_secs(3);

/// The other process: makes calls one after the other until it is refused.
#[test]
fn other_writer() {
    let (Ok(url), Ok(name), Ok(first)) = (std::env::var(URL), std::env::var(NAME), std::env::var(FIRST))
    else {
        return;
    };
    let say = |what: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "@{what}").and_then(|()| out.flush()).unwrap();
    };
    let settings = Settings {
        terms: LeaseConfig {
            ttl: TTL,
            renew_every: Duration::from_millis(300),
            call_timeout: Duration::from_millis(1200),
            wait: Duration::ZERO,
        },
        ..Settings::default()
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let refused: Result<(), Error> = runtime.block_on(async {
        let backend = Arc::new(Postgres::new(&url, name, None).unwrap());
        let store = Store::open_with(backend, holder(), identity(), settings).await?;
        say("opened");
        let mut n: u32 = first.parse().unwrap();
        loop {
            store.begin(intent(n)).await?;
            say("calls");
            tokio::time::sleep(Duration::from_millis(20)).await;
            store
                .end(&op(n), Outcome::Done, vec![StateWrite::Put(record(n))])
                .await?;
            n += 1;
        }
    });
    match refused {
        Err(Error::Locked { .. }) => say("locked"),
        Err(_) => say("refused"),
        Ok(()) => unreachable!("it makes calls without end"),
    }
}

/// A writer, and what it says.
struct Writer {
    process: Child,
    says: Receiver<String>,
}

impl Writer {
    fn start(url: &str, name: &str, first: u32) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "stopped::other_writer",
                "--nocapture",
                "--test-threads=1",
            ])
            .env(URL, url)
            .env(NAME, name)
            .env(FIRST, first.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (tell, says) = channel();
        std::thread::spawn(move || {
            // Without what the test harness says.
            let lines = output.lines().map_while(Result::ok);
            let mut said = lines.filter_map(|line| Some(line.split_once('@')?.1.to_owned()));
            said.try_for_each(|what| tell.send(what))
        });
        Self { process, says }
    }

    /// The next thing it says.
    fn next(&mut self) -> String {
        let said = self.says.recv_timeout(Duration::from_secs(60));
        said.unwrap_or_else(|_| "nothing more".into())
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a scene in `RUNS` states, some at once.
fn repeat(scene: fn(&str, &str)) {
    let server = Server::start(false);
    let url = server.url("127.0.0.1");
    for begun in (0..RUNS).step_by(AT_ONCE as usize) {
        std::thread::scope(|threads| {
            for run in begun..(begun + AT_ONCE).min(RUNS) {
                let url = &url;
                threads.spawn(move || scene(url, &format!("shop/run-{run}")));
            }
        });
    }
}

#[test]
fn of_two_that_begin_at_once_one_writes() {
    repeat(|url, name| {
        let mut both = [Writer::start(url, name, 1), Writer::start(url, name, 1000)];
        let mut said = both.each_mut().map(Writer::next);
        said.sort();
        assert_eq!(said, ["locked", "opened"], "{name}");
    });
}

#[test]
fn one_that_was_stopped_past_its_lease_makes_no_further_call() {
    repeat(|url, name| {
        let mut stopped = Writer::start(url, name, 1);
        assert_eq!(stopped.next(), "opened", "{name}");
        for _ in 0..3 {
            assert_eq!(stopped.next(), "calls", "{name}");
        }
        stopped.signal(Signal::STOP);
        let until = Instant::now() + 10 * TTL;
        let mut other = loop {
            let mut other = Writer::start(url, name, 1000);
            match other.next().as_str() {
                "opened" => break other,
                said => assert!(said == "locked" && Instant::now() < until, "{name}: {said}"),
            }
            std::thread::sleep(TTL / 4);
        };
        assert_eq!(other.next(), "calls", "{name}");
        // What it said before it was stopped has long arrived.
        while stopped.says.try_recv().is_ok() {}
        stopped.signal(Signal::CONT);
        assert_eq!(stopped.next(), "refused", "{name}");
        assert_eq!(other.next(), "calls", "{name}: the other goes on");
    });
}
