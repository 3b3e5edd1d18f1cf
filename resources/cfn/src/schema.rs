//! A schema as it is read: <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>.

use crate::path;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A resource type, as AWS describes it.
///
/// Paths are written `Code/ZipFile` and `Rules/*/Name`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    /// The type's name, such as `AWS::SQS::Queue`.
    pub name: String,
    /// A sentence or two of AWS's documentation.
    pub doc: String,
    /// Properties whose change replaces the resource.
    #[serde(default)]
    pub create_only: Vec<String>,
    /// Properties whose change replaces the resource under conditions that only AWS knows.
    #[serde(default)]
    pub may_replace: Vec<String>,
    /// Properties that AWS decides.
    #[serde(default)]
    pub read_only: Vec<String>,
    /// Properties that AWS does not give back.
    #[serde(default)]
    pub write_only: Vec<String>,
    /// Properties that AWS advises against.
    #[serde(default)]
    pub deprecated: Vec<String>,
    /// The properties that make the primary identifier, joined by `|`.
    pub id: Vec<String>,
    /// Other sets of properties that only one resource can have.
    #[serde(default)]
    pub other_ids: Vec<Vec<String>>,
    /// Write-only properties that are secrets.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// The IAM actions of each handler: create, read, update, delete, list.
    pub actions: BTreeMap<String, Vec<String>>,
    /// The time limit of handlers that have one of their own, in minutes.
    #[serde(default)]
    pub minutes: BTreeMap<String, u32>,
    /// The properties without which AWS does not list them.
    #[serde(default)]
    pub listed_by: Vec<String>,
    /// The property for tags.
    pub tags: Option<TagProperty>,
    /// A replacement deletes first.
    #[serde(default)]
    pub delete_first: bool,
    /// The type holds data.
    #[serde(default)]
    pub stateful: bool,
    /// AWS takes no new customers for the service.
    #[serde(default)]
    pub sunset: bool,
    /// By path: the outputs of other types that a property takes, as `AWS::KMS::Key.Arn`.
    #[serde(default)]
    pub refs: BTreeMap<String, Vec<String>>,
    /// The form of ARNs, such as `arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`.
    pub arn: Option<String>,
    /// The properties.
    #[serde(rename = "schema")]
    pub root: Node,
    /// Structures that properties share.
    #[serde(default)]
    pub definitions: BTreeMap<String, Node>,
}

/// The property that holds tags.
#[derive(Clone, Debug, Deserialize)]
pub struct TagProperty {
    /// The name, mostly `Tags`.
    pub property: String,
    /// A list of `Key` and `Value`; otherwise a map.
    pub list: bool,
    /// True if only an update takes it, and no create.
    #[serde(default)]
    pub late: bool,
    /// True if no update takes it.
    #[serde(default)]
    pub fixed: bool,
}

/// The types of JSON that a node takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub enum Types {
    /// Any.
    #[default]
    Any,
    /// A single one.
    One(String),
    /// Any of several.
    Several(Vec<String>),
}

/// A text or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// A single one.
    One(String),
    /// Several.
    More(Vec<String>),
}

