//! `add`: a file of Rust for a type of CloudFormation, in the stack's own crate.

use crate::{
    error::{CliError, exit},
    typed,
    ui::Ui,
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use tenon_resources::cfn;

/// Write a file of Rust for a CloudFormation type into the crate of a stack
///
/// The file has setters with AWS's documentation, and typed references. Example: `add AWS::SQS::Queue`, then
/// `aws::sqs_queue::Queue::new()` in the stack. Without a file, a stack declares any type with
/// `cfn::Resource::new("AWS::SQS::Queue", json!({ … }))`.
#[derive(clap::Args, Debug)]
pub(super) struct Add {
    /// Types, such as `AWS::SQS::Queue`
    #[arg(value_name = "TYPE", required_unless_present = "list")]
    kinds: Vec<String>,
    /// List the types whose names contain this word
    #[arg(long, value_name = "WORD", conflicts_with = "kinds")]
    list: Option<String>,
    /// Write files anew that exist
    #[arg(long, conflicts_with = "check")]
    update: bool,
    /// Write nothing; exit with 2 if a file is not what would be written
    #[arg(long)]
    check: bool,
    /// Folder of the crate
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    to: PathBuf,
}

pub(super) fn run(ui: &Ui, args: &Add) -> Result<u8, CliError> {
    if let Some(word) = &args.list {
        let word = word.to_lowercase();
        let found: Vec<&str> = cfn::names()
            .filter(|name| name.to_lowercase().contains(&word))
            .collect();
        ui.data(&found.join("\n"))?;
        return Ok(exit::DONE);
    }
    let source = args.to.join("src");
    if !source.is_dir() {
        let error = CliError::usage(format!(
            "`{}` is no folder of a crate's sources",
            source.display()
        ));
        return Err(error.hint("run this in the folder of the stack's crate, or name that with `--to`"));
    }
    let mut differ = false;
    for kind in &args.kinds {
        let Some(schema) = cfn::of(kind).map(|kind| kind.schema) else {
            return Err(CliError::usage(format!("`{kind}` {}", cfn::no_such_type(kind))));
        };
        let file = source.join(typed::path(kind));
        let text = formatted(typed::file(schema));
        let there = fs::read_to_string(&file).ok();
        if args.check {
            if there.as_ref() != Some(&text) {
                differ = true;
                ui.talk(&format!(
                    "{} is not what `add {kind} --update` writes",
                    file.display()
                ));
            }
            continue;
        }
        if there.is_some() && !args.update {
            let error = CliError::usage(format!("{} exists", file.display()));
            return Err(error.hint("`--update` writes it anew, and your own changes in it are lost"));
        }
        write(&file, &text)
            .map_err(|why| CliError::failed(format!("{} cannot be written", file.display())).because(why))?;
        listed(&source, &typed::module(kind))
            .map_err(|why| CliError::failed("`src/aws/mod.rs` cannot be written").because(why))?;
        ui.talk(&format!(
            "{}: `mod aws;` in `main.rs` makes it `aws::{}`",
            file.display(),
            typed::module(kind)
        ));
    }
    Ok(if differ { exit::CHANGES } else { exit::DONE })
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text)
}

/// Names the module in `src/aws/mod.rs`.
fn listed(source: &Path, module: &str) -> std::io::Result<()> {
    let file = source.join("aws/mod.rs");
    let text = fs::read_to_string(&file)
        .unwrap_or_else(|_| "//! Resource types that `tenon add` has written.\n\n".into());
    let line = format!("pub mod {module};");
    if text.lines().any(|other| other == line) {
        return Ok(());
    }
    fs::write(file, formatted(format!("{text}{line}\n")))
}

/// The text as rustfmt has it, where there is one; a crate's own build does not need that.
fn formatted(text: String) -> String {
    let child = Command::new("rustfmt")
        .args(["--edition", "2024", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return text };
    let input = child.stdin.take();
    let sent = text.clone();
    let writer = std::thread::spawn(move || input.map(|mut input| input.write_all(sent.as_bytes())));
    let output = child.wait_with_output();
    drop(writer.join());
    match output {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).unwrap_or(text),
        _ => text,
    }
}
