//! `state`: the recorded resources, and corrections of them by hand.

use super::session::Session;
use crate::error::{CliError, exit};
use tenon_planner::{
    nearest,
    render::{Paint, clean, count, value_lines},
};
use tenon_state::{Record, State as Recorded, StateWrite};

/// List, show, rename or forget recorded resources; move, re-encrypt or repair the state
#[derive(clap::Args, Debug)]
pub(super) struct State {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// List the recorded resources
    List,
    /// Show the record of a resource: id, inputs, outputs, dependencies
    Show {
        /// Address of the resource, such as `network/vpc`
        address: String,
    },
    /// Rename a recorded resource, or all resources of a scope
    ///
    /// Nothing is changed in AWS. Rename it in the stack's code as well; `Scope::moved` there does both at once. Example:
    /// `state mv net network`.
    Mv {
        /// Recorded address of the resource or scope
        from: String,
        /// New address
        to: String,
    },
    /// Remove resources from the state; they continue to exist in AWS
    Rm {
        /// Addresses of the resources
        #[arg(required = true)]
        addresses: Vec<String>,
    },
    /// Move the state to another location; a backup of it stays at the old one
    ///
    /// Example: `state migrate s3://my-states/tenon`. Run the same command again if it was interrupted.
    Migrate(super::migrate::Migrate),
    /// Encrypt the state with another key, or decrypt it
    ///
    /// Example: `state rekey --new-kms-key alias/states`. Existing backups keep their old key.
    Rekey(super::rekey::Rekey),
    /// Replace a damaged state by its readable part; the damaged files are kept as a backup
    Repair {
        /// Repair without asking for approval
        #[arg(long, short)]
        yes: bool,
    },
}

pub(super) async fn run(session: &Session<'_>, args: &State) -> Result<u8, CliError> {
    match &args.what {
        What::List => list(session).await?,
        What::Show { address } => show(session, address).await?,
        What::Mv { from, to } => mv(session, from, to).await?,
        What::Rm { addresses } => rm(session, addresses).await?,
        What::Migrate(args) => super::migrate::run(session, args).await?,
        What::Rekey(args) => super::rekey::run(session, args).await?,
        What::Repair { yes } => super::repair::run(session, *yes).await?,
    }
    Ok(exit::DONE)
}

async fn list(session: &Session<'_>) -> Result<(), CliError> {
    let ui = &session.ui;
    match session.view().await? {
        Some(view) if ui.json => ui.json_data(&view.state.records.values().map(|r| &**r).collect::<Vec<_>>()),
        Some(view) if !view.state.records.is_empty() => {
            ui.data(&super::show::records(&view.state).join("\n"))
        }
        None if ui.json => ui.data("[]"),
        _ => {
            ui.note(&format!("nothing is recorded of {}", session.title()));
            Ok(())
        }
    }
}

async fn show(session: &Session<'_>, address: &str) -> Result<(), CliError> {
    let ui = &session.ui;
    let state = session.state().await?;
    let records: Vec<_> = state.at(address).collect();
    if records.is_empty() {
        return Err(absent(&state, address));
    }
    if ui.json {
        return ui.json_data(&records);
    }
    let paint = Paint::new(&ui.out());
    ui.data(
        &records
            .into_iter()
            .map(|r| one(paint, r))
            .collect::<Vec<_>>()
            .join("\n\n"),
    )
}

fn one(paint: Paint, record: &Record) -> String {
    let mut out = vec![format!(
        "{}  {}",
        paint.strong(&clean(&record.address)),
        clean(&record.kind)
    )];
    let facts = [
        ("id", record.id.clone().unwrap_or_else(|| "(none yet)".into())),
        ("phase", format!("{:?}", record.phase).to_lowercase()),
        ("generation", record.generation.to_string()),
        (
            "declared",
            record.declared.clone().unwrap_or_else(|| "(unknown)".into()),
        ),
        (
            "depends on",
            if record.dependencies.is_empty() {
                "nothing".into()
            } else {
                record.dependencies.join(", ")
            },
        ),
    ];
    let place = super::show::place(record).map(|place| ("in", place));
    out.extend(
        facts
            .into_iter()
            .chain(place)
            .map(|(name, fact)| format!("  {name:10}  {}", clean(&fact))),
    );
    for (title, value) in [("inputs", &record.inputs), ("outputs", &record.outputs)] {
        if value.as_object().is_some_and(|m| !m.is_empty()) {
            out.push(format!("  {title}"));
            out.extend(value_lines(value).into_iter().map(|line| format!("    {line}")));
        }
    }
    out.join("\n")
}

async fn mv(session: &Session<'_>, from: &str, to: &str) -> Result<(), CliError> {
    let store = session.open("state mv").await?;
    let state = store.state();
    let moved = moves(&state, from, to);
    let result = match moved {
        Ok(changes) => {
            store.record(changes).await?;
            Ok(())
        }
        Err(error) => Err(error),
    };
    drop(state);
    store.close().await?;
    result?;
    session.ui.note(&format!(
        "{from} is now recorded as {to}; rename it in the stack's code, too"
    ));
    Ok(())
}