/// A property, an element, or a structure: what JSON Schema says of it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Node {
    /// The name of the definition that says the rest.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// A sentence or two of AWS's documentation.
    pub doc: Option<String>,
    /// The types of JSON.
    #[serde(rename = "type")]
    pub types: Types,
    /// The words that it takes.
    #[serde(rename = "enum")]
    pub words: Vec<Value>,
    /// Words are taken whatever their case is.
    pub enum_case_insensitive: bool,
    /// The one value that it takes.
    #[serde(rename = "const")]
    pub constant: Option<Value>,
    /// The lowest number.
    pub minimum: Option<f64>,
    /// The highest number.
    pub maximum: Option<f64>,
    /// The step between numbers.
    pub multiple_of: Option<f64>,
    /// The fewest characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// The fewest elements.
    pub min_items: Option<usize>,
    /// The most elements.
    pub max_items: Option<usize>,
    /// The fewest keys.
    pub min_properties: Option<usize>,
    /// The most keys.
    pub max_properties: Option<usize>,
    /// No element twice.
    pub unique_items: bool,
    /// True if the order of elements means something; AWS may give them back in another where it does not.
    pub insertion_order: Option<bool>,
    /// A regular expression that is found in the text.
    pub pattern: Option<String>,
    /// The elements of a list.
    pub items: Option<Box<Node>>,
    /// The members of a structure.
    pub properties: BTreeMap<String, Node>,
    /// The values of a map, by a regular expression for keys.
    pub pattern_properties: BTreeMap<String, Node>,
    /// Other members.
    pub additional: Option<Box<Node>>,
    /// No other members.
    pub closed: bool,
    /// Members that must be there.
    pub required: Vec<String>,
    /// Members that must be there beside another.
    pub dependent_required: BTreeMap<String, Vec<String>>,
    /// Members that must not be there beside another.
    pub dependent_excluded: BTreeMap<String, Vec<String>>,
    /// Members of which exactly one must be there.
    pub required_xor: Vec<String>,
    /// Members of which one must be there.
    pub required_or: Vec<String>,
    /// Forms of which one must fit.
    pub any_of: Vec<Node>,
    /// Forms of which one must fit.
    pub one_of: Vec<Node>,
    /// Forms that must all fit.
    pub all_of: Vec<Node>,
    /// The value that unset means.
    pub default: Option<Value>,
    /// The meaning of a text: `AWS::EC2::VPC.Id`.
    pub of: Option<OneOrMore>,
}

impl OneOrMore {
    /// All of them.
    pub fn all(&self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one.clone()],
            Self::More(all) => all.clone(),
        }
    }
}

impl Types {
    /// True if the type of JSON called `name` is taken.
    pub fn takes(&self, name: &str) -> bool {
        match self {
            Self::Any => true,
            Self::One(one) => one == name,
            Self::Several(all) => all.iter().any(|one| one == name),
        }
    }
}

impl Schema {
    /// The node that `node` refers to, or itself.
    pub fn resolve<'a>(&'a self, node: &'a Node) -> &'a Node {
        let named = node
            .reference
            .as_ref()
            .and_then(|name| self.definitions.get(name));
        named.map_or(node, |named| self.resolve(named))
    }

    /// The node at `path`; an element of a list or a map is any part where one belongs.
    pub fn node(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self.resolve(&self.root), |node, part| {
            let inside = match &node.items {
                Some(items) => items,
                None => match node.properties.get(part) {
                    Some(property) => property,
                    None => node
                        .pattern_properties
                        .values()
                        .next()
                        .or(node.additional.as_deref())?,
                },
            };
            Some(self.resolve(inside))
        })
    }

    /// The properties at the top that a person sets, in the order of their names, without that for tags.
    pub fn inputs(&self) -> impl Iterator<Item = (&str, &Node)> {
        let tags = self.tags.as_ref().map(|tags| tags.property.as_str());
        let all = self.root.properties.iter();
        let ours = all.filter(move |(name, _)| Some(name.as_str()) != tags && !self.is_read_only(name));
        ours.map(|(name, node)| (name.as_str(), self.resolve(node)))
    }

    /// True if AWS decides the property at `path`.
    pub fn is_read_only(&self, path: &str) -> bool {
        path::any_within(&self.read_only, path)
    }

    /// True if AWS does not give back the property at `path`, or what is above it.
    pub fn is_write_only(&self, path: &str) -> bool {
        path::any_within(&self.write_only, path)
    }

    /// True if the property at `path` is a secret: text, and no structure that says how to make one.
    pub fn is_secret(&self, path: &str) -> bool {
        let text = |path: &str| self.node(path).is_none_or(|node| node.types.takes("string"));
        self.secrets.iter().any(|of| path::matches(of, path)) && text(path)
    }

    /// True if the identifier follows from what a person sets: none of its properties is AWS's to decide.
    pub fn has_natural_id(&self) -> bool {
        !self.id.is_empty() && self.id.iter().all(|path| !self.is_read_only(path))
    }

    /// True if it is immutable: there is no handler for updates.
    pub fn is_immutable(&self) -> bool {
        !self.actions.contains_key("update")
    }

    /// The documentation of the property at `path`.
    pub fn doc_of(&self, path: &str) -> &str {
        let node = self.root.properties.get(path);
        let own = node.and_then(|node| node.doc.as_deref().or_else(|| self.resolve(node).doc.as_deref()));
        own.unwrap_or_default()
    }
}
