//! Accounts and regions of a sandbox, each with contents of its own.
//!
//! Services that an account has once keep their resources in the account's home region:
//! <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html>.

use super::{at::At, contents::Contents, disk::Log};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// All accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Worlds {
    all: Mutex<BTreeMap<At, Arc<Mutex<Contents>>>>,
    /// The folder that keeps their contents.
    folder: Option<PathBuf>,
}

impl Worlds {
    pub(super) fn in_memory() -> Arc<Self> {
        Arc::default()
    }

    /// Those whose contents are kept in the folder `path`.
    ///
    /// # Errors
    /// The folder cannot be made, read or written, or what is in it is no sandbox.
    pub(super) fn open(path: &Path) -> Result<Arc<Self>, String> {
        let worlds = Self {
            all: Mutex::default(),
            folder: Some(path.to_owned()),
        };
        worlds.get(&At::default())?;
        for entry in std::fs::read_dir(path).map_err(|e| e.to_string())? {
            let name = entry.map_err(|e| e.to_string())?.file_name();
            if let Some(at) = name.to_str().and_then(At::of_file) {
                worlds.get(&at)?;
            }
        }
        Ok(Arc::new(worlds))
    }

    /// The contents at `at`; empty where nothing was ever made.
    ///
    /// # Errors
    /// The file that keeps them cannot be read or written.
    pub(super) fn get(&self, at: &At) -> Result<Arc<Mutex<Contents>>, String> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(contents) = all.get(at) {
            return Ok(Arc::clone(contents));
        }
        let mut contents = Contents {
            at: at.clone(),
            ..Contents::default()
        };
        if let Some(folder) = &self.folder {
            let (log, entries) = Log::open(folder, &at.file())?;
            for entry in entries {
                contents.replay(entry);
            }
            contents.log = Some(log);
        }
        let contents = Arc::new(Mutex::new(contents));
        all.insert(at.clone(), Arc::clone(&contents));
        Ok(contents)
    }

    /// The results of `of` for each, the smallest account and region first.
    pub(super) fn each<T>(&self, of: impl Fn(&Contents) -> T) -> Vec<T> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let each = all.values();
        each.map(|contents| of(&contents.lock().unwrap_or_else(PoisonError::into_inner)))
            .collect()
    }

    /// Copies of all, in memory, each at the time that `now` says.
    pub(super) fn copy(&self, now: impl Fn(&Contents) -> u64) -> Arc<Self> {
        let copies = self.each(|contents| {
            let copy = Contents {
                at: contents.at.clone(),
                objects: contents.objects.clone(),
                mentions: contents.mentions.clone(),
                tokens: contents.tokens.clone(),
                made: contents.made.clone(),
                by_stack: contents.by_stack.clone(),
                held: contents.held.clone(),
                requests: contents.requests.clone(),
                logs: contents.logs.clone(),
                history: contents.history.clone(),
                broken: contents.broken.clone(),
                log: None,
                past_ms: now(contents),
            };
            (copy.at.clone(), Arc::new(Mutex::new(copy)))
        });
        Arc::new(Self {
            all: Mutex::new(copies.into_iter().collect()),
            folder: None,
        })
    }
}
