//! Clouds that stand before another one.

use crate::{
    cloud::{
        AlarmState, CallError, Caller, Candidate, Cloud, LogPage, LogQuery, Observed, Progress, Reply,
        Request, Trace,
    },
    declaration::Place,
    resource::{LookupKind, ResourceType},
    value::{Owner, SecretSource},
};
use serde_json::Value;
use std::sync::Arc;

/// A cloud that asks [another one](Self::to) everything that it does not answer itself: whoever implements this writes the methods that
/// differ, and is a [`Cloud`].
///
/// Another account or region is that of the other cloud, with nothing before it, unless [`at`](Self::at) is written, too.
#[async_trait::async_trait]
pub trait Forward: Send + Sync {
    /// The cloud that it stands before.
    fn to(&self) -> &dyn Cloud;

    /// See [`Cloud::caller`].
    async fn caller(&self) -> Result<Caller, CallError> {
        self.to().caller().await
    }

    /// See [`Cloud::at`].
    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        self.to().at(place).await
    }

    /// See [`Cloud::send`].
    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        self.to().send(request).await
    }

    /// See [`Cloud::progress`].
    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        self.to().progress(kind, handle).await
    }

    /// See [`Cloud::read`].
    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.to().read(kind, ids).await
    }

    /// See [`Cloud::find`].
    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        self.to().find(kind, owner).await
    }

    /// See [`Cloud::find_named`].
    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        self.to().find_named(kind, inputs).await
    }

    /// See [`Cloud::made_with`].
    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        self.to().made_with(kind, token).await
    }

    /// See [`Cloud::parts`].
    async fn parts(
        &self,
        kind: &'static dyn ResourceType,
        of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        self.to().parts(kind, of).await
    }

    /// See [`Cloud::look_up`].
    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        self.to().look_up(kind, query).await
    }

    /// See [`Cloud::log_events`].
    async fn log_events(&self, query: &LogQuery<'_>) -> Result<LogPage, CallError> {
        self.to().log_events(query).await
    }

    /// See [`Cloud::alarm_state`].
    async fn alarm_state(&self, name: &str) -> Result<Option<AlarmState>, CallError> {
        self.to().alarm_state(name).await
    }

    /// See [`Cloud::traces`].
    async fn traces(&self, kind: &'static dyn ResourceType, id: &str) -> Result<Vec<Trace>, CallError> {
        self.to().traces(kind, id).await
    }

    /// See [`Cloud::secret`].
    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        self.to().secret(source).await
    }
}

#[async_trait::async_trait]
impl<F: Forward> Cloud for F {
    async fn caller(&self) -> Result<Caller, CallError> {
        Forward::caller(self).await
    }

    async fn at(&self, place: &Place) -> Result<Arc<dyn Cloud>, CallError> {
        Forward::at(self, place).await
    }

    async fn send(&self, request: Request<'_>) -> Result<Reply, CallError> {
        Forward::send(self, request).await
    }

    async fn progress(&self, kind: &'static dyn ResourceType, handle: &str) -> Result<Progress, CallError> {
        Forward::progress(self, kind, handle).await
    }

    async fn read(
        &self,
        kind: &'static dyn ResourceType,
        ids: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Forward::read(self, kind, ids).await
    }

    async fn find(&self, kind: &'static dyn ResourceType, owner: &Owner) -> Result<Vec<Observed>, CallError> {
        Forward::find(self, kind, owner).await
    }

    async fn find_named(
        &self,
        kind: &'static dyn ResourceType,
        inputs: &Value,
    ) -> Result<Vec<Observed>, CallError> {
        Forward::find_named(self, kind, inputs).await
    }

    async fn made_with(
        &self,
        kind: &'static dyn ResourceType,
        token: &str,
    ) -> Result<Vec<Observed>, CallError> {
        Forward::made_with(self, kind, token).await
    }

    async fn parts(
        &self,
        kind: &'static dyn ResourceType,
        of: &[String],
    ) -> Result<Vec<Observed>, CallError> {
        Forward::parts(self, kind, of).await
    }

    async fn look_up(
        &self,
        kind: &'static dyn LookupKind,
        query: &Value,
    ) -> Result<Vec<Candidate>, CallError> {
        Forward::look_up(self, kind, query).await
    }

    async fn log_events(&self, query: &LogQuery<'_>) -> Result<LogPage, CallError> {
        Forward::log_events(self, query).await
    }

    async fn alarm_state(&self, name: &str) -> Result<Option<AlarmState>, CallError> {
        Forward::alarm_state(self, name).await
    }

    async fn traces(&self, kind: &'static dyn ResourceType, id: &str) -> Result<Vec<Trace>, CallError> {
        Forward::traces(self, kind, id).await
    }

    async fn secret(&self, source: &SecretSource) -> Result<String, CallError> {
        Forward::secret(self, source).await
    }
}
