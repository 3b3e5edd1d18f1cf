//! Folding journal frames into a state: the only code that defines what an entry does.
//!
//! A fold holds durable facts only: an entry is applied after its frame was written, never before. Three things must
//! not be assumed when a journal is replayed:
//!
//! - that it starts where the snapshot ends: a process killed between saving a snapshot and resetting the journal
//!   leaves frames that the snapshot contains already, so frames up to the snapshot's sequence are checked and
//!   skipped;
//! - that snapshot and journal belong together: either may have been restored from a copy, so lineage, serial and
//!   sequence of both are compared before anything is applied;
//! - that a missing frame is harmless: it may have held an intent whose call was sent, so a gap is damage, never
//!   skipped.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    backend::Journal,
    deployed::Deployed,
    error::Error,
    frame::{Entry, Frame},
    history,
    intent::{Intent, Outcome, StateWrite},
    lease::Holder,
    record::{RecordKey, State},
    runs::Change,
    snapshot::Snapshot,
};

/// The state as of some journal frame, with the intents that are open there.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub(crate) state: Arc<State>,
    pub(crate) open: BTreeMap<String, Intent>,
    pub(crate) sequence: u64,
    pub(crate) fence: u64,
    /// Holder with that fencing number, when the journal names it.
    pub(crate) holder: Option<Holder>,
    /// Set when anything was applied that the stored snapshot does not contain.
    pub(crate) changed: bool,
}

impl Fold {
    pub(crate) fn from_snapshot(snapshot: Snapshot) -> Self {
        Self {
            state: Arc::new(snapshot.state),
            open: snapshot
                .open
                .into_iter()
                .map(|intent| (intent.op.clone(), intent))
                .collect(),
            sequence: snapshot.sequence,
            fence: snapshot.fence,
            holder: None,
            changed: false,
        }
    }

    pub(crate) fn snapshot(&self, serial: u64) -> Snapshot {
        let mut state = State::clone(&self.state);
        state.serial = serial;
        let open = self.open.values().cloned().collect();
        Snapshot {
            state,
            sequence: self.sequence,
            fence: self.fence,
            open,
        }
    }

    // Long: one check after the other, in the order in which a journal is read.
    /// Replays a journal over a snapshot, refusing whatever is not its continuation.
    pub(crate) fn replay(location: &str, snapshot: Snapshot, journal: &Journal) -> Result<Self, Error> {
        let mut fold = Self::from_snapshot(snapshot);
        let base = fold.sequence;
        let expected = fold.state.lineage.clone();
        let rolled_back = |serial| Error::RolledBack {
            location: location.to_owned(),
            found: fold.state.serial,
            expected: serial,
        };
        let foreign = |found: &str| Error::JournalForeign {
            location: location.to_owned(),
            found: found.to_owned(),
            expected: expected.clone(),
        };
        // The number that the next frame must have. Unknown at first if the journal does not name its snapshot.
        let mut next = None;
        if let Some(snapshot_ref) = &journal.snapshot_ref {
            if snapshot_ref.lineage != expected {
                return Err(foreign(&snapshot_ref.lineage));
            }
            if snapshot_ref.sequence > base || snapshot_ref.serial > fold.state.serial {
                return Err(rolled_back(snapshot_ref.serial));
            }
            next = Some(snapshot_ref.sequence + 1);
        }
        let mut fence = 0;
        for (index, text) in journal.frames.iter().enumerate() {
            let at = next.map_or_else(
                || format!("frame {index} from its start"),
                |next| format!("frame {next}"),
            );
            let damaged = |why| Error::JournalDamaged {
                location: location.to_owned(),
                at: at.clone(),
                why,
            };
            let frame: Frame =
                serde_json::from_str(text).map_err(|error| damaged(format!("not a frame ({error})")))?;
            if frame.lineage != expected {
                return Err(foreign(&frame.lineage));
            }
            if let Some(next) = next.filter(|next| *next != frame.sequence) {
                return Err(damaged(format!(
                    "frame {} stands where frame {next} belongs",
                    frame.sequence
                )));
            }
            if next.is_none() && frame.sequence > base + 1 {
                return Err(damaged(format!(
                    "it starts at frame {} and the state ends at {base}",
                    frame.sequence
                )));
            }
            // Fencing numbers only grow: a smaller one was written by a holder that had lost the lease.
            if frame.fence < fence {
                return Err(damaged(format!("fencing number {} follows {fence}", frame.fence)));
            }
            fence = frame.fence;
            next = Some(frame.sequence + 1);
            // In the snapshot already. Applying an entry twice is not harmless: an intent would be begun twice.
            if frame.sequence <= base {
                continue;
            }
            if frame.fence > fold.fence {
                fold.holder = None;
            }
            fold.fence = fold.fence.max(frame.fence);
            for entry in frame.entries {
                fold.apply(entry).map_err(damaged)?;
            }
            fold.sequence = frame.sequence;
        }
        // A journal that ends before its snapshot is older than the snapshot: later frames were lost with it.
        let last = next.map_or(base, |next| next - 1);
        if last < base {
            let why = format!(
                "it ends at frame {last}, and the state holds frame {base}: an older journal was put back"
            );
            return Err(Error::JournalDamaged {
                location: location.to_owned(),
                at: "its end".to_owned(),
                why,
            });
        }
        Ok(fold)
    }

