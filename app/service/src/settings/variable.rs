//! The description of an environment variable.

use std::fmt::Write as _;

/// An environment variable that a service reads.
#[derive(Clone, Copy, Debug)]
pub struct Variable<R: 'static> {
    /// The variable's name.
    pub name: &'static str,
    /// The variable's meaning, with its unit.
    pub what: &'static str,
    /// The effect of leaving it out. An empty value counts as left out.
    pub presence: Presence,
    /// True for a secret, which belongs in a secret store and never in plain text.
    pub secret: bool,
    /// The processes that read it.
    pub readers: &'static [R],
}

/// The effect of leaving a variable out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The process does not start without it.
    Required,
    /// The process does not start unless one of these variables is set, of which this is one.
    OneOf(&'static [&'static str]),
    /// The default value.
    Default(&'static str),
    /// The feature stays off, or the value comes from the source that `what` names.
    Optional,
}

/// A variable that holds no secret.
pub const fn variable<R>(
    name: &'static str,
    readers: &'static [R],
    presence: Presence,
    what: &'static str,
) -> Variable<R> {
    Variable {
        name,
        what,
        presence,
        secret: false,
        readers,
    }
}

/// A variable that holds a secret.
pub const fn secret<R>(
    name: &'static str,
    readers: &'static [R],
    presence: Presence,
    what: &'static str,
) -> Variable<R> {
    Variable {
        name,
        what,
        presence,
        secret: true,
        readers,
    }
}

/// The variables as text, a line each: what `settings` of a service prints.
pub fn table<R>(variables: &[Variable<R>]) -> String {
    let mut text = String::new();
    for variable in variables {
        let presence = match variable.presence {
            Presence::Required => "required".to_owned(),
            Presence::OneOf(names) => format!("required, or {}", names.join(" or ")),
            Presence::Default(value) => format!("default {value}"),
            Presence::Optional => "optional".to_owned(),
        };
        let secret = if variable.secret { ", secret" } else { "" };
        let (name, what) = (variable.name, variable.what);
        // Writing to a String does not fail.
        let _ = writeln!(text, "{name:<19} {presence}{secret}: {what}");
    }
    text
}
