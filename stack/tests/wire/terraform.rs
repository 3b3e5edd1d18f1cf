//! The same kills for `terraform`, where it is installed: what they leave is counted and printed, for comparison.
//!
//! A measurement of another program, and so ignored unless it is asked for. Its built-in `terraform_data` needs no provider
//! and no network; what it makes is a line in a file. `TENON_KILLS` says how many runs of each kind.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Many at once.
const BULK: &str = r#"
resource "terraform_data" "it" {
  count = 300
  provisioner "local-exec" { command = "echo ${count.index} >> made" }
}
"#;

/// How many are made one after the other.
const CHAIN: usize = 12;

/// One after the other, 0.4 s each.
fn chain() -> String {
    let one = |n: usize| {
        let after = n
            .checked_sub(1)
            .map(|before| format!("terraform_data.it{before}"));
        format!(
            "resource \"terraform_data\" \"it{n}\" {{\n  depends_on = [{}]\n  provisioner \"local-exec\" {{ command = \"echo {n} >> made; sleep 0.4\" }}\n}}\n",
            after.unwrap_or_default()
        )
    };
    (0..CHAIN).map(one).collect()
}

fn terraform(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("terraform");
    command
        .current_dir(folder)
        .args(args)
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

const APPLY: [&str; 3] = ["apply", "-auto-approve", "-input=false"];

/// A folder with this configuration, initialised.
fn folder(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.tf"), configuration).unwrap();
    let done = terraform(folder.path(), &["init", "-input=false"])
        .status()
        .unwrap();
    assert!(done.success(), "terraform init fails");
    folder
}

/// What was made, in order; also what was made twice.
fn made(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("made")).unwrap_or_default();
    text.lines().map(ToOwned::to_owned).collect()
}

/// Waits until so many were made, or it ends.
fn until(process: &mut Child, folder: &Path, count: usize) {
    while made(folder).len() < count && process.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(2));
    }
}

/// What the kills came to.
#[derive(Default)]
struct Tally {
    killed: usize,
    empty: usize,
    silent: usize,
    twice: usize,
}

impl Tally {
    /// Looks at what a killed run left, and applies again.
    fn judge(&mut self, folder: &Path) {
        self.killed += 1;
        let state = fs::metadata(folder.join("terraform.tfstate"));
        let empty = state.map_or(true, |state| state.len() == 0);
        self.empty += usize::from(empty);
        let again = terraform(folder, &APPLY).status().unwrap();
        self.silent += usize::from(empty && again.success());
        let all = made(folder);
        let distinct: BTreeSet<&String> = all.iter().collect();
        self.twice += all.len() - distinct.len();
    }

    fn print(&self, what: &str) {
        let Self {
            killed,
            empty,
            silent,
            twice,
        } = self;
        println!(
            "terraform, {what}: {killed} killed, {empty} left an empty state or none ({silent} of which the next apply passed over with success), {twice} things made twice"
        );
    }
}

#[test]
#[ignore = "a measurement of another program"]
fn a_killed_terraform() {
    let runs: usize = std::env::var("TENON_KILLS").map_or(12, |n| n.parse().unwrap());
    let version = Command::new("terraform").arg("-version").output();
    let Ok(version) = version else {
        println!("terraform is not installed: nothing to compare with");
        return;
    };
    println!(
        "{}",
        String::from_utf8_lossy(&version.stdout)
            .lines()
            .next()
            .unwrap_or_default()
    );

    let whole = folder(BULK);
    let began = Instant::now();
    assert!(terraform(whole.path(), &APPLY).status().unwrap().success());
    let time = began.elapsed();
    let mut bulk = Tally::default();
    for n in 0..runs {
        let folder = folder(BULK);
        let mut process = terraform(folder.path(), &APPLY).spawn().unwrap();
        until(&mut process, folder.path(), 1);
        let share = f64::from(u32::try_from(n.wrapping_mul(7919) % 1000).unwrap()) / 1000.0;
        sleep(time.mul_f64(share));
        let in_time = process.try_wait().unwrap().is_none();
        process.kill().unwrap();
        process.wait().unwrap();
        if in_time {
            bulk.judge(folder.path());
        }
    }
    bulk.print("300 at once");

    let mut serial = Tally::default();
    for n in 0..runs {
        let folder = folder(&chain());
        let mut process = terraform(folder.path(), &APPLY).spawn().unwrap();
        until(&mut process, folder.path(), n % (CHAIN - 1) + 1);
        process.kill().unwrap();
        process.wait().unwrap();
        serial.judge(folder.path());
    }
    serial.print("12 one after the other");
}
