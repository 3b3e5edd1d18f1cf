//! Settings: what differs between environments and needs no other program, such as a size, a count or an image.
//!
//! A program says what it reads with a struct that `serde` reads, and is given the values by the tool: from `tenon.toml`,
//! from `--set NAME=VALUE`, and from variables `TENON_SET_NAME`, each over the ones before. Nothing is compiled for a value.
//! The declaration has them, and a plan says where each came from.
//!
//! ```
//! use tenon_language::{Given, prelude::*};
//!
//! #[derive(serde::Deserialize)]
//! struct Settings {
//!     range: String,
//!     #[serde(default)]
//!     flow_logs: bool,
//! }
//!
//! fn network(s: &mut Scope<'_, Anywhere>) {
//!     let Some(settings) = s.settings::<Settings>() else { return };
//!     s.add("vpc", ec2::Vpc::new(settings.range.as_str()));
//! }
//!
//! let given = Given::new().set("range", "10.20.0.0/16");
//! let declared = tenon_language::declare_with("network", Anywhere::Local, &given, network);
//! assert_eq!(declared.resources["vpc"].inputs["cidr_block"], "10.20.0.0/16");
//!
//! // A value that is missing, unknown or of another type is an error, with the place that it came from.
//! let given = Given::new().set("rang", "10.20.0.0/16");
//! let declared = tenon_language::declare_with("network", Anywhere::Local, &given, network);
//! assert!(declared.findings.iter().any(|f| f.why.contains("did you mean `range`?")));
//! assert!(declared.findings.iter().any(|f| f.address == "setting range" && f.why.contains("is not given")));
//! ```
//!
//! Secrets are no settings: a setting stands in the declaration and in the plan. A [`Secret`](crate::prelude::Secret) names
//! where its value is kept.

#[cfg(feature = "trial")]
mod file;
mod reader;
#[cfg(all(test, feature = "trial"))]
mod tests;

#[cfg(feature = "trial")]
pub use file::{FILE, File, FileError};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};
use tenon_resources::declaration::{Finding, Setting};

/// The values that a program is given, the last one of a name over those before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Given {
    values: Vec<GivenValue>,
}

/// A value that is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct GivenValue {
    name: String,
    value: Value,
    /// The value is text, and becomes what the program expects.
    text: bool,
    source: String,
}

impl Given {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with `value` for `name`, as a test gives it.
    ///
    /// # Panics
    /// `value` is no plain data.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("a setting is plain data");
        self.add(name, value, "the test");
        self
    }

    /// Adds a value from `source`. A table becomes its members.
    pub fn add(&mut self, name: &str, value: Value, source: &str) {
        match value {
            Value::Object(members) => {
                for (member, value) in members {
                    let name = format!("{name}.{member}");
                    self.add(name.trim_start_matches('.'), value, source);
                }
            }
            value => self.put(name, value, false, source),
        }
    }

    /// Adds text from `source`, which becomes what the program expects there: a number, a truth value, or itself.
    pub fn add_text(&mut self, name: &str, text: &str, source: &str) {
        self.put(name, text.into(), true, source);
    }

    /// Adds what `other` has over what is here.
    pub fn extend(&mut self, other: Self) {
        for GivenValue {
            name,
            value,
            text,
            source,
        } in other.values
        {
            self.put(&name, value, text, &source);
        }
    }

    fn put(&mut self, name: &str, value: Value, text: bool, source: &str) {
        let inside = |outer: &str, inner: &str| {
            inner == outer
                || inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        // A table gives way to a value of its name, and a value to a table.
        self.values
            .retain(|v| !inside(name, &v.name) && !inside(&v.name, name));
        self.values.push(GivenValue {
            name: name.into(),
            value,
            text,
            source: source.into(),
        });
        self.values.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The source of the value of `name`, when there is one.
    pub fn source(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|v| v.name == name)
            .map(|v| v.source.as_str())
    }

    /// The values as the declaration has them.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let setting = |v: &GivenValue| Setting {
            name: v.name.clone(),
            value: v.value.clone(),
            source: v.source.clone(),
        };
        self.values.iter().map(setting).collect()
    }
}

