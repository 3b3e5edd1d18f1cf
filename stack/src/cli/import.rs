//! `import`: takes up a resource that exists, at an address where it is declared.

use super::session::{Connected, Session};
use crate::error::{CliError, exit};
use tenon_planner::{
    Declared, Options, Plan, adopt,
    refresh::unrefreshed,
    render::{self, clean},
};
use tenon_resources::cloud::Caller;
use tenon_state::{Record, State, StateWrite};

/// Record a resource that exists already as one that is declared
#[derive(clap::Args, Debug)]
pub(super) struct Import {
    /// Where it is declared
    address: String,
    /// The id that AWS knows it by, such as `vpc-0a1b2c3d4e5f67890`; `explain TYPE` shows what ids look like
    id: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Import) -> Result<u8, CliError> {
    let (ui, address) = (&session.ui, &args.address);
    let declared = session.declared()?;
    let state = session.state().await?;
    let Connected { cloud, caller } = session.connect(&state).await?;
    let record = adopt::import(&*cloud, &declared, &caller, &state, address, &args.id).await?;
    let plan = preview(&declared, &caller, &state, &record)?.only(address);
    if ui.json {
        ui.json_data(&record)?;
    } else {
        ui.data(&render::text(&plan, &ui.out()))?;
    }
    if plan.decisions.iter().any(|d| d.action.replaces()) {
        ui.warn(&format!(
            "as {} is declared now, the next apply replaces {}: declare it as it is, unless that is what you want",
            clean(address),
            clean(&args.id)
        ));
    }
    if !args.yes && !approved(session, args)? {
        return Err(CliError::failed("not imported: the state is as it was"));
    }
    record_it(session, &state, &caller, record).await?;
    ui.note(&format!(
        "{} is now recorded at {}; nothing in the cloud was changed",
        clean(&args.id),
        clean(address)
    ));
    Ok(exit::DONE)
}

/// What the next apply would do, had it been recorded.
fn preview(declared: &Declared, caller: &Caller, state: &State, record: &Record) -> Result<Plan, CliError> {
    let mut with = state.clone();
    with.insert(record.clone());
    let options = Options {
        // It is only shown: whoever applies it is asked.
        consent: vec!["*".into()],
        ..Options::default()
    };
    Ok(tenon_planner::plan(
        declared,
        &unrefreshed(&with),
        caller,
        &options,
    )?)
}

fn approved(session: &Session<'_>, args: &Import) -> Result<bool, CliError> {
    let ui = &session.ui;
    if !ui.can_ask() {
        return Err(CliError::usage(
            "nobody can be asked here, because standard input is no terminal; nothing was recorded",
        )
        .hint("when what is shown is right, say `--yes`"));
    }
    let answer = ui.ask(&format!("Record {} as {}? [y/N]", args.id, args.address))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

async fn record_it(
    session: &Session<'_>,
    seen: &State,
    caller: &Caller,
    record: Record,
) -> Result<(), CliError> {
    let store = session.open("import").await?;
    let now = store.state();
    if now.records != seen.records {
        drop(now);
        store.close().await?;
        return Err(CliError::failed(
            "the state was changed by somebody else meanwhile; nothing was recorded",
        )
        .hint("run it again: it begins from the newest state"));
    }
    let mut changes = vec![];
    if (&now.account, &now.region) != (&caller.account, &caller.region) {
        let (account, region) = (caller.account.clone(), caller.region.clone());
        changes.push(StateWrite::Target { account, region });
    }
    changes.push(StateWrite::Put(record));
    drop(now);
    store.record(changes).await?;
    Ok(store.close().await?)
}
