//! `output`: values of the stack for other programs.

use super::session::Session;
use crate::error::{CliError, exit};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};
use tenon_planner::render::{clean, value_lines};

/// Print the outputs of the last apply
///
/// Example: `output --raw vpc_id` prints one value without quotes, for use in a shell.
#[derive(clap::Args, Debug)]
pub(super) struct Output {
    /// Output to print [default: all outputs]
    name: Option<String>,
    /// Print the text without quotes
    #[arg(long, requires = "name", conflicts_with = "json")]
    raw: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Output) -> Result<u8, CliError> {
    let ui = &session.ui;
    let outputs = session.state().await?.outputs;
    let Some(name) = &args.name else {
        if ui.json {
            ui.json_data(&outputs)?;
        } else if outputs.is_empty() {
            ui.note(&format!(
                "{} has no outputs; they are made by `apply`",
                session.title()
            ));
        } else {
            ui.data(&table(&outputs))?;
        }
        return Ok(exit::DONE);
    };
    let value = outputs.get(name).ok_or_else(|| {
        let names: Vec<_> = outputs.keys().map(|n| format!("`{n}`")).collect();
        let has = if names.is_empty() {
            "none at all; they are made by `apply`".into()
        } else {
            names.join(", ")
        };
        CliError::failed(format!(
            "{} has no output `{name}`; it has {has}",
            session.title()
        ))
    })?;
    match value {
        value if ui.json => ui.json_data(value)?,
        Value::String(text) if args.raw => ui.data(text)?,
        value => ui.data(&value_lines(value).join("\n"))?,
    }
    Ok(exit::DONE)
}

/// `name = value`, aligned.
pub(super) fn table(outputs: &BTreeMap<String, Value>) -> String {
    let width = outputs.keys().map(|n| n.chars().count()).max().unwrap_or(0);
    let lines = outputs
        .iter()
        .map(|(name, value)| format!("{:width$} = {}", clean(name), value_lines(value).join("\n  ")));
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes a file that only its owner can read, all of it or nothing. What stands at `path` is replaced and never written
/// through: a link there is somebody's wish to have another file overwritten.
pub(super) fn file(path: &Path, text: &str) -> io::Result<()> {
    let there = fs::symlink_metadata(path).ok();
    if there.as_ref().is_some_and(fs::Metadata::is_symlink) {
        let why = "it is a symbolic link, and no file is written through one: name the file itself";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    if there.is_some_and(|there| !there.is_file()) {
        // A pipe or a device cannot be replaced, and keeps nothing.
        return fs::OpenOptions::new()
            .write(true)
            .open(path)?
            .write_all(text.as_bytes());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut new = tempfile::Builder::new()
        .prefix(".tenon-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// Finding 7 of the review: `plan --out` overwrote what a link led to, for everybody to read.
    #[test]
    fn a_file_is_never_written_through_a_link_nor_readable_by_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
        fs::write(&victim, "mine").expect("a file");
        symlink(&victim, &link).expect("a link");
        assert!(file(&link, "plan").is_err());
        assert_eq!(fs::read_to_string(&victim).expect("a file"), "mine");
        // Another name of the same file is left as it is, too.
        let name = folder.path().join("name");
        fs::hard_link(&victim, &name).expect("a second name");
        file(&name, "plan").expect("a written file");
        assert_eq!(fs::read_to_string(&victim).expect("a file"), "mine");
        assert_eq!(fs::read_to_string(&name).expect("a file"), "plan");
        let mode = fs::metadata(&name).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3);
    }
}
