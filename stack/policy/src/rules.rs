//! Rules: the default set, and those of a team.

use crate::error::{RulesError, chain};
use cedar_policy::{Effect, Policy, PolicyId, PolicySet};
use std::{collections::BTreeMap, str::FromStr};
use tenon_review::{policy::DEFAULT, sarif::Level};

/// Name, severity and words of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) id: String,
    pub(crate) level: Level,
    pub(crate) says: String,
    pub(crate) remedy: String,
}

/// A set of rules.
#[derive(Clone, Debug)]
pub struct Rules {
    pub(crate) set: PolicySet,
    pub(crate) about: BTreeMap<PolicyId, About>,
}

impl Rules {
    /// The default set and the rules of `files`, each a name and a text. A rule with the `@id` of another takes its place, and one
    /// with `@level("off")` removes it.
    ///
    /// # Errors
    /// A text is not Cedar, or a rule has no `@id` or is no `forbid`.
    pub fn new(files: &[(String, String)]) -> Result<Self, RulesError> {
        let mut by_id: BTreeMap<String, (Policy, About)> = BTreeMap::new();
        let default = ("default.cedar".to_owned(), DEFAULT.to_owned());
        for (file, text) in std::iter::once(&default).chain(files) {
            let wrong = |why: String| RulesError::Rules {
                file: file.clone(),
                why,
            };
            let set = PolicySet::from_str(text).map_err(|e| wrong(chain(&e)))?;
            if set.templates().next().is_some() {
                return Err(wrong("a rule has a slot, and nothing fills it".into()));
            }
            let mut here = vec![];
            for policy in set.policies() {
                let about = about(policy).map_err(&wrong)?;
                if here.contains(&about.id) {
                    return Err(wrong(format!("`{}` is there twice", about.id)));
                }
                here.push(about.id.clone());
                if policy.annotation("level") == Some("off") {
                    by_id.remove(&about.id);
                } else {
                    by_id.insert(about.id.clone(), (policy.clone(), about));
                }
            }
        }
        let mut set =
            PolicySet::from_str("permit (principal, action, resource);").expect("a permit of everything");
        let mut all = BTreeMap::new();
        for (id, (policy, about)) in by_id {
            let id = PolicyId::new(format!("rule:{id}"));
            set.add(policy.new_id(id.clone())).expect("an id of its own");
            all.insert(id, about);
        }
        Ok(Self { set, about: all })
    }

    /// The rules by name, with a sentence each, for a SARIF document.
    pub fn described(&self) -> Vec<(String, String)> {
        let one = |about: &About| {
            (
                format!("policy/{}", about.id),
                format!("A resource {}.", about.says),
            )
        };
        self.about.values().map(one).collect()
    }
}

fn about(policy: &Policy) -> Result<About, String> {
    let of = |name: &str| {
        policy
            .annotation(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let id = of("id").ok_or("a rule has no `@id`")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !id.chars().all(plain) {
        return Err(format!(
            "`{id}` is no name of a rule: lower-case letters, digits and `-`"
        ));
    }
    if policy.effect() != Effect::Forbid {
        return Err(format!(
            "`{id}` permits; everything is permitted that no rule forbids"
        ));
    }
    let level = match of("level").as_deref() {
        None | Some("error") => Level::Error,
        Some("warning") => Level::Warning,
        Some("note" | "off") => Level::Note,
        Some(other) => return Err(format!("`{id}` has level `{other}`: error, warning, note or off")),
    };
    let says = of("says").unwrap_or_else(|| "breaks this rule".into());
    let remedy = of("remedy").unwrap_or_default();
    Ok(About {
        id,
        level,
        says,
        remedy,
    })
}
