//! A release of a host, with stand-ins for the service manager and the program: whatever is wrong, the host runs on.

use analytics::archive::Files;
use analytics::deploy::{DeployError, Host, Service, Services};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The program of a release: it takes settings unless it is `picky`, and serves unless it is `broken`.
const PROGRAM: &str = r#"#!/usr/bin/env python3
import http.server, os, sys
release = os.path.basename(os.path.dirname(os.path.realpath(__file__)))
if sys.argv[1] == "check-settings":
    sys.exit("QUEUE_URL is not set" if "picky" in release or os.environ.get("QUEUE_URL") != "x" else 0)
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if "broken" in release else 200)
        self.end_headers()
        self.wfile.write(release.encode())
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Answers).serve_forever()
"#;

fn executable(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

struct Scratch {
    folder: tempfile::TempDir,
    host: Host,
}

impl Scratch {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = service::up::free_port().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("host")).unwrap();
        std::fs::create_dir_all(path("releases")).unwrap();
        std::fs::write(path("fleet"), "# the fleet\nQUEUE_URL=\"x\"\n").unwrap();
        let manager = format!(
            "#!/bin/sh\nset -e\ncd {}\necho \"$@\" >> restarts\n[ ! -e pid ] || kill \"$(cat pid)\" 2>/dev/null || true\n\
             host/current/analytics serve {port} >/dev/null 2>&1 &\necho $! > pid\n",
            folder.path().display()
        );
        executable(&path("manager"), &manager);
        let services = Services {
            manager: path("manager"),
            all: vec![Service {
                name: "collect".to_owned(),
                port,
            }],
            patience: Duration::from_secs(20),
        };
        let host = Host {
            root: path("host"),
            services,
            environment: Some(path("fleet")),
        };
        Self { folder, host }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn releases(&self) -> Files {
        Files::open(self.path("releases").to_str().unwrap(), None).unwrap()
    }

    /// Uploads a release and has `current` name it.
    fn upload(&self, release: &str) {
        let made = self.path(&format!("made-{release}"));
        std::fs::create_dir_all(&made).unwrap();
        executable(&made.join("analytics"), PROGRAM);
        let tar = self.path("release.tar");
        let status = Command::new("tar")
            .arg("-cf")
            .arg(&tar)
            .arg("-C")
            .arg(&made)
            .arg("analytics")
            .status();
        assert!(status.unwrap().success());
        let packed = zstd::stream::encode_all(std::fs::read(&tar).unwrap().as_slice(), 3).unwrap();
        let sha256 = hex::encode(Sha256::digest(&packed));
        std::fs::write(
            self.path(&format!("releases/analytics-{release}.tar.zst")),
            packed,
        )
        .unwrap();
        self.point(release, &sha256);
    }

    fn point(&self, release: &str, sha256: &str) {
        let pointer = serde_json::json!({ "sha": release, "sha256": sha256 }).to_string();
        std::fs::write(self.path("releases/current"), pointer).unwrap();
    }

    async fn deploy(&self) -> Result<String, DeployError> {
        self.host.deploy(&self.releases()).await
    }

    fn folders(&self) -> String {
        let mut names = String::new();
        for entry in std::fs::read_dir(self.path("host")).unwrap().flatten() {
            let _ = write!(names, "{} ", entry.file_name().to_str().unwrap());
        }
        names
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Ok(id) = std::fs::read_to_string(self.path("pid")) {
            let _ = Command::new("kill").arg(id.trim()).status();
        }
    }
}

#[tokio::test]
async fn a_release_that_is_not_well_is_taken_back() {
    let scratch = Scratch::new();
    scratch.upload("one");
    assert_eq!(scratch.deploy().await.unwrap(), "one");
    scratch.upload("two");
    assert_eq!(scratch.deploy().await.unwrap(), "two");
    scratch.upload("broken");
    let error = Host {
        services: Services {
            patience: Duration::from_secs(4),
            ..scratch.host.services.clone()
        },
        root: scratch.host.root.clone(),
        environment: scratch.host.environment.clone(),
    }
    .deploy(&scratch.releases())
    .await
    .unwrap_err();
    assert!(
        matches!(&error, DeployError::RolledBack { release, previous, .. } if release == "broken" && previous == "two"),
        "{error}"
    );
    assert_eq!(scratch.host.present().as_deref(), Some("two"));
    // The same pointer as before is well, and run again.
    scratch.upload("two");
    assert_eq!(scratch.deploy().await.unwrap(), "two");
}

#[tokio::test]
async fn what_cannot_run_is_never_switched_to() {
    let scratch = Scratch::new();
    scratch.upload("one");
    scratch.deploy().await.unwrap();
    let restarts = || {
        std::fs::read_to_string(scratch.path("restarts"))
            .unwrap()
            .lines()
            .count()
    };
    assert_eq!(restarts(), 1);
    scratch.upload("picky");
    let refused = scratch.deploy().await.unwrap_err();
    assert!(
        matches!(&refused, DeployError::Settings { why, .. } if why.contains("QUEUE_URL")),
        "{refused}"
    );
    scratch.point("other", &"0".repeat(64));
    assert!(matches!(
        scratch.deploy().await.unwrap_err(),
        DeployError::Missing(_)
    ));
    scratch.upload("changed");
    scratch.point("changed", &"0".repeat(64));
    assert!(matches!(
        scratch.deploy().await.unwrap_err(),
        DeployError::Hash { .. }
    ));
    std::fs::write(scratch.path("releases/current"), r#"{"sha":"../x"}"#).unwrap();
    assert!(matches!(
        scratch.deploy().await.unwrap_err(),
        DeployError::Pointer
    ));
    assert_eq!(scratch.host.present().as_deref(), Some("one"));
    assert_eq!(restarts(), 1, "nothing was restarted");
}

#[tokio::test]
async fn a_run_that_was_interrupted_anywhere_is_done_again() {
    let scratch = Scratch::new();
    scratch.upload("one");
    scratch.deploy().await.unwrap();
    scratch.upload("two");
    // Interrupted while it unpacked.
    std::fs::create_dir_all(scratch.path("host/two.new/half")).unwrap();
    // Interrupted between the two steps of the switch.
    std::os::unix::fs::symlink("nowhere", scratch.path("host/current.new")).unwrap();
    assert_eq!(scratch.deploy().await.unwrap(), "two");
    // Interrupted after the switch to a release that is not well: the way back is remembered.
    scratch.upload("broken");
    let quick = Host {
        services: Services {
            patience: Duration::from_secs(3),
            ..scratch.host.services.clone()
        },
        root: scratch.host.root.clone(),
        environment: scratch.host.environment.clone(),
    };
    let _ = quick.deploy(&scratch.releases()).await.unwrap_err();
    std::fs::remove_file(scratch.path("host/current")).unwrap();
    std::os::unix::fs::symlink("broken", scratch.path("host/current")).unwrap();
    let error = quick.deploy(&scratch.releases()).await.unwrap_err();
    assert!(matches!(error, DeployError::RolledBack { .. }), "{error}");
    assert_eq!(
        scratch.host.present().as_deref(),
        Some("two"),
        "{}",
        scratch.folders()
    );
    for release in ["three", "four", "five"] {
        scratch.upload(release);
        scratch.deploy().await.unwrap();
    }
    assert!(
        !scratch.folders().contains("one "),
        "old releases go: {}",
        scratch.folders()
    );
}
