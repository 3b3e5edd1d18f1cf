//! The meaning of references while a plan is carried out.
//!
//! The records themselves are the store's and nowhere else: what it has made durable is what the next call sees.

use crate::{Decision, Plan, PlannedCall};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use tenon_resources::{
    asset::Source,
    value::{Ref, resolve, simplify},
};
use tenon_state::{Record, RecordKey, Store};

/// The decisions of a plan and the records of the store that it is applied to.
pub(super) struct Context<'a> {
    plan: &'a Plan,
    store: Store,
    /// The index of each address among the plan's decisions, without those that only delete.
    decided: HashMap<String, usize>,
    /// The generation that a reference to an address means: the one that exists when the plan is done.
    current: HashMap<String, u32>,
    /// The places of the assets' bytes, by digest.
    pub(super) assets: BTreeMap<String, Source>,
}

impl<'a> Context<'a> {
    pub(super) fn new(plan: &'a Plan, store: &Store, assets: BTreeMap<String, Source>) -> Self {
        let state = store.state();
        let mut current: HashMap<String, u32> = HashMap::new();
        for record in state.records.values() {
            if let Some(record) = state.current(&record.address) {
                current.insert(record.address.clone(), record.generation);
            }
        }
        let mut decided = HashMap::new();
        for (index, decision) in plan.decisions.iter().enumerate() {
            if !decision.inputs.is_null() {
                current.insert(decision.address.clone(), decision.generation);
                decided.insert(decision.address.clone(), index);
            }
        }
        Self {
            plan,
            store: store.clone(),
            decided,
            current,
            assets,
        }
    }

    pub(super) fn decision(&self, address: &str) -> Option<&Decision> {
        let index = *self.decided.get(address)?;
        Some(&self.plan.decisions[index])
    }

    /// `true` for the last call about its resource.
    pub(super) fn is_last(&self, planned: &PlannedCall) -> bool {
        let own = |c: &&PlannedCall| c.address == planned.address && c.generation == planned.generation;
        let last = self.plan.calls.iter().rev().find(own);
        last.is_some_and(|last| std::ptr::eq(last, planned))
    }

    pub(super) fn declared(&self, address: &str) -> Option<String> {
        self.decision(address)?.declared.clone()
    }

    pub(super) fn record(&self, key: &RecordKey) -> Option<Arc<Record>> {
        self.store.get(key)
    }

    /// An output of the resource that a reference means; `this` is the one at `own`.
    fn lookup(&self, r: &Ref, own: &RecordKey) -> Option<Value> {
        let record = if r.resource == "this" {
            self.record(own)?
        } else {
            let generation = *self.current.get(&r.resource)?;
            self.record(&RecordKey::new(r.resource.clone(), generation))?
        };
        match (&record.outputs[&r.output], &record.id) {
            // The id is known before the other outputs are read.
            (Value::Null, Some(id)) if r.output == "id" => Some(json!(id)),
            (Value::Null, _) => None,
            (known, _) => Some(known.clone()),
        }
    }

    /// `value` with every reference replaced.
    ///
    /// # Errors
    /// The first reference that is not known.
    pub(super) fn resolve(&self, mut value: Value, own: &RecordKey) -> Result<Value, Ref> {
        resolve(&mut value, &|r| self.lookup(r, own))?;
        Ok(value)
    }

    /// The stack's outputs that are known by now.
    pub(super) fn outputs(&self, declared: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        // An output belongs to no resource, so `this` means nothing in it.
        let nobody = RecordKey::new(String::new(), 0);
        let known = declared.iter().filter_map(|(name, value)| {
            let mut value = value.clone();
            let unknown = simplify(&mut value, &|r| self.lookup(r, &nobody));
            (unknown == 0).then(|| (name.clone(), value))
        });
        known.collect()
    }
}
