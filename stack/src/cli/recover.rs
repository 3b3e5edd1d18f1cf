//! `recover`: rebuilds a lost state from ownership tags.

use super::{connect::Connected, session::Session};
use crate::{
    error::{CliError, Kind, exit},
    ui::WHEN_RIGHT,
};
use tenon_planner::{
    recover::{Doubt, Recovered},
    render::{Paint, Sigil, clean, count},
};
use tenon_state::{Backup, Holder, Phase, Record, Salvage, Settings, State, Store, salvage};

/// Rebuild a lost state from the resources tagged as this stack's
///
/// The resources that were found are shown first, and nothing is changed in AWS.
#[derive(clap::Args, Debug)]
pub(super) struct Recover {
    /// Record them without asking for approval
    #[arg(long, short)]
    yes: bool,
    /// Keep the existing state, and add resources that it lacks
    #[arg(long)]
    merge: bool,
}

/// The state that exists before a recovery, as far as it can be read.
struct ExistingState {
    /// The readable part, which is kept.
    state: State,
    found: Salvage,
}

impl ExistingState {
    /// Reads the state, and refuses to rebuild one that is not lost.
    async fn read(session: &Session<'_>, merge: bool) -> Result<Self, CliError> {
        let mut found = salvage(&*session.backend()).await;
        if let Some(at) = found.problems.iter().position(|p| !p.is_damage()) {
            return Err(found.problems.swap_remove(at).into());
        }
        let identity = session.identity();
        let empty = || State::new(&identity, String::new());
        let state = found.state.clone().unwrap_or_else(empty);
        state.expect_identity(&identity, &session.backend().location())?;
        if merge || state.records.is_empty() {
            return Ok(Self { state, found });
        }
        let has = count(state.records.len(), "resource");
        Err(if found.problems.is_empty() {
            let what = format!("{} has a state, with {has}; nothing was lost", session.title());
            CliError::failed(what)
                .hint("`recover --merge` keeps the state and searches for resources that it lacks")
        } else {
            let what = format!(
                "the state of {} is damaged, but {has} can be read",
                session.title()
            );
            CliError::new(Kind::State, what)
                .hint("`state repair` keeps those; `recover --merge` also searches for missing ones")
        })
    }

    /// `true` when the state cannot be opened as it is, so that a recovery replaces it.
    fn is_broken(&self) -> bool {
        !self.found.problems.is_empty()
    }
}

pub(super) async fn run(session: &Session<'_>, args: &Recover) -> Result<u8, CliError> {
    let ui = &session.ui;
    let declared = session.declared()?;
    let existing = ExistingState::read(session, args.merge).await?;
    let Connected { cloud, caller } = session.connect_for(&existing.state, &declared).await?;
    for problem in &existing.found.problems {
        ui.warn(&problem.to_string());
    }
    let found = tenon_planner::recover::recover(&*cloud, &declared, &caller, &existing.state).await?;
    if ui.json {
        ui.json_data(&found)?;
    } else {
        show(session, &found)?;
    }
    if found.is_empty() && !existing.is_broken() {
        ui.note(&format!(
            "nothing is missing: all resources found of {} are recorded",
            session.title()
        ));
        return Ok(exit::DONE);
    }
    let resources = count(found.records.len(), "resource");
    let question = format!("Record {resources} as {}?", session.title());
    if !args.yes && !ui.confirm(&question, WHEN_RIGHT)? {
        return Err(CliError::failed("not recorded: nothing was changed"));
    }
    let (store, aside) = open(session, existing, &found, &caller).await?;
    store.close().await?;
    for place in &aside.locations {
        ui.note(&format!("the previous state is kept in {place}"));
    }
    ui.note(&format!(
        "recorded {resources}; `plan` shows differences from the stack's code"
    ));
    Ok(exit::DONE)
}

/// Records what was found, in the state that is there or in one that takes its place.
async fn open(
    session: &Session<'_>,
    existing: ExistingState,
    found: &Recovered,
    caller: &tenon_resources::cloud::Caller,
) -> Result<(Store, Backup), CliError> {
    if existing.is_broken() {
        let mut state = existing.state;
        state.account.clone_from(&caller.account);
        state.region.clone_from(&caller.region);
        state.outputs.clone_from(&found.outputs);
        let records = found.records.iter().map(|r| (r.key(), r.clone().into()));
        state.records.extend(records);
        let backend = session.backend();
        let (holder, open) = (Holder::here("recover")?, existing.found.open_intents);
        return Ok(Store::replace(backend, holder, state, open, Settings::default()).await?);
    }
    let store = session.open("recover").await?;
    let now = store.state();
    if now.records != existing.state.records || now.serial != existing.state.serial {
        drop(now);
        store.close().await?;
        return Err(
            CliError::failed("the state was changed by another run meanwhile; nothing was recorded")
                .hint("run `recover` again to start from the newest state"),
        );
    }
    store.record(found.changes(&now)).await?;
    Ok((store, Backup::default()))
}

/// Shows the resources that would be recorded, and those that would not.
fn show(session: &Session<'_>, found: &Recovered) -> Result<(), CliError> {
    let (ui, paint) = (&session.ui, Paint::new(&session.ui.out()));
    let mut lines = records(paint, &found.records);
    for absent in &found.absent {
        let (address, kind, at) = (&absent.address, &absent.kind, &absent.declared);
        let text = format!("? {address}  {kind}  declared at {at}, and not found");
        lines.push(paint.dim(&clean(&text)));
    }
    for doubtful in &found.doubtful {
        let (address, kind, ids) = (&doubtful.address, &doubtful.kind, doubtful.ids.join(", "));
        let why = match doubtful.doubt {
            Doubt::Untagged => {
                format!("exists without ownership tags: `import {address} {ids}` if it is this stack's")
            }
            Doubt::SameTags => {
                "carry the same ownership tags: take those tags off the resources that are not ours".into()
            }
        };
        lines.push(paint.warn(&clean(&format!("! {address}  {kind}  {ids}  {why}"))));
    }
    if !lines.is_empty() {
        ui.data(&lines.join("\n"))?;
    }
    if !found.unread.is_empty() {
        let kinds: Vec<_> = found.unread.iter().map(|u| u.kind.as_str()).collect();
        ui.warn(&format!(
            "could not search for resources of types that the stack does not declare: {} ({})",
            kinds.join(", "),
            found.unread[0].why
        ));
    }
    Ok(())
}

/// A line for each record, and why it is more than a declared resource as it should be.
fn records(paint: Paint, records: &[Record]) -> Vec<String> {
    let width = |text: fn(&Record) -> &str| records.iter().map(|r| text(r).chars().count()).max();
    let addresses = width(|r| &r.address).unwrap_or_default();
    let kinds = width(|r| &r.kind).unwrap_or_default();
    let line = |r: &Record| {
        let id = r.id.as_deref().unwrap_or_default();
        let note = match (r.phase, &r.declared) {
            (Phase::Deposed, _) => "  (replaced, to be deleted)",
            (Phase::Deleting, _) => "  (being deleted)",
            (_, None) => "  (no longer declared)",
            (Phase::Creating, _) => "  (not ready yet)",
            (Phase::Ready, _) => "",
        };
        let (address, kind) = (clean(&r.address), clean(&r.kind));
        let text = format!("+ {address:addresses$}  {kind:kinds$}  {}{note}", clean(id));
        paint.sigil(Sigil::Add, &text)
    };
    records.iter().map(line).collect()
}
