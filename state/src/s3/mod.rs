//! A state in an S3 bucket: `state.json`, `lock`, `journal/head` and one object per journal frame.
//!
//! Nothing is written over but what was read before: the snapshot and the lock with `If-Match`, frames with
//! `If-None-Match`, so that of two writers of one number only one succeeds. That is also the fence: who takes the lease
//! writes a frame first, and a holder that lost it finds its next number taken. A lease's age is the difference between
//! two times of the server, so that clocks of several machines need not agree.
//!
//! The bucket should keep versions and refuse public access; it is not made here. Needs `s3:GetObject`,
//! `s3:PutObject`, `s3:DeleteObject` and `s3:ListBucket`: without the last, S3 does not say that an object is absent.

mod objects;

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use serde::{Deserialize, Serialize};

use self::objects::{If, Object, Objects};
use crate::{
    backend::{Backend, Backup, Journal, LeaseStatus, Stored},
    error::Error,
    lease::{Held, Holder, Lease, LeaseConfig, SnapshotRef},
};

const STATE: &str = "state.json";
const LOCK: &str = "lock";
const HEAD: &str = "journal/head";

/// The server's times have no fraction, so that a difference of two can be off by almost a second each way.
const SLACK: Duration = Duration::from_secs(2);

/// Number of attempts of a reader while snapshots are being written.
const READS: usize = 5;

/// A state in an S3 bucket.
pub struct S3(Objects);

/// Contents of the lock object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Lock {
    holder: Option<Holder>,
    fence: u64,
    #[serde(rename = "mark")]
    snapshot_ref: Option<SnapshotRef>,
    ttl_ms: u64,
}

impl Lock {
    fn held(&self, age: Duration) -> Option<Held> {
        let left = (Duration::from_millis(self.ttl_ms) + SLACK)
            .checked_sub(age)
            .filter(|left| !left.is_zero())?;
        Some(Held {
            holder: self.holder.clone()?,
            fence: self.fence,
            left: Some(left),
        })
    }
}

fn frame_name(sequence: u64) -> String {
    format!("journal/{sequence:020}")
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|source| Error::Json {
        what: "lease",
        source,
    })
}

impl S3 {
    /// The state under `prefix`, such as `shop/production`, in `bucket`. With `owner`, the bucket must belong to that
    /// account: S3 then refuses every request if somebody else made a bucket of this name.
    pub fn new(client: Client, bucket: impl Into<String>, prefix: &str, owner: Option<String>) -> Self {
        let prefix = prefix.trim_matches('/').to_owned();
        Self(Objects {
            client,
            bucket: bucket.into(),
            prefix,
            owner,
        })
    }

    /// Names of the states below the prefix: of `shop` those of its environments.
    ///
    /// # Errors
    /// The bucket cannot be read.
    pub async fn names(&self) -> Result<Vec<String>, Error> {
        self.0.folders().await
    }

    fn lost(&self, why: &str) -> Error {
        Error::LeaseLost {
            location: self.0.location(),
            why: why.to_owned(),
        }
    }

    async fn lock(&self) -> Result<Option<(Lock, Object)>, Error> {
        let Some(object) = self.0.get(LOCK).await? else {
            return Ok(None);
        };
        // An unreadable lock keeps nobody out, and what it said is lost.
        let lock = serde_json::from_slice(&object.bytes).unwrap_or_default();
        Ok(Some((lock, object)))
    }

    async fn check_held(&self, lease: &Lease) -> Result<(), Error> {
        match self.lock().await? {
            Some((
                Lock {
                    holder: Some(holder), ..
                },
                _,
            )) if holder.token == lease.holder.token => Ok(()),
            Some((
                Lock {
                    holder: Some(holder), ..
                },
                _,
            )) => Err(self.lost(&format!("{holder} holds it now"))),
            _ => Err(self.lost("it was taken away")),
        }
    }

