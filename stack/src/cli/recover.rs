//! `recover`: rebuilds a lost state from ownership tags.

use super::session::{Connected, Session};
use crate::error::{CliError, Kind, exit};
use std::sync::Arc;
use tenon_planner::{
    recover::{Doubt, Recovered},
    render::{Paint, Sigil, clean, count},
};
use tenon_state::{Backup, Holder, Phase, Record, Salvage, Settings, State, Store, salvage};

/// Rebuild a lost state from what carries this stack's tags
#[derive(clap::Args, Debug)]
pub(super) struct Recover {
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Add what is missing to the state that is there
    #[arg(long)]
    merge: bool,
}

/// What stands where the recovered state is to be.
struct Place {
    /// What is kept of it.
    state: State,
    found: Salvage,
}

impl Place {
    /// Looks at what is there, and refuses to rebuild what is not lost.
    async fn look(session: &Session<'_>, merge: bool) -> Result<Self, CliError> {
        let mut found = salvage(&*session.backend).await;
        if let Some(at) = found.problems.iter().position(|p| !p.is_damage()) {
            return Err(found.problems.swap_remove(at).into());
        }
        let identity = session.identity();
        let empty = || State::new(&identity, String::new());
        let state = found.state.clone().unwrap_or_else(empty);
        state.expect_identity(&identity, &session.backend.location())?;
        if merge || state.records.is_empty() {
            return Ok(Self { state, found });
        }
        let has = count(state.records.len(), "resource");
        Err(if found.problems.is_empty() {
            let what = format!("{} has a state, with {has}; nothing was lost", session.title());
            CliError::failed(what)
                .hint("`recover --merge` looks for resources that it lacks, and keeps what is recorded")
        } else {
            let what = format!(
                "the state of {} is damaged, but {has} can be read",
                session.title()
            );
            CliError::new(Kind::State, what)
                .hint("`state repair` keeps those; `recover --merge` also looks for what is missing")
        })
    }

    /// Whether what is there must make way: it cannot be opened as it is.
    fn is_broken(&self) -> bool {
        !self.found.problems.is_empty()
    }
}

pub(super) async fn run(session: &Session<'_>, args: &Recover) -> Result<u8, CliError> {
    let ui = &session.ui;
    let declared = session.declared()?;
    let place = Place::look(session, args.merge).await?;
    let Connected { cloud, caller } = session.connect(&place.state).await?;
    for problem in &place.found.problems {
        ui.warn(&problem.to_string());
    }
    let found = tenon_planner::recover::recover(&*cloud, &declared, &caller, &place.state).await?;
    if ui.json {
        ui.json_data(&found)?;
    } else {
        show(session, &found)?;
    }
    if found.is_empty() && !place.is_broken() {
        ui.note(&format!(
            "nothing is missing: all that was found of {} is recorded",
            session.title()
        ));
        return Ok(exit::DONE);
    }
    if !args.yes && !approved(session, &found)? {
        return Err(CliError::failed("not recorded: the state is as it was"));
    }
    let (store, aside) = open(session, place, &found, &caller).await?;
    store.close().await?;
    for place in &aside.locations {
        ui.note(&format!("what was there before is now in {place}"));
    }
    ui.note(&format!(
        "recorded {}; `plan` shows what differs from the program",
        count(found.records.len(), "resource")
    ));
    Ok(exit::DONE)
}

/// Records what was found, in the state that is there or in one that takes its place.
async fn open(
    session: &Session<'_>,
    place: Place,
    found: &Recovered,
    caller: &tenon_resources::cloud::Caller,
) -> Result<(Store, Backup), CliError> {
    if place.is_broken() {
        let mut state = place.state;
        state.account.clone_from(&caller.account);
        state.region.clone_from(&caller.region);
        state.outputs.clone_from(&found.outputs);
        let records = found.records.iter().map(|r| (r.key(), r.clone().into()));
        state.records.extend(records);
        let backend = Arc::clone(&session.backend);
        let (holder, open) = (Holder::here("recover")?, place.found.open_intents);
        return Ok(Store::replace(backend, holder, state, open, Settings::default()).await?);
    }
    let store = session.open("recover").await?;
    let now = store.state();
    if now.records != place.state.records || now.serial != place.state.serial {
        drop(now);
        store.close().await?;
        return Err(CliError::failed(
            "the state was changed by somebody else meanwhile; nothing was recorded",
        )
        .hint("run `recover` again: it begins from the newest state"));
    }
    store.record(found.changes(&now)).await?;
    Ok((store, Backup::default()))
}

fn approved(session: &Session<'_>, found: &Recovered) -> Result<bool, CliError> {
    let ui = &session.ui;
    if !ui.can_ask() {
        return Err(CliError::usage(
            "nobody can be asked here, because standard input is no terminal; nothing was recorded",
        )
        .hint("when what is shown is right, say `--yes`"));
    }
    let resources = count(found.records.len(), "resource");
    let answer = ui.ask(&format!("Record {resources} as {}? [y/N]", session.title()))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// What would be recorded, and what would not.
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
                format!("exists, and nothing shows that it is ours: `import {address} {ids}`, if it is")
            }
            Doubt::SameTags => "carry the same mark: take its tags off those that are not ours".into(),
        };
        lines.push(paint.warn(&clean(&format!("! {address}  {kind}  {ids}  {why}"))));
    }
    if !lines.is_empty() {
        ui.data(&lines.join("\n"))?;
    }
    if !found.unread.is_empty() {
        let kinds: Vec<_> = found.unread.iter().map(|u| u.kind.as_str()).collect();
        ui.warn(&format!(
            "not searched, though nothing of these types is declared: {} ({})",
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
