//! Families of environments: their limit, and the expiry of their members.

use super::{
    backend::environments_with_state,
    deployment::Deployment,
    options::{Env, Global},
    session::Session,
    time::{from_now, now_ms},
};
use crate::error::CliError;
use tenon_state::{State, StateWrite, Store};

/// Refuses the first apply of a family's member while as many members have resources as the family may have.
///
/// # Errors
/// There is no room, or the states of the others cannot be read.
pub(super) async fn require_room(session: &Session<'_>, state: &State) -> Result<(), CliError> {
    let Deployment { env, .. } = &session.deployment;
    let Some((family, limit)) = env
        .family
        .as_ref()
        .and_then(|family| Some((family, family.limit?)))
    else {
        return Ok(());
    };
    if !state.records.is_empty() {
        return Ok(());
    }
    let mut members = vec![];
    for name in environments_with_state(&session.deployment, &session.aws).await? {
        if name == env.name || !family.has(&name) {
            continue;
        }
        let global = of_environment(session.deployment.global, &name);
        let other = Session::new(session.deployment.stack, &global, session.ui).await?;
        let state = other.state().await?;
        if !state.records.is_empty() {
            members.push((state.expires_ms, name));
        }
    }
    if members.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
        return Ok(());
    }
    members.sort_by_key(|(expires, _)| expires.unwrap_or(u64::MAX));
    let pattern = &family.pattern;
    let error = CliError::failed(format!(
        "`{}` has {} environments `{pattern}`, and may have {limit}: nothing was created for `{}`",
        session.deployment.stack.name,
        members.len(),
        env.name
    ));
    let first = members.first().map(|(expires, name)| match expires {
        Some(at) => format!(
            "`--env {name} destroy` makes room: it expires first, {}",
            from_now(*at, now_ms())
        ),
        None => format!("`--env {name} destroy` makes room"),
    });
    Err(error
        .hint(first.unwrap_or_default())
        .hint("`environments` lists them all"))
}

/// The flags of every command, for another environment.
pub(super) fn of_environment(global: &Global, name: &str) -> Global {
    Global {
        env: Some(name.to_owned()),
        ..global.clone()
    }
}

/// Extends the expiry of an environment that has one, from now on, and takes it from one that has none any more. An expiry
/// that is later already stays.
///
/// # Errors
/// The state cannot be written.
pub(super) async fn extend_expiry(env: &Env, store: &Store) -> Result<(), CliError> {
    let recorded = store.state().expires_ms;
    let until = env
        .expires_after_s
        .map(|after| now_ms().saturating_add(after.saturating_mul(1000)));
    let at_ms = until.map(|until| recorded.map_or(until, |recorded| recorded.max(until)));
    if at_ms != recorded {
        store.record(vec![StateWrite::Expires { at_ms }]).await?;
    }
    Ok(())
}
