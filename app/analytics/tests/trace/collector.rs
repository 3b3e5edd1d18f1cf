//! Rotel, an OpenTelemetry collector (<https://rotel.dev>), whose log says every span that it has received.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The package, whose wheel has the program.
const PACKAGE: &str = "rotel==0.0.1a15";

/// A running collector.
pub(crate) struct Collector {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

/// A span as the collector has it; identifiers are hexadecimal digits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Span {
    pub(crate) service: String,
    pub(crate) trace: String,
    pub(crate) parent: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) start: u64,
    pub(crate) status: String,
}

fn program() -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(PACKAGE);
    let program = folder.join("rotel/rotel-agent");
    if !program.is_file() {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--only-binary", ":all:", "--no-deps", "--target"]);
        let output = pip
            .arg(&folder)
            .arg(PACKAGE)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    program
}

impl Collector {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let (port, other) = (
            service::up::free_port().unwrap(),
            service::up::free_port().unwrap(),
        );
        let child = Command::new(program())
            .args(["start", "--exporter", "blackhole", "--disable-batching"])
            .args(["--debug-log", "traces", "--debug-log-verbosity", "detailed"])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{port}")])
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{other}")])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, port, folder }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// The spans of a trace that it has received until now.
    pub(crate) fn spans(&self, trace: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        let (mut service, mut span) = (String::new(), Span::default());
        for line in self.log().lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("-> service.name: Str(") {
                name.trim_end_matches(')').clone_into(&mut service);
            }
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim().to_owned();
            match name.trim() {
                "Trace ID" => {
                    span = Span {
                        service: service.clone(),
                        trace: value,
                        ..Span::default()
                    };
                }
                "Parent ID" => span.parent = value,
                "ID" => span.id = value,
                "Name" => span.name = value,
                "Kind" => value.trim_start_matches("SPAN_KIND_").clone_into(&mut span.kind),
                "Start time" => span.start = value.parse().unwrap(),
                "Status code" => {
                    value
                        .trim_start_matches("STATUS_CODE_")
                        .clone_into(&mut span.status);
                    spans.push(span.clone());
                }
                _ => {}
            }
        }
        spans.retain(|span| span.trace == trace);
        spans
    }

    /// Waits until the spans of a trace are as `done` wants them.
    pub(crate) fn wait(&self, trace: &str, done: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let begun = Instant::now();
        loop {
            let spans = self.spans(trace);
            if done(&spans) {
                // What is on its way from the other services arrives, too.
                self.settle(Duration::from_secs(6));
                return self.spans(trace);
            }
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{spans:#?}\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits for longer than the services wait before they send spans: five seconds.
    pub(crate) fn settle(&self, time: Duration) {
        let before = self.log().len();
        std::thread::sleep(time);
        assert!(self.log().len() >= before);
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        // Already gone, at worst.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
