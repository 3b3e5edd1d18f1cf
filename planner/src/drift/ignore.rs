//! Differences that one run of `drift` is told to leave out.

use super::{Class, Drifted, Survey};
use serde_json::Value;

/// A pattern of what is ignored: `ADDRESS`, `ADDRESS.FIELD`, or `ADDRESS.FIELD.KEY` for a tag or a member of a map; the address
/// may end in `*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore(String);

impl std::str::FromStr for Ignore {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let blank = text.chars().any(|c| c.is_whitespace() || c.is_control());
        if text.is_empty() || blank || text.starts_with('.') || text.ends_with('.') {
            return Err("expected `ADDRESS`, `ADDRESS.FIELD` or `ADDRESS.FIELD.KEY`".into());
        }
        Ok(Self(text.into()))
    }
}

impl std::fmt::Display for Ignore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_address(pattern: &str, address: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => address.starts_with(prefix),
        None => address == pattern,
    }
}

impl Ignore {
    /// The rest of the pattern after `address`: nothing, a field, or a field and a key; several readings where an address has dots.
    fn beyond<'a>(&'a self, address: &str) -> Vec<&'a str> {
        let dots = self.0.match_indices('.').map(|(at, _)| at);
        let splits = dots.map(|at| (&self.0[..at], &self.0[at + 1..]));
        let whole = (self.0.as_str(), "");
        let all = splits.chain([whole]);
        all.filter(|(pattern, _)| is_address(pattern, address))
            .map(|(_, rest)| rest)
            .collect()
    }
}

impl Survey {
    /// The survey without what `patterns` name, which is counted.
    #[must_use]
    pub fn without(mut self, patterns: &[Ignore]) -> Self {
        let mut ignored = 0;
        self.drifted.retain_mut(|drifted| {
            let said: Vec<&str> = patterns.iter().flat_map(|p| p.beyond(&drifted.address)).collect();
            let before = drifted.fields.clone();
            let keep = keeps(drifted, &said);
            ignored += usize::from(!keep || before != drifted.fields);
            keep
        });
        self.ignored += ignored;
        self
    }
}

/// Takes out of `drifted` what is ignored; whether anything is left.
fn keeps(drifted: &mut Drifted, said: &[&str]) -> bool {
    if said.contains(&"") {
        return false;
    }
    if drifted.class != Class::Changed {
        return true;
    }
    drifted.fields.retain_mut(|diff| {
        if said.contains(&diff.field.as_str()) {
            return false;
        }
        for said in said {
            if let Some(key) = said.strip_prefix(&diff.field).and_then(|k| k.strip_prefix('.')) {
                // What is the same on both sides is not left out by this, and not counted.
                let same = diff.from.get(key) == diff.to.get(key);
                for side in [&mut diff.from, &mut diff.to].into_iter().filter(|_| !same) {
                    if let Value::Object(map) = side.to_mut() {
                        map.remove(key);
                    }
                }
            }
        }
        diff.from != diff.to
    });
    !drifted.fields.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldDiff;
    use serde_json::json;

    fn changed(address: &str, fields: &[(&str, Value, Value)]) -> Drifted {
        let diff = |(field, from, to): &(&str, Value, Value)| FieldDiff {
            field: (*field).into(),
            from: from.clone().into(),
            to: to.clone().into(),
            replaces: false,
        };
        Drifted {
            class: Class::Changed,
            address: address.into(),
            kind: "ec2.vpc".into(),
            id: None,
            declared: None,
            fields: fields.iter().map(diff).collect(),
            status: None,
            place: tenon_resources::declaration::Place::default(),
            by: None,
        }
    }

    fn left(drifted: Drifted, patterns: &[&str]) -> (Vec<String>, usize) {
        let patterns: Vec<Ignore> = patterns.iter().filter_map(|p| p.parse().ok()).collect();
        let survey = Survey {
            drifted: vec![drifted],
            ..Survey::default()
        };
        let survey = survey.without(&patterns);
        let names = survey.drifted.iter().flat_map(|d| &d.fields);
        (names.map(|f| f.field.clone()).collect(), survey.ignored)
    }

    #[test]
    fn what_is_named_is_left_out_and_counted_and_nothing_else_is() {
        let tags = (json!({"a": 1, "scan.last": 1}), json!({"a": 1, "scan.last": 2}));
        let of = || {
            changed(
                "api.v1/service",
                &[
                    ("desired_count", json!(2), json!(6)),
                    ("tags", tags.0.clone(), tags.1.clone()),
                ],
            )
        };
        let both = || vec!["desired_count".to_owned(), "tags".into()];
        assert_eq!(left(of(), &[]), (both(), 0));
        assert_eq!(left(of(), &["api/service"]), (both(), 0));
        assert_eq!(
            left(of(), &["api.v1/service.desired_count"]),
            (vec!["tags".into()], 1)
        );
        assert_eq!(left(of(), &["api.v1/*.desired_count"]), (vec!["tags".into()], 1));
        assert_eq!(
            left(of(), &["api.v1/service.tags.scan.last"]),
            (vec!["desired_count".into()], 1)
        );
        assert_eq!(left(of(), &["api.v1/service.tags.a"]), (both(), 0));
        assert_eq!(left(of(), &["api.v1/*"]), (vec![], 1));
        let gone = Drifted {
            class: Class::Gone,
            ..changed("vpc", &[])
        };
        let survey = Survey {
            drifted: vec![gone],
            ..Survey::default()
        };
        // A field of what is gone says nothing about its being gone.
        let pattern: Ignore = "vpc.tags".parse().expect("a pattern");
        assert_eq!(survey.without(&[pattern]).drifted.len(), 1);
        assert!(["", " ", ".x", "x."].iter().all(|p| p.parse::<Ignore>().is_err()));
    }
}
