//! Ownership: how a resource that may have been made is found, whose it is, and its record.
//!
//! Everything here follows from a type and its inputs. The executor asks it before a create, after a lost reply and after
//! a refusal; settling, recovery and import ask it for what an earlier run, or somebody else, left.
//!
//! A resource is never taken for this stack's because it is where this stack would have put it. Its ownership tags say
//! whose it is. Only two kinds cannot carry that proof from the moment they exist: what AWS finds by the token of our own
//! create call, and what takes no tags at all, which is ours only if we know that we sent the call that makes it.

use crate::execute::{find_with_retry, read_with_retry, with_retry};
use serde_json::{Value, json};
use tenon_resources::{
    cloud::{CallError, Cloud, Observed, Status},
    resource::ResourceType,
    value::{Owner, Tags},
};
use tenon_state::{Phase, Record, RecordKey};

/// The key among a record's outputs for AWS's words on a create that failed and left something behind.
pub(crate) const FAILED: &str = "failed";

/// The way to find a resource whose create call may have been executed, and the proof that it is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// By its id, which follows from the inputs. Its tags say whose it is.
    Id(String),
    /// By its id, which follows from the inputs. The type takes no tags: it is ours if we sent the call that makes it.
    UntaggedId(String),
    /// By its name, which is ours while the id is AWS's. Its tags say whose it is.
    Name(String),
    /// By the token of the create call, which AWS keeps and nobody else has.
    Token,
    /// By the ownership tags that the create call sets.
    Tags,
    /// By the operation that makes it, from which it follows: no call is sent.
    Here,
}

impl Recovery {
    /// The recovery of a resource with these inputs, in which nothing is a reference any more.
    pub fn of(kind: &dyn ResourceType, inputs: &Value) -> Self {
        let id = kind.identity(inputs).ok().flatten();
        let id = id.as_ref().and_then(Value::as_str);
        Self::with_id(kind, id, inputs)
    }

    /// The recovery of a resource whose natural id is known, as from an intent that was left open.
    pub(crate) fn with_id(kind: &dyn ResourceType, id: Option<&str>, inputs: &Value) -> Self {
        match id {
            Some(id) if kind.taggable() => Self::Id(id.to_owned()),
            Some(id) => Self::UntaggedId(id.to_owned()),
            None if kind.is_local() => Self::Here,
            None if kind.keeps_token() => Self::Token,
            None => match kind.unique_name(inputs).ok().flatten() {
                Some(name) => Self::Name(name),
                None => Self::Tags,
            },
        }
    }

    /// The id, where it follows from the inputs.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) | Self::UntaggedId(id) => Some(id),
            Self::Name(_) | Self::Token | Self::Tags | Self::Here => None,
        }
    }

    /// The id or name that only one resource can have: what is looked up before a create.
    pub fn unique(&self) -> Option<&str> {
        match self {
            Self::Id(text) | Self::UntaggedId(text) | Self::Name(text) => Some(text),
            Self::Token | Self::Tags | Self::Here => None,
        }
    }

    /// `true` if the search finds what made a create fail because it exists, as soon as AWS shows it, whoever owns it. A
    /// search by tags does not: what is in the way need not carry ours.
    pub(crate) fn shows_what_is_in_the_way(&self) -> bool {
        !matches!(self, Self::Tags)
    }

    /// Reads what there is that a create call with the token `op` may have made, or that is in its way.
    ///
    /// A read may return more than it was asked for, as servers that ignore a list of ids do. Nothing but the very id or name
    /// may pass: a stranger's resource would be taken for what is in the way, or, where no tags tell, for ours.
    pub(crate) async fn find(
        &self,
        cloud: &dyn Cloud,
        kind: &'static dyn ResourceType,
        inputs: &Value,
        op: &str,
        owner: &Owner,
    ) -> Result<Vec<Observed>, CallError> {
        match self {
            Self::Id(id) | Self::UntaggedId(id) => {
                let mut found = read_with_retry(cloud, kind, std::slice::from_ref(id)).await?;
                found.retain(|observed| observed.id == *id);
                Ok(found)
            }
            Self::Name(name) => {
                let mut found = with_retry(3, || cloud.find_named(kind, inputs)).await?;
                found.retain(|observed| {
                    let its = kind.unique_name(&observed.inputs).ok().flatten();
                    its.as_deref() == Some(name)
                });
                Ok(found)
            }
            Self::Token => with_retry(3, || cloud.made_with(kind, op)).await,
            Self::Tags => find_with_retry(cloud, kind, owner).await,
            Self::Here => Ok(made_here(kind, inputs, op).into_iter().collect()),
        }
    }

    /// `true` if something that was [found](Self::find) is the very resource of `owner`. `sent`: the call that makes it may
    /// have been executed, in this run or by an intent that an earlier run left open.
    pub(crate) fn is_ours(&self, owner: &Owner, observed: &Observed, sent: bool) -> bool {
        match self {
            Self::Id(_) | Self::Name(_) | Self::Tags => is_ours(owner, observed),
            Self::UntaggedId(_) => sent,
            Self::Token | Self::Here => true,
        }
    }
}

