//! Examples of a type, made from its schema: what it needs, and a second that differs wherever a change is possible.

mod pattern;

use crate::{Node, Schema, check, path};
use pattern::Wish;
use serde_json::{Map, Value, json};

/// The deepest nesting of an example.
const DEEPEST: usize = 12;

/// Two examples without tags: the first has what is required, the second other values, and every property that can be set by a
/// simple value. A property for which no example can be made is left out.
pub fn samples(schema: &Schema) -> [Value; 2] {
    let required = |name: &str| {
        schema.root.required.iter().any(|r| r == name) || schema.id.iter().any(|id| path::top(id) == name)
    };
    let make = |second: bool| {
        let maker = Maker { schema, second };
        let mut out = Map::new();
        for (name, node) in schema.inputs() {
            if (required(name) || second)
                && let Some(value) = maker.value(node, name, 0)
            {
                out.insert(name.to_owned(), value);
            }
        }
        for forms in [&schema.root.one_of, &schema.root.any_of] {
            maker.first_form(forms, &mut out);
        }
        if second {
            drop_what_is_wrong(schema, &mut out, &required);
        }
        Value::Object(out)
    };
    [make(false), make(true)]
}

/// Properties that exclude each other, and those whose rules no made-up value keeps, do not both stand in an example.
fn drop_what_is_wrong(schema: &Schema, out: &mut Map<String, Value>, required: &dyn Fn(&str) -> bool) {
    let optional: Vec<String> = out.keys().filter(|name| !required(name)).cloned().collect();
    let mut kept = out.clone();
    optional.iter().for_each(|name| drop(kept.remove(name)));
    let most = check::findings(schema, &Value::Object(kept.clone())).len();
    for name in optional {
        if let Some(value) = out.get(&name) {
            kept.insert(name.clone(), value.clone());
        }
        if check::findings(schema, &Value::Object(kept.clone())).len() > most {
            kept.remove(&name);
        }
    }
    *out = kept;
}

struct Maker<'s> {
    schema: &'s Schema,
    second: bool,
}

