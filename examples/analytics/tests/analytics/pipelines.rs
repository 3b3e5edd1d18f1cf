//! The role of the pipelines, compared with the calls that their scripts make: no more, and no less.
//!
//! The scripts run with stand-ins for `aws` and `curl` that write down what they are asked, through a release and through one
//! that is not well and goes back.

use super::{declared_with, every_setting, list, of};
use analytics_stack::Env;
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A scratch folder with stand-ins, and the calls that they wrote down.
struct Bench {
    folder: tempfile::TempDir,
}

/// The stand-in for `aws`: it writes its words down; buckets are folders, commands end as the file `status` says, and the call
/// that the file `fails` names fails.
const AWS: &str = r#"#!/bin/sh
set -eu
echo "$*" >> "$BENCH/calls"
case "$*" in "$(cat "$BENCH/fails")"*) echo "AccessDenied" >&2; exit 254 ;; esac
after() { name=$1; while [ "$2" != "$name" ]; do shift; done; echo "$3"; }
place() { case $1 in s3://*) echo "$BENCH/s3/${1#s3://}" ;; *) echo "$1" ;; esac; }
case "$1 $2" in
    "s3 cp")
        recursive= from= to=
        shift 2
        while [ $# -gt 0 ]; do
            case $1 in
                --quiet) ;;
                --recursive) recursive=-R ;;
                --cache-control | --exclude) shift ;;
                *) if [ -z "$from" ]; then from=$1; else to=$1; fi ;;
            esac
            shift
        done
        from=$(place "$from") to=$(place "$to")
        if [ -n "$recursive" ]; then mkdir -p "$to"; cp -R "$from/." "$to"; else mkdir -p "$(dirname "$to")"; cp "$from" "$to"; fi ;;
    "s3api put-object")
        place=$BENCH/s3/$(after --bucket "$@")/$(after --key "$@")
        if [ -e "$place" ]; then
            echo "An error occurred (PreconditionFailed) when calling the PutObject operation" >&2
            exit 254
        fi
        cp "$(after --body "$@")" "$place" ;;
    "s3api list-objects-v2")
        key=$(after --prefix "$@")
        if [ -e "$BENCH/s3/$(after --bucket "$@")/$key" ]; then echo "$key"; else echo None; fi ;;
    "cloudfront create-invalidation" | "ssm send-command") echo id-1 ;;
    "cloudfront wait") ;;
    "ssm list-commands") head -n 1 "$BENCH/status"; sed -i '2,$!d' "$BENCH/status" ;;
    *) echo "unknown: $*" >&2; exit 64 ;;
esac
"#;

/// The stand-in for `curl`: the page that visitors get.
const CURL: &str = "#!/bin/sh\ncat \"$BENCH/served\"\n";

/// The pointer before a release.
const OLD: &str = "{\"sha\":\"old\"}\n";

/// What a script said on standard error.
fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

