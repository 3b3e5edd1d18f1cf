//! The file that settings are kept in: `tenon.toml` beside the program's `Cargo.toml`.
//!
//! ```toml
//! [settings]                        # for every environment
//! image = "nginx:1.29"
//! database.class = "db.t4g.small"
//!
//! [env.prod.settings]               # for one of them, over those
//! database.class = "db.r8g.large"
//!
//! [env."pr-{n}".settings]           # for the members of a family
//! database.class = "db.t4g.micro"
//! ```

use super::Given;
use serde_json::{Map, Value, json};
use std::{fs, io, ops::Range, path::Path};
use tenon_resources::{declaration::EnvironmentSpec, nearest};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// The name of the file.
pub const FILE: &str = "tenon.toml";

/// Tables of the file.
const TABLES: &[&str] = &["env", "settings"];

/// The settings of a file, by environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    all: Given,
    /// The name of an environment or the pattern of a family, the line that names it, and what it sets.
    environments: Vec<(String, usize, Given)>,
}

/// Why a file of settings cannot be used.
#[derive(Debug)]
pub struct FileError {
    /// The line.
    pub line: usize,
    /// The reason.
    pub why: String,
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{FILE}:{}: {}", self.line, self.why)
    }
}

impl std::error::Error for FileError {}

impl File {
    /// Reads the file in `folder`; one that is not there has no settings.
    ///
    /// # Errors
    /// The file cannot be read, or is not of this form.
    pub fn read(folder: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        match fs::read_to_string(folder.join(FILE)) {
            Ok(text) => Ok(Self::parse(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// The text is not of this form.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        let line = |span: Range<usize>| 1 + text[..span.start.min(text.len())].matches('\n').count();
        let table = DeTable::parse(text).map_err(|error| FileError {
            line: error.span().map_or(1, line),
            why: error.message().to_owned(),
        })?;
        let mut file = Self::default();
        for (name, value) in table.get_ref() {
            let at = line(name.span());
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("settings", DeValue::Table(values)) => file.all = given(values, &line)?,
                ("env", DeValue::Table(environments)) => file.environments(environments, &line)?,
                ("settings" | "env", _) => return Err(unfit(at, "a table belongs here".into())),
                (other, _) => return Err(unfit(at, unknown(other, TABLES))),
            }
        }
        Ok(file)
    }

    fn environments(
        &mut self,
        environments: &DeTable<'_>,
        line: &dyn Fn(Range<usize>) -> usize,
    ) -> Result<(), FileError> {
        for (name, value) in environments {
            let at = line(name.span());
            let DeValue::Table(parts) = value.get_ref() else {
                let why = format!("`env.{}` is a table: write `[env.{0}.settings]`", name.get_ref());
                return Err(unfit(at, why));
            };
            for (part, value) in parts {
                match (part.get_ref().as_ref(), value.get_ref()) {
                    ("settings", DeValue::Table(values)) => {
                        let given = given(values, line)?;
                        self.environments.push((name.get_ref().to_string(), at, given));
                    }
                    ("settings", _) => return Err(unfit(line(part.span()), "a table belongs here".into())),
                    (other, _) => {
                        return Err(unfit(line(part.span()), unknown(other, &["settings"])));
                    }
                }
            }
        }
        Ok(())
    }

    /// The settings for `environment`: those for all, over them those of its family, and over them its own.
    pub fn given(&self, environment: &EnvironmentSpec) -> Given {
        let mut given = self.all.clone();
        let pattern = environment.family.as_ref().map(|family| family.pattern.as_str());
        for wanted in pattern.into_iter().chain([environment.name.as_str()]) {
            for (_, _, own) in self.environments.iter().filter(|(name, ..)| name == wanted) {
                given.extend(own.clone());
            }
        }
        given
    }

    /// Holds the environments that the file names against those that there are.
    ///
    /// # Errors
    /// The file names another.
    pub fn check(&self, environments: &[EnvironmentSpec]) -> Result<(), FileError> {
        for (name, line, _) in &self.environments {
            let known = environments
                .iter()
                .any(|e| e.name == *name || e.called(name).is_some());
            if !known {
                let names: Vec<&str> = environments.iter().map(|e| e.name.as_str()).collect();
                let why = format!("there is no environment `{name}`: {}", instead(name, &names));
                return Err(unfit(*line, why));
            }
        }
        Ok(())
    }
}

fn unfit(line: usize, why: String) -> FileError {
    FileError { line, why }
}

fn unknown(name: &str, known: &[&str]) -> String {
    format!("`{name}` means nothing here: {}", instead(name, known))
}

fn instead(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected `{}`", known.join("`, `")),
    }
}

/// The values of a table, each with the line that it is on.
fn given(table: &DeTable<'_>, line: &dyn Fn(Range<usize>) -> usize) -> Result<Given, FileError> {
    fn walk(
        given: &mut Given,
        prefix: &str,
        table: &DeTable<'_>,
        line: &dyn Fn(Range<usize>) -> usize,
    ) -> Result<(), FileError> {
        for (name, value) in table {
            let at = line(name.span());
            if name.get_ref().contains('.') {
                return Err(unfit(
                    at,
                    format!(
                        "the name `{}` has a dot, which separates a table from its members",
                        name.get_ref()
                    ),
                ));
            }
            let full = format!("{prefix}{}", name.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => walk(given, &format!("{full}."), inner, line)?,
                _ => given.add(&full, plain(value, line)?, &format!("{FILE}:{at}")),
            }
        }
        Ok(())
    }
    let mut all = Given::new();
    walk(&mut all, "", table, line)?;
    Ok(all)
}

/// A value as JSON.
fn plain(value: &Spanned<DeValue<'_>>, line: &dyn Fn(Range<usize>) -> usize) -> Result<Value, FileError> {
    let no_number = || unfit(line(value.span()), "this number is too large".into());
    Ok(match value.get_ref() {
        DeValue::String(text) => json!(text),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).map_err(|_| no_number())?;
            json!(number)
        }
        DeValue::Float(number) => {
            let number: f64 = number.as_str().parse().map_err(|_| no_number())?;
            json!(number)
        }
        DeValue::Boolean(truth) => json!(truth),
        DeValue::Datetime(moment) => json!(moment.to_string()),
        DeValue::Array(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(|item| plain(item, line)).collect();
            json!(items?)
        }
        DeValue::Table(table) => {
            let members: Result<Map<_, _>, FileError> = table
                .iter()
                .map(|(name, value)| Ok((name.get_ref().to_string(), plain(value, line)?)))
                .collect();
            Value::Object(members?)
        }
    })
}