/// The values that a program read of those that it was given.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Names that some struct of the program has.
    known: RefCell<BTreeSet<String>>,
    /// Names below which every name is read: those of maps.
    open: RefCell<BTreeSet<String>>,
}

impl Reading {
    /// Reads `given` as a `T`; `environment` is for the remedy. The error has everything that is wrong.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        given: &Given,
        environment: &str,
        location: &str,
    ) -> Result<T, Vec<Finding>> {
        let mut findings = vec![];
        let mut stand_ins = BTreeSet::new();
        loop {
            let tree = reader::Node::of(given, &stand_ins);
            let error = match T::deserialize(reader::Reader::new(&tree, self)) {
                Ok(read) if findings.is_empty() => return Ok(read),
                Ok(_) => return Err(findings),
                Err(error) => error,
            };
            let name = error.name.clone().unwrap_or_default();
            // With something in its place the next mistake is found, too; what has no stand-in is the last.
            let again = stand_ins.contains(&name) || name.is_empty();
            if !again || findings.is_empty() {
                findings.push(finding(given, &name, &error, environment, location));
            }
            if again {
                return Err(findings);
            }
            stand_ins.insert(name);
        }
    }

    /// Findings about what was given and is not read by the program.
    pub(crate) fn unknown(&self, given: &Given, location: &str) -> Vec<Finding> {
        let (known, open) = (self.known.borrow(), self.open.borrow());
        let is_read = |name: &str| {
            known.contains(name)
                || open.iter().any(|o| {
                    o.is_empty() || name.strip_prefix(o.as_str()).is_some_and(|r| r.starts_with('.'))
                })
        };
        let unknown = given.values.iter().filter(|v| !is_read(&v.name));
        unknown
            .map(|v| {
                let names: Vec<&str> = known.iter().map(String::as_str).collect();
                let remedy = match tenon_resources::nearest(&v.name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "the program reads no settings: remove it".into(),
                    None => format!("the program reads `{}`", names.join("`, `")),
                };
                let why = format!(
                    "is given by {}, and the program does not read it; {remedy}",
                    v.source
                );
                Finding::at(&format!("setting {}", v.name), location, why)
            })
            .collect()
    }

    fn know(&self, name: String) {
        self.known.borrow_mut().insert(name);
    }

    fn know_all_below(&self, name: &str) {
        self.open.borrow_mut().insert(name.to_owned());
    }
}

fn finding(given: &Given, name: &str, error: &reader::Error, environment: &str, location: &str) -> Finding {
    let about = if name.is_empty() {
        "settings".to_owned()
    } else {
        format!("setting {name}")
    };
    let why = if error.missing.is_some() {
        let variable = format!("TENON_SET_{}", name.replace('.', "__").to_uppercase());
        format!(
            "is not given; put it into tenon.toml, in `[settings]` or `[env.{environment}.settings]`, or give `--set {name}=VALUE` or the variable {variable}"
        )
    } else {
        match given.values.iter().find(|v| v.name == name) {
            Some(v) => format!(
                "is {} in {}, and that does not fit: {}",
                v.value, v.source, error.message
            ),
            None => format!("does not fit: {}", error.message),
        }
    };
    Finding::at(&about, location, why)
}

/// Names of variables that give settings begin with this; `__` in the rest stands for a dot.
pub const VARIABLE: &str = "TENON_SET_";

/// The values of `variables` whose names begin with [`VARIABLE`]: `TENON_SET_DATABASE__CLASS` is `database.class`.
pub fn of_variables(variables: impl IntoIterator<Item = (String, String)>) -> Given {
    let named: BTreeMap<String, String> = variables.into_iter().collect();
    let mut given = Given::new();
    for (variable, text) in &named {
        if let Some(name) = variable.strip_prefix(VARIABLE).filter(|n| !n.is_empty()) {
            given.add_text(&name.to_lowercase().replace("__", "."), text, variable);
        }
    }
    given
}
