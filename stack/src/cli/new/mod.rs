//! `new`: makes the crate of a stack, and the workflows of a team.

mod workflows;

use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tenon_resources::declaration::ENGINE;

/// Make the crate of a new stack: a network and a service, which can be planned in the sandbox at once
///
/// Example: `tenon new shop`, then in the folder `shop`: `tenon --env local plan`.
#[derive(clap::Args, Debug)]
pub(super) struct New {
    /// Name of the stack and of its crate
    #[arg(value_parser = crate_name, required_unless_present = "workflows")]
    name: Option<String>,
    /// Folder to make it in [default: the name]
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
    /// Take the language from this checkout of Tenon, or from this git repository, instead of crates.io
    ///
    /// `URL#REVISION` is a commit of the repository. Example: `--source ../tenon`.
    #[arg(long, value_name = "PATH|GIT")]
    source: Option<String>,
    /// Write workflows of GitHub Actions as well: review, apply, drift, sweep; without a name, into the current folder
    ///
    /// Files that are there and differ are left as they are.
    #[arg(long)]
    workflows: bool,
}

/// The files of a crate: path, and contents.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("template/Cargo.toml.txt")),
    ("src/main.rs", include_str!("template/main.rs.txt")),
    ("README.md", include_str!("template/README.md.txt")),
    (".gitignore", include_str!("template/gitignore.txt")),
];

pub(super) fn run(ui: &Ui, args: &New) -> Result<u8, CliError> {
    let folder = match (&args.path, &args.name) {
        (Some(path), _) => path.clone(),
        (None, Some(name)) => name.into(),
        (None, None) => PathBuf::from("."),
    };
    if let Some(name) = &args.name {
        make(args, name, &folder)?;
        ui.note(&format!("the stack `{name}` is in {}", folder.display()));
        ui.talk(&format!("  cd {} && tenon --env local plan", folder.display()));
    }
    if args.workflows {
        workflows::write(ui, &folder, args.source.as_deref())?;
    }
    Ok(exit::DONE)
}

/// Makes the crate.
fn make(args: &New, name: &str, folder: &Path) -> Result<(), CliError> {
    let source = args
        .source
        .as_deref()
        .map_or_else(|| Ok(format!("version = \"={ENGINE}\"")), source)?;
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let what = format!(
            "the folder {} is not empty, and nothing was written",
            folder.display()
        );
        return Err(CliError::usage(what).hint("choose another with `--path FOLDER`"));
    }
    for (path, text) in FILES {
        let text = text.replace("{name}", name).replace("{source}", &source);
        let path = folder.join(path);
        write(&path, &text).map_err(|e| CliError::file("write", &path, e))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// The part of a dependency that says where it comes from.
fn source(source: &str) -> Result<String, CliError> {
    if source.contains("://") || source.starts_with("git@") {
        let (url, revision) = source
            .split_once('#')
            .map_or((source, None), |(url, r)| (url, Some(r)));
        let revision = revision.map(|r| format!(", rev = {r:?}")).unwrap_or_default();
        return Ok(format!("git = {url:?}{revision}"));
    }
    let language = Path::new(source).join("stack/language");
    let found = language
        .canonicalize()
        .ok()
        .filter(|f| f.join("Cargo.toml").exists());
    match found.as_deref().and_then(Path::to_str) {
        Some(path) => Ok(format!("path = {path:?}")),
        None => Err(CliError::usage(format!(
            "{source} is no checkout of Tenon: it has no stack/language/Cargo.toml"
        ))
        .hint("name the folder of the checkout, or a git URL such as `https://example.com/tenon.git`")),
    }
}

/// A name that is one of a crate, of a stack, and of what AWS makes names of resources from.
fn crate_name(name: &str) -> Result<String, String> {
    let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    if begins && name.len() <= 32 && !name.ends_with('-') && name.chars().all(ok) && name != "tenon" {
        Ok(name.into())
    } else {
        Err("expected up to 32 lower-case letters, digits and hyphens, beginning with a letter; and not `tenon`".into())
    }
}