    /// Applies one entry. The error says what about it is impossible.
    pub(crate) fn apply(&mut self, entry: Entry) -> Result<(), String> {
        self.changed |= !matches!(entry, Entry::Opened { .. });
        match entry {
            Entry::Opened { holder } => {
                self.holder = Some(holder);
                Ok(())
            }
            Entry::Begin { intent, changes } => {
                if self.open.contains_key(&intent.op) {
                    return Err(format!("operation {} is begun twice", intent.op));
                }
                self.open.insert(intent.op.clone(), intent);
                self.change(changes);
                Ok(())
            }
            Entry::End { op, outcome, changes } => {
                if !self.open.contains_key(&op) {
                    return Err(format!("operation {op} is ended and was not begun"));
                }
                // An unknown outcome keeps the intent open: only a later run that looks for the resource may close it.
                if !matches!(outcome, Outcome::Unknown { .. }) {
                    self.open.remove(&op);
                }
                self.change(changes);
                Ok(())
            }
            Entry::Record { changes } => {
                self.change(changes);
                Ok(())
            }
        }
    }

    fn change(&mut self, changes: Vec<StateWrite>) {
        if changes.is_empty() {
            return;
        }
        // Copies the state if somebody still holds it from `Store::state`; the records in it are shared, not copied.
        let state = Arc::make_mut(&mut self.state);
        let before = history::changes(state, &changes);
        let mut outputs_changed = BTreeSet::new();
        for change in changes {
            match change {
                StateWrite::Put(record) => state.insert(record),
                StateWrite::Remove { address, generation } => {
                    state.records.remove(&RecordKey { address, generation });
                }
                StateWrite::Outputs(outputs) => {
                    outputs_changed.extend(history::differing_outputs(&state.outputs, &outputs));
                    state.outputs = outputs;
                }
                StateWrite::Target { account, region } => {
                    state.account = account;
                    state.region = region;
                }
                StateWrite::Expires { at_ms } => state.expires_ms = at_ms,
                StateWrite::Deployed { address, versions } => {
                    state.deployed.insert(address, versions);
                }
            }
        }
        follow(&mut state.deployed, &before);
        history::add(state, self.fence, self.holder.as_ref(), before, outputs_changed);
    }
}

/// Lets what is known to have run go where its resources go.
fn follow(deployed: &mut BTreeMap<String, Vec<Deployed>>, changes: &[(String, Change)]) {
    if deployed.is_empty() {
        return;
    }
    let mut moved = vec![];
    for (address, change) in changes {
        match change {
            Change::Moved { from, .. } => moved.extend(deployed.remove(from).map(|v| (address.clone(), v))),
            Change::Removed => drop(deployed.remove(address)),
            Change::Added | Change::Replaced | Change::Changed(_) => {}
        }
    }
    deployed.extend(moved);
}

/// Steps of operations that are not durable yet, by operation id. Kept apart from the fold, which holds durable facts
/// only.
pub(crate) type Pending = HashMap<String, Step>;

