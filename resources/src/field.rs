//! Facts about a type: its fields, its outputs, and what AWS says of it.

use crate::value::NameRule;
use serde::Serialize;
use serde_json::Value;
use std::marker::PhantomData;

/// The cost of changing a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mutability {
    /// A call changes it.
    InPlace,
    /// The resource is replaced.
    Replace,
}

/// The name of a field of `R`. A constant of every type has one for each of its fields, so that a name that does not exist does not
/// compile:
///
/// ```
/// use tenon_resources::ecs;
/// assert_eq!(ecs::Service::DESIRED_COUNT.name(), "desired_count");
/// ```
#[derive(Debug)]
pub struct FieldName<R>(&'static str, PhantomData<fn() -> R>);

impl<R> FieldName<R> {
    #[doc(hidden)]
    pub const fn derived(name: &'static str) -> Self {
        Self(name, PhantomData)
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.0
    }
}

/// A field, as the differ and the reference see it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "marks are independent of one another"
)]
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field's name.
    pub name: &'static str,
    /// The documentation.
    pub doc: &'static str,
    /// The Rust type.
    pub rust_type: &'static str,
    /// The cost of changing it.
    pub change: Mutability,
    /// Set by its own call after create, because create does not take it.
    pub after_create: bool,
    /// AWS does not give it back, so drift in it cannot be seen.
    pub write_only: bool,
    /// The value that unset means, where that is ours to say.
    pub default: Option<fn() -> Value>,
    /// Unset means that AWS chooses, and that we do not look.
    pub optional: bool,
    /// The rule for a physical name, on the field that holds it.
    pub named: Option<NameRule>,
    /// An attachment: what the field refers to is not usable without this resource, and whatever else refers to that comes after. A role's
    /// policies and a route table's routes are such: AWS wants the order, and no other reference shows it.
    pub attachment: bool,
    /// The property of the CloudFormation schema that says the same, for the contract test; empty where there is none.
    pub cfn: &'static str,
    /// The lowest and highest number that AWS takes.
    pub range: Option<(i64, i64)>,
    /// The shortest and longest text that AWS takes, in characters.
    pub length: Option<(usize, usize)>,
    /// The regular expression that the whole text matches.
    pub pattern: Option<&'static str>,
}

/// Facts of AWS about a type, stated once: error rules, recovery and the reference follow from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The error codes that say that one is not there: reads leave it out, a delete is done.
    pub gone: &'static [&'static str],
    /// The error codes with which AWS refuses to remove one that is still used, and for how many seconds that may pass by
    /// itself.
    pub in_use: &'static [(&'static str, u32)],
    /// The answer to a second create of the same.
    pub second_create: SecondCreate,
    /// Further error codes of a create, each with a part of the message (empty for any), which say that the resource exists.
    pub exists: &'static [(&'static str, &'static str)],
}

impl Facts {
    /// `true` if AWS refuses a create with this error because the resource exists: its owner is looked up then.
    pub fn says_exists(&self, code: &str, message: &str) -> bool {
        let mut listed = self.exists.iter().filter(|(known, _)| *known == code).peekable();
        // A code that is listed means this only with its part of the message.
        if listed.peek().is_some() {
            return listed.any(|(_, part)| message.contains(part));
        }
        matches!(self.second_create, SecondCreate::Refused(known) if known == code)
    }
}

/// The contents that a resource must not have when it is removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlyWhenEmpty {
    /// The error code with which AWS refuses while it has them.
    pub code: &'static str,
    /// The contents, such as "images".
    pub of: &'static str,
    /// The way to go on, as a sentence without an end.
    pub remedy: String,
}

/// The resource that a type is a part of: those of one type in one other resource are managed piece by piece, and whatever else is in there is nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// The type of the other resource, such as `iam.role`.
    pub of: &'static str,
    /// The field that names it.
    pub field: &'static str,
}

/// The answer to a second create of the same name, or of the same inputs where there is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondCreate {
    /// Another resource is made: nothing about it is unique.
    Another,
    /// A refusal, with this error code.
    Refused(&'static str),
    /// The one that exists is returned as if it had been made.
    Returned,
    /// The one that exists gets the new settings.
    Overwritten,
}

impl Field {
    /// A finding about a value by the field's range, length and pattern; a value that is not known yet is not looked at.
    pub(crate) fn finding(&self, value: &Value) -> Option<String> {
        let name = self.name;
        if let (Some((low, high)), Some(n)) = (self.range, value.as_i64())
            && !(low..=high).contains(&n)
        {
            return Some(format!("`{name}` is {n}, and AWS takes {low} to {high}"));
        }
        let text = value.as_str()?;
        let count = text.chars().count();
        if let Some((low, high)) = self.length
            && !(low..=high).contains(&count)
        {
            return Some(format!(
                "`{name}` has {count} characters, and AWS takes {low} to {high}"
            ));
        }
        let pattern = self.pattern?;
        let whole = regex_lite::Regex::new(&format!("^(?:{pattern})$")).ok()?;
        (!whole.is_match(text))
            .then(|| format!("`{name}` is `{text}`, and AWS takes what matches `{pattern}`"))
    }
}

/// An output, as the sandbox and the reference see it.
#[derive(Clone, Copy, Debug)]
pub struct OutputField {
    /// The output's name.
    pub name: &'static str,
    /// The documentation.
    pub doc: &'static str,
    /// The shape of the value: literal text with `{hex17}`, `{hex8}`, `{digits}`, `{region}`, `{account}`, `{id}`, or the
    /// name of an input in braces, with dots into it (`{action.forward.to.0.target_group}`; empty where there is no such
    /// member). A shape that is one `{input}` alone has that input's type.
    pub shape: &'static str,
    /// A read of a resource that is still pending returns the output, and what uses it needs only the value: why, with its
    /// source. `None`: what uses the output waits until the resource is ready.
    pub shown_while_pending: Option<&'static str>,
    /// The name of its Rust type, by which a reference to it is held against the field that it stands in.
    pub type_name: fn() -> &'static str,
}

impl OutputField {
    /// The input that the output repeats as it is, as a JSON pointer; `None` for an output that is more than that.
    pub fn echo(&self) -> Option<String> {
        let path = self.shape.strip_prefix('{')?.strip_suffix('}')?;
        let made_up =
            ["id", "region", "account", "digits", "uuid"].contains(&path) || path.starts_with("hex");
        (!path.contains('{') && !made_up).then(|| format!("/{}", path.replace('.', "/")))
    }

    /// `true` if the output follows input `field`: when that changes in place, so does this.
    pub fn echoes(&self, field: &str) -> bool {
        let after = self.shape.match_indices('{').map(|(at, _)| &self.shape[at + 1..]);
        let rest = after.filter_map(|text| text.strip_prefix(field));
        rest.into_iter().any(|rest| rest.starts_with(['}', '.']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_a_part_of_the_message_needs_both() {
        let facts = |exists| Facts {
            gone: &[],
            in_use: &[],
            second_create: SecondCreate::Refused("InvalidChangeBatch"),
            exists,
        };
        assert!(facts(&[]).says_exists("InvalidChangeBatch", "anything"));
        let parted = facts(&[("InvalidChangeBatch", "already exists"), ("Other", "")]);
        assert!(parted.says_exists("InvalidChangeBatch", "it already exists"));
        assert!(!parted.says_exists("InvalidChangeBatch", "Invalid Resource Record"));
        assert!(parted.says_exists("Other", "") && !parted.says_exists("Another", ""));
    }
}
