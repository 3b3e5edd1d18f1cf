//! The contents of a sandbox: what exists, which tokens were used, which names are held.

use super::{
    accepted::Accepted,
    at::At,
    disk::Log,
    object::{Called, LogEntry, Object},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tenon_resources::cloud::LogEvent;

/// The type and the id of a resource.
pub(super) type Key = (String, String);

/// The create that a token was used for.
#[derive(Clone, Debug)]
pub(super) struct Used {
    pub(super) kind: String,
    pub(super) id: String,
    /// The request that it was used with.
    pub(super) digest: String,
    pub(super) at_ms: u64,
}

#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) at: At,
    pub(super) objects: HashMap<Key, Object>,
    /// Objects whose inputs mention a string, an id, an ARN or a name: the string and the object. In one set, because most strings are
    /// mentioned once, and a set for each would be larger than the objects.
    pub(super) mentions: BTreeSet<(String, Key)>,
    pub(super) tokens: HashMap<String, Used>,
    /// The count of resources made of equal inputs, so that their ids differ.
    pub(super) made: HashMap<String, u32>,
    pub(super) by_stack: BTreeMap<(String, String), BTreeSet<String>>,
    /// Names of what is gone that cannot be had again before a time.
    pub(super) held: HashMap<Key, u64>,
    /// Requests that Cloud Control accepted, by request token.
    pub(super) requests: HashMap<String, Accepted>,
    /// Events of log groups, by the name of the group, the oldest first.
    pub(super) logs: BTreeMap<String, Vec<LogEvent>>,
    /// Calls by resource, the oldest first.
    pub(super) history: HashMap<Key, Vec<Called>>,
    /// Images whose containers do not come up, with the reason.
    pub(super) broken: BTreeMap<String, String>,
    pub(super) log: Option<Log>,
    /// The virtual time that earlier runs used up, in milliseconds.
    pub(super) past_ms: u64,
}

impl Contents {
    pub(super) fn replay(&mut self, entry: LogEntry) {
        match entry {
            LogEntry::Put { kind, id, object } => self.insert((kind, id), *object),
            LogEntry::Remove { kind, id } => {
                self.forget_logs(&kind, &id);
                drop(self.take(&(kind, id)));
            }
            LogEntry::Token {
                op,
                kind,
                id,
                digest,
                at_ms,
            } => drop(self.tokens.insert(
                op,
                Used {
                    kind,
                    id,
                    digest,
                    at_ms,
                },
            )),
            LogEntry::Accepted { handle, request } => drop(self.requests.insert(handle, *request)),
            LogEntry::Kept { kind, id, until_ms } => drop(self.held.insert((kind, id), until_ms)),
            LogEntry::Made { of } => *self.made.entry(of).or_default() += 1,
            LogEntry::Logged { group, event } => self.logs.entry(group).or_default().push(event),
            LogEntry::Called { kind, id, called } => self.history.entry((kind, id)).or_default().push(called),
            LogEntry::Broken { image, why } => drop(self.broken.insert(image, why)),
            LogEntry::Time { ms } => self.past_ms = ms,
        }
    }

    pub(super) fn write(&mut self, entry: &LogEntry) {
        if let Some(log) = &mut self.log {
            log.append(entry);
        }
    }

    pub(super) fn put(&mut self, key: Key, object: Object) {
        let (kind, id) = key.clone();
        self.write(&LogEntry::Put {
            kind,
            id,
            object: Box::new(object.clone()),
        });
        self.insert(key, object);
    }

    pub(super) fn insert(&mut self, key: Key, object: Object) {
        self.take(&key);
        for text in object.mentions() {
            self.mentions.insert((text, key.clone()));
        }
        if let Some(stack) = object.stack() {
            self.by_stack
                .entry((key.0.clone(), stack))
                .or_default()
                .insert(key.1.clone());
        }
        self.objects.insert(key, object);
    }

    pub(super) fn take(&mut self, key: &Key) -> Option<Object> {
        let object = self.objects.remove(key)?;
        for text in object.mentions() {
            self.mentions.remove(&(text, key.clone()));
        }
        if let Some(stack) = object.stack()
            && let Some(ids) = self.by_stack.get_mut(&(key.0.clone(), stack))
        {
            ids.remove(&key.1);
        }
        Some(object)
    }

    pub(super) fn remove(&mut self, key: &Key) -> bool {
        let there = self.take(key).is_some();
        if there {
            self.forget_logs(&key.0, &key.1);
            self.write(&LogEntry::Remove {
                kind: key.0.clone(),
                id: key.1.clone(),
            });
        }
        there
    }

    /// The events of a log group go with it.
    fn forget_logs(&mut self, kind: &str, id: &str) {
        if kind == "logs.log_group" {
            self.logs.remove(id);
        }
    }

    /// Lets go of what has gone by `now`.
    pub(super) fn sweep(&mut self, key: &Key, now: u64) {
        if self.objects.get(key).is_some_and(|o| o.gone(now)) {
            self.remove(key);
        }
    }
}