/// The step that waits for its write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Beginning,
    Ending,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        lease::{Holder, SnapshotRef},
        record::Identity,
    };

    const LINEAGE: &str = "5e1f0c2ab7d94e6f8a3b1c0d9e7f6a54";

    fn snapshot(sequence: u64) -> Snapshot {
        let (stack, env) = ("shop".into(), "test".into());
        Snapshot {
            state: State::new(&Identity { stack, env }, LINEAGE.into()),
            sequence,
            fence: 1,
            open: vec![],
        }
    }

    fn begin(op: &str) -> String {
        let entry = format!(
            r#"{{"begin":{{"intent":{{"op":"{op}","address":"a","generation":0,"kind":"ec2.vpc","service":"ec2",
            "operation":"CreateVpc","effect":"create","digest":"","key":null,"at_ms":0}},"changes":[]}}}}"#
        );
        entry.replace('\n', "")
    }

    fn end(op: &str, outcome: &str) -> String {
        format!(r#"{{"end":{{"op":"{op}","outcome":{outcome},"changes":[]}}}}"#)
    }

    /// Frames of (sequence, fence, entry) that follow the snapshot of sequence `base`.
    fn journal(base: u64, frames: &[(u64, u64, String)]) -> Journal {
        let encode = |(sequence, fence, entry): &(u64, u64, String)| {
            Frame::encode(LINEAGE, *fence, *sequence, [entry.as_str()])
        };
        Journal {
            snapshot_ref: Some(SnapshotRef {
                lineage: LINEAGE.into(),
                serial: 0,
                sequence: base,
            }),
            frames: frames.iter().map(encode).collect(),
            torn: None,
        }
    }

    fn replay(at: u64, journal: &Journal) -> Result<Vec<String>, String> {
        let fold = Fold::replay("here", snapshot(at), journal).map_err(|error| error.to_string())?;
        Ok(fold.open.into_keys().collect())
    }

    #[test]
    fn an_intent_is_open_until_its_outcome_is_known() {
        let unknown = end("a", r#"{"unknown":{"reason":"connection reset"}}"#);
        let mut frames = vec![(1, 1, begin("a")), (2, 1, begin("b")), (3, 1, unknown)];
        assert_eq!(replay(0, &journal(0, &frames)).unwrap(), ["a", "b"]);
        frames.push((4, 1, end("a", r#""done""#)));
        assert_eq!(replay(0, &journal(0, &frames)).unwrap(), ["b"]);
    }

    #[test]
    fn frames_that_the_snapshot_contains_are_skipped() {
        // A process that was killed between saving the snapshot and resetting the journal leaves these.
        let frames = [(1, 1, begin("a")), (2, 1, begin("b"))];
        assert_eq!(replay(1, &journal(0, &frames)).unwrap(), ["b"]);
        assert!(replay(2, &journal(0, &frames)).unwrap().is_empty());
    }

    #[test]
    fn a_gap_an_older_journal_and_an_older_writer_are_damage() {
        let gap = replay(0, &journal(0, &[(1, 1, begin("a")), (3, 1, begin("b"))])).unwrap_err();
        assert!(gap.contains("frame 3 stands where frame 2 belongs"), "{gap}");
        let late = replay(0, &journal(0, &[(2, 1, begin("a"))])).unwrap_err();
        assert!(late.contains("frame 2 stands where frame 1 belongs"), "{late}");
        let older = replay(5, &journal(0, &[(1, 1, begin("a"))])).unwrap_err();
        assert!(older.contains("it ends at frame 1"), "{older}");
        let fenced = replay(0, &journal(0, &[(1, 2, begin("a")), (2, 1, begin("b"))])).unwrap_err();
        assert!(fenced.contains("fencing number 1 follows 2"), "{fenced}");
    }

    #[test]
    fn entries_that_contradict_what_is_open_are_damage() {
        let twice = replay(0, &journal(0, &[(1, 1, begin("a")), (2, 1, begin("a"))])).unwrap_err();
        assert!(twice.contains("operation a is begun twice"), "{twice}");
        let ended = replay(0, &journal(0, &[(1, 1, end("a", r#""done""#))])).unwrap_err();
        assert!(
            ended.contains("operation a is ended and was not begun"),
            "{ended}"
        );
    }

    #[test]
    fn only_the_entry_of_a_holder_leaves_the_state_unchanged() {
        let holder = Holder {
            token: String::new(),
            who: "ada@build-7".into(),
            pid: 1,
            command: "apply".into(),
            since_ms: 0,
            commit: None,
        };
        let mut fold = Fold::from_snapshot(snapshot(0));
        fold.apply(Entry::Opened { holder }).unwrap();
        assert!(!fold.changed);
        fold.apply(Entry::Record { changes: vec![] }).unwrap();
        assert!(fold.changed);
    }

    #[test]
    fn what_ran_goes_where_its_resource_goes() {
        let record = |address: &str| {
            StateWrite::Put(crate::record::Record {
                address: address.into(),
                kind: "ecs.service".into(),
                generation: 0,
                id: Some("main/web".into()),
                inputs: serde_json::json!({}),
                outputs: serde_json::Value::Null,
                dependencies: vec![],
                phase: crate::record::Phase::Ready,
                declared: None,
                unmarked: false,
                options: serde_json::Value::Null,
                place: serde_json::Value::Null,
            })
        };
        let remove = |address: &str| StateWrite::Remove {
            address: address.into(),
            generation: 0,
        };
        let ran = Deployed {
            address: "task".into(),
            id: "web:1".into(),
            inputs: serde_json::json!({ "family": "web" }),
            at_ms: 1,
        };
        let mut fold = Fold::from_snapshot(snapshot(0));
        let versions = vec![ran.clone()];
        let address = "web".to_owned();
        fold.change(vec![record("web"), StateWrite::Deployed { address, versions }]);
        fold.change(vec![remove("web"), record("api/web")]);
        assert_eq!(
            fold.state.deployed,
            BTreeMap::from([("api/web".to_owned(), vec![ran])])
        );
        let text = serde_json::to_string(&*fold.state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&text).unwrap(), *fold.state);
        fold.change(vec![remove("api/web")]);
        assert!(fold.state.deployed.is_empty());
    }
}
