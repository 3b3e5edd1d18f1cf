//! Holders of what AWS lets only one hold, and who is to hold it next.
//!
//! [`Claim`]s are said by types; here they are compared. Three things follow from a clash, and nothing about them is known per
//! type: two declared resources with one claim are an error of the program; a resource that takes what another gives up
//! waits for that; a resource that takes what another keeps is refused before anything is called.

use crate::{
    Action, Decision, Error, Finding, Note,
    decide::left_to_aws,
    declare::kind_of,
    places::{UNIQUE_EVERYWHERE, is_named_from},
    recorded,
};
use serde_json::Value;
use std::{borrow::Cow, collections::HashMap};
use tenon_resources::{
    claim::{Claim, ClaimKey},
    declaration::{Place, is_global},
    resource::{Look, ResourceType},
    value::{self, Ref, Shared},
};
use tenon_state::{Record, RecordKey, State};

/// Claims in buckets within which alone they can clash: the same thing in the same scope, and for values the same value.
/// Ranges of one scope share a bucket, where each is compared with each.
#[derive(Debug)]
pub(crate) struct Index<T> {
    buckets: HashMap<(&'static str, String), Vec<(Claim, T)>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            buckets: HashMap::new(),
        }
    }
}

fn bucket(claim: &Claim) -> (&'static str, String) {
    let mut scope = Value::from(claim.within.clone()).to_string();
    if let ClaimKey::Value(value) = &claim.key {
        scope.push_str(&value.to_string());
    }
    (claim.of, scope)
}

impl<T: Clone> Index<T> {
    /// Adds a claim of `holder`.
    pub(crate) fn add(&mut self, claim: Claim, holder: T) {
        self.buckets
            .entry(bucket(&claim))
            .or_default()
            .push((claim, holder));
    }

    /// The holders whose claims clash with `claim`, with the claim of each.
    pub(crate) fn clashes<'a>(&'a self, claim: &'a Claim) -> impl Iterator<Item = (&'a Claim, &'a T)> {
        let near = self.buckets.get(&bucket(claim)).into_iter().flatten();
        near.filter(|(held, _)| held.clashes(claim)).map(|(c, t)| (c, t))
    }
}

/// The reference that a value is.
pub(crate) fn reference(value: &Value) -> Option<Ref> {
    value.get("$ref")?.as_str()?.parse().ok()
}

/// A field of the recorded resource with this id; `None` where none has that field, or several have different values in it.
pub(crate) fn recorded_field(state: &State, id: &Value, field: &str) -> Option<Value> {
    let id = id.as_str()?;
    let with_id = state.records.values().filter(|r| r.id.as_deref() == Some(id));
    let mut values = with_id.map(|r| &r.inputs[field]).filter(|v| !v.is_null());
    let first = values.next()?;
    values.all(|v| v == first).then(|| first.clone())
}

/// Resources by their addresses: what references mean before anything is made.
pub(crate) struct Known<'a>(HashMap<&'a str, (&'static dyn ResourceType, &'a Shared)>);

