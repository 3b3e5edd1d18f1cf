//! `approve`: signs the digest of a saved plan.

use super::{output, session::saved_plan};
use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use std::path::PathBuf;
use tenon_review::approval::{ApprovalError, NAMESPACE, Statement};

/// Approve a saved plan: sign its digest, serial, account and the approval's end with an SSH key
///
/// Nothing is read from AWS or from the state. Show the plan first: `show FILE`. Example: `approve my.plan --key ~/.ssh/id_ed25519 --as
/// ada@example.com --out my.approval`, then `apply my.plan --digest HEX --approval my.approval`.
#[derive(clap::Args, Debug)]
pub(super) struct Approve {
    /// Saved plan, from `plan --out FILE`
    plan: PathBuf,
    /// Private key in OpenSSH's format, without a passphrase
    ///
    /// With a key that is encrypted, or is in an agent or a security key, sign what `--statement` prints.
    #[arg(long, value_name = "FILE", required_unless_present = "statement")]
    key: Option<PathBuf>,
    /// Name of the signer, as in the file of those who may approve
    #[arg(long = "as", value_name = "NAME")]
    name: String,
    /// Time for which the approval counts
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = period)]
    expires: jiff::SignedDuration,
    /// Write the approval to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the statement instead of signing it
    ///
    /// `ssh-keygen -Y sign -n tenon-approval -f KEY STATEMENT` signs it; the approval is the statement and then the signature.
    #[arg(long, conflicts_with = "key")]
    statement: bool,
}

pub(super) fn period(text: &str) -> Result<jiff::SignedDuration, String> {
    let parsed = text.parse::<jiff::SignedDuration>().ok();
    let within = parsed.filter(|d| d.is_positive() && *d <= jiff::SignedDuration::from_hours(24 * 31));
    within.ok_or_else(|| "expected a time of at most 31 days, such as `8h` or `72h`".into())
}

pub(super) fn run(ui: &Ui, args: &Approve) -> Result<u8, CliError> {
    let saved = saved_plan(&args.plan)?;
    let plan = saved.unverified();
    let now = jiff::Timestamp::now();
    let expires = now
        .checked_add(args.expires)
        .map_err(|e| CliError::usage("there is no such time").because(e))?;
    // Whole seconds, as people write them.
    let expires = jiff::Timestamp::from_second(expires.as_second()).unwrap_or(expires);
    let statement = Statement::new(plan, &args.name, expires);
    let Some(path) = &args.key else {
        ui.data(&statement.line())?;
        return Ok(exit::DONE);
    };
    let key = std::fs::read_to_string(path).map_err(|e| CliError::file("read the key", path, e))?;
    let signed = statement.sign(&key).and_then(|approval| approval.to_text());
    let text = signed.map_err(|e| match e {
        ApprovalError::Key(_) => CliError::usage(e).hint(format!(
            "write the statement (`--statement`) to a file and sign that: `ssh-keygen -Y sign -n {NAMESPACE} -f KEY FILE`"
        )),
        other => CliError::failed(other),
    })?;
    match &args.out {
        Some(out) => {
            output::file(out, &text).map_err(|e| CliError::file("write the approval to", out, e))?;
            ui.note(&format!(
                "{} approves plan {} of {}/{} at serial {} until {expires}",
                args.name, plan.digest, plan.stack, plan.env, plan.serial
            ));
        }
        None => ui.data(&text)?,
    }
    Ok(exit::DONE)
}
