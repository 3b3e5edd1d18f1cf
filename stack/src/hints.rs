//! Advice on what to do about an error: the commands, flags and variables of this program that help.
//!
//! Libraries say what is wrong and know no command line; the advice is added here, when an error is printed.

use std::io::ErrorKind;
use tenon_state::Error as State;

/// Restores or rebuilds a state whose snapshot cannot be used.
const RESTORE: &str = "restore a copy, or run `recover` to rebuild the state from ownership tags";
/// Finishes a move that left parts of the state at its old location.
const MIGRATE: &str = "if a `state migrate` was interrupted, run the same command again";

/// Advice for an error of the state, most important first.
// Long: one arm for each error.
pub(crate) fn hints_of_state(error: &State) -> Vec<String> {
    let hints: &[&str] = match error {
        State::Empty { .. } => {
            &["do not delete it: restore a copy, or run `recover` to rebuild the state from ownership tags"]
        }
        State::Truncated { .. } | State::Damaged { .. } => &[RESTORE],
        State::Missing { .. } => &[MIGRATE, RESTORE],
        State::JournalMissing { .. } => &[
            MIGRATE,
            "restore the journal, or run `state repair` to go on without it",
        ],
        State::RolledBack { .. } => {
            &["restore the newer state, or run `state repair` to accept the older one"]
        }
        State::Behind { path, .. } => {
            let path = path.display();
            return vec![
                "restore the newest state".into(),
                format!("if you put this one there yourself: remove {path}, and run again"),
            ];
        }
        State::Replaced { .. } => &["restore the expected state, or run `state repair` to accept this one"],
        State::JournalForeign { .. } => &["restore the right journal, or run `state repair`"],
        State::JournalDamaged { .. } => &["restore a copy, or run `state repair` to see what can be kept"],
        State::Foreign { .. } => {
            &["name the right state, or move the file away if this stack was never applied"]
        }
        State::OtherStack { .. } => &["name the right state: check --env, --state and --state-dir"],
        State::Absent { .. } => &["check --env, and where its state is kept: --state, --state-dir"],
        State::Moved { .. } => {
            &["name the new location in the environment's `backend(…)`, or with --state or TENON_STATE"]
        }
        State::Occupied { .. } => &["move that state away first, or name another location"],
        State::Encrypted { why, .. } if why.contains("not signed") => &[
            "if this is the state that you left there, `state rekey --new-key-file FILE` signs it, with the same file and with TENON_STATE_UNSIGNED_KEY=accept",
        ],
        State::Encrypted { .. } => &["give the passphrase or key that it was encrypted with"],
        State::Newer { .. } => &["install the version that wrote it"],
        State::OtherTarget { .. } => {
            &["use credentials for the pinned account and region, or destroy the stack first"]
        }
        State::Unsettled { .. } => &["run `apply` first: it finds out what became of these calls"],
        State::Locked { .. } => &["wait for it, or run `unlock` if it is certainly dead"],
        State::LeaseLost { .. } => &["run again: that finds out what became of calls in flight"],
        State::LeaseShort { .. } => &["run again when the state's backend answers"],
        State::Conflict { .. } => &["run again to work on the newest state"],
        State::Unsafe { .. } => &["remove it, or use another folder"],
        State::File { source, .. } => match source.kind() {
            ErrorKind::StorageFull => &["the disk is full: free some space and run again"],
            ErrorKind::QuotaExceeded => &["the disk quota is used up: free some space and run again"],
            ErrorKind::ReadOnlyFilesystem => &["the file system is read-only: use a writable folder"],
            ErrorKind::PermissionDenied => &["check the owner and mode of the folder"],
            _ => &[],
        },
        State::Backend { .. } => &["check that it can be reached and that its credentials may do so"],
        State::Stopped { source, .. } => {
            let mut hints = hints_of_state(source);
            hints.push("then run again: that finds out what became of calls in flight".into());
            return hints;
        }
        _ => &[],
    };
    hints.iter().map(|hint| (*hint).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_journal_passes_on_the_advice_of_its_cause() {
        let full = State::File {
            path: "journal".into(),
            doing: "write to",
            source: ErrorKind::StorageFull.into(),
        };
        let stopped = State::Stopped {
            location: "state.json".into(),
            source: std::sync::Arc::new(full),
        };
        let hints = hints_of_state(&stopped);
        assert!(hints[0].starts_with("the disk is full"), "{hints:?}");
        assert!(hints[1].starts_with("then run again"), "{hints:?}");
    }

    #[test]
    // Long: one error of each kind.
    fn an_unusable_state_always_comes_with_a_way_out() {
        let (location, why) = (|| "state.json".to_owned(), || "it does not fit".to_owned());
        let (found, expected) = (|| "a".to_owned(), || "b".to_owned());
        let (stack, env) = (location(), location());
        let identity = tenon_state::Identity { stack, env };
        let errors = [
            State::Empty { location: location() },
            State::Truncated {
                location: location(),
                length: 7,
            },
            State::Damaged {
                location: location(),
                why: why(),
            },
            State::Missing {
                location: location(),
                serial: 3,
            },
            State::JournalMissing {
                location: location(),
                serial: 3,
            },
            State::RolledBack {
                location: location(),
                found: 3,
                expected: 4,
            },
            State::Replaced {
                location: location(),
                found: found(),
                expected: expected(),
            },
            State::JournalForeign {
                location: location(),
                found: found(),
                expected: expected(),
            },
            State::JournalDamaged {
                location: location(),
                at: "frame 7".into(),
                why: why(),
            },
            State::Foreign {
                location: location(),
                found: found(),
            },
            State::Newer {
                location: location(),
                found: 2,
                supported: 1,
            },
            State::OtherStack {
                location: location(),
                found: identity.clone(),
                expected: identity,
            },
            State::Encrypted {
                location: location(),
                why: why(),
            },
        ];
        assert_eq!(errors.iter().filter(|error| error.is_damage()).count(), 9);
        for error in errors {
            assert!(!hints_of_state(&error).is_empty(), "{error}");
        }
    }
}
