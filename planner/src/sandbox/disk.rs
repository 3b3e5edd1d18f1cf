//! The sandbox's contents on disk: one line a change, compacted when it is opened.

use super::object::LogEntry;
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// The file of the home account and region.
pub(super) const WORLD: &str = "sandbox.jsonl";

#[derive(Debug)]
pub(super) struct Log {
    file: File,
}

impl Log {
    /// Opens the log `name` in folder `path`; returns what is in it, each thing once.
    pub(super) fn open(path: &Path, name: &str) -> Result<(Self, Vec<LogEntry>), String> {
        fs::create_dir_all(path).map_err(|e| e.to_string())?;
        let file = path.join(name);
        let entries = if file.exists() { read(&file)? } else { vec![] };
        // A process may have died in the middle of a line; writing the whole lines again leaves none behind.
        let fresh = path.join(format!("{name}.new"));
        let mut text = String::new();
        for entry in &entries {
            text.push_str(&serde_json::to_string(entry).map_err(|e| e.to_string())?);
            text.push('\n');
        }
        // What is in it is what the state has, too, and is for its owner alone; a file or link of that name is not ours.
        let _ = fs::remove_file(&fresh);
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&fresh)
            .and_then(|mut new| new.write_all(text.as_bytes()))
            .and_then(|()| fs::rename(&fresh, &file))
            .map_err(|e| e.to_string())?;
        let file = OpenOptions::new()
            .append(true)
            .open(&file)
            .map_err(|e| e.to_string())?;
        Ok((Self { file }, entries))
    }

    /// Appends an entry. A sandbox that cannot be written is like a cloud that loses an answer: the next read tells.
    pub(super) fn append(&mut self, entry: &LogEntry) {
        if let Ok(mut line) = serde_json::to_string(entry) {
            line.push('\n');
            let _ = self.file.write_all(line.as_bytes());
        }
    }
}

fn read(file: &Path) -> Result<Vec<LogEntry>, String> {
    let lines = BufReader::new(File::open(file).map_err(|e| e.to_string())?).lines();
    let (mut objects, mut tokens, mut made, mut time) = (BTreeMap::new(), vec![], vec![], None);
    let mut broken = None;
    for line in lines {
        let line = line.map_err(|e| e.to_string())?;
        if let Some(at) = broken.replace(line.len()) {
            return Err(format!("a line of {at} bytes in {} is damaged", file.display()));
        }
        match serde_json::from_str(&line) {
            Ok(LogEntry::Put { kind, id, object }) => {
                objects.insert((kind, id), object);
            }
            Ok(LogEntry::Remove { kind, id }) => {
                let of_it =
                    |entry: &LogEntry| matches!(entry, LogEntry::Logged { group, .. } if *group == id);
                tokens.retain(|entry| kind != "logs.log_group" || !of_it(entry));
                objects.remove(&(kind, id));
            }
            Ok(
                entry @ (LogEntry::Token { .. }
                | LogEntry::Accepted { .. }
                | LogEntry::Kept { .. }
                | LogEntry::Logged { .. }
                | LogEntry::Called { .. }
                | LogEntry::Broken { .. }),
            ) => {
                tokens.push(entry);
            }
            Ok(entry @ LogEntry::Made { .. }) => made.push(entry),
            Ok(entry @ LogEntry::Time { .. }) => time = Some(entry),
            // Only the last line may be cut short.
            Err(_) => continue,
        }
        broken = None;
    }
    let objects = objects
        .into_iter()
        .map(|((kind, id), object)| LogEntry::Put { kind, id, object });
    Ok(objects.chain(tokens).chain(made).chain(time).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// Finding 7 of the review.
    #[test]
    fn the_contents_are_never_readable_by_others_nor_written_through_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let victim = folder.path().join("victim");
        fs::write(&victim, "mine").expect("a file");
        symlink(&victim, folder.path().join("sandbox.jsonl.new")).expect("a link");
        let (mut log, entries) = Log::open(folder.path(), WORLD).expect("a log");
        assert!(entries.is_empty());
        log.append(&LogEntry::Time { ms: 7 });
        assert_eq!(fs::read_to_string(&victim).expect("a file"), "mine");
        let file = folder.path().join("sandbox.jsonl");
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Log::open(folder.path(), WORLD).expect("a log").1.len(), 1);
    }
}
