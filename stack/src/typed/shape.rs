//! The types of Rust that a schema's nodes become.

use super::names;
use std::collections::{BTreeMap, BTreeSet};
use tenon_resources::cfn::{Node, Schema};

/// Values that a property takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Takes {
    /// A value, or the promise of one: the type of Rust.
    Plain(&'static str),
    /// A reference to where a secret is kept.
    Secret,
    /// Tags of the resource.
    Tags,
    /// A structure of this file.
    Structure(String),
    /// A word of an enumeration of this file.
    Word(String),
    /// Anything.
    Any,
    /// Several.
    List(Box<Takes>),
    /// Several, by key.
    Map(Box<Takes>),
}

/// A property of a resource or structure.
pub(super) struct Property {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) takes: Takes,
    pub(super) required: bool,
}

/// A structure, with its properties.
pub(super) struct Structure {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) properties: Vec<Property>,
}

/// An enumeration: its name, and variant and word of each.
pub(super) struct Words {
    pub(super) name: String,
    pub(super) words: Vec<(String, String)>,
}

/// Everything that a file has, the resource first.
pub(super) struct Shapes<'s> {
    schema: &'s Schema,
    pub(super) structures: Vec<Structure>,
    pub(super) words: Vec<Words>,
    /// The names that are taken.
    taken: BTreeSet<String>,
    /// Names of definitions that are made, or on the way.
    made: BTreeMap<String, String>,
}

impl<'s> Shapes<'s> {
    pub(super) fn of(schema: &'s Schema, resource: &str) -> Self {
        let taken = [resource.to_owned(), format!("{resource}Outputs")].into();
        let mut shapes = Self {
            schema,
            structures: vec![],
            words: vec![],
            taken,
            made: BTreeMap::new(),
        };
        let tags = schema.tags.as_ref().map(|tags| tags.property.clone());
        let root = schema.resolve(&schema.root);
        let mut properties = vec![];
        for (name, node) in &root.properties {
            if schema.is_read_only(name) {
                continue;
            }
            let takes = if Some(name) == tags.as_ref() {
                Takes::Tags
            } else {
                shapes.takes(node, name, resource, name)
            };
            properties.push(shapes.property(name, node, takes, root.required.contains(name)));
        }
        let resource = Structure {
            name: resource.to_owned(),
            doc: schema.doc.clone(),
            properties,
        };
        shapes.structures.insert(0, resource);
        shapes
    }

    fn property(&self, name: &str, node: &Node, takes: Takes, required: bool) -> Property {
        let doc = node.doc.as_deref().or(self.schema.resolve(node).doc.as_deref());
        Property {
            name: name.to_owned(),
            doc: doc.unwrap_or_default().to_owned(),
            takes,
            required,
        }
    }

    fn free(&mut self, wished: &str) -> String {
        let mut name = names::pascal(wished).unwrap_or_else(|| "Settings".into());
        while !self.taken.insert(name.clone()) {
            name.push_str("Settings");
        }
        name
    }

    /// Values that the node at `path` takes; `of` and `name` make the name of a structure that has none.
    fn takes(&mut self, node: &Node, path: &str, of: &str, name: &str) -> Takes {
        if self.schema.is_secret(path) {
            return Takes::Secret;
        }
        let definition = node.reference.clone();
        let node = self.schema.resolve(node);
        let only = |name: &str| {
            ["boolean", "integer", "number", "string", "array", "object"]
                .iter()
                .all(|t| (*t == name) == node.types.takes(t))
        };
        let map = node
            .pattern_properties
            .values()
            .next()
            .or(node.additional.as_deref());
        match map {
            _ if only("object") && !node.properties.is_empty() => {
                self.structure(node, definition, path, of, name)
            }
            Some(values) if only("object") => match self.takes(values, &format!("{path}/*"), of, name) {
                inner @ (Takes::Plain(_) | Takes::Structure(_) | Takes::Any) => Takes::Map(Box::new(inner)),
                _ => Takes::Any,
            },
            _ if only("array") => match node
                .items
                .as_deref()
                .map(|items| self.takes(items, &format!("{path}/*"), of, name))
            {
                Some(Takes::List(_) | Takes::Map(_) | Takes::Secret | Takes::Tags) | None => Takes::Any,
                Some(inner) => Takes::List(Box::new(inner)),
            },
            _ if only("string") => self.text(node, definition, path, name),
            _ if only("integer") => Takes::Plain("i64"),
            _ if only("number") => Takes::Plain("f64"),
            _ if only("boolean") => Takes::Plain("bool"),
            _ => Takes::Any,
        }
    }

    fn structure(
        &mut self,
        node: &Node,
        definition: Option<String>,
        path: &str,
        of: &str,
        name: &str,
    ) -> Takes {
        if let Some(known) = definition
            .as_ref()
            .and_then(|definition| self.made.get(definition))
        {
            return Takes::Structure(known.clone());
        }
        let own = self.free(&definition.clone().unwrap_or_else(|| format!("{of}{name}")));
        if let Some(definition) = definition {
            self.made.insert(definition, own.clone());
        }
        let mut properties = vec![];
        for (member, inner) in &node.properties {
            let inside = format!("{path}/{member}");
            if self.schema.is_read_only(&inside) {
                continue;
            }
            let takes = self.takes(inner, &inside, &own, member);
            properties.push(self.property(member, inner, takes, node.required.contains(member)));
        }
        self.structures.push(Structure {
            name: own.clone(),
            doc: node.doc.clone().unwrap_or_default(),
            properties,
        });
        Takes::Structure(own)
    }

    fn text(&mut self, node: &Node, definition: Option<String>, path: &str, name: &str) -> Takes {
        let words: Option<Vec<(String, String)>> = node
            .words
            .iter()
            .map(|word| Some((names::pascal(word.as_str()?)?, word.as_str()?.to_owned())))
            .collect();
        let distinct = |words: &Vec<(String, String)>| {
            words.iter().map(|(v, _)| v).collect::<BTreeSet<_>>().len() == words.len()
        };
        if let Some(words) = words.filter(|words| words.len() > 1 && distinct(words)) {
            let known = self.words.iter().find(|known| known.words == words);
            if let Some(known) = known {
                return Takes::Word(known.name.clone());
            }
            let own = self.free(&definition.unwrap_or_else(|| name.to_owned()));
            self.words.push(Words {
                name: own.clone(),
                words,
            });
            return Takes::Word(own);
        }
        Takes::Plain(self.reference(node, path).unwrap_or("String"))
    }

    /// The type of the one thing that a text refers to.
    fn reference(&self, node: &Node, path: &str) -> Option<&'static str> {
        let own = path.trim_end_matches("/*");
        let listed = self.schema.refs.get(path).or_else(|| self.schema.refs.get(own));
        let said = match (&node.of, listed) {
            (_, Some(listed)) => listed.clone(),
            (Some(of), None) => of.all(),
            (None, None) => return None,
        };
        let fits = |id: &&str| names::fits(own.rsplit('/').next().unwrap_or(own), id);
        let types: BTreeSet<Option<&str>> = said
            .iter()
            .map(|reference| names::id(reference).filter(fits))
            .collect();
        match types.into_iter().collect::<Vec<_>>().as_slice() {
            [Some(one)] => Some(one),
            _ => None,
        }
    }
}