    /// Writes the lock if it is still the one that `tag` names. The new tag.
    async fn write_lock(&self, lock: &Lock, tag: &str) -> Result<String, Error> {
        let bytes = encode(lock)?;
        if let Some(tag) = self.0.put(LOCK, &bytes, If::Tag(tag)).await? {
            return Ok(tag);
        }
        // Refused because somebody else wrote it, or because an earlier try of ours did and its answer was lost.
        match self.lock().await? {
            Some((_, object)) if object.bytes == bytes => Ok(object.tag),
            Some((
                Lock {
                    holder: Some(holder), ..
                },
                _,
            )) => Err(self.lost(&format!("{holder} holds it now"))),
            _ => Err(self.lost("it was taken away")),
        }
    }

    async fn try_read_journal(&self) -> Result<Option<Option<Journal>>, Error> {
        let Some(head) = self.0.get(HEAD).await? else {
            return Ok(Some(None));
        };
        let snapshot_ref: SnapshotRef =
            serde_json::from_slice(&head.bytes).map_err(|error| Error::JournalDamaged {
                location: self.0.location(),
                at: "its head".to_owned(),
                why: error.to_string(),
            })?;
        let numbers = self
            .0
            .numbers()
            .await?
            .into_iter()
            .filter(|number| *number > snapshot_ref.sequence);
        let Some(objects) = self.0.get_all(numbers.map(frame_name).collect()).await? else {
            return Ok(None);
        };
        let frames = objects.into_iter().map(|object| String::from_utf8(object.bytes));
        let frames = frames
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::JournalDamaged {
                location: self.0.location(),
                at: "a frame".to_owned(),
                why: error.to_string(),
            })?;
        Ok(Some(Some(Journal {
            snapshot_ref: Some(snapshot_ref),
            frames,
            torn: None,
        })))
    }
}

#[async_trait]
impl Backend for S3 {
    fn location(&self) -> String {
        self.0.location()
    }

    fn fenced_by_frames(&self) -> bool {
        true
    }

    async fn acquire(&self, holder: &Holder, terms: &LeaseConfig) -> Result<Lease, Error> {
        loop {
            let found = self.lock().await?;
            let (old, tag) = match &found {
                Some((lock, object)) => {
                    let ours = lock
                        .holder
                        .as_ref()
                        .is_some_and(|there| there.token == holder.token);
                    if let Some(held) = lock.held(object.age).filter(|_| !ours) {
                        return Err(Error::Locked {
                            location: self.0.location(),
                            held: Box::new(held),
                        });
                    }
                    (lock.clone(), If::Tag(&object.tag))
                }
                None => (Lock::default(), If::Absent),
            };
            let lock = Lock {
                holder: Some(holder.clone()),
                fence: old.fence + 1,
                snapshot_ref: old.snapshot_ref,
                ttl_ms: u64::try_from(terms.ttl.as_millis()).unwrap_or(u64::MAX),
            };
            // Refused: somebody was faster, and the next look says who. Each round somebody gets on.
            if let Some(tag) = self.0.put(LOCK, &encode(&lock)?, tag).await? {
                let Lock {
                    fence, snapshot_ref, ..
                } = lock;
                return Ok(Lease {
                    holder: holder.clone(),
                    fence,
                    ttl: Some(terms.ttl),
                    snapshot_ref,
                    tag,
                });
            }
        }
    }

    async fn renew(&self, lease: &Lease, terms: &LeaseConfig) -> Result<Lease, Error> {
        let lock = Lock {
            holder: Some(lease.holder.clone()),
            fence: lease.fence,
            snapshot_ref: lease.snapshot_ref.clone(),
            ttl_ms: u64::try_from(terms.ttl.as_millis()).unwrap_or(u64::MAX),
        };
        let tag = self.write_lock(&lock, &lease.tag).await?;
        Ok(Lease {
            ttl: Some(terms.ttl),
            tag,
            ..lease.clone()
        })
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        let lock = Lock {
            holder: None,
            fence: lease.fence,
            snapshot_ref: lease.snapshot_ref.clone(),
            ttl_ms: 0,
        };
        self.write_lock(&lock, &lease.tag).await.map(drop)
    }

