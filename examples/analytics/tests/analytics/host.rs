//! The two commands of a host, run with stand-ins for AWS's programs, the service manager and the application.

use super::{declared, of};
use analytics_stack::Env;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

/// The stand-in for `aws`: the parameter is the file `parameter`, and the host takes work as the lines of `hook` say.
const AWS: &str = r#"#!/bin/sh
set -eu
case "$1 $2" in
    "ssm get-parameter")
        echo "get begins" >> "$BENCH/calls"
        sleep 0.2
        echo "get ends" >> "$BENCH/calls"
        cat "$BENCH/parameter" ;;
    "autoscaling complete-lifecycle-action")
        echo "$*" >> "$BENCH/calls"
        said=$(head -n 1 "$BENCH/hook")
        sed -i '2,$!d' "$BENCH/hook"
        [ "$said" = well ] || { echo "$said" >&2; exit 254; } ;;
    *) echo "unknown: $*" >&2; exit 64 ;;
esac
"#;

/// The stand-in for the application: it does not take the token `bad`.
const PROGRAM: &str = r#"#!/bin/sh
set -eu
echo "$* TOKEN=${TOKEN-}" >> "$BENCH/calls"
case $1 in
    check-settings) [ "$TOKEN" != bad ] ;;
    deploy)
        sleep 0.2
        echo "deploy ends" >> "$BENCH/calls" ;;
esac
"#;

/// The stand-in for what writes its call down and does no more.
const NOTED: &str = "#!/bin/sh\necho \"${0##*/} $*\" >> \"$BENCH/calls\"\n";