impl<'a> Known<'a> {
    pub(crate) fn new(
        resources: impl Iterator<Item = (&'a str, &'static dyn ResourceType, &'a Shared)>,
    ) -> Self {
        Self(
            resources
                .map(|(address, kind, inputs)| (address, (kind, inputs)))
                .collect(),
        )
    }

    fn decided(decisions: &'a [Decision]) -> Self {
        let staying = decisions.iter().filter(|d| stays(d));
        Self::new(
            staying.filter_map(|d| Some((d.address.as_str(), kind_of(&d.kind, &d.address).ok()?, &d.inputs))),
        )
    }

    /// `value` with every reference to an output that only repeats an input replaced by that input, however many lie between: the
    /// VPC of an internet gateway is the VPC.
    fn through(&self, value: &Value) -> Value {
        let mut value = value.clone();
        let lookup = |r: &Ref| {
            let (kind, inputs) = self.0.get(r.resource.as_str())?;
            let output = kind
                .outputs()
                .iter()
                .find(|o| o.name == r.output && o.name != "id")?;
            let input = inputs.pointer(&output.echo()?)?;
            (input.is_string() || input.get("$ref").is_some()).then(|| self.through(input))
        };
        value::simplify(&mut value, &lookup);
        value
    }

    /// A field of the resource that a reference means.
    pub(crate) fn field(&self, resource: &Value, field: &str) -> Option<Value> {
        let Ref { resource, .. } = reference(&self.through(resource))?;
        let (_, inputs) = self.0.get(resource.as_str())?;
        Some(self.through(&inputs[field]))
    }

    /// The address of the resource that a reference means.
    pub(crate) fn address(&self, resource: &Value) -> Option<String> {
        Some(reference(&self.through(resource))?.resource)
    }

    /// The claims of a resource with these inputs, of which the references are followed; `look` finds fields of others.
    fn claims(
        &self,
        (kind, place): (&'static dyn ResourceType, &Place),
        inputs: &Value,
        look: Look<'_>,
    ) -> Vec<Claim> {
        // Inputs that do not fit their type are a finding of their own.
        let claims = kind.claims(&self.through(inputs)).unwrap_or_default().into_iter();
        claims
            .map(|claim| in_place(claim.with_owner(look), kind, place))
            .collect()
    }
}

/// The claim as one within the account and region that the resource is in.
fn in_place(claim: Claim, kind: &dyn ResourceType, place: &Place) -> Claim {
    let everywhere = UNIQUE_EVERYWHERE.contains(&kind.name());
    let place = Place {
        account: place.account.clone(),
        role: None,
        region: place.region.clone().filter(|_| !is_global(kind.name())),
    };
    if everywhere || place.is_home() {
        claim
    } else {
        claim.within(place.to_string())
    }
}

/// Two declared resources of which AWS lets only one exist: pairs of places, with what both claim.
pub(crate) fn declared_twice(
    known: &Known<'_>,
    resources: &[(&'static dyn ResourceType, &Place, &Shared)],
) -> Vec<(usize, usize, Claim)> {
    let look = |resource: &Value, field: &str| known.field(resource, field);
    let claims = resources
        .iter()
        .map(|(kind, place, inputs)| known.claims((*kind, *place), inputs, &look));
    twice(claims.enumerate())
}

fn twice(claims: impl Iterator<Item = (usize, Vec<Claim>)>) -> Vec<(usize, usize, Claim)> {
    let mut index = Index::default();
    let mut twice = vec![];
    for (at, claims) in claims {
        for claim in &claims {
            twice.extend(index.clashes(claim).map(|(_, &first)| (first, at, claim.clone())));
        }
        claims.into_iter().for_each(|claim| index.add(claim, at));
    }
    twice
}

/// `true` if the successor with `inputs` and what is recorded cannot stand side by side.
pub(crate) fn clash_with_itself(
    (kind, place): (&'static dyn ResourceType, &Place),
    inputs: &Value,
    prior: &Record,
    look: Look<'_>,
) -> Option<Claim> {
    let old = kind_of(&prior.kind, &prior.address).ok()?;
    let there = recorded::place(prior).ok()?;
    let held = old.claims(&prior.inputs).ok()?.into_iter();
    let held = held.map(|claim| in_place(claim.with_owner(look), old, &there));
    let held: Vec<Claim> = held.collect();
    let wanted = kind.claims(inputs).ok()?.into_iter();
    let mut wanted = wanted.map(|claim| in_place(claim.with_owner(look), kind, place));
    wanted.find(|claim| held.iter().any(|h| h.clashes(claim)))
}

/// A claim that a decision takes and that somebody else holds now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Handover {
    /// The place of the decision that takes it.
    pub(crate) taker: usize,
    /// The present holder.
    pub(crate) holder: RecordKey,
    /// The claim.
    pub(crate) claim: Claim,
    /// The way in which the holder gives it up in this plan.
    pub(crate) given_up: GivenUp,
}

/// The ways in which a claim is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenUp {
    /// The holder is removed.
    ByRemoval,
    /// The holder changes in place; the index of that decision.
    ByUpdate(usize),
    /// Not at all.
    No,
}

/// `true` for a decision after which the resource may hold what it did not hold before.
fn takes(decision: &Decision) -> bool {
    matches!(decision.action, Action::Create | Action::Update) || decision.action.replaces()
}

/// `true` for a decision after which the resource exists.
fn stays(decision: &Decision) -> bool {
    decision.action != Action::Delete && !decision.inputs.is_null()
}

/// The inputs of a decision, with what is left to AWS as it is: no call takes that away.
fn as_it_will_be<'d>(kind: &'static dyn ResourceType, decision: &'d Decision) -> Cow<'d, Value> {
    if decision.action == Action::None {
        // Most are such, and are looked at here alone.
        return Cow::Owned(decision.inputs.value());
    }
    let mut inputs = Cow::Borrowed(&*decision.inputs);
    if decision.action == Action::Update {
        let left = decision
            .changes
            .iter()
            .filter(|c| left_to_aws(kind, &c.field, &c.to));
        for change in left {
            inputs.to_mut()[&change.field] = change.from.value();
        }
    }
    inputs
}

/// Claims that are held now, and claims that are to be held.
pub(crate) struct Claims<'a> {
    state: &'a State,
    held: Index<RecordKey>,
    /// By the index of the decision.
    wanted: Vec<Vec<Claim>>,
}

impl<'a> Claims<'a> {
    pub(crate) fn new(decisions: &[Decision], state: &'a State) -> Self {
        let known = Known::decided(decisions);
        let look = |resource: &Value, field: &str| {
            known
                .field(resource, field)
                .or_else(|| recorded_field(state, resource, field))
        };
        let mut held = Index::default();
        for (key, record) in &state.records {
            let Ok(kind) = kind_of(&record.kind, &record.address) else {
                continue;
            };
            let place = recorded::place(record).unwrap_or_default();
            for claim in kind.claims(&record.inputs).unwrap_or_default() {
                held.add(in_place(claim.with_owner(look), kind, &place), key.clone());
            }
        }
        let wanted = decisions.iter().map(|d| match kind_of(&d.kind, &d.address) {
            Ok(kind) if stays(d) => known.claims((kind, &d.place), &as_it_will_be(kind, d), &look),
            _ => vec![],
        });
        Self {
            state,
            held,
            wanted: wanted.collect(),
        }
    }

    /// Every claim that changes hands, in the order of the decisions.
    ///
    /// A claim that a decision takes is one of its new inputs that the recorded ones do not have. Inputs that still hold a
    /// reference to something not made yet cannot clash with what exists: an id is never given twice.
    pub(crate) fn handovers(&self, decisions: &[Decision]) -> Vec<Handover> {
        let at: HashMap<&str, usize> = decisions
            .iter()
            .enumerate()
            .filter(|(_, d)| d.action != Action::Delete)
            .map(|(i, d)| (d.address.as_str(), i))
            .collect();
        let mut out = vec![];
        for (taker, d) in decisions.iter().enumerate().filter(|(_, d)| takes(d)) {
            let current = self.state.current(&d.address).map(Record::key);
            for claim in &self.wanted[taker] {
                for (_, holder) in self.held.clashes(claim) {
                    // Its own record: kept by an update, and a matter of delete-first for a replacement.
                    if current.as_ref() == Some(holder) {
                        continue;
                    }
                    out.push(Handover {
                        taker,
                        holder: holder.clone(),
                        claim: claim.clone(),
                        given_up: self.given_up(holder, claim, decisions, &at),
                    });
                }
            }
        }
        out
    }

    /// The way in which `holder` gives up `claim`; `at` has the decision on each address that stays.
    fn given_up(
        &self,
        holder: &RecordKey,
        claim: &Claim,
        decisions: &[Decision],
        at: &HashMap<&str, usize>,
    ) -> GivenUp {
        let removed = decisions.iter().any(|d| {
            d.action == Action::Delete && d.address == holder.address && d.generation == holder.generation
        });
        let Some(&index) = at.get(holder.address.as_str()) else {
            return if removed { GivenUp::ByRemoval } else { GivenUp::No };
        };
        let decision = &decisions[index];
        if removed || decision.action.replaces() {
            return GivenUp::ByRemoval;
        }
        let lets_go = !self.wanted[index].iter().any(|c| c.clashes(claim));
        if decision.action == Action::Update && lets_go {
            GivenUp::ByUpdate(index)
        } else {
            GivenUp::No
        }
    }

    /// Refuses a plan after which two would hold one thing, of which at least one takes it only now. What a program says with
    /// references, only a plan knows: that a text and a reference are the same address.
    ///
    /// # Errors
    /// All such pairs at once, each at the one that takes it.
    pub(crate) fn refuse_twice(&self, decisions: &[Decision]) -> Result<(), Error> {
        let twice = twice(self.wanted.iter().cloned().enumerate()).into_iter();
        let taken =
            twice.filter(|(first, second, _)| takes(&decisions[*first]) || takes(&decisions[*second]));
        let findings = taken.map(|(first, second, claim)| {
            let (d, other) = (&decisions[second], &decisions[first]);
            let by = other.declared.as_deref().map(|at| format!(" ({at})")).unwrap_or_default();
            let why = format!(
                "takes {claim}, which `{}`{by} has, too, and AWS lets only one hold it; change one of the two",
                other.address
            );
            at_declaration(d, why)
        });
        refuse(findings.collect())
    }

    /// Unties handovers that wait for one another, and says whether that was possible: what is replaced goes before its successor
    /// is made, and of those that change in place one takes a value that nobody has, and its own one later.
    pub(crate) fn untie(
        &self,
        circle: &[&Handover],
        decisions: &mut [Decision],
        parked: &mut HashMap<usize, Value>,
    ) -> bool {
        let mut changed = false;
        for handover in circle {
            for (at, d) in decisions.iter_mut().enumerate() {
                let involved = at == handover.taker || d.address == handover.holder.address;
                if involved && d.action == Action::ReplaceCreateFirst {
                    d.action = Action::ReplaceDeleteFirst;
                    changed = true;
                }
            }
        }
        if changed {
            return true;
        }
        let free = |claim: &Claim| {
            let wanted = self.wanted.iter().flatten().any(|c| c.clashes(claim));
            !wanted && self.held.clashes(claim).next().is_none()
        };
        for handover in circle {
            let GivenUp::ByUpdate(at) = handover.given_up else {
                continue;
            };
            let prior = self.state.current(&decisions[at].address);
            let Some(prior) = prior.filter(|_| !parked.contains_key(&at)) else {
                continue;
            };
            let kind = kind_of(&prior.kind, &prior.address).ok();
            let value =
                kind.and_then(|kind| kind.parked(&prior.inputs, &handover.claim, &free).ok().flatten());
            if let Some(value) = value {
                parked.insert(at, value);
                return true;
            }
        }
        false
    }
}

fn at_declaration(d: &Decision, why: String) -> Finding {
    Finding::at(&d.address, d.declared.as_deref().unwrap_or_default(), why)
}

fn refuse(findings: Vec<Finding>) -> Result<(), Error> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(findings))
    }
}