impl Maker<'_> {
    fn value(&self, node: &Node, at: &str, depth: usize) -> Option<Value> {
        let node = self.schema.resolve(node);
        if self.schema.is_secret(at) {
            let name = if self.second {
                "SAMPLE_SECRET_B"
            } else {
                "SAMPLE_SECRET_A"
            };
            return Some(json!({ "$secret": { "env": name } }));
        }
        if depth > DEEPEST || (self.schema.is_read_only(at) && depth > 0) {
            return None;
        }
        if let Some(word) = &node.constant {
            return Some(word.clone());
        }
        let usable: Vec<&Value> = node
            .words
            .iter()
            .filter(|w| node.types.takes(type_of(w)))
            .collect();
        if !usable.is_empty() {
            return Some(usable[usize::from(self.second && usable.len() > 1)].clone());
        }
        let takes = |name: &str| node.types.takes(name);
        let structured =
            !node.properties.is_empty() || node.additional.is_some() || !node.pattern_properties.is_empty();
        let formed = !node.one_of.is_empty() || !node.any_of.is_empty();
        match () {
            () if formed && !structured && takes("object") => None,
            () if takes("object") && (structured || !takes("string")) => self.structure(node, at, depth),
            () if takes("array") && node.items.is_some() => self.list(node, at, depth),
            () if takes("string") => self.text(node),
            () if takes("boolean") => Some(json!(self.second)),
            () if takes("integer") || takes("number") => Some(self.number(node)),
            () if takes("object") => Some(json!({})),
            () => None,
        }
        .or_else(|| self.of_a_form(node, at, depth))
    }

    fn of_a_form(&self, node: &Node, at: &str, depth: usize) -> Option<Value> {
        let mut forms = node.one_of.iter().chain(&node.any_of);
        forms.find_map(|form| self.value(form, at, depth + 1))
    }

    fn structure(&self, node: &Node, at: &str, depth: usize) -> Option<Value> {
        let mut out = Map::new();
        for name in &node.required {
            let inside = format!("{at}/{name}");
            if let Some(property) = node.properties.get(name)
                && !self.schema.is_read_only(&inside)
            {
                out.insert(name.clone(), self.value(property, &inside, depth + 1)?);
            }
        }
        for forms in [&node.one_of, &node.any_of] {
            if let Some(form) = forms.first() {
                for name in &form.required {
                    let property = node.properties.get(name).or_else(|| form.properties.get(name));
                    if let Some(value) =
                        property.and_then(|p| self.value(p, &format!("{at}/{name}"), depth + 1))
                    {
                        out.insert(name.clone(), value);
                    }
                }
            }
        }
        for names in [&node.required_xor, &node.required_or] {
            let none = names.iter().all(|name| !out.contains_key(name));
            if let Some(name) = names.first().filter(|_| none)
                && let Some(property) = node.properties.get(name)
                && let Some(value) = self.value(property, &format!("{at}/{name}"), depth + 1)
            {
                out.insert(name.clone(), value);
            }
        }
        let map = node
            .pattern_properties
            .values()
            .next()
            .or(node.additional.as_deref());
        if let (true, Some(of)) = (node.properties.is_empty(), map) {
            let key = if self.second { "keyB" } else { "keyA" };
            let fits = node
                .pattern_properties
                .keys()
                .all(|p| check::regex(p).is_some_and(|p| p.is_match(key)));
            if let Some(value) = self.value(of, &format!("{at}/*"), depth + 1).filter(|_| fits) {
                out.insert(key.into(), value);
            }
        }
        self.optional(node, at, depth, &mut out);
        Some(Value::Object(out))
    }

    /// A member that is not required, where a structure would be empty and the two examples the same.
    fn optional(&self, node: &Node, at: &str, depth: usize, out: &mut Map<String, Value>) {
        if !out.is_empty() || node.properties.is_empty() {
            return;
        }
        for (name, property) in &node.properties {
            let inside = format!("{at}/{name}");
            if self.schema.is_read_only(&inside) {
                continue;
            }
            if let Some(value) = self.value(property, &inside, depth + 1) {
                out.insert(name.clone(), value);
                return;
            }
        }
    }

    fn first_form(&self, forms: &[Node], out: &mut Map<String, Value>) {
        let fits = |form: &Node| form.required.iter().all(|name| out.contains_key(name));
        if forms.is_empty() || forms.iter().any(fits) {
            return;
        }
        for name in &forms[0].required {
            let property = self
                .schema
                .root
                .properties
                .get(name)
                .or_else(|| forms[0].properties.get(name));
            if let Some(value) = property.and_then(|p| self.value(p, name, 0)) {
                out.insert(name.clone(), value);
            }
        }
    }

    fn list(&self, node: &Node, at: &str, depth: usize) -> Option<Value> {
        let of = node.items.as_ref()?;
        let one = self.value(of, &format!("{at}/*"), depth + 1);
        let count = node.min_items.unwrap_or(1).max(1);
        match one {
            Some(one) if count == 1 => Some(json!([one])),
            Some(one @ Value::String(_)) if !node.unique_items => Some(json!(vec![one; count])),
            Some(Value::String(text)) => {
                let of = self.schema.resolve(of);
                let others = (0..10).map(|n| {
                    format!(
                        "{}{n}",
                        text.trim_end_matches(|c: char| c.is_ascii_alphanumeric())
                    )
                });
                let others =
                    others.chain((0..10).map(|n| format!("{}{n}", &text[..text.len().saturating_sub(1)])));
                let pattern = of.pattern.as_ref().and_then(|p| check::regex(p));
                let fits = others.filter(|text| pattern.as_ref().is_none_or(|p| p.is_match(text)));
                let several: Vec<String> = fits.take(count).collect();
                Some(json!(several))
            }
            Some(one) => Some(json!(vec![one; count])),
            None if node.min_items.unwrap_or(0) == 0 => Some(json!([])),
            None => None,
        }
    }

    fn number(&self, node: &Node) -> Value {
        let low = node.minimum.unwrap_or(1.0);
        let step = node.multiple();
        let low = (low / step).ceil() * step;
        let next = low + step;
        let value = if self.second && node.maximum.is_none_or(|high| next <= high) {
            next
        } else {
            low
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "limits of schemas are whole numbers where the type is"
        )]
        if node.types.takes("integer") || value.fract() == 0.0 {
            json!(value as i64)
        } else {
            json!(value)
        }
    }

    /// A text that keeps the pattern and the length, tried from what AWS's patterns mostly want.
    fn text(&self, node: &Node) -> Option<Value> {
        let letter = if self.second { "b" } else { "a" };
        let digit = if self.second { "2" } else { "1" };
        let low = node.min_length.unwrap_or(0);
        let high = node.max_length.unwrap_or(usize::MAX);
        let fits = |text: &str| {
            let count = text.chars().count();
            let pattern = node.pattern.as_ref().map(|p| check::regex(p));
            (low..=high).contains(&count) && pattern.is_none_or(|p| p.is_some_and(|p| p.is_match(text)))
        };
        let plain = [
            format!("sample-{letter}"),
            format!("sample-{letter}{}", letter.repeat(low.saturating_sub(8))),
            letter.repeat(low.max(1)),
            digit.repeat(low.max(1)),
        ];
        // Where a pattern says nothing of its meaning, what it is found in will do.
        let characters = if self.second { "b2" } else { "a1" };
        let pattern = node.pattern.iter().flat_map(|pattern| {
            let wishes = TIMES
                .iter()
                .flat_map(|times| (0..4).map(move |alternative| (*times, alternative)));
            wishes.filter_map(move |(times, alternative)| {
                pattern::text(
                    pattern,
                    Wish {
                        characters,
                        alternative,
                        times,
                    },
                )
            })
        });
        let mut all = plain.into_iter().chain(pattern);
        all.find(|text| fits(text)).map(Value::from)
    }
}

/// Repetitions that are tried.
const TIMES: &[usize] = &[1, 4, 12, 20, 36, 0, 2, 3, 8];

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Node {
    /// The step between numbers that it takes.
    fn multiple(&self) -> f64 {
        self.multiple_of.filter(|step| *step > 0.0).unwrap_or(1.0)
    }
}
