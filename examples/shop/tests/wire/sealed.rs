//! The command line with a state whose key KMS keeps: it makes it, reads it, and changes the key; moto is KMS. What a
//! refused call says is `tenon-state`'s to show.

use crate::{
    emulators::Emulator,
    place::{KEY, connect},
};
use std::{
    path::Path,
    process::{Command, Stdio},
};

fn tenon(url: &str, folder: &Path, key: &[&str], verb: &[&str], code: i32) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_shop"))
        .args(["--env", "local", "--state", "file:states"])
        .args(key)
        .args(verb)
        .envs([
            ("AWS_ENDPOINT_URL", url),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "eu-west-1"),
            ("TENON_SANDBOX_SPEED", "inf"),
        ])
        .env("XDG_STATE_HOME", folder.join("seen"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert_eq!(output.status.code(), Some(code), "{key:?} {verb:?}: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_under_a_key_of_kms() {
    let moto = Emulator::moto(1);
    let aws = connect(&moto.url, &moto.url).await;
    let mut keys = vec![];
    for _ in 0..2 {
        let made = aws.kms.create_key().send().await.unwrap();
        keys.push(made.key_metadata.unwrap().arn.unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let run = |key: &[&str], verb: &[&str], code| tenon(&moto.url, folder.path(), key, verb, code);
    let first: &[&str] = &["--state-kms-key", &keys[0]];
    let second: &[&str] = &["--state-kms-key", &keys[1]];
    run(first, &["apply", "--yes"], 0);
    let file = folder.path().join("states/ecommerce/local/state.json");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("tenon-sealed") && !text.contains("vpc-"), "{text}");
    run(first, &["plan", "--detailed-exitcode"], 0);
    let refused = run(second, &["plan"], 7);
    assert!(refused.contains("kms:Decrypt failed"), "{refused}");
    run(&[], &["plan"], 7);
    run(first, &["state", "rekey", "--new-kms-key", &keys[1]], 0);
    run(first, &["plan"], 7);
    run(second, &["plan", "--detailed-exitcode"], 0);
    run(second, &["state", "rekey", "--decrypt"], 0);
    run(&[], &["plan", "--detailed-exitcode"], 0);
}