/// The SHA-256 of a text.
fn hash(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text");
    fs::write(&path, text).unwrap();
    let done = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(done.stdout)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .to_owned()
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (name, text) in [("aws", AWS), ("curl", CURL)] {
            let path = bench.path(&format!("bin/{name}"));
            bench.write(&format!("bin/{name}"), text);
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        bench.write("dist/index.html", "<script src=/assets/new.js>");
        bench.write("dist/assets/new.js", "new");
        bench.write("s3/site/index.html", "<script src=/assets/old.js>");
        bench.write("s3/site/assets/old.js", "old");
        bench.write("release", "a file");
        bench.write("fails", "none");
        bench.write("s3/releases/current", OLD);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The release and the hash that `current` names.
    fn pointer(&self) -> (String, String) {
        let pointer: Value = serde_json::from_str(&self.read("s3/releases/current")).unwrap();
        let member = |name: &str| pointer[name].as_str().unwrap().to_owned();
        (member("sha"), member("sha256"))
    }

    fn run(&self, script: &str, words: [&str; 2]) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(script);
        let path = format!(
            "{}:{}",
            self.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        Command::new(script)
            .args(words)
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("BENCH", self.folder.path())
            .envs([
                ("SITE_BUCKET", "site"),
                ("DISTRIBUTION", "E1"),
                ("SITE_URL", "https://events.shop.example"),
                ("RELEASES_BUCKET", "releases"),
                ("RELEASE_DOCUMENT", "document"),
                ("FLEET", "analytics-prod"),
                ("PAUSE", "0"),
            ])
            .output()
            .unwrap()
    }

    /// The IAM actions of the calls (Service Authorization Reference).
    fn actions(&self) -> BTreeSet<String> {
        let calls = self.read("calls");
        let action = |call: &str| -> Vec<&str> {
            let words: Vec<&str> = call.split(' ').collect();
            match words[..2] {
                ["s3", "cp"] => {
                    let places: Vec<&str> = words[2..].iter().filter(|w| w.contains('/')).copied().collect();
                    let [.., from, to] = places[..] else {
                        panic!("{call}")
                    };
                    assert!(from.starts_with("s3://") != to.starts_with("s3://"), "{call}");
                    vec![if from.starts_with("s3://") {
                        "s3:GetObject"
                    } else {
                        "s3:PutObject"
                    }]
                }
                ["s3api", "put-object"] => vec!["s3:PutObject"],
                ["s3api", "list-objects-v2"] => vec!["s3:ListBucket"],
                ["cloudfront", "create-invalidation"] => vec!["cloudfront:CreateInvalidation"],
                ["cloudfront", "wait"] => vec!["cloudfront:GetInvalidation"],
                ["ssm", "send-command"] => vec!["ssm:SendCommand"],
                ["ssm", "list-commands"] => vec!["ssm:ListCommands"],
                _ => panic!("{call}"),
            }
        };
        calls.lines().flat_map(action).map(ToOwned::to_owned).collect()
    }
}

#[test]
fn the_role_may_do_what_the_scripts_call_and_nothing_else() {
    let mut called = BTreeSet::new();
    for (served, status) in [
        ("new", "None\nInProgress\t2\nSuccess\t2\n"),
        ("old", "Failed\t2\nSuccess\t2\n"),
    ] {
        let bench = Bench::new();
        bench.write("served", &format!("<script src=/assets/{served}.js>"));
        bench.write("status", status);
        let well = served == "new";
        assert_eq!(bench.run("site", ["dist", "r2"]).status.success(), well);
        assert_eq!(bench.run("hosts", ["release", "r2"]).status.success(), well);
        called.extend(bench.actions());
    }
    let declared = declared_with(Env::Prod, &every_setting());
    let (_, policy) = of(&declared, "iam.role_policy")
        .find(|(address, _)| *address == "github-deploy/role-policy")
        .unwrap();
    let granted: BTreeSet<String> = list(&policy.inputs["policy"]["Statement"])
        .into_iter()
        .flat_map(|statement| list(&statement["Action"]))
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(granted, called);
}

#[test]
fn a_page_that_is_not_served_comes_back_and_no_file_goes() {
    let bench = Bench::new();
    bench.write("served", "<script src=/assets/old.js>");
    let done = bench.run("site", ["dist", "r2"]);
    assert!(!done.status.success());
    assert_eq!(bench.read("s3/site/index.html"), "<script src=/assets/old.js>");
    assert_eq!(
        (
            bench.read("s3/site/assets/old.js"),
            bench.read("s3/site/assets/new.js")
        ),
        ("old".into(), "new".into())
    );
    let calls = bench.read("calls");
    let at = |part: &str| calls.lines().position(|call| call.contains(part)).unwrap();
    assert!(
        at("s3://site/assets") < at("dist/index.html s3://site/index.html"),
        "{calls}"
    );
}

#[test]
fn a_release_that_a_host_does_not_run_is_taken_back_everywhere() {
    let bench = Bench::new();
    bench.write("status", "Failed\t2\nSuccess\t2\n");
    let done = bench.run("hosts", ["release", "r2"]);
    assert!(!done.status.success());
    assert_eq!(bench.read("s3/releases/current"), OLD);
    assert_eq!(bench.read("calls").matches("send-command").count(), 2);
}

#[test]
fn the_pointer_is_what_hosts_read() {
    let bench = Bench::new();
    bench.write("status", "Success\t2\n");
    assert!(bench.run("hosts", ["release", "r2"]).status.success());
    assert_eq!(bench.pointer(), ("r2".into(), hash("a file")));
}

#[test]
fn a_release_that_is_stored_is_released_again_as_it_is_stored() {
    // A build of the same commit need not be the same file.
    for file in ["release", "-"] {
        let bench = Bench::new();
        bench.write("s3/releases/analytics-r1.tar.zst", "the first build");
        bench.write("status", "Success\t2\n");
        assert!(bench.run("hosts", [file, "r1"]).status.success(), "{file}");
        assert_eq!(bench.pointer(), ("r1".into(), hash("the first build")), "{file}");
        assert_eq!(
            bench.read("s3/releases/analytics-r1.tar.zst"),
            "the first build",
            "{file}"
        );
    }
    for name in ["absent", "../r1", ""] {
        let bench = Bench::new();
        assert!(!bench.run("hosts", ["-", name]).status.success(), "{name}");
        assert_eq!(bench.read("s3/releases/current"), OLD, "{name}");
    }
}

#[test]
fn a_command_that_finds_no_host_is_no_release() {
    let bench = Bench::new();
    bench.write("status", "None\nSuccess\t0\nSuccess\t0\n");
    let done = bench.run("hosts", ["release", "r2"]);
    assert!(!done.status.success());
    assert!(
        said(&done).contains("no host has the tag fleet=analytics-prod"),
        "{}",
        said(&done)
    );
    assert_eq!(bench.read("s3/releases/current"), OLD);
}

#[test]
fn a_first_release_that_is_not_well_stays_and_says_that_there_is_no_way_back() {
    let bench = Bench::new();
    fs::remove_file(bench.path("s3/releases/current")).unwrap();
    fs::remove_file(bench.path("s3/site/index.html")).unwrap();
    bench.write("status", "Failed\t2\n");
    bench.write("served", "an error");
    for (script, words) in [("hosts", ["release", "r2"]), ("site", ["dist", "r2"])] {
        let done = bench.run(script, words);
        assert!(!done.status.success(), "{script}");
        assert!(said(&done).contains("no way back"), "{script}: {}", said(&done));
    }
    assert_eq!(bench.pointer().0, "r2");
    assert_eq!(bench.read("s3/site/index.html"), bench.read("dist/index.html"));
    assert_eq!(bench.read("calls").matches("send-command").count(), 1);
}

#[test]
fn what_runs_and_cannot_be_read_is_left_alone() {
    for fails in ["s3api list-objects-v2", "s3 cp --quiet s3://"] {
        let bench = Bench::new();
        bench.write("fails", fails);
        bench.write("status", "Success\t2\n");
        let page = bench.read("s3/site/index.html");
        bench.write("served", &page);
        assert!(!bench.run("hosts", ["release", "r2"]).status.success(), "{fails}");
        assert!(!bench.run("site", ["dist", "r2"]).status.success(), "{fails}");
        assert_eq!(bench.read("s3/releases/current"), OLD, "{fails}");
        assert_eq!(bench.read("s3/site/index.html"), page, "{fails}");
        let calls = bench.read("calls");
        assert!(
            !calls.contains("send-command") && !calls.contains("invalidation"),
            "{calls}"
        );
    }
}

#[test]
fn the_workflows_run_the_scripts_with_their_variables_and_without_keys() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (script, workflow) in [("site", "analytics-web.yml"), ("hosts", "analytics-hosts.yml")] {
        let text = fs::read_to_string(folder.join("../../.github/workflows").join(workflow)).unwrap();
        assert!(
            text.contains(&format!("run: examples/analytics/deploy/{script} ")),
            "{workflow}"
        );
        assert!(!text.contains("secrets."), "{workflow}");
        for part in [
            "paths:",
            "workflow_dispatch:",
            "permissions: {}",
            "id-token: write",
            "cancel-in-progress: false",
        ] {
            assert!(text.contains(part), "{workflow} has no {part}");
        }
        if script == "hosts" {
            // Without a build, the release is what the bucket has.
            for part in [
                "FILE: ${{ inputs.release && '-' || 'release.tar.zst' }}",
                "RELEASE: ${{ inputs.release || github.sha }}",
                "deploy/hosts \"$FILE\" \"$RELEASE\"",
            ] {
                assert!(text.contains(part), "{workflow} has no {part}");
            }
        }
        let script = fs::read_to_string(folder.join("deploy").join(script)).unwrap();
        let asked = script
            .split("\"${")
            .skip(1)
            .filter_map(|rest| rest.split_once(":?}"));
        let asked: Vec<&str> = asked.map(|(name, _)| name).collect();
        assert_eq!(asked.len(), 3, "{workflow}");
        for name in asked {
            assert!(
                text.contains(&format!("{name}: ${{{{ vars.{name} }}}}")),
                "{workflow} does not set {name}"
            );
        }
    }
}
