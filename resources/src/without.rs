//! A type that lacks one of its facts: tests remove each in turn, to see that it is missed.

use crate::{
    call::{CallInfo, Step},
    claim::Claim,
    resource::{
        Facts, Field, Guard, Inside, InvalidInputs, Look, OnlyWhenEmpty, OutputField, Read, ResourceType,
        SecondCreate,
    },
    status::StatusWords,
    value::{TypedRef, TypedText},
};
use serde_json::Value;

/// A fact about a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A claim, by its noun.
    Claim(&'static str),
    /// A word for its status.
    Status(&'static str),
    /// An error code that says that it does not exist.
    Gone(&'static str),
    /// The answer to a second create.
    SecondCreate,
    /// A further error code of a create, which says that the resource exists.
    Exists(&'static str),
}

/// A type that lacks a fact.
#[derive(Debug)]
pub struct Without {
    /// The type.
    pub of: &'static dyn ResourceType,
    /// The fact that it lacks.
    pub fact: Fact,
}

impl Without {
    /// The type without the fact, for as long as the program runs.
    pub fn removed(of: &'static dyn ResourceType, fact: Fact) -> &'static dyn ResourceType {
        Box::leak(Box::new(Self { of, fact }))
    }
}

impl ResourceType for Without {
    fn by_name(&self) -> bool {
        self.of.by_name()
    }
    fn facts(&self) -> Facts {
        let mut facts = self.of.facts();
        match self.fact {
            Fact::Gone(code) => {
                let rest: Vec<_> = facts.gone.iter().copied().filter(|c| *c != code).collect();
                facts.gone = rest.leak();
            }
            // Nothing about it would be unique.
            Fact::SecondCreate => {
                facts.second_create = match facts.second_create {
                    SecondCreate::Another => SecondCreate::Returned,
                    _ => SecondCreate::Another,
                }
            }
            Fact::Exists(code) => {
                let rest: Vec<_> = facts.exists.iter().copied().filter(|(c, _)| *c != code).collect();
                facts.exists = rest.leak();
            }
            Fact::Claim(_) | Fact::Status(_) => {}
        }
        facts
    }
    fn statuses(&self) -> &'static [StatusWords] {
        let Fact::Status(word) = self.fact else {
            return self.of.statuses();
        };
        let lists = self.of.statuses().iter().map(|list| {
            let rest: Vec<_> = list.words.iter().copied().filter(|(w, _)| *w != word).collect();
            StatusWords {
                words: rest.leak(),
                ..*list
            }
        });
        lists.collect::<Vec<_>>().leak()
    }
    fn claims(&self, inputs: &Value) -> Result<Vec<Claim>, InvalidInputs> {
        let mut claims = self.of.claims(inputs)?;
        claims.retain(|claim| self.fact != Fact::Claim(claim.of));
        Ok(claims)
    }

    fn name(&self) -> &'static str {
        self.of.name()
    }
    fn doc(&self) -> &'static str {
        self.of.doc()
    }
    fn fields(&self) -> &'static [Field] {
        self.of.fields()
    }
    fn outputs(&self) -> &'static [OutputField] {
        self.of.outputs()
    }
    fn calls(&self) -> Vec<CallInfo> {
        self.of.calls()
    }
    fn read(&self) -> Read {
        self.of.read()
    }
    fn ready(&self) -> Option<u32> {
        self.of.ready()
    }
    fn keeps_token(&self) -> bool {
        self.of.keeps_token()
    }
    fn impaired_ends_wait(&self) -> bool {
        self.of.impaired_ends_wait()
    }
    fn awaited(&self) -> bool {
        self.of.awaited()
    }
    fn by_hand(&self, inputs: &Value, account: &str, region: &str) -> Result<Option<String>, InvalidInputs> {
        self.of.by_hand(inputs, account, region)
    }
    fn ineffective(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs> {
        self.of.ineffective(inputs)
    }
    fn only_when_empty(&self, inputs: &Value, id: &str) -> Result<Option<OnlyWhenEmpty>, InvalidInputs> {
        self.of.only_when_empty(inputs, id)
    }
    fn keeps_secrets(&self) -> bool {
        self.of.keeps_secrets()
    }
    fn made_here(&self, inputs: &Value, seed: &str) -> Result<Option<Value>, InvalidInputs> {
        self.of.made_here(inputs, seed)
    }
    fn changes_while_stopped(&self) -> bool {
        self.of.changes_while_stopped()
    }
    fn inside(&self) -> Option<Inside> {
        self.of.inside()
    }
    fn removed_after(&self) -> &'static [&'static str] {
        self.of.removed_after()
    }
    fn covers(&self, inputs: &Value) -> Result<Vec<(&'static str, String)>, InvalidInputs> {
        self.of.covers(inputs)
    }
    fn wants_stopped(&self, inputs: &Value) -> Result<bool, InvalidInputs> {
        self.of.wants_stopped(inputs)
    }
    fn guard(&self, inputs: &Value) -> Result<Option<Guard>, InvalidInputs> {
        self.of.guard(inputs)
    }
    fn stateful(&self) -> bool {
        self.of.stateful()
    }
    fn delete_first(&self) -> bool {
        self.of.delete_first()
    }
    fn cfn(&self) -> &'static str {
        self.of.cfn()
    }
    fn identity(&self, inputs: &Value) -> Result<Option<Value>, InvalidInputs> {
        self.of.identity(inputs)
    }
    fn unique_name(&self, inputs: &Value) -> Result<Option<String>, InvalidInputs> {
        self.of.unique_name(inputs)
    }
    fn create(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs> {
        self.of.create(inputs)
    }
    fn set(&self, inputs: &Value, was: &Value, fields: &[&str]) -> Result<Vec<Step>, InvalidInputs> {
        self.of.set(inputs, was, fields)
    }
    fn delete(&self, inputs: &Value) -> Result<Vec<Step>, InvalidInputs> {
        self.of.delete(inputs)
    }
    fn canonical(&self, inputs: &Value) -> Result<Value, InvalidInputs> {
        self.of.canonical(inputs)
    }
    fn typed_references(&self, inputs: &Value) -> Result<Vec<TypedRef>, InvalidInputs> {
        self.of.typed_references(inputs)
    }
    fn typed_texts(&self, inputs: &Value) -> Result<Vec<TypedText>, InvalidInputs> {
        self.of.typed_texts(inputs)
    }
    fn parked(
        &self,
        inputs: &Value,
        claim: &Claim,
        free: &dyn Fn(&Claim) -> bool,
    ) -> Result<Option<Value>, InvalidInputs> {
        self.of.parked(inputs, claim, free)
    }
    fn beside(&self, inputs: &Value, was: &Value, field: &str) -> Result<Option<Value>, InvalidInputs> {
        self.of.beside(inputs, was, field)
    }
    fn misfits(&self, inputs: &Value, look: Look<'_>) -> Result<Vec<String>, InvalidInputs> {
        self.of.misfits(inputs, look)
    }
    fn refuses(
        &self,
        inputs: &Value,
        was: &Value,
        field: &str,
        look: Look<'_>,
    ) -> Result<Option<String>, InvalidInputs> {
        self.of.refuses(inputs, was, field, look)
    }
    fn check(&self, inputs: &Value) -> Result<Vec<String>, InvalidInputs> {
        self.of.check(inputs)
    }
    fn replaces(&self, field: &Field, was: &Value, to: &Value) -> bool {
        self.of.replaces(field, was, to)
    }
    fn drifted(&self, field: &Field, recorded: &Value, outputs: &Value, now: &Value) -> Option<Value> {
        self.of.drifted(field, recorded, outputs, now)
    }
    fn schema(&self) -> Option<&'static tenon_cfn::Schema> {
        self.of.schema()
    }
    fn repeats_request(&self) -> bool {
        self.of.repeats_request()
    }
    fn samples(&self) -> [Value; 2] {
        self.of.samples()
    }
}
