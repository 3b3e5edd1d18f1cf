//! Physical names: what AWS calls a thing.
//!
//! The engine makes them, unless the program insists on one: `<stack>-<env>-<address>-<hash>`. The hash covers the
//! address and how often the resource was replaced, so a successor never collides with what it replaces
//! (replacement can create first), and the name is in the plan before anything exists (a crash can be recovered by
//! name). A hash of the immutable inputs would do the first but not the second: they may be promises.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The rule for a name: what an API allows in it, and how long it may be.
#[expect(
    clippy::struct_excessive_bools,
    reason = "marks are independent of one another"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameRule {
    /// The most characters.
    pub max: usize,
    /// Characters that may stand besides letters and digits, such as `-_./`.
    pub also: &'static str,
    /// Upper-case letters are refused (S3, RDS).
    pub lower: bool,
    /// Upper-case letters are taken, and AWS answers with lower-case ones (the DNS name of a load balancer): a name that the
    /// engine makes has none.
    pub folds: bool,
    /// The end that a name must have, and the Boolean field that asks for it: `(".fifo", "fifo")`.
    pub suffix: Option<(&'static str, &'static str)>,
    /// The regular expression that the whole name matches, without the suffix; empty where the characters say everything.
    pub pattern: &'static str,
    /// Beginnings that AWS keeps to itself, whatever their case.
    pub reserved: &'static [&'static str],
    /// The character before the hash in a name that the engine makes.
    pub separator: char,
    /// The name is unique among all accounts of AWS: one that the engine makes has account and region in it.
    pub global: bool,
    /// AWS keeps the name for days after the resource was deleted: the next one that the engine makes is another.
    pub kept: bool,
}

impl NameRule {
    /// A rule of nothing but a length; the rest is set on it.
    pub const fn new(max: usize) -> Self {
        Self {
            max,
            also: "",
            lower: false,
            folds: false,
            suffix: None,
            pattern: "",
            reserved: &[],
            separator: '-',
            global: false,
            kept: false,
        }
    }

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
        let folded = stem.to_ascii_lowercase();
        if let Some(start) = self.reserved.iter().find(|start| folded.starts_with(**start)) {
            return Err(format!(
                "is `{name}`, and AWS keeps names that begin with `{start}` to itself"
            ));
        }
        let whole = || regex_lite::Regex::new(&format!("^(?:{})$", self.pattern));
        if !self.pattern.is_empty() && whole().is_ok_and(|whole| !whole.is_match(stem)) {
            return Err(format!(
                "is `{name}`, and AWS takes what matches `{}`",
                self.pattern
            ));
        }
        Ok(())
    }

    fn allows(&self, c: char) -> bool {
        (c.is_ascii_alphanumeric() && !(self.lower && c.is_ascii_uppercase())) || self.also.contains(c)
    }
}

/// The owner of a name that is made: a generation of the resource at an address, in an environment of a stack.
#[derive(Clone, Copy, Debug)]
pub struct NameOf<'a> {
    /// The stack.
    pub stack: &'a str,
    /// The environment.
    pub env: &'a str,
    /// The address.
    pub address: &'a str,
    /// The number of times that the resource was replaced.
    pub generation: u32,
    /// The account.
    pub account: &'a str,
    /// The region.
    pub region: &'a str,
    /// The serial of the state that the plan is made from: another one after each apply.
    pub serial: u64,
}

/// The name of a resource, within `rule`.
///
/// ```
/// use tenon_resources::value::{NameOf, NameRule, physical_name};
/// let rule = NameRule { also: "-", ..NameRule::new(32) };
/// let of = NameOf { stack: "shop", env: "dev", address: "web/balancer", generation: 0, account: "111111111111", region: "eu-west-1", serial: 0 };
/// let first = physical_name(&of, rule);
/// assert!(first.starts_with("shop-dev-web-balancer-") && first.len() <= 32);
/// assert_ne!(first, physical_name(&NameOf { generation: 1, ..of }, rule));
/// ```
pub fn physical_name(of: &NameOf<'_>, rule: NameRule) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update(part.as_bytes());
        hash.update([0]);
    };
    for part in [of.stack, of.env, of.address, &of.generation.to_string()] {
        add(part);
    }
    if rule.kept && of.serial > 0 {
        add(&of.serial.to_string());
    }
    let hash = hash.finalize();
    let hash = format!("{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2]);
    let between = if rule.also.contains('-') || rule.also.is_empty() {
        '-'
    } else {
        '_'
    };
    let before_hash = if rule.separator == '-' {
        between
    } else {
        rule.separator
    };
    let mut stem = String::new();
    let (stack, env, address) = (of.stack, of.env, of.address);
    for c in format!("{stack}-{env}-{address}").chars() {
        let c = if rule.lower || rule.folds {
            c.to_ascii_lowercase()
        } else {
            c
        };
        // One separator alone: AWS takes no two different ones in a row everywhere (ECR, CloudTrail).
        let c = if c.is_ascii_alphanumeric() { c } else { between };
        if !(c == between && stem.ends_with(between)) {
            stem.push(c);
        }
    }
    let place = if rule.global {
        format!("{between}{}{between}{}", of.account, of.region)
    } else {
        String::new()
    };
    let ending = rule.ending();
    stem.truncate(
        rule.max
            .saturating_sub(place.len() + hash.len() + 1 + ending.len()),
    );
    let stem = stem.trim_end_matches(between);
    format!("{stem}{place}{before_hash}{hash}{ending}")
}

/// Beginnings that AWS keeps to itself. ELB: `internal-`. SSM: `aws`, `ssm`. EC2: `sg-`. S3: `sthree-`, `amzn-s3-demo-`.
const RESERVED: [&str; 6] = ["aws", "ssm", "amzn", "internal-", "sg-", "sthree-"];

/// A finding about the name of a stack or of an environment, as the rest of a sentence: both stand in the names of resources, and
/// no other rule satisfies all of AWS's.
pub fn check_name_of(what: &str, name: &str, max: usize) -> Option<String> {
    // An environment may be called after a bucket, whose state it is.
    let between = if what == "stack" { &['-'][..] } else { &['-', '.'] };
    let parts = || name.split(between);
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let starts = what != "stack" || name.starts_with(|c: char| c.is_ascii_lowercase());
    if name.len() > max || !starts || !parts().all(plain) {
        let begin = if what == "stack" {
            "begins with a letter, "
        } else {
            ""
        };
        return Some(format!(
            "is no name for {} {what}: it {begin}has lower-case letters, digits and single hyphens between them, and at most {max} \
             characters, because it stands in the names of resources; for instance `{}`",
            if what == "stack" { "a" } else { "an" },
            remedy(what, name, max)
        ));
    }
    let whole = format!("{name}-");
    let reserved = RESERVED.iter().find(|start| whole.starts_with(**start));
    reserved.filter(|_| what == "stack").map(|start| {
        format!(
            "begins with `{start}`, and AWS keeps such names of resources to itself; for instance `my-{name}`"
        )
    })
}

/// A name near `name` that is one.
fn remedy(what: &str, name: &str, max: usize) -> String {
    let folded = name.to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let parts: Vec<&str> = folded.split(|c| !plain(c)).filter(|p| !p.is_empty()).collect();
    let mut text = parts.join("-");
    if text.is_empty() || (what == "stack" && text.starts_with(|c: char| c.is_ascii_digit())) {
        text = format!("{what}-{text}");
    }
    text.truncate(max);
    text.trim_end_matches('-').to_owned()
}

#[cfg(test)]
#[path = "name_tests.rs"]
mod tests;
