//! The files of types that have none in Tenon are those that `add` writes.

use std::{path::Path, process::Command};

#[test]
fn each_file_is_what_add_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kinds: Vec<String> = std::fs::read_dir(folder.join("src/aws"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .filter_map(|text| Some(text.strip_prefix("//! `AWS::")?.split('`').next()?.to_owned()))
        .map(|kind| format!("AWS::{kind}"))
        .collect();
    assert_eq!(kinds.len(), 11);
    let add = Command::new(env!("CARGO_BIN_EXE_analytics-stack"))
        .args(["add", "--check", "--to"])
        .arg(folder)
        .args(&kinds)
        .output()
        .unwrap();
    assert!(add.status.success(), "{}", String::from_utf8_lossy(&add.stderr));
}
