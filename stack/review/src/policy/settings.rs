//! The settings of a team's policy: bounds, who may waive a rule, and what is waived until when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest time for which a rule can be waived, in days.
const LONGEST: i32 = 366;

/// The file `settings.toml` in the folder of the policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The accounts that resources may be in; any when there are none.
    pub accounts: Vec<String>,
    /// The regions that resources may be in; any when there are none.
    pub regions: Vec<String>,
    /// The keys of the tags that each taggable resource must have.
    pub required_tags: Vec<String>,
    /// The people who may waive a rule, by rule; `*` is every rule.
    pub owners: BTreeMap<String, Vec<String>>,
    /// The waivers.
    #[serde(rename = "waiver")]
    pub waivers: Vec<Waiver>,
}

/// A rule that is waived for a resource until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// The address; it may end in `*`.
    pub address: String,
    /// The environment; every one when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// The owner who waived it.
    pub by: String,
    /// The last day on which it is waived, in UTC.
    pub until: Date,
    /// The reason.
    pub reason: String,
}

/// The verdict on a waiver that is about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The finding is waived.
    Waived(Waiver),
    /// The waiver does not count, for this reason.
    Void(String),
}

impl Settings {
    /// Reads the file.
    ///
    /// # Errors
    /// The text is not TOML of these members.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    fn owns(&self, who: &str, rule: &str) -> bool {
        let lists = [rule, "*"].into_iter().filter_map(|r| self.owners.get(r));
        lists.flatten().any(|owner| owner == who)
    }

    /// The verdict of the waivers on a finding on the day `today`. A waiver that counts wins over those that do not.
    pub fn verdict(&self, (rule, address, env): (&str, &str, &str), today: Date) -> Option<Verdict> {
        let about = |w: &&Waiver| {
            let place = match w.address.strip_suffix('*') {
                Some(prefix) => address.starts_with(prefix),
                None => w.address == address,
            };
            w.rule == rule && place && w.env.as_deref().is_none_or(|e| e == env)
        };
        let mut void = None;
        for waiver in self.waivers.iter().filter(about) {
            let days = waiver.until.since(today).map_or(i32::MAX, |span| span.get_days());
            let why = if !self.owns(&waiver.by, rule) {
                format!("{} may not waive it: `owners` does not list them", waiver.by)
            } else if waiver.reason.trim().is_empty() {
                format!("the waiver of {} gives no reason", waiver.by)
            } else if waiver.until < today {
                format!("the waiver of {} ended on {}", waiver.by, waiver.until)
            } else if days > LONGEST {
                format!("the waiver of {} is for more than {LONGEST} days", waiver.by)
            } else {
                return Some(Verdict::Waived(waiver.clone()));
            };
            void.get_or_insert(Verdict::Void(why));
        }
        void
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(by: &str, until: &str, reason: &str) -> Settings {
        let text = format!(
            r#"
            regions = ["eu-west-1"]
            [owners]
            open-ports = ["@ada"]
            "*" = ["@grace"]
            [[waiver]]
            rule = "open-ports"
            address = "edge/*"
            env = "dev"
            by = "{by}"
            until = "{until}"
            reason = "{reason}"
            "#
        );
        Settings::from_toml(&text).expect("settings")
    }

    #[test]
    fn a_waiver_counts_for_its_owner_its_place_and_until_its_day() {
        let today = jiff::civil::date(2026, 11, 28);
        let at = |s: &Settings, finding| s.verdict(finding, today);
        let here = ("open-ports", "edge/door", "dev");
        for by in ["@ada", "@grace"] {
            let good = settings(by, "2026-11-28", "a test");
            assert!(matches!(at(&good, here), Some(Verdict::Waived(_))), "{by}");
            assert_eq!(at(&good, ("open-ports", "edge/door", "prod")), None);
            assert_eq!(at(&good, ("open-ports", "door", "dev")), None);
            assert_eq!(at(&good, ("iam-admin", "edge/door", "dev")), None);
        }
        for (settings, why) in [
            (settings("@mallory", "2026-12-01", "x"), "may not waive"),
            (settings("@ada", "2026-11-27", "x"), "ended on 2026-11-27"),
            (settings("@ada", "2028-11-27", "x"), "more than 366 days"),
            (settings("@ada", "2026-12-01", " "), "no reason"),
        ] {
            let verdict = at(&settings, here);
            assert!(
                matches!(&verdict, Some(Verdict::Void(text)) if text.contains(why)),
                "{verdict:?}"
            );
        }
        assert!(Settings::from_toml("region = 'eu-west-1'").is_err());
    }
}
