//! The text of a type's file.

use super::{
    names,
    shape::{Property, Shapes, Structure, Takes, Words},
};
use std::fmt::Write as _;
use tenon_resources::cfn::Schema;

/// The file of a type, before it is formatted.
pub(crate) fn file(schema: &Schema) -> String {
    let resource = names::pascal(schema.name.rsplit("::").next().unwrap_or_default())
        .unwrap_or_else(|| "Resource".into());
    let shapes = Shapes::of(schema, &resource);
    let mut out = format!(
        "//! `{name}`, from CloudFormation's schema. Written by `tenon add {name}`; `tenon add {name} --update` writes it anew.\n\n",
        name = schema.name
    );
    let mut body = String::new();
    for (n, structure) in shapes.structures.iter().enumerate() {
        body.push_str(&of_structure(structure));
        if n == 0 {
            body.push_str(&declare(schema, &resource));
        } else {
            body.push_str(&nested(structure));
        }
    }
    shapes
        .words
        .iter()
        .for_each(|words| body.push_str(&of_words(words)));
    let modules = ["cfn", "ec2", "elb", "value"]
        .into_iter()
        .filter(|module| body.contains(&format!("{module}::")));
    let modules: Vec<&str> = modules.collect();
    let inputs = body.contains("IntoInput<");
    let _ = writeln!(
        out,
        "#![allow(dead_code, unreachable_pub, clippy::all, clippy::pedantic, reason = \"written by a tool; a stack uses its own part\")]\n"
    );
    let list = modules.iter().map(|m| {
        if *m == "value" && inputs {
            "value::{self, IntoInput}".to_owned()
        } else {
            (*m).to_owned()
        }
    });
    let _ = writeln!(
        out,
        "use tenon::resources::{{{}}};\n",
        list.collect::<Vec<_>>().join(", ")
    );
    out + &body
}

/// A comment of documentation, which rustdoc reads as text; of a property that the schema does not describe it says that.
fn doc(text: &str, name: &str, indent: &str) -> String {
    let unsaid = format!("`{name}`, which the schema does not describe.");
    let text = if text.is_empty() { &unsaid } else { text };
    let words: Vec<&str> = text.split_whitespace().collect();
    // The items of a list come as `+ Item`, all in one line.
    let bullet = |n: usize| {
        let next = words.get(n + 1).and_then(|next| next.chars().next());
        words[n] == "+" && next.is_some_and(char::is_uppercase)
    };
    let mut lines = vec![String::new()];
    for word in (0..words.len()).filter(|n| !bullet(*n)).map(|n| words[n]) {
        let word = word
            .replace('[', "\\[")
            .replace(']', "\\]")
            .replace('<', "\\<")
            .replace("://", ":\u{200b}//");
        let last = lines.last_mut().expect("one line at least");
        if last.len() + word.len() > 90 {
            lines.push(word);
        } else {
            let space = if last.is_empty() { "" } else { " " };
            let _ = write!(last, "{space}{word}");
        }
    }
    lines.iter().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{indent}/// {line}");
        out
    })
}

/// The type of an argument, and the expression that sets the property to it.
fn argument(takes: &Takes, name: &str, property: &str) -> (String, String) {
    let set = |value: &str| format!(".set(\"{property}\", {value})");
    match takes {
        Takes::Plain(of) => (
            format!("impl IntoInput<{of}>"),
            set(&format!("{name}.into_input()")),
        ),
        Takes::Secret => ("value::Secret".into(), set(name)),
        Takes::Tags => ("impl Into<value::Tags>".into(), set(&format!("{name}.into()"))),
        Takes::Structure(of) => (of.clone(), set(&format!("{name}.0"))),
        Takes::Word(of) => (format!("impl Into<{of}>"), set(&format!("{name}.into().word()"))),
        Takes::Any => ("impl Into<cfn::Value>".into(), set(&format!("{name}.into()"))),
        Takes::List(of) => {
            let (item, mapped) = element(of);
            (
                format!("impl IntoIterator<Item = {item}>"),
                format!(".list(\"{property}\", {name}.into_iter(){mapped})"),
            )
        }
        Takes::Map(of) => {
            let (item, value) = match &**of {
                Takes::Plain(of) => (format!("impl IntoInput<{of}>"), "v.into_input()"),
                Takes::Structure(of) => (of.clone(), "v.0"),
                _ => ("impl Into<cfn::Value>".into(), "v.into()"),
            };
            let mapped =
                format!(".map(\"{property}\", {name}.into_iter().map(|(k, v)| (k.into(), {value})))");
            (
                format!("impl IntoIterator<Item = (impl Into<String>, {item})>"),
                mapped,
            )
        }
    }
}

fn element(of: &Takes) -> (String, &'static str) {
    match of {
        Takes::Plain(of) => (format!("impl IntoInput<{of}>"), ".map(IntoInput::into_input)"),
        Takes::Structure(of) => (of.clone(), ".map(|v| v.0)"),
        Takes::Word(of) => (format!("impl Into<{of}>"), ".map(|v| v.into().word())"),
        _ => ("impl Into<cfn::Value>".into(), ".map(Into::into)"),
    }
}

