//! Physical names: what AWS calls a thing.
//!
//! The engine makes them, unless the program insists on one: `<stack>-<env>-<address>-<hash>`. The hash covers the
//! address and how often the resource was replaced, so a successor never collides with what it replaces
//! (replacement can create first), and the name is in the plan before anything exists (a crash can be recovered by
//! name). A hash of the immutable inputs would do the first but not the second: they may be promises.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// What an API allows in a name, and how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameRule {
    /// The most characters.
    pub max: usize,
    /// What may stand besides letters and digits, such as `-_./`.
    pub also: &'static str,
    /// Upper-case letters are refused (S3, RDS).
    pub lower: bool,
    /// The end that a name must have, and the Boolean field that asks for it: `(".fifo", "fifo")`.
    pub suffix: Option<(&'static str, &'static str)>,
}

impl NameRule {
    /// The rule for a resource with these `inputs`: the suffix holds only where its field is true.
    #[must_use]
    pub fn of(self, inputs: &Value) -> Self {
        Self {
            suffix: self.suffix.filter(|(_, field)| inputs[*field] == true),
            ..self
        }
    }

    fn ending(&self) -> &'static str {
        self.suffix.map_or("", |(text, _)| text)
    }

    /// Says what is wrong with `name`, if anything.
    ///
    /// # Errors
    /// Names the rule that is broken.
    pub fn check(&self, name: &str) -> Result<(), String> {
        let Some(stem) = name.strip_suffix(self.ending()) else {
            let (text, field) = self.suffix.unwrap_or_default();
            return Err(format!(
                "is `{name}`, and with `{field}` AWS takes one that ends with `{text}`"
            ));
        };
        if stem.is_empty() {
            return Err("is empty".into());
        }
        let length = name.chars().count();
        if length > self.max {
            return Err(format!(
                "has {length} characters, and AWS takes at most {}",
                self.max
            ));
        }
        if let Some(bad) = stem.chars().find(|c| !self.allows(*c)) {
            let also: Vec<String> = self.also.chars().map(|c| format!("`{c}`")).collect();
            let letters = if self.lower {
                "lower-case letters"
            } else {
                "letters"
            };
            let also = if also.is_empty() {
                String::new()
            } else {
                format!(" and {}", also.join(" "))
            };
            return Err(format!("has `{bad}`, and AWS takes {letters}, digits{also}"));
        }
        Ok(())
    }

    fn allows(&self, c: char) -> bool {
        (c.is_ascii_alphanumeric() && !(self.lower && c.is_ascii_uppercase())) || self.also.contains(c)
    }
}

/// The name of generation `generation` of the resource at `address` in `stack`'s environment `env`, within `rule`.
///
/// ```
/// use tenon_resources::value::{NameRule, physical_name};
/// let rule = NameRule { max: 32, also: "-", lower: false, suffix: None };
/// let first = physical_name("shop", "dev", "web/balancer", 0, rule);
/// assert!(first.starts_with("shop-dev-web-balancer-") && first.len() <= 32);
/// assert_ne!(first, physical_name("shop", "dev", "web/balancer", 1, rule));
/// ```
pub fn physical_name(stack: &str, env: &str, address: &str, generation: u32, rule: NameRule) -> String {
    let mut hash = Sha256::new();
    for part in [stack, env, address, &generation.to_string()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hash = hash.finalize();
    let hash = format!("{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2]);
    let separator = if rule.also.contains('-') || rule.also.is_empty() {
        '-'
    } else {
        '_'
    };
    let mut stem = String::new();
    for c in format!("{stack}-{env}-{address}").chars() {
        let c = if rule.lower { c.to_ascii_lowercase() } else { c };
        let c = if c != separator && rule.allows(c) && c != '/' && c != '.' {
            c
        } else {
            separator
        };
        if !(c == separator && stem.ends_with(separator)) {
            stem.push(c);
        }
    }
    let ending = rule.ending();
    stem.truncate(rule.max.saturating_sub(hash.len() + 1 + ending.len()));
    format!("{}{separator}{hash}{ending}", stem.trim_end_matches(separator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const RULES: [NameRule; 4] = [
        NameRule {
            max: 32,
            also: "-",
            lower: false,
            suffix: None,
        },
        NameRule {
            max: 63,
            also: "-",
            lower: true,
            suffix: None,
        },
        NameRule {
            max: 255,
            also: "-_",
            lower: false,
            suffix: None,
        },
        NameRule {
            max: 80,
            also: "-_",
            lower: false,
            suffix: Some((".fifo", "fifo")),
        },
    ];

    proptest! {
        #[test]
        fn a_made_name_keeps_its_own_rule(stack in "[a-z][a-z0-9-]{0,20}", env in "[a-z]{1,8}", address in "[a-zA-Z0-9_./-]{1,60}", generation in 0u32..5) {
            for rule in RULES {
                let name = physical_name(&stack, &env, &address, generation, rule);
                prop_assert_eq!(rule.check(&name), Ok(()), "{}", name);
                prop_assert_ne!(&name, &physical_name(&stack, &env, &address, generation + 1, rule));
            }
        }
    }

    #[test]
    fn a_suffix_is_asked_for_by_its_field() {
        let rule = RULES[3];
        let fifo = rule.of(&json!({ "fifo": true }));
        let made = physical_name("shop", "dev", "orders", 0, fifo);
        assert!(made.strip_suffix(".fifo").is_some(), "{made}");
        assert_eq!(fifo.check("orders.fifo"), Ok(()));
        assert_eq!(fifo.check(".fifo").unwrap_err(), "is empty");
        assert_eq!(
            fifo.check("orders").unwrap_err(),
            "is `orders`, and with `fifo` AWS takes one that ends with `.fifo`"
        );
        for inputs in [json!({}), json!({ "fifo": false })] {
            let standard = rule.of(&inputs);
            assert!(!physical_name("shop", "dev", "orders", 0, standard).contains('.'));
            assert!(standard.check("orders.fifo").unwrap_err().starts_with("has `.`"));
        }
    }

    #[test]
    fn a_bad_name_says_which_rule() {
        let rule = RULES[0];
        assert_eq!(
            rule.check(&"x".repeat(33)).unwrap_err(),
            "has 33 characters, and AWS takes at most 32"
        );
        assert_eq!(
            rule.check("a_b").unwrap_err(),
            "has `_`, and AWS takes letters, digits and `-`"
        );
    }
}
