//! The places of the story: a folder, a fake GitHub, the sandbox on disk, and the tool.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::MutexGuard,
};
use tenon::planner::sandbox::{Sandbox, SandboxConfig};
use tenon_resources::declaration::Document;
use tenon_review_fake::{Fake, World};

/// The program that evaluates rules: the one that `TENON_POLICY_PROGRAM` names, or else one that is built apart from the tool, as it is
/// installed apart from it.
fn policy_program() -> PathBuf {
    if let Some(named) = std::env::var_os("TENON_POLICY_PROGRAM") {
        return named.into();
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("policy");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "-p", "tenon-policy", "--target-dir"])
        .arg(&folder)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .status();
    assert!(built.unwrap().success());
    folder.join("debug/tenon-policy")
}

/// A saved plan.
pub(crate) struct Saved {
    file: String,
    digest: String,
}

impl Saved {
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }
}

pub(crate) struct Story {
    folder: tempfile::TempDir,
    /// The fake answers on threads of its own.
    _runtime: tokio::runtime::Runtime,
    fake: Fake,
    policy: PathBuf,
    plans: std::cell::Cell<usize>,
}

impl Story {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let fake = runtime.block_on(Fake::start()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let story = Self {
            folder,
            _runtime: runtime,
            fake,
            policy: policy_program(),
            plans: std::cell::Cell::new(0),
        };
        let key = story.path("ada");
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f"])
            .arg(&key)
            .status();
        assert!(made.unwrap().success());
        let public = fs::read_to_string(key.with_extension("pub")).unwrap();
        fs::create_dir(story.path("policies")).unwrap();
        fs::write(
            story.path("policies/allowed_signers"),
            format!("ada@example.com {public}"),
        )
        .unwrap();
        let settings = "[owners]\nopen-ports = [\"@ada\"]\n";
        fs::write(story.path("policies/settings.toml"), settings).unwrap();
        story
    }

    pub(crate) fn fake(&self) -> MutexGuard<'_, World> {
        self.fake.world()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the tool with the token of a job; returns what it says on both streams.
    pub(crate) fn run(&self, token: &str, args: &[&str], code: i32) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_tenon"))
            .args(args)
            .current_dir(self.folder.path())
            .env("TENON_SANDBOX_SPEED", "inf")
            .env("NO_COLOR", "1")
            .env("XDG_STATE_HOME", self.path("seen"))
            .env("GITHUB_API_URL", self.fake.url())
            .env("GITHUB_REPOSITORY", "shop/catalog")
            .env("GITHUB_TOKEN", token)
            .env("TENON_POLICY_PROGRAM", &self.policy)
            .env_remove("GITHUB_STEP_SUMMARY")
            .env("GITHUB_OUTPUT", self.path("outputs"))
            .env("GITHUB_RUN_ID", "77")
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        said
    }

    /// Runs a verb in an environment, with its declaration.
    pub(crate) fn run_in(&self, env: &str, args: &[&str], code: i32) -> String {
        let declared = format!("{env}.json");
        let all: Vec<&str> = ["--declared", &declared]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        self.run("none", &all, code)
    }

    pub(crate) fn declare(&self, env: &str, document: &Document) {
        fs::write(self.path(&format!("{env}.json")), document.to_json()).unwrap();
    }

    pub(crate) fn plan(&self, env: &str) -> Saved {
        self.plan_with(env, &[])
    }

    pub(crate) fn plan_with(&self, env: &str, more: &[&str]) -> Saved {
        self.plans.set(self.plans.get() + 1);
        let file = format!("{}.plan", self.plans.get());
        let args: Vec<&str> = ["plan", "--out", &file]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        self.run_in(env, &args, 0);
        let plan: Value = serde_json::from_str(&fs::read_to_string(self.path(&file)).unwrap()).unwrap();
        Saved {
            file,
            digest: plan["digest"].as_str().unwrap().into(),
        }
    }

    /// Writes a comment as somebody, and carries out the command in it as the workflow does; returns what is said, and the outputs.
    pub(crate) fn command(&self, pull: u64, login: &str, text: &str, code: i32) -> String {
        let event = {
            let mut fake = self.fake();
            let id = fake.say(pull, login, text);
            fake.comment_event(id)
        };
        fs::write(self.path("event.json"), event.to_string()).unwrap();
        let said = self.run("report", &["ci", "command", "--event", "event.json"], code);
        let outputs = fs::read_to_string(self.path("outputs")).unwrap_or_default();
        said + &outputs
    }

    /// Signs a plan as Ada.
    pub(crate) fn approve(&self, plan: &Saved) -> String {
        let approval = format!("{}.approval", plan.file);
        let args = [
            "approve",
            &plan.file,
            "--key",
            "ada",
            "--as",
            "ada@example.com",
            "--expires",
            "1h",
            "--out",
            &approval,
        ];
        self.run("none", &args, 0);
        approval
    }

    /// Applies a saved plan by its digest, with an approval where `approved`.
    pub(crate) fn apply(&self, env: &str, plan: &Saved, approved: bool, code: i32) -> String {
        let approval = approved.then(|| self.approve(plan));
        self.apply_with(env, plan, approval.as_deref(), code)
    }

    pub(crate) fn apply_with(&self, env: &str, plan: &Saved, approval: Option<&str>, code: i32) -> String {
        let mut args = vec!["apply", plan.file.as_str(), "--digest", &plan.digest, "--yes"];
        args.extend(approval.iter().flat_map(|a| ["--approval", a]));
        self.run_in(env, &args, code)
    }

    /// Changes a field by hand, as in a console.
    pub(crate) fn tamper(&self, env: &str, kind: &str, field: &str, value: &Value) {
        let folder = self.path(&format!(".tenon/shop/{env}/sandbox"));
        let sandbox = Sandbox::open(&folder, SandboxConfig::instant()).unwrap();
        let (_, id) = sandbox.inventory().into_iter().find(|(k, _)| k == kind).unwrap();
        assert!(sandbox.tamper(kind, &id, field, value.clone()));
    }

    /// Says that containers of an image do not come up in an environment.
    pub(crate) fn break_image(&self, env: &str, image: &str, why: &str) {
        let folder = self.path(&format!(".tenon/shop/{env}/sandbox"));
        Sandbox::open(&folder, SandboxConfig::instant())
            .unwrap()
            .break_image(image, why);
    }

    /// The resources of an environment, by type and id.
    pub(crate) fn inventory(&self, env: &str) -> Vec<(String, String)> {
        let folder = self.path(&format!(".tenon/shop/{env}/sandbox"));
        Sandbox::open(&folder, SandboxConfig::instant())
            .unwrap()
            .inventory()
    }

    /// Leaves a page to look at.
    pub(crate) fn keep(&self, name: &str, markdown: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("story");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.md")), markdown).unwrap();
    }
}
