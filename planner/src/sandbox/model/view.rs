//! A call and the contents of a sandbox, as the model of AWS reads them.

use super::facts::{Unique, Use};
use crate::sandbox::{contents::Contents, object::Object};
use serde_json::Value;

/// A call: an operation and its members.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct Call<'a> {
    pub(in crate::sandbox) operation: &'a str,
    pub(in crate::sandbox) params: &'a Value,
    /// The id of the resource, where it exists.
    pub(in crate::sandbox) id: Option<&'a str>,
}

/// Effect of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Verb {
    Create,
    Change,
    Delete,
}

impl Call<'_> {
    /// True if the member at `path` is set.
    pub(in crate::sandbox) fn has(&self, path: &str) -> bool {
        !texts(self.params, path).is_empty()
    }

    /// The first text of the member at `path`.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        texts(self.params, path).into_iter().next()
    }
}

/// The texts, numbers and switches of the member at `path`, a name per level with dots between them. Lists are walked
/// through, and the empty path is everything.
pub(in crate::sandbox) fn texts(value: &Value, path: &str) -> Vec<String> {
    fn walk(value: &Value, path: &str, out: &mut Vec<String>) {
        match (value, path) {
            (Value::Array(items), _) => items.iter().for_each(|item| walk(item, path, out)),
            (Value::Object(members), "") => members.values().for_each(|member| walk(member, "", out)),
            (Value::Object(members), _) => {
                let (first, rest) = path.split_once('.').unwrap_or((path, ""));
                if let Some(member) = members.get(first) {
                    walk(member, rest, out);
                }
            }
            (Value::Null, _) => {}
            (Value::String(text), "") => out.push(text.clone()),
            (other, "") => out.push(other.to_string()),
            _ => {}
        }
    }
    let mut out = vec![];
    walk(value, path, &mut out);
    out
}

/// Contents of the sandbox when a call arrives.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct View<'a> {
    pub(in crate::sandbox) contents: &'a Contents,
    pub(in crate::sandbox) now: u64,
}

impl<'a> View<'a> {
    /// The resource of type `kind` with `id`.
    pub(in crate::sandbox) fn get(&self, kind: &str, id: &str) -> Option<&'a Object> {
        let object = self.contents.objects.get(&(kind.to_owned(), id.to_owned()))?;
        (!object.gone(self.now)).then_some(object)
    }

    /// The resource that a call is about, and its id.
    pub(super) fn subject(&self, kind: &str, call: &Call<'_>) -> Option<&'a Object> {
        self.get(kind, call.id?)
    }

    /// Resources of type `kind` whose member at `member` is `text`, with their ids.
    pub(in crate::sandbox) fn users(
        &self,
        kind: &str,
        member: &str,
        text: &str,
    ) -> Vec<(&'a str, &'a Object)> {
        let from = (text.to_owned(), (kind.to_owned(), String::new()));
        let named = self.contents.mentions.range(from..);
        let named = named.take_while(|(mentioned, key)| mentioned == text && key.0 == kind);
        let named = named.filter_map(|(_, key)| Some((key.1.as_str(), self.contents.objects.get(key)?)));
        let uses = |object: &Object| texts(&object.members, member).iter().any(|t| t == text);
        named
            .filter(|(_, object)| !object.gone(self.now) && uses(object))
            .collect()
    }

    /// Type and id of a resource that uses `object`.
    pub(in crate::sandbox) fn user_of(
        &self,
        id: &str,
        object: &Object,
        uses: &[Use],
    ) -> Option<(&'a str, &'a str)> {
        let arn = object.outputs["arn"].as_str().filter(|arn| *arn != id);
        let names = [Some(id), arn];
        names.into_iter().flatten().find_map(|name| {
            uses.iter().find_map(|user| {
                let users = self.users(user.kind, user.member, name);
                // A rule of a security group may refer to that very group.
                let other = users
                    .into_iter()
                    .find(|(_, o)| o.members["group_id"].as_str() != Some(name));
                other.map(|(user_id, _)| (user.kind_static(), user_id))
            })
        })
    }

    /// The id of the resource of type `kind` that holds the key that `members` claim, but for `own`.
    pub(in crate::sandbox) fn holder(
        &self,
        kind: &str,
        key: &Unique,
        members: &Value,
        own: Option<&str>,
    ) -> Option<&'a str> {
        let claimed = key.of(members)?;
        let first = claimed.first()?.first()?;
        let candidates = self.users(kind, key.first_member(), first);
        let holds =
            |id: &str, object: &Object| Some(id) != own && key.of(&object.members).as_ref() == Some(&claimed);
        candidates
            .into_iter()
            .find(|(id, object)| holds(id, object))
            .map(|(id, _)| id)
    }
}

impl Use {
    fn kind_static(&self) -> &'static str {
        self.kind
    }
}

impl Unique {
    fn first_member(&self) -> &'static str {
        self.of.first().copied().unwrap_or_default()
    }

    /// The key that these members claim.
    fn of(&self, members: &Value) -> Option<Vec<Vec<String>>> {
        let needed = self
            .of
            .iter()
            .map(|path| Some(texts(members, path)).filter(|texts| !texts.is_empty()));
        let mut key = needed.collect::<Option<Vec<_>>>()?;
        key.extend(self.with.iter().map(|path| texts(members, path)));
        Some(key)
    }
}
