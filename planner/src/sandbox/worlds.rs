//! Accounts and regions of a sandbox, each with contents of its own.
//!
//! Services that an account has once keep their resources in the account's home region:
//! <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html>.

use super::{
    ACCOUNT, REGION, Sandbox,
    contents::Contents,
    disk::{Log, WORLD},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Request},
    declaration::Place,
};

/// An account and a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) account: String,
    pub(super) region: String,
}

impl Default for At {
    fn default() -> Self {
        Self {
            account: ACCOUNT.into(),
            region: REGION.into(),
        }
    }
}

impl At {
    /// The place as one sees it from here.
    pub(super) fn moved(&self, place: &Place) -> Self {
        Self {
            account: place.account.clone().unwrap_or_else(|| self.account.clone()),
            region: place.region.clone().unwrap_or_else(|| self.region.clone()),
        }
    }

    /// The region of the same account in which services without regions keep their resources.
    pub(super) fn home_of_account(&self) -> Self {
        Self {
            region: REGION.into(),
            ..self.clone()
        }
    }

    /// An id with the place before it, outside of the home account and region.
    pub(super) fn named(&self, id: &str) -> String {
        if *self == Self::default() {
            id.to_owned()
        } else {
            format!("{}/{}/{id}", self.account, self.region)
        }
    }

    /// The name of the file that keeps it.
    fn file(&self) -> String {
        if *self == Self::default() {
            WORLD.to_owned()
        } else {
            format!("sandbox-{}-{}.jsonl", self.account, self.region)
        }
    }

    /// The place that a file of this name keeps.
    fn of_file(name: &str) -> Option<Self> {
        let (account, region) = name
            .strip_prefix("sandbox-")?
            .strip_suffix(".jsonl")?
            .split_once('-')?;
        Some(Self {
            account: account.into(),
            region: region.into(),
        })
    }
}

/// `true` if an account has resources of this type once, whatever the region.
pub(super) fn is_global(kind: &str) -> bool {
    const SERVICES: [&str; 10] = [
        "iam.",
        "route53.",
        "AWS::IAM::",
        "AWS::Route53::",
        "AWS::CloudFront::",
        "AWS::GlobalAccelerator::",
        "AWS::Organizations::",
        "AWS::Shield::",
        "AWS::Budgets::",
        "AWS::CE::",
    ];
    SERVICES.iter().any(|service| kind.starts_with(service))
}

/// All accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Worlds {
    all: Mutex<BTreeMap<At, Arc<Mutex<Contents>>>>,
    /// Where their contents are kept.
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

    /// What `of` says of each, the smallest account and region first.
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

impl Sandbox {
    /// The same sandbox as it is seen from another account or region, for tests that change something there.
    ///
    /// # Panics
    /// The folder that keeps its contents cannot be used.
    #[must_use]
    pub fn at_place(&self, place: &Place) -> Self {
        let worlds = Arc::clone(&self.worlds);
        match Self::of(worlds, self.config, self.started, self.at.moved(place)) {
            Ok(there) => there,
            Err(why) => panic!("the sandbox cannot be used: {why}"),
        }
    }

    /// Refuses to make a bucket whose name another region or account has: names of buckets are unique everywhere.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
    pub(super) fn name_is_free_elsewhere(&self, request: &Request<'_>) -> Result<(), CallError> {
        let id = match (request.kind.name(), request.effect, request.id) {
            ("s3.bucket", Effect::Create, Some(id)) => id,
            _ => return Ok(()),
        };
        let key = ("s3.bucket".to_owned(), id.to_owned());
        let holders = self.worlds.each(|contents| {
            let held = contents.objects.get(&key);
            let held = held.is_some_and(|o| !o.gone(self.now_ms(contents)));
            (held && contents.at != self.at).then(|| contents.at.account.clone())
        });
        let Some(holder) = holders.into_iter().flatten().next() else {
            return Ok(());
        };
        let code = if holder == self.at.account {
            "BucketAlreadyOwnedByYou"
        } else {
            "BucketAlreadyExists"
        };
        Err(CallError::refused(
            request.service,
            request.operation,
            code,
            format!("the bucket `{id}` exists in another region or account"),
        ))
    }
}
