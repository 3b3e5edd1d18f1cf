//! What is known while a plan is carried out: decisions, records, outputs.

use crate::{Decision, Plan};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};
use tenon_resources::value::{Ref, resolve, simplify};
use tenon_state::{Record, RecordKey, State};

pub(super) struct Context {
    plan: Arc<Plan>,
    /// Where in the plan an address is decided.
    decided: HashMap<String, usize>,
    records: Mutex<HashMap<RecordKey, Record>>,
    /// The generation that references to an address mean.
    current: HashMap<String, u32>,
}

impl Context {
    pub(super) fn new(plan: &Arc<Plan>, state: &State) -> Self {
        let mut current: HashMap<String, u32> = HashMap::new();
        for record in state.records.values() {
            if let Some(record) = state.current(&record.address) {
                current.insert(record.address.clone(), record.generation);
            }
        }
        let mut decided = HashMap::new();
        for (place, d) in plan
            .decisions
            .iter()
            .enumerate()
            .filter(|(_, d)| !d.inputs.is_null())
        {
            current.insert(d.address.clone(), d.generation);
            decided.insert(d.address.clone(), place);
        }
        let records = state
            .records
            .iter()
            .map(|(k, r)| (k.clone(), Record::clone(r)))
            .collect();
        Self {
            plan: Arc::clone(plan),
            decided,
            records: Mutex::new(records),
            current,
        }
    }

    pub(super) fn decision(&self, address: &str) -> Option<&Decision> {
        self.decided
            .get(address)
            .map(|&place| &self.plan.decisions[place])
    }

    pub(super) fn declared(&self, address: &str) -> Option<String> {
        self.decision(address)?.declared.clone()
    }

    fn records(&self) -> std::sync::MutexGuard<'_, HashMap<RecordKey, Record>> {
        self.records
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn record(&self, key: &RecordKey) -> Option<Record> {
        self.records().get(key).cloned()
    }

    pub(super) fn put(&self, record: Record) {
        self.records().insert(record.key(), record);
    }

    pub(super) fn remove(&self, key: &RecordKey) {
        self.records().remove(key);
    }

    /// An output of the resource that a reference means; `this` is the one at `own`.
    fn lookup(&self, r: &Ref, own: &RecordKey) -> Option<Value> {
        let records = self.records();
        let record = if r.resource == "this" {
            records.get(own)?
        } else {
            records.get(&RecordKey::new(
                r.resource.clone(),
                *self.current.get(&r.resource)?,
            ))?
        };
        let output = match (&record.outputs[&r.output], &record.id) {
            // The id is known before the other outputs are read.
            (Value::Null, Some(id)) if r.output == "id" => json!(id),
            (Value::Null, _) => return None,
            (known, _) => known.clone(),
        };
        Some(output)
    }

    /// `value` with every reference replaced.
    ///
    /// # Errors
    /// The first reference that is not known.
    pub(super) fn resolve(&self, value: &Value, own: &RecordKey) -> Result<Value, Ref> {
        let mut value = value.clone();
        resolve(&mut value, &|r| self.lookup(r, own))?;
        Ok(value)
    }

    /// The stack's outputs that are known, and the names of those that are not.
    pub(super) fn outputs(&self, wanted: &BTreeMap<String, Value>) -> (BTreeMap<String, Value>, Vec<String>) {
        let nobody = RecordKey::new(String::new(), 0);
        let (mut known, mut unknown) = (BTreeMap::new(), vec![]);
        for (name, value) in wanted {
            let mut value = value.clone();
            if simplify(&mut value, &|r| self.lookup(r, &nobody)) == 0 {
                known.insert(name.clone(), value);
            } else {
                unknown.push(name.clone());
            }
        }
        (known, unknown)
    }
}