/// The addresses of what is removed, with its place, by type and id.
type Going<'a> = HashMap<(&'a str, &'a str), Vec<(Place, &'a str)>>;

/// Removed resources, by type and id.
fn going<'a>(decisions: &[Decision], state: &'a State) -> Going<'a> {
    let removed = decisions.iter().filter_map(|d| match d.action {
        Action::Delete => state.get(&RecordKey::new(d.address.clone(), d.generation)),
        action if action.replaces() => state.current(&d.address),
        _ => None,
    });
    let mut going = Going::new();
    for record in removed {
        // Another account may have something of the same name.
        if let (Some(id), Ok(place)) = (record.id.as_deref(), recorded::place(record)) {
            let same = going.entry((record.kind.as_str(), id)).or_default();
            same.push((place, record.address.as_str()));
        }
    }
    going
}

/// Refuses what AWS refuses for what other resources are: a subnet outside of its VPC, a database that moves within one.
///
/// # Errors
/// All such at once, each with its remedy.
pub(crate) fn refuse_misfits(decisions: &[Decision], state: &State) -> Result<(), Error> {
    let known = Known::decided(decisions);
    let theirs: HashMap<&str, _> = decisions
        .iter()
        .map(|d| (d.address.as_str(), &d.options.owned_elsewhere))
        .collect();
    let look = |resource: &Value, field: &str| {
        let owned = known.address(resource);
        let owned = owned.and_then(|address| theirs.get(address.as_str()));
        if owned.is_some_and(|fields| fields.contains(field)) {
            return None;
        }
        known
            .field(resource, field)
            .or_else(|| recorded_field(state, &known.through(resource), field))
    };
    let going = going(decisions, state);
    let mut findings = vec![];
    for d in decisions.iter().filter(|d| takes(d)) {
        let Ok(kind) = kind_of(&d.kind, &d.address) else {
            continue;
        };
        let inside = kind.inside();
        let into = inside.and_then(|inside| Some((inside.of, d.inputs[inside.field].as_str()?)));
        let gone = into.and_then(|into| {
            let mut same = going.get(&into)?.iter();
            same.find(|(place, _)| is_named_from((&d.kind, &d.place), (into.0, place)))
        });
        if let Some((_, address)) = gone {
            let why = format!(
                "is put into `{address}`, which this plan removes, and AWS does not remove that with it; refer to what it belongs to, or take it out"
            );
            findings.push(at_declaration(d, why));
        }
        let misfits = kind.misfits(&d.inputs, &look).unwrap_or_default().into_iter();
        findings.extend(misfits.map(|why| at_declaration(d, why)));
        let prior = state.current(&d.address).filter(|_| d.action == Action::Update);
        for (change, prior) in d.changes.iter().zip(std::iter::repeat(prior)) {
            let Some(prior) = prior else { continue };
            if left_to_aws(kind, &change.field, &change.to) {
                continue;
            }
            let why = kind.refuses(&d.inputs, &prior.inputs, &change.field, &look);
            findings.extend(why.ok().flatten().map(|why| at_declaration(d, why)));
        }
    }
    refuse(findings)
}

