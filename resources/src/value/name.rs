//! Physical names: what AWS calls a thing.
//!
//! The engine makes them, unless the program insists on one: `<stack>-<env>-<address>-<hash>`. The hash covers the
//! address and how often the resource was replaced, so a successor never collides with what it replaces
//! (replacement can create first), and the name is in the plan before anything exists (a crash can be recovered by
//! name). A hash of the immutable inputs would do the first but not the second: they may be promises.

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
}

impl NameRule {
    /// Says what is wrong with `name`, if anything.
    ///
    /// # Errors
    /// Names the rule that is broken.
    pub fn check(&self, name: &str) -> Result<(), String> {
        if name.is_empty() {
            return Err("is empty".into());
        }
        let length = name.chars().count();
        if length > self.max {
            return Err(format!(
                "has {length} characters, and AWS takes at most {}",
                self.max
            ));
        }
        if let Some(bad) = name.chars().find(|c| !self.allows(*c)) {
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
/// let rule = NameRule { max: 32, also: "-", lower: false };
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
    stem.truncate(rule.max.saturating_sub(hash.len() + 1));
    format!("{}{separator}{hash}", stem.trim_end_matches(separator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULES: [NameRule; 3] = [
        NameRule {
            max: 32,
            also: "-",
            lower: false,
        },
        NameRule {
            max: 63,
            also: "-",
            lower: true,
        },
        NameRule {
            max: 255,
            also: "-_",
            lower: false,
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
