//! The one command that brings everything up, and takes it down.

use crate::harness::process::{self, Guarded};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Starts it on `data`; returns the process and the pid of its PostgreSQL.
fn up(data: &Path, site: &Path, port: u16) -> (Guarded, String) {
    let environment = vec![("WEB_ROOT".to_owned(), site.to_str().unwrap().to_owned())];
    let port = port.to_string();
    let arguments = [
        "up",
        "--port",
        &port,
        "--products",
        "7",
        "--data",
        data.to_str().unwrap(),
    ];
    let child = process::command(&arguments, &environment)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut child = Guarded(child);
    let mut lines = BufReader::new(child.0.stderr.take().unwrap()).lines();
    let ready = lines
        .by_ref()
        .map(Result::unwrap)
        .any(|line| line.contains("http://127.0.0.1:"));
    assert!(ready, "{:?}", child.0.wait());
    std::thread::spawn(move || lines.for_each(drop));
    let mut folder = std::fs::read_dir(data)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let pid = folder
        .find_map(|path| std::fs::read_to_string(path.join("postmaster.pid")).ok())
        .unwrap();
    (child, pid.lines().next().unwrap().to_owned())
}

fn get(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn gone(pid: &str) -> bool {
    let begun = Instant::now();
    while Path::new("/proc").join(pid).exists() {
        if begun.elapsed() > Duration::from_secs(15) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}

#[test]
fn everything_comes_up_on_one_address_and_goes_down_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (data, site) = (folder.path().join("data"), folder.path().join("site"));
    std::fs::create_dir(&site).unwrap();
    std::fs::write(
        site.join("index.html"),
        "<!doctype html><title>the front end</title>",
    )
    .unwrap();
    let port = process::free_port();

    let (mut child, postgres) = up(&data, &site, port);
    assert!(get(port, "/api/products").contains("\"total\":7"));
    assert!(get(port, "/ready").starts_with("HTTP/1.1 200"));
    assert!(get(port, "/products/3").contains("the front end"));
    assert!(get(port, "/api/nope").contains("not_found"));
    let interrupt = rustix::process::Signal::INT;
    rustix::process::kill_process(rustix::process::Pid::from_child(&child.0), interrupt).unwrap();
    assert!(child.0.wait().unwrap().success());
    assert!(gone(&postgres), "PostgreSQL has ended with it");

    // Killed outright, it still leaves nothing running, and what was written is there the next time.
    let (mut child, postgres) = up(&data, &site, port);
    child.0.kill().unwrap();
    child.0.wait().unwrap();
    assert!(gone(&postgres), "PostgreSQL has ended with it");
    let (child, postgres) = up(&data, &site, port);
    assert!(get(port, "/api/products").contains("\"total\":7"));
    drop(child);
    assert!(gone(&postgres));
}

#[test]
fn a_taken_port_is_not_answered_with_variables_that_up_does_not_read() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, _, error) = process::run(&["up", "--port", &port], &[]);
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains(&port) && error.contains("--port"), "{error}");
    assert!(!error.contains("HOST") && !error.contains("PORT"), "{error}");
}
