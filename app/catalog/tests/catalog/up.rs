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

/// A folder that PostgreSQL's account can enter.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

#[test]
fn a_second_up_does_not_touch_the_folder_and_the_log_of_the_first() {
    let folder = folder();
    let (data, site) = (folder.path().join("data"), folder.path().join("site"));
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("index.html"), "<!doctype html><title>x</title>").unwrap();
    let port = process::free_port();
    let (first, postgres) = up(&data, &site, port);
    let log = || std::fs::read(data.join("postgres.log")).unwrap();
    let before = log();
    assert!(!before.is_empty());

    let other = process::free_port().to_string();
    let data_name = data.to_str().unwrap();
    let site = [("WEB_ROOT".to_owned(), site.to_str().unwrap().to_owned())];
    let (code, _, error) = process::run(&["up", "--port", &other, "--data", data_name], &site);
    assert_eq!(code, Some(2), "{error}");
    let pid = first.0.id().to_string();
    assert!(
        error.contains(&format!("process {pid}")) && error.contains("--data"),
        "{error}"
    );
    assert!(!error.contains("FATAL"), "{error}");
    assert!(log().starts_with(&before));
    assert!(get(port, "/api/products").contains("\"total\":7"));

    // Nor does the next one after the first has been killed, whose PostgreSQL is still stopping.
    drop(first);
    let (next, _) = up(&data, Path::new(&site[0].1), port);
    assert!(log().starts_with(&before));
    assert!(gone(&postgres));
    drop(next);
}

#[test]
fn the_end_of_postgres_is_not_given_a_wrong_reason() {
    let folder = folder();
    let data = folder.path().join("data");
    let port = process::free_port().to_string();
    let arguments = [
        "up",
        "--without-front-end",
        "--port",
        &port,
        "--data",
        data.to_str().unwrap(),
    ];
    let mut child = Guarded(
        process::command(&arguments, &[])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(child.0.stderr.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert!(lines.by_ref().any(|line| line.contains("http://127.0.0.1:")));
    // Without a front end the address leads to the documentation.
    let answer = get(port.parse().unwrap(), "/");
    assert!(
        answer.starts_with("HTTP/1.1 307") && answer.contains("location: /api/docs"),
        "{answer}"
    );

    let mut folders = std::fs::read_dir(&data).unwrap().flatten();
    let pid = folders
        .find_map(|entry| std::fs::read_to_string(entry.path().join("postmaster.pid")).ok())
        .unwrap();
    let pid = rustix::process::Pid::from_raw(pid.lines().next().unwrap().parse().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    let rest: Vec<String> = lines.collect();
    assert_eq!(child.0.wait().unwrap().code(), Some(2));
    assert!(rest.iter().any(|line| line.contains("signal 9")), "{rest:?}");
    assert!(!rest.iter().any(|line| line.contains("FATAL")), "{rest:?}");
}

/// A source tree whose front end is `built` at that age, and an `npm` that builds it, in a folder for PATH.
fn source_tree(folder: &Path, built: Option<Duration>) -> std::path::PathBuf {
    let source = folder.join("tree/app/web/catalog");
    let programs = folder.join("programs");
    for folder in [&source.join("src"), &source.join("dist"), &programs] {
        std::fs::create_dir_all(folder).unwrap();
    }
    std::fs::write(source.join("package.json"), "{}").unwrap();
    std::fs::write(source.join("src/main.tsx"), "").unwrap();
    if let Some(age) = built {
        for name in ["index.html", "build.json"] {
            let path = source.join("dist").join(name);
            std::fs::write(&path, "<!doctype html><title>the old one</title>").unwrap();
            let file = std::fs::File::options().append(true).open(&path).unwrap();
            file.set_modified(std::time::SystemTime::now() - age).unwrap();
        }
    }
    let npm = programs.join("npm");
    let page = "<!doctype html><title>the new one</title>";
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = run ]; then for f in index.html build.json; do echo '{page}' >dist/$f; done; fi\n"
    );
    std::fs::write(&npm, script).unwrap();
    std::fs::set_permissions(&npm, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    programs
}

/// Runs `up` in `place` until it serves; returns the page at its address and what was said. `npm` decides about PATH.
fn served(folder: &Path, place: &str, npm: Option<&Path>) -> (String, String) {
    let port = process::free_port();
    let text = port.to_string();
    let data = folder.join("data");
    let arguments = [
        "up",
        "--port",
        &text,
        "--products",
        "1",
        "--data",
        data.to_str().unwrap(),
    ];
    let mut path = std::ffi::OsString::from(npm.unwrap_or(Path::new("/nowhere")));
    path.push(":/usr/sbin:/sbin");
    let mut command = process::command(&arguments, &[]);
    command.current_dir(folder.join(place)).env("PATH", path);
    if let Some(bin) = std::env::var_os("APP_PG_BIN") {
        command.env("APP_PG_BIN", bin);
    }
    let mut child = Guarded(command.stderr(Stdio::piped()).spawn().unwrap());
    let mut said = String::new();
    for line in BufReader::new(child.0.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        said.push_str(&line);
        said.push('\n');
        if line.contains("http://127.0.0.1:") {
            return (get(port, "/"), said);
        }
    }
    (String::new(), said)
}

#[test]
fn a_stale_front_end_is_not_served_without_a_word_whatever_the_present_folder_is() {
    let folder = folder();
    let programs = source_tree(folder.path(), Some(Duration::from_hours(1)));
    // Without npm the old one is served, and this is said.
    let (page, said) = served(folder.path(), "tree", None);
    assert!(
        page.contains("the old one") && said.contains("serving the older build"),
        "{said}{page}"
    );
    let (page, said) = served(folder.path(), "tree/app/web/catalog/src", Some(&programs));
    assert!(
        page.contains("the new one") && said.contains("building it anew"),
        "{said}{page}"
    );
    let (page, said) = served(folder.path(), "tree/app", Some(&programs));
    assert!(
        page.contains("the new one") && !said.contains("building"),
        "{said}{page}"
    );
}

#[test]
fn a_missing_node_is_not_answered_with_the_systems_words() {
    let folder = folder();
    source_tree(folder.path(), None);
    let (page, said) = served(folder.path(), "tree", None);
    assert!(page.is_empty());
    assert!(
        said.contains("Node.js") && said.contains("--without-front-end"),
        "{said}"
    );
    assert!(!said.contains("os error"), "{said}");
}
