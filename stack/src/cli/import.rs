//! `import`: takes up a resource that exists, at an address where it is declared.

use super::{connect::Connected, session::Session};
use crate::{
    error::{CliError, exit},
    ui::WHEN_RIGHT,
};
use tenon_planner::{
    Declared, Options, Plan, adopt, lookups,
    refresh::{Refreshed, unrefreshed},
    render::{self, clean},
};
use tenon_resources::cloud::Caller;
use tenon_state::{Record, State, StateWrite};

/// Record an existing AWS resource at the address where it is declared
///
/// The plan for it is shown first, and nothing is changed in AWS. Example: `import network/vpc vpc-0a1b2c3d4e5f67890`.
#[derive(clap::Args, Debug)]
pub(super) struct Import {
    /// Address at which the stack declares it
    address: String,
    /// AWS id of the resource, such as `vpc-0a1b2c3d4e5f67890`
    id: String,
    /// Let the next apply give it the ownership tags of the stack, by which a lost state finds it again
    #[arg(long)]
    mark: bool,
    /// Record it without asking for approval
    #[arg(long, short)]
    yes: bool,
}

pub(super) async fn run(session: &Session<'_>, args: &Import) -> Result<u8, CliError> {
    let (ui, address) = (&session.ui, &args.address);
    let declared = session.declared()?;
    let state = session.state().await?;
    let Connected { cloud, caller } = session.connect_for(&state, &declared).await?;
    let record = adopt::import(&*cloud, &declared, &caller, &state, address, &args.id, args.mark).await?;
    let found = lookups::look_up(&*cloud, &declared, &caller).await?;
    let plan = preview(&declared, &caller, (&state, &record), found)?.only(address);
    if ui.json {
        ui.json_data(&record)?;
    } else {
        ui.data(&render::text(&plan, &ui.out()))?;
    }
    if plan.decisions.iter().any(|d| d.action.replaces()) {
        ui.warn(&format!(
            "{} is declared differently, and the next apply will replace {}: change the declaration if that is not intended",
            clean(address),
            clean(&args.id)
        ));
    }
    if !args.yes && !ui.confirm(&format!("Record {} as {}?", args.id, args.address), WHEN_RIGHT)? {
        return Err(CliError::failed("not imported: nothing was changed"));
    }
    record_it(session, &state, &caller, record).await?;
    ui.note(&format!(
        "{} is now recorded at {}; nothing in the cloud was changed",
        clean(&args.id),
        clean(address)
    ));
    Ok(exit::DONE)
}

/// The plan of the next apply, had `record` been recorded.
fn preview(
    declared: &Declared,
    caller: &Caller,
    (state, record): (&State, &Record),
    found: Vec<lookups::Found>,
) -> Result<Plan, CliError> {
    let mut with = state.clone();
    with.insert(record.clone());
    let options = Options {
        // The plan is only shown: an apply asks for consent by itself.
        consent: vec!["*".into()],
        ..Options::default()
    };
    let seen = Refreshed {
        lookups: found,
        ..unrefreshed(&with)
    };
    Ok(tenon_planner::plan(declared, &seen, caller, &options)?)
}

async fn record_it(
    session: &Session<'_>,
    previewed: &State,
    caller: &Caller,
    record: Record,
) -> Result<(), CliError> {
    let store = session.open("import").await?;
    let now = store.state();
    if now.records != previewed.records {
        drop(now);
        store.close().await?;
        return Err(
            CliError::failed("the state was changed by another run meanwhile; nothing was recorded")
                .hint("run it again to start from the newest state"),
        );
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
