//! Resource types with their Rust types erased, as [`Aws`] sends and reads them.

use super::{
    by::By,
    client::Aws,
    observe::{Observe, Seen},
    send::Sender,
};
use crate::{
    cloud::{CallError, Observed},
    erased::Erased,
    resource::InvalidInputs,
    value::Tags,
};
use futures::future::BoxFuture;
use serde_json::Value;

/// A read on its way.
pub(super) type ReadFuture<'a> = BoxFuture<'a, Result<Vec<Observed>, CallError>>;

/// The half of a resource type that needs the SDK.
pub(super) trait Readable: Sync {
    /// The type's name, such as `ec2.subnet`.
    fn name(&self) -> &'static str;
    /// The senders of its calls.
    fn senders(&self) -> &'static [Sender];
    /// Reads what is there.
    fn observe<'a>(&self, aws: &'a Aws, by: By<'a>) -> ReadFuture<'a>;
    /// Reads what has the [unique name](crate::resource::ResourceType::unique_name) in `inputs`, whoever made it.
    fn named<'a>(&self, aws: &'a Aws, inputs: &Value) -> ReadFuture<'a>;
    /// Reads those that are [inside](crate::resource::ResourceType::inside) of these, whoever made them; without what AWS itself puts
    /// there.
    fn parts<'a>(&self, aws: &'a Aws, of: &'a [String]) -> ReadFuture<'a>;
    /// Reads what the create call with this token made.
    fn made_with<'a>(&self, aws: &'a Aws, token: &'a str) -> ReadFuture<'a>;
}

impl<R: Observe> Readable for Erased<R> {
    fn name(&self) -> &'static str {
        R::TYPE
    }
    fn senders(&self) -> &'static [Sender] {
        R::SENDERS
    }
    fn observe<'a>(&self, aws: &'a Aws, by: By<'a>) -> ReadFuture<'a> {
        observe::<R>(aws, by)
    }
    fn named<'a>(&self, aws: &'a Aws, inputs: &Value) -> ReadFuture<'a> {
        named::<R>(aws, Self::typed(inputs))
    }
    fn parts<'a>(&self, aws: &'a Aws, of: &'a [String]) -> ReadFuture<'a> {
        parts::<R>(aws, of)
    }
    fn made_with<'a>(&self, aws: &'a Aws, token: &'a str) -> ReadFuture<'a> {
        made_with::<R>(aws, token)
    }
}

fn observe<'a, R: Observe>(aws: &'a Aws, by: By<'a>) -> ReadFuture<'a> {
    Box::pin(async move {
        let mut seen = plain(R::observe(aws, by).await?)?;
        if let By::Owner(owner) = by {
            seen.retain(|one| {
                let tags = one.inputs.get("tags");
                let tags: Option<Tags> = tags.and_then(|t| serde_json::from_value(t.clone()).ok());
                tags.is_some_and(|tags| owner.owns(&tags))
            });
        }
        Ok(seen)
    })
}

fn named<R: Observe>(aws: &Aws, wanted: Result<R, InvalidInputs>) -> ReadFuture<'_> {
    Box::pin(async move {
        let read = R::READ;
        let wanted = wanted.map_err(|e| {
            CallError::refused(read.service, read.operation, CallError::UNSENDABLE, e.to_string())
        })?;
        let ids = R::named(aws, &wanted).await?;
        if ids.is_empty() {
            return Ok(vec![]);
        }
        plain(R::observe(aws, By::Ids(&ids)).await?)
    })
}

fn parts<'a, R: Observe>(aws: &'a Aws, of: &'a [String]) -> ReadFuture<'a> {
    Box::pin(async move {
        let ids = R::parts(aws, of).await?;
        if ids.is_empty() {
            return Ok(vec![]);
        }
        plain(R::observe(aws, By::Ids(&ids)).await?)
    })
}

fn made_with<'a, R: Observe>(aws: &'a Aws, token: &'a str) -> ReadFuture<'a> {
    Box::pin(async move {
        let ids = R::made_with(aws, token).await?;
        if ids.is_empty() {
            return Ok(vec![]);
        }
        plain(R::observe(aws, By::Ids(&ids)).await?)
    })
}

/// Observations as plain data.
fn plain<R: Observe>(seen: Vec<Seen<R>>) -> Result<Vec<Observed>, CallError> {
    let broken = |e: serde_json::Error| {
        let read = R::READ;
        CallError::unknown(read.service, read.operation, CallError::GARBLED, e.to_string())
    };
    let plain = seen.into_iter().map(|one| {
        Ok(Observed {
            inputs: without_reserved_tags::<R>(serde_json::to_value(&one.inputs).map_err(broken)?),
            outputs: serde_json::to_value(&one.outputs).map_err(broken)?,
            id: one.id,
            status: one.status,
        })
    });
    plain.collect()
}

/// Inputs without tags that begin with `aws:`. AWS keeps these to itself: nobody but AWS can set or remove one, so they are
/// no difference to what a program declares.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
/// Where tags are set as a whole they must be sent back as they are, and so are known.
fn without_reserved_tags<R: Observe>(mut inputs: Value) -> Value {
    if !R::TAGGED_AS_A_WHOLE
        && let Some(Value::Object(tags)) = inputs.get_mut("tags")
    {
        tags.retain(|key, _| !key.starts_with(crate::value::RESERVED));
    }
    inputs
}