/// A scratch folder in the place of a host's folders.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let programs = [
            ("bin/aws", AWS),
            ("bin/systemctl", NOTED),
            ("bin/amazon-cloudwatch-agent-ctl", "#!/bin/sh\n"),
            ("opt/current/analytics", PROGRAM),
        ];
        for (name, text) in programs {
            bench.program(name, text);
        }
        for name in ["analytics-variables", "analytics-release"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
            let text = fs::read_to_string(folder.join("src/host").join(name)).unwrap();
            let text = [
                ("/etc/analytics/", "etc"),
                ("/opt/analytics/", "opt"),
                ("/opt/aws/amazon-cloudwatch-agent/etc/", "agent"),
                ("/run/", "run"),
            ]
            .iter()
            .fold(text, |text, (of_host, here)| {
                text.replace(of_host, &format!("{}/", bench.path(here).display()))
            });
            bench.program(&format!("bin/{name}"), &text);
        }
        bench.write(
            "etc/host",
            "AWS_REGION=eu-west-1\nINSTANCE=i-1\nGROUP=group\nPARAMETER=/variables\nSERVICES=\"consume:4004 archive:4006\"\n",
        );
        bench.write("etc/agent.json", "{}");
        bench.write("etc/fleet", &Self::lines("good"));
        bench.write("agent/none", "");
        bench.write("run/none", "");
        bench.write("calls", "");
        bench.tell("good");
        bench
    }

    fn lines(token: &str) -> String {
        format!("AWS_REGION=eu-west-1\nRELEASES=releases\nLOG_GROUP=log\nTOKEN={token}\n")
    }

    /// Puts `token` into the fleet's parameter.
    fn tell(&self, token: &str) {
        let value = serde_json::json!({ "Parameter": { "Value": Self::lines(token).trim_end() } });
        self.write("parameter", &value.to_string());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn program(&self, name: &str, text: &str) {
        self.write(name, text);
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn start(&self, program: &str, words: &[&str]) -> Child {
        let path = format!(
            "{}:{}",
            self.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        Command::new(self.path("bin").join(program))
            .args(words)
            .env("PATH", path)
            .env("BENCH", self.folder.path())
            .env("PAUSE", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn run(&self, program: &str, words: &[&str]) -> Output {
        self.start(program, words).wait_with_output().unwrap()
    }

    /// Runs a command twice at the same time.
    fn twice(&self, program: &str) {
        for child in [self.start(program, &[]), self.start(program, &[])] {
            let done = child.wait_with_output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }

    /// The calls with one of `parts` in them.
    fn calls(&self, parts: &[&str]) -> Vec<String> {
        let calls = self.read("calls");
        let some = calls
            .lines()
            .filter(|call| parts.iter().any(|part| call.contains(part)));
        some.map(ToOwned::to_owned).collect()
    }
}

#[test]
fn variables_that_a_process_does_not_take_stay_away_from_it() {
    let bench = Bench::new();
    bench.tell("bad");
    let done = bench.run("analytics-variables", &["check"]);
    assert!(!done.status.success());
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("consume and archive would not take"), "{said}");
    assert_eq!(bench.read("etc/fleet"), Bench::lines("good"));
    assert_eq!(bench.calls(&["systemctl"]), [""; 0]);

    bench.tell("better");
    assert!(bench.run("analytics-variables", &["check"]).status.success());
    assert_eq!(bench.read("etc/fleet"), Bench::lines("better"));
    assert_eq!(
        bench.calls(&["TOKEN=better", "systemctl"]),
        [
            "check-settings consume TOKEN=better",
            "check-settings archive TOKEN=better",
            "systemctl try-restart analytics-consume.service analytics-archive.service",
        ]
    );
}

#[test]
fn a_release_gets_variables_that_the_one_before_does_not_take() {
    let bench = Bench::new();
    bench.tell("bad");
    assert!(bench.run("analytics-variables", &[]).status.success());
    assert_eq!(bench.read("etc/fleet"), Bench::lines("bad"));
    assert_eq!(bench.calls(&["systemctl"]), [""; 0]);
}

#[test]
fn the_timer_checks_and_a_first_start_has_nothing_to_check_with() {
    let unit = include_str!("../../src/host/analytics-variables.service");
    assert!(unit.contains("ExecStart=/usr/local/bin/analytics-variables check\n"));
    let bench = Bench::new();
    fs::remove_file(bench.path("etc/fleet")).unwrap();
    fs::remove_file(bench.path("opt/current/analytics")).unwrap();
    assert!(bench.run("analytics-variables", &["check"]).status.success());
    assert_eq!(bench.read("etc/fleet"), Bench::lines("good"));
    assert_eq!(bench.calls(&["systemctl"]), [""; 0]);
}

#[test]
fn neither_command_runs_twice_at_the_same_time() {
    let bench = Bench::new();
    bench.twice("analytics-variables");
    assert_eq!(
        bench.calls(&["get"]),
        ["get begins", "get ends", "get begins", "get ends"]
    );
    let bench = Bench::new();
    bench.twice("analytics-release");
    let deploy =
        "deploy --releases s3://releases --patience 120 --service consume:4004 --service archive:4006 TOKEN=";
    assert_eq!(
        bench.calls(&["deploy"]),
        [deploy, "deploy ends", deploy, "deploy ends"]
    );
}

#[test]
fn a_host_takes_work_after_its_release_and_asks_again_when_that_fails() {
    let unit = include_str!("../../src/host/analytics-boot.service");
    assert!(unit.contains("ExecStart=/usr/local/bin/analytics-release boot\n"));
    let hook = |answers: &str, words: &[&str]| {
        let bench = Bench::new();
        bench.write("hook", answers);
        let done = bench.run("analytics-release", words);
        assert_eq!(bench.calls(&["deploy ends"]).len(), 1, "{answers}");
        (
            done.status.success(),
            bench.calls(&["complete-lifecycle-action"]).len(),
        )
    };
    assert_eq!(hook("well\n", &["boot"]), (true, 1));
    assert_eq!(hook("Throttling\nThrottling\nwell\n", &["boot"]), (true, 3));
    assert_eq!(hook(&"Throttling\n".repeat(9), &["boot"]), (false, 5));
    // A host that starts again is in service, and so is one that the document runs on.
    let active =
        "An error occurred (ValidationError): No active Lifecycle Action found with instance ID i-1\n";
    assert_eq!(hook(&active.repeat(9), &["boot"]), (true, 5));
    assert_eq!(hook("", &[]), (true, 0));
}

#[test]
fn the_document_waits_until_a_host_has_gone_back() {
    let release = include_str!("../../src/host/analytics-release");
    let (_, rest) = release.split_once("--patience ").unwrap();
    let patience: u32 = rest.split(' ').next().unwrap().parse().unwrap();
    let declared = declared(Env::Prod);
    let (_, document) = of(&declared, "AWS::SSM::Document").next().unwrap();
    let inputs = &document.inputs["Content"]["mainSteps"][0]["inputs"];
    let seconds: u32 = inputs["timeoutSeconds"].as_str().unwrap().parse().unwrap();
    // Two services, each with the release and again with the one before.
    assert!(seconds > 2 * 2 * patience, "{seconds} {patience}");
}
