//! Another deployment than the one that is waited for: the one of before, or somebody else's.

use super::failed::Failed;
use crate::{FieldDiff, rollback::version_of};
use serde_json::Value;
use tenon_state::{Record, State};

/// A deployment that is complete, and not ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// AWS turned ours back between two readings: the fields that have their value of before.
    Before(String),
    /// Somebody else deployed: the version that runs.
    Newer(String),
}

impl Other {
    /// The deployment that a reading of what is ready shows, where that is not ours. A deployment is known by what it deployed: each has a
    /// revision of its own.
    pub(super) fn among(
        changes: &[FieldDiff],
        record: &Record,
        there: &Value,
        state: &State,
    ) -> Option<Self> {
        // Tags are no part of a deployment, and what AWS does not give back says nothing.
        let deployed = changes.iter().filter(|c| c.field != "tags");
        let others = deployed.filter(|c| {
            let there = &there[&c.field];
            !there.is_null() && *there != record.inputs[&c.field]
        });
        let others: Vec<&FieldDiff> = others.collect();
        let back = others.iter().filter(|c| there[&c.field] == c.from.value());
        let back: Vec<String> = back.map(|c| format!("`{}`", c.field)).collect();
        if !back.is_empty() {
            return Some(Self::Before(back.join(", ")));
        }
        // Of other fields, AWS may say the same in another form.
        let version = others.iter().find(|c| c.field == "task_definition")?;
        let ours = record.inputs[&version.field].as_str()?;
        version_of(state, record, ours)?;
        Some(Self::Newer(there[&version.field].as_str()?.to_owned()))
    }

    /// The status of the wait for ours, as long as one reading may be behind.
    pub(super) fn status(&self) -> &'static str {
        match self {
            Self::Before(_) => "has the values of before",
            Self::Newer(_) => "has another deployment",
        }
    }

    pub(super) fn verdict(&self) -> Failed {
        match self {
            Self::Before(fields) => Failed::RolledBack {
                why: format!("AWS turned the deployment back: {fields} has the value of before"),
                lines: vec![],
            },
            Self::Newer(version) => Failed::Undecided(format!(
                "another deployment took its place, and {version} runs: nobody can say whether this one would have succeeded"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tenon_state::{Identity, Phase};

    fn record(address: &str, kind: &str, id: &str, inputs: Value) -> Record {
        Record {
            address: address.into(),
            kind: kind.into(),
            generation: 0,
            id: Some(id.into()),
            inputs,
            outputs: Value::Null,
            dependencies: vec!["task".into()],
            phase: Phase::Ready,
            declared: None,
            unmarked: false,
            options: Value::Null,
            place: Value::Null,
        }
    }

    #[test]
    fn a_deployment_is_known_by_what_it_deployed() {
        let (stack, env) = ("shop".into(), "test".into());
        let mut state = State::new(&Identity { stack, env }, String::new());
        state.insert(record("task", "ecs.task_definition", "web:2", json!({})));
        let inputs = json!({ "task_definition": "web:2", "cpu": "two" });
        let service = record("web", "ecs.service", "main/web", inputs);
        let change = |field: &str, from: &str, to: &str| FieldDiff {
            field: field.into(),
            from: json!(from).into(),
            to: json!(to).into(),
            replaces: false,
        };
        let changes = [
            change("task_definition", "web:1", "web:2"),
            change("cpu", "1", "two"),
            change("tags", "a", "b"),
        ];
        let of = |there: Value| Other::among(&changes, &service, &there, &state);
        assert_eq!(
            of(json!({ "task_definition": "web:2", "tags": "a" })),
            None,
            "ours"
        );
        // AWS may say the same in another form, or say nothing of it.
        assert_eq!(of(json!({ "task_definition": "web:2", "cpu": "2.0" })), None);
        let back = of(json!({ "task_definition": "web:1", "cpu": "two" }));
        assert_eq!(back, Some(Other::Before("`task_definition`".into())));
        assert_eq!(
            of(json!({ "task_definition": "web:9" })),
            Some(Other::Newer("web:9".into()))
        );
    }
}