/// The writes after which everything at or below `from` is at or below `to`.
fn moves(state: &Recorded, from: &str, to: &str) -> Result<Vec<StateWrite>, CliError> {
    let renamed = |address: &str| -> Option<String> {
        let rest = address.strip_prefix(from)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
    };
    let moving: Vec<_> = state
        .records
        .values()
        .filter_map(|r| Some((r, renamed(&r.address)?)))
        .collect();
    if moving.is_empty() {
        return Err(absent(state, from));
    }
    let sound = |a: &str| {
        !a.is_empty()
            && a.split('/').all(|p| !p.is_empty())
            && a.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c))
    };
    if !sound(to) {
        return Err(CliError::usage(format!(
            "`{to}` is not an address: it may have letters, digits, `-`, `_`, `.`, and `/` between names"
        )));
    }
    if let Some((_, taken)) = moving
        .iter()
        .find(|(_, new)| state.at(new).any(|r| renamed(&r.address).is_none()))
    {
        return Err(CliError::failed(format!(
            "`{taken}` is recorded already; move that away first"
        )));
    }
    let mut changes = vec![];
    for record in state.records.values() {
        let new = renamed(&record.address);
        let dependencies: Vec<_> = record
            .dependencies
            .iter()
            .map(|d| renamed(d).unwrap_or_else(|| d.clone()))
            .collect();
        if new.is_none() && dependencies == record.dependencies {
            continue;
        }
        if new.is_some() {
            changes.push(StateWrite::Remove {
                address: record.address.clone(),
                generation: record.generation,
            });
        }
        let address = new.unwrap_or_else(|| record.address.clone());
        changes.push(StateWrite::Put(Record {
            address,
            dependencies,
            ..Record::clone(record)
        }));
    }
    Ok(changes)
}

async fn rm(session: &Session<'_>, addresses: &[String]) -> Result<(), CliError> {
    let store = session.open("state rm").await?;
    let state = store.state();
    let absent_one = addresses.iter().find(|a| state.at(a).next().is_none());
    if let Some(address) = absent_one {
        let error = absent(&state, address);
        drop(state);
        store.close().await?;
        return Err(error);
    }
    let records: Vec<Record> = addresses.iter().flat_map(|a| state.at(a).cloned()).collect();
    drop(state);
    let changes = records.iter().map(|r| StateWrite::Remove {
        address: r.address.clone(),
        generation: r.generation,
    });
    store.record(changes.collect()).await?;
    store.close().await?;
    for record in &records {
        let id = record.id.as_deref().unwrap_or("without an id");
        session.ui.note(&format!(
            "removed {} ({} {id}) from the state; it still exists, and may still cost money",
            record.address, record.kind
        ));
    }
    Ok(())
}

fn absent(state: &Recorded, address: &str) -> CliError {
    let error = CliError::failed(format!("nothing is recorded at `{address}`"));
    match nearest(address, state.records.values().map(|r| r.address.as_str())) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!(
            "`state list` shows all {}",
            count(state.records.len(), "resource")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use tenon_state::{Identity, Phase};

    fn state(addresses: &[(&str, &[&str])]) -> Recorded {
        let mut state = Recorded::new(
            &Identity {
                stack: "s".into(),
                env: "e".into(),
            },
            "0".repeat(32),
        );
        for (address, dependencies) in addresses {
            let record = Record {
                address: (*address).into(),
                kind: "ec2.vpc".into(),
                generation: 0,
                id: Some("vpc-1".into()),
                inputs: Value::Null,
                outputs: Value::Null,
                dependencies: dependencies.iter().map(|d| (*d).to_owned()).collect(),
                phase: Phase::Ready,
                declared: None,
                unmarked: false,
                options: Value::Null,
                place: Value::Null,
            };
            state.insert(record);
        }
        state
    }

    #[test]
    fn a_scope_moves_with_its_dependants() {
        let state = state(&[("net/vpc", &[]), ("network-old/vpc", &[]), ("web", &["net/vpc"])]);
        let changes = moves(&state, "net", "network").unwrap();
        let said: Vec<_> = changes
            .iter()
            .map(|c| match c {
                StateWrite::Put(r) => format!("{} {}", r.address, r.dependencies.join(",")),
                StateWrite::Remove { address, .. } => format!("-{address}"),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(said, ["-net/vpc", "network/vpc ", "web network/vpc"]);
    }

    #[test]
    fn what_is_there_is_not_overwritten() {
        let state = state(&[("a", &[]), ("b", &[])]);
        assert!(
            moves(&state, "a", "b")
                .unwrap_err()
                .message()
                .contains("recorded already")
        );
        assert!(
            moves(&state, "c", "d")
                .unwrap_err()
                .message()
                .contains("nothing is recorded")
        );
        assert!(
            moves(&state, "a", "x//y")
                .unwrap_err()
                .message()
                .contains("is not an address")
        );
    }
}
