//! The sandbox as it is seen from other accounts and regions, and what is unique in all of them.

use super::Sandbox;
use std::sync::Arc;
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Request},
    declaration::Place,
};

impl Sandbox {
    /// The same sandbox as it is seen from another account or region, for tests that change something there.
    ///
    /// # Panics
    /// The folder that keeps its contents cannot be used.
    #[must_use]
    pub fn at_place(&self, place: &Place) -> Self {
        let worlds = Arc::clone(&self.worlds);
        match Self::of(worlds, self.config, self.started, self.at.moved(place)) {
            Ok(there) => there,
            Err(why) => panic!("the sandbox cannot be used: {why}"),
        }
    }

    /// Refuses to make a bucket whose name another region or account has: names of buckets are unique everywhere.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
    pub(super) fn name_is_free_elsewhere(&self, request: &Request<'_>) -> Result<(), CallError> {
        let ("s3.bucket", Effect::Create, Some(id)) = (request.kind.name(), request.effect, request.id)
        else {
            return Ok(());
        };
        let key = ("s3.bucket".to_owned(), id.to_owned());
        let holders = self.worlds.each(|contents| {
            let held = contents.objects.get(&key);
            let held = held.is_some_and(|o| !o.gone(self.now_ms(contents)));
            (held && contents.at != self.at).then(|| contents.at.account.clone())
        });
        let Some(holder) = holders.into_iter().flatten().next() else {
            return Ok(());
        };
        let code = if holder == self.at.account {
            "BucketAlreadyOwnedByYou"
        } else {
            "BucketAlreadyExists"
        };
        Err(CallError::refused(
            request.service,
            request.operation,
            code,
            format!("the bucket `{id}` exists in another region or account"),
        ))
    }
}