/// Refuses a plan in which something is taken that its holder keeps.
///
/// # Errors
/// All such at once, each with both resources.
pub(crate) fn refuse_kept(
    handovers: &[Handover],
    decisions: &[Decision],
    state: &State,
) -> Result<(), Error> {
    let kept = handovers.iter().filter(|h| h.given_up == GivenUp::No);
    let findings: Vec<Finding> = kept
        .map(|h| {
            let d = &decisions[h.taker];
            let by = state.records.get(&h.holder).and_then(|r| r.declared.as_deref());
            let by = by.map(|location| format!(" ({location})")).unwrap_or_default();
            let why = format!(
                "takes {}, which `{}`{by} keeps in this plan, and AWS lets only one hold it; change one of the two, or remove the holder first",
                h.claim, h.holder.address
            );
            at_declaration(d, why)
        })
        .collect();
    refuse(findings)
}

/// Says of every resource that is made in the place of one that must go first what only one can hold.
pub(crate) fn note_gaps(handovers: &[Handover], decisions: &mut [Decision]) {
    for handover in handovers.iter().filter(|h| h.given_up == GivenUp::ByRemoval) {
        let d = &mut decisions[handover.taker];
        if d.note.is_none() && d.action != Action::Update {
            d.note = Some(Note::Gap(handover.claim.to_string()));
        }
    }
}

/// The error of resources that exchange what they hold, of which none can give up first.
pub(crate) fn swapped(circle: &[&Handover], decisions: &[Decision]) -> Error {
    let findings = circle.iter().map(|h| {
        let d = &decisions[h.taker];
        let renamed = if d.action == Action::Create && h.given_up == GivenUp::ByRemoval {
            format!("; if it is the same resource under another address, say `moved(\"{}\", \"{}\")`", h.holder.address, d.address)
        } else {
            String::new()
        };
        let why = format!(
            "takes {}, which `{}` gives up only later in this plan: they wait for one another; give one of them a free value first, and its final one in a second apply{renamed}",
            h.claim, h.holder.address
        );
        Finding::at(&d.address, d.declared.as_deref().unwrap_or_default(), why)
    });
    Error::Findings(findings.collect())
}
