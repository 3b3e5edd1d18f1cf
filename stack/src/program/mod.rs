//! The program of a stack: a crate that the tool builds, and asks for its declaration.
//!
//! The crate is somebody's code, and so are its dependencies: their build scripts and macros run while it is built. All of it
//! runs [apart from the tool](confine): without its environment variables, with an empty home, and, where the kernel has
//! Landlock, without the files and connections that it does not need.

mod build;
mod confine;
mod package;

use crate::{cli::Stack, error::CliError};
use confine::Confinement;
use package::Package;
use serde::de::DeserializeOwned;
use std::{fs, path::PathBuf, process::Stdio};
use tempfile::TempDir;
use tenon_language::{
    Given,
    protocol::{Description, Question},
};
use tenon_resources::declaration::{Document, DocumentError, ENGINE, FORMAT};

/// A stack's program, built.
pub(crate) struct Program {
    package: Package,
    executable: PathBuf,
    /// A folder for the program's home and its answers, removed with this value.
    folder: TempDir,
}

impl Program {
    /// Finds the crate that `wanted` names, or the one of the current folder, and builds it.
    ///
    /// # Errors
    /// There is no such crate, or it does not compile; the compiler has said why.
    pub(crate) fn build(wanted: Option<&str>) -> Result<Self, CliError> {
        let folder = tempfile::Builder::new()
            .prefix("tenon-")
            .tempdir()
            .map_err(|e| CliError::failed("could not create a temporary folder").because(e))?;
        let package = Package::find(wanted, folder.path())?;
        let executable = build::build(&package, folder.path())?;
        Ok(Self {
            package,
            executable,
            folder,
        })
    }

    /// The stack that it declares.
    ///
    /// # Errors
    /// The program does not answer, or was built with another version of the language.
    pub(crate) fn stack(self) -> Result<Stack<'static>, CliError> {
        let text = self.ask(&Question::Describe)?;
        let Description {
            stack, environments, ..
        } = read_description(&text)?;
        let folder = Some(self.package.folder.clone());
        let declare = move |env: &str, given: &Given| {
            let file = self.folder.path().join("given.json");
            let text = serde_json::to_string(given)
                .map_err(|e| CliError::failed("could not write the settings").because(e))?;
            fs::write(&file, text).map_err(|e| CliError::file("write", &file, e))?;
            let text = self.ask(&Question::Declare {
                environment: env.to_owned(),
                given: file,
            })?;
            Ok(Document::from_json(&text)?)
        };
        Ok(Stack {
            name: stack,
            environments,
            declare: Box::new(declare),
            folder,
        })
    }

    /// Runs the program with `question`, and returns the file that it writes.
    fn ask(&self, question: &Question) -> Result<String, CliError> {
        let file = self.folder.path().join("answer.json");
        let mut command = std::process::Command::new(&self.executable);
        command.args(question.args()).arg(&file).stdin(Stdio::null());
        let confinement = Confinement::to_run(&self.package, &self.executable, self.folder.path());
        let failed = |what: String| CliError::usage(what).hint("the program says above what it could not do");
        // What the program prints is not the tool's data, which is on standard output.
        command.stdout(std::io::stderr());
        let status = confinement
            .spawn(command, &self.package.folder)
            .and_then(|mut child| child.wait())
            .map_err(|e| CliError::file("run", &self.executable, e))?;
        if !status.success() {
            let name = &self.package.name;
            return Err(failed(format!("the program of `{name}` ended with {status}")));
        }
        let text = fs::read_to_string(&file).map_err(|e| {
            let name = &self.package.name;
            CliError::usage(format!("the program of `{name}` wrote no declaration"))
                .because(e)
                .hint("its `main` is to end with `tenon::run(STACK, program)`")
        })?;
        let _ = fs::remove_file(&file);
        Ok(text)
    }
}

fn read_description(text: &str) -> Result<Description, CliError> {
    /// The part that every version writes.
    #[derive(serde::Deserialize)]
    struct Head {
        format: u64,
        engine: String,
    }
    fn read<T: DeserializeOwned>(text: &str) -> Result<T, DocumentError> {
        serde_json::from_str(text).map_err(|e| DocumentError::Unreadable(e.to_string()))
    }
    let Head { format, engine } = read(text)?;
    match () {
        () if format != FORMAT => Err(DocumentError::Format { found: format }.into()),
        () if engine != ENGINE => Err(DocumentError::Engine { found: engine }.into()),
        () => Ok(read(text)?),
    }
}
