//! Which processes are killed, and how often.

use std::str::FromStr;
use std::time::Duration;

/// The parts that can be killed, and the subcommand or program of each.
const PARTS: &[(&str, &str)] = &[
    ("consumer", "consume"),
    ("collector", "collect"),
    ("queue", "queue"),
    ("query", "query"),
    ("archive", "archive"),
    ("mongod", "mongod"),
];

/// Processes to kill with the signal that no process can answer, spread over a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chaos(Vec<&'static str>);

/// A text that names no kills.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is not of the form consumer:5,mongod:1 with consumer, collector, queue, query, archive or mongod"
)]
pub struct ChaosError(String);

impl FromStr for Chaos {
    type Err = ChaosError;

    /// Reads `consumer:5,mongod:1`; the kills of the parts take turns.
    fn from_str(text: &str) -> Result<Self, ChaosError> {
        let wrong = || ChaosError(text.to_owned());
        let mut left: Vec<(&'static str, u32)> = Vec::new();
        for entry in text.split(',').filter(|entry| !entry.is_empty()) {
            let (name, count) = entry.split_once(':').ok_or_else(wrong)?;
            let part = PARTS.iter().find(|(known, _)| *known == name).ok_or_else(wrong)?;
            left.push((
                part.1,
                count
                    .parse()
                    .ok()
                    .filter(|count| *count <= 100)
                    .ok_or_else(wrong)?,
            ));
        }
        let mut kills = Vec::new();
        while left.iter().any(|(_, count)| *count > 0) {
            for (part, count) in left.iter_mut().filter(|(_, count)| *count > 0) {
                kills.push(*part);
                *count -= 1;
            }
        }
        Ok(Self(kills))
    }
}

impl Chaos {
    /// Kills the children of the process `parent`, spread over `time`. Returns the number of processes killed.
    pub async fn kill_children(&self, parent: u32, time: Duration) -> u64 {
        let mut killed = 0;
        let pause = time / u32::try_from(self.0.len() + 1).unwrap_or(u32::MAX);
        for part in &self.0 {
            tokio::time::sleep(pause).await;
            let found = children(parent, part);
            // One of several alike: the others go on, as in a fleet.
            if let Some(id) = found.first().and_then(|id| rustix::process::Pid::from_raw(*id)) {
                killed += u64::from(rustix::process::kill_process(id, rustix::process::Signal::KILL).is_ok());
            }
        }
        killed
    }
}

/// The children of a process that run the subcommand or the program `part`.
fn children(parent: u32, part: &str) -> Vec<i32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let read = |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
        let of = read("stat")
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        let line = read("cmdline");
        let mut words = line.split('\0');
        let program = words.next().unwrap_or_default();
        let runs = program.rsplit('/').next() == Some(part) || words.next() == Some(part);
        if of == Some(parent)
            && runs
            && let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok())
        {
            found.push(id);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Chaos;

    #[test]
    fn kills_take_turns() {
        let chaos: Chaos = "consumer:3,mongod:1".parse().expect("kills");
        assert_eq!(chaos, Chaos(vec!["consume", "mongod", "consume", "consume"]));
        assert_eq!("".parse::<Chaos>().expect("none"), Chaos::default());
        for wrong in ["consumer", "consumer:x", "shop:1", "consumer:1000"] {
            assert!(wrong.parse::<Chaos>().is_err(), "{wrong}");
        }
    }
}
