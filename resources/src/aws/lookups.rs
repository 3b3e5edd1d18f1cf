//! Lookups, as [`Aws`] reads them.

use super::{client::Aws, look_up::LookUp};
use crate::{
    cloud::{CallError, Candidate},
    lookup::{Erased, each_lookup},
    resource::LookupKind,
};
use futures::future::BoxFuture;
use serde_json::Value;

/// Candidates on their way.
pub(super) type CandidatesFuture<'a> = BoxFuture<'a, Result<Vec<Candidate>, CallError>>;

/// The half of a kind of lookup that needs the SDK.
trait Reads: Sync {
    fn name(&self) -> &'static str;
    fn candidates<'a>(&self, aws: &'a Aws, query: &Value) -> CandidatesFuture<'a>;
}

impl<L: LookUp> Reads for Erased<L> {
    fn name(&self) -> &'static str {
        L::KIND
    }
    fn candidates<'a>(&self, aws: &'a Aws, query: &Value) -> CandidatesFuture<'a> {
        let typed = Self::typed(query);
        Box::pin(async move {
            let unsendable = |why: String| CallError::refused("lookup", L::KIND, CallError::UNSENDABLE, why);
            let lookup = typed.map_err(unsendable)?;
            lookup.candidates(aws).await
        })
    }
}

macro_rules! readers {
    ($($t:ty,)*) => {
        /// Every kind of lookup.
        static READERS: &[&dyn Reads] = &[$(&Erased::<$t>::NEW),*];
    };
}

each_lookup!(readers);

/// Reads what a query of this kind may mean.
pub(super) async fn candidates(
    aws: &Aws,
    kind: &dyn LookupKind,
    query: &Value,
) -> Result<Vec<Candidate>, CallError> {
    let reader = READERS.iter().find(|reader| reader.name() == kind.name());
    let Some(reader) = reader else {
        let why = "this version does not know such lookups";
        return Err(CallError::refused(
            "lookup",
            kind.name(),
            CallError::UNSENDABLE,
            why,
        ));
    };
    reader.candidates(aws, query).await
}