    async fn lease_status(&self) -> Result<LeaseStatus, Error> {
        let lock = self.lock().await?;
        let seen = lock.map(|(lock, object)| LeaseStatus {
            held: lock.held(object.age),
            snapshot_ref: lock.snapshot_ref,
        });
        Ok(seen.unwrap_or_default())
    }

    async fn unlock(&self) -> Result<Option<Held>, Error> {
        let Some((lock, object)) = self.lock().await? else {
            return Ok(None);
        };
        let held = lock.held(object.age);
        if held.is_some() {
            self.write_lock(
                &Lock {
                    holder: None,
                    ttl_ms: 0,
                    ..lock
                },
                &object.tag,
            )
            .await?;
        }
        Ok(held)
    }

    async fn read_journal(&self) -> Result<Option<Journal>, Error> {
        for _ in 0..READS {
            // Frames that were listed and are gone went into a snapshot in between.
            if let Some(journal) = self.try_read_journal().await? {
                return Ok(journal);
            }
        }
        Err(Error::Conflict {
            location: self.0.location(),
        })
    }

    async fn load(&self) -> Result<Option<Stored>, Error> {
        let object = self.0.get(STATE).await?;
        Ok(object.map(|Object { bytes, tag, .. }| Stored { bytes, tag }))
    }

    async fn save(&self, lease: &Lease, bytes: Vec<u8>, expected: Option<&str>) -> Result<String, Error> {
        self.check_held(lease).await?;
        let condition = expected.map_or(If::Absent, If::Tag);
        if let Some(tag) = self.0.put(STATE, &bytes, condition).await? {
            return Ok(tag);
        }
        match self.0.get(STATE).await? {
            Some(object) if object.bytes == bytes => Ok(object.tag),
            _ => Err(Error::Conflict {
                location: self.0.location(),
            }),
        }
    }

    async fn reserve(&self, lease: &Lease, _bytes: u64) -> Result<(), Error> {
        // A bucket has room; that the lease is still ours is worth knowing before the first call.
        self.check_held(lease).await
    }

    async fn append(&self, _lease: &Lease, sequence: u64, frame: &str) -> Result<(), Error> {
        let name = frame_name(sequence);
        if self.0.put(&name, frame.as_bytes(), If::Absent).await?.is_some() {
            return Ok(());
        }
        match self.0.get(&name).await? {
            // Written by a try whose answer was lost: a frame names its writer, so an equal one is ours.
            Some(object) if object.bytes == frame.as_bytes() => Ok(()),
            _ => Err(self.lost(&format!("frame {sequence} was written by somebody else"))),
        }
    }

    async fn reset_journal(&self, lease: &Lease, snapshot_ref: &SnapshotRef) -> Result<(), Error> {
        self.check_held(lease).await?;
        self.0.put(HEAD, &encode(snapshot_ref)?, If::Always).await?;
        // From here on these are left out by readers, so that a crash in between leaves only litter.
        for number in self.0.numbers().await? {
            if number <= snapshot_ref.sequence {
                self.0.delete(&frame_name(number)).await?;
            }
        }
        Ok(())
    }

    async fn move_to_backup(&self, lease: &Lease, suffix: &str) -> Result<Backup, Error> {
        self.check_held(lease).await?;
        let numbers = self.0.numbers().await?;
        let sequence = numbers.last().copied().unwrap_or_default();
        let names = numbers
            .into_iter()
            .map(frame_name)
            .chain([HEAD.to_owned(), STATE.to_owned()]);
        let mut locations = Vec::new();
        for name in names {
            let Some(object) = self.0.get(&name).await? else {
                continue;
            };
            let to = format!("aside/{suffix}/{name}");
            self.0.put(&to, &object.bytes, If::Always).await?;
            self.0.delete(&name).await?;
            locations.push(format!("s3://{}/{}", self.0.bucket, self.0.key(&to)));
        }
        Ok(Backup { locations, sequence })
    }
}