/// The name of a property's method: no other of the structure may have it.
fn methods(structure: &Structure) -> Vec<String> {
    let mut taken: Vec<String> = vec![];
    for property in &structure.properties {
        let mut name = names::method(&property.name);
        while taken.contains(&name) {
            name.push('_');
        }
        taken.push(name);
    }
    taken
}

fn of_structure(structure: &Structure) -> String {
    let name = &structure.name;
    let mut out = doc(&structure.doc, name, "");
    let names = methods(structure);
    let (required, optional): (Vec<_>, Vec<_>) = structure
        .properties
        .iter()
        .zip(&names)
        .partition(|(p, _)| p.required);
    let nothing = if required.is_empty() { "Default, " } else { "" };
    let _ = writeln!(
        out,
        "#[derive(Clone, Debug, {nothing}PartialEq)]\npub struct {name}(cfn::Properties);\n\nimpl {name} {{"
    );
    let arguments = required
        .iter()
        .map(|(p, name)| argument(&p.takes, name, &p.name).0)
        .collect::<Vec<_>>();
    let list = required
        .iter()
        .zip(&arguments)
        .map(|((_, name), of)| format!("{name}: {of}"));
    let mut sets = String::new();
    for (property, name) in &required {
        let _ = write!(sets, "\n{}", argument(&property.takes, name, &property.name).1);
    }
    let _ = writeln!(
        out,
        "    /// With what AWS requires.\n    pub fn new({}) -> Self {{",
        list.collect::<Vec<_>>().join(", ")
    );
    let _ = writeln!(out, "        Self(cfn::Properties::new(){sets})\n    }}");
    for (property, name) in optional {
        out.push_str(&setter(property, name));
    }
    out + "}\n\n"
}

fn setter(property: &Property, name: &str) -> String {
    let many = matches!(property.takes, Takes::List(_) | Takes::Map(_));
    let argument_name = if many { "values" } else { "value" };
    let (of, set) = argument(&property.takes, argument_name, &property.name);
    let doc = doc(&property.doc, &property.name, "    ");
    format!(
        "\n{doc}    #[must_use]\n    pub fn {name}(self, {argument_name}: {of}) -> Self {{\n        Self(self.0{set})\n    }}\n"
    )
}

/// Structures stand where any value may.
fn nested(structure: &Structure) -> String {
    let name = &structure.name;
    format!(
        "impl From<{name}> for cfn::Value {{\n    fn from(it: {name}) -> Self {{\n        it.0.into()\n    }}\n}}\n\n"
    )
}

fn declare(schema: &Schema, resource: &str) -> String {
    let kind = &schema.name;
    let mut fields = String::new();
    let mut made = String::new();
    let mut taken = vec!["id".to_owned()];
    for path in schema.read_only.iter().filter(|path| !path.contains('*')) {
        let Some(node) = schema.node(path) else { continue };
        let name = names::method(&path.replace('/', "_"));
        if taken.contains(&name) {
            continue;
        }
        let property = path.rsplit('/').next().unwrap_or(path);
        let of = names::id(&format!("{kind}.{property}")).unwrap_or(if node.types.takes("string") {
            "String"
        } else {
            "cfn::Value"
        });
        fields.push_str(&doc(node.doc.as_deref().unwrap_or_default(), property, "    "));
        let _ = writeln!(fields, "    pub {name}: value::Output<{of}>,");
        let _ = writeln!(
            made,
            "            {name}: handle.get_as(\"{}\"),",
            path.replace('/', ".")
        );
        taken.push(name);
    }
    format!(
        "/// Outputs of `{kind}`.
#[derive(Clone, Debug)]
pub struct {resource}Outputs {{
    /// The primary identifier: {id}.
    pub id: value::Output<String>,
{fields}}}

impl cfn::Declare for {resource} {{
    type Refs = {resource}Outputs;

    fn declare(self) -> Result<(&'static dyn cfn::ResourceType, cfn::Value), String> {{
        cfn::Resource::new(\"{kind}\", self.0.into()).declare()
    }}

    fn refs(address: &str) -> Self::Refs {{
        let handle = cfn::Handle::at(address);
        {resource}Outputs {{
{made}            id: handle.id,
        }}
    }}
}}

",
        id = schema.id.join("|")
    )
}

fn of_words(words: &Words) -> String {
    let name = &words.name;
    let (mut variants, mut to, mut from) = (String::new(), String::new(), String::new());
    for (variant, word) in &words.words {
        let _ = writeln!(variants, "    /// `{word}`\n    {variant},");
        let _ = writeln!(to, "            Self::{variant} => {word:?}.into(),");
        let _ = writeln!(from, "            {word:?} => Self::{variant},");
    }
    format!(
        "/// A word that AWS knows; it may know more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum {name} {{
{variants}    /// Another word.
    Other(String),
}}

impl {name} {{
    fn word(self) -> String {{
        match self {{
{to}            Self::Other(word) => word,
        }}
    }}
}}

impl From<&str> for {name} {{
    fn from(word: &str) -> Self {{
        match word {{
{from}            other => Self::Other(other.into()),
        }}
    }}
}}

"
    )
}