/// The resource that the operation `op` makes, of a type that no call of AWS's makes.
pub(crate) fn made_here(kind: &dyn ResourceType, inputs: &Value, op: &str) -> Option<Observed> {
    let outputs = kind.made_here(inputs, op).ok().flatten()?;
    Some(Observed {
        id: outputs["id"].as_str()?.to_owned(),
        status: Status::Ready,
        inputs: inputs.clone(),
        outputs,
    })
}

/// `true` if the tags of a resource prove that it is the owner's.
pub(crate) fn is_ours(owner: &Owner, observed: &Observed) -> bool {
    owner.owns(&tags(observed))
}

/// The tags of a resource.
pub(crate) fn tags(observed: &Observed) -> Tags {
    let tags = observed.inputs.get("tags");
    tags.and_then(|t| serde_json::from_value(t.clone()).ok())
        .unwrap_or_default()
}

/// The owner of a resource for people, from its tags: `` `web` of shop/prod ``. `None` when they do not name one.
pub(crate) fn owner_of(observed: &Observed) -> Option<String> {
    let tags = tags(observed);
    let stack = tags.0.get(Owner::STACK)?;
    Some(match tags.0.get(Owner::ADDRESS) {
        Some(address) => format!("`{address}` of {stack}"),
        None => stack.clone(),
    })
}

/// Why something is not made: its name or id is taken by what is not ours.
pub(crate) fn taken(unique: &str, observed: &Observed) -> String {
    let owner = match owner_of(observed) {
        Some(owner) => format!("belongs to {owner}"),
        None => "does not carry this stack's ownership tags".into(),
    };
    format!(
        "`{unique}` exists already and {owner}; nothing was changed. Give the resource another name, or import that one: its id is `{}`",
        observed.id
    )
}

/// The record of a resource as it was read.
///
/// `begun` is the record of the create call that may have made it. With it, the resource still has its later calls and its
/// wait before it, and fields that AWS does not give back are unset where that is possible: nobody can say whether they
/// arrived, and unset they are set again. Without it, they are at their defaults.
pub(crate) fn record_from(
    kind: &'static dyn ResourceType,
    key: RecordKey,
    observed: &Observed,
    begun: Option<&Record>,
) -> Record {
    let outputs = match observed.status {
        Status::Ready | Status::Stopped(_) | Status::Impaired(_) => observed.outputs.clone(),
        Status::Pending(_) | Status::Leaving(_) | Status::Failed(_) => json!({ "id": observed.id }),
    };
    let phase = match observed.status {
        _ if begun.is_some() && !kind.is_local() => Phase::Creating,
        // Its status is read again by the next refresh, and decided on there.
        Status::Ready | Status::Stopped(_) | Status::Impaired(_) | Status::Failed(_) => Phase::Ready,
        Status::Pending(_) => Phase::Creating,
        Status::Leaving(_) => Phase::Deleting,
    };
    // A call that sets everything at once arrived as a whole.
    let sent = begun.filter(|_| kind.repeats_request());
    let mut inputs = sent.map_or_else(|| observed.inputs.clone(), |begun| begun.inputs.clone());
    for field in kind.fields().iter().filter(|f| f.write_only && sent.is_none()) {
        match (begun, field.default) {
            (Some(_), _) if field.optional => inputs[field.name] = Value::Null,
            (Some(begun), _) => inputs[field.name] = begun.inputs[field.name].clone(),
            (None, Some(default)) => inputs[field.name] = default(),
            (None, None) if field.optional => inputs[field.name] = Value::Null,
            (None, None) => {}
        }
    }
    Record {
        address: key.address,
        kind: kind.name().into(),
        generation: key.generation,
        id: Some(observed.id.clone()),
        inputs,
        outputs,
        dependencies: begun.map(|b| b.dependencies.clone()).unwrap_or_default(),
        phase,
        declared: begun.and_then(|b| b.declared.clone()),
        unmarked: false,
        options: begun.map(|b| b.options.clone()).unwrap_or_default(),
        place: begun.map(|b| b.place.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_resources::registry;

    /// With neither an id, a name, a token nor tags, nothing could ever tell what a lost create call made.
    #[test]
    fn no_type_is_without_a_way_to_find_what_it_made() {
        let mut named = vec![];
        for kind in registry::TYPES {
            let [sample, _] = kind.samples();
            match Recovery::of(*kind, &sample) {
                Recovery::Name(_) => named.push(kind.name()),
                Recovery::Tags => assert!(kind.taggable(), "{}", kind.name()),
                Recovery::Id(_) | Recovery::UntaggedId(_) | Recovery::Token | Recovery::Here => {}
            }
        }
        named.sort_unstable();
        assert_eq!(
            named,
            [
                "ec2.key_pair",
                "ec2.launch_template",
                "ec2.security_group",
                "elb.load_balancer",
                "elb.target_group",
                "iam.managed_policy",
                "sns.topic",
                "sqs.queue"
            ]
        );
    }
}
