//! Lifecycle policies of repositories: the images that expire.

use serde::{Deserialize, Serialize};
#[cfg(any(feature = "aws", test))]
use serde_json::{Value, json};

/// The images that a lifecycle rule selects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Images {
    /// Any image; such a rule comes last.
    Any,
    /// Images without a tag.
    Untagged,
    /// Images with a tag that matches each of these patterns, where `*` stands for anything.
    Tagged(Vec<String>),
    /// Images with a tag that begins with each of these prefixes.
    TagPrefix(Vec<String>),
}

/// The count by which selected images expire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// All images but this many, the most recent.
    MoreThan(u32),
    /// Images that were pushed more than this many days ago.
    OlderThanDays(u32),
}

/// A rule of a lifecycle policy: it expires the selected images. Rules apply in their order; an image is expired by one rule at most.
///
/// ```
/// use tenon_resources::ecr::{Count, ImageRule, Images};
/// ImageRule::new(Images::Untagged, Count::OlderThanDays(7));
/// ImageRule::new(Images::Any, Count::MoreThan(50)).description("What we can roll back to");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRule {
    /// The description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The images that the rule selects.
    pub images: Images,
    /// The count by which they expire.
    pub expire: Count,
}

impl ImageRule {
    /// A rule that expires `images` by the count `expire`.
    pub fn new(images: Images, expire: Count) -> Self {
        Self {
            description: String::new(),
            images,
            expire,
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        self.description = description.into();
        self
    }
}

/// The rules as ECR's document: "Lifecycle policy properties" in the ECR user guide.
#[cfg(any(feature = "aws", test))]
pub(super) fn document(rules: &[ImageRule]) -> String {
    let rule = |(i, rule): (usize, &ImageRule)| {
        let mut selection = match &rule.images {
            Images::Any => json!({ "tagStatus": "any" }),
            Images::Untagged => json!({ "tagStatus": "untagged" }),
            Images::Tagged(patterns) => json!({ "tagStatus": "tagged", "tagPatternList": patterns }),
            Images::TagPrefix(prefixes) => json!({ "tagStatus": "tagged", "tagPrefixList": prefixes }),
        };
        match rule.expire {
            Count::MoreThan(n) => {
                selection["countType"] = json!("imageCountMoreThan");
                selection["countNumber"] = json!(n);
            }
            Count::OlderThanDays(n) => {
                selection["countType"] = json!("sinceImagePushed");
                selection["countUnit"] = json!("days");
                selection["countNumber"] = json!(n);
            }
        }
        let mut out =
            json!({ "rulePriority": i + 1, "selection": selection, "action": { "type": "expire" } });
        if !rule.description.is_empty() {
            out["description"] = json!(rule.description);
        }
        out
    };
    json!({ "rules": rules.iter().enumerate().map(rule).collect::<Vec<_>>() }).to_string()
}

/// The rules in ECR's document, by priority; rules that have no counterpart here are left out.
#[cfg(any(feature = "aws", test))]
pub(super) fn rules(document: &str) -> Vec<ImageRule> {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let mut rules: Vec<&Value> = document["rules"].as_array().into_iter().flatten().collect();
    rules.sort_by_key(|r| r["rulePriority"].as_u64());
    let texts = |v: &Value| {
        v.as_array()
            .map(|a| a.iter().filter_map(|t| t.as_str().map(Into::into)).collect())
    };
    let rule = |rule: &Value| {
        let selection = &rule["selection"];
        let images = match (
            selection["tagStatus"].as_str()?,
            texts(&selection["tagPatternList"]),
        ) {
            ("any", _) => Images::Any,
            ("untagged", _) => Images::Untagged,
            (_, Some(patterns)) => Images::Tagged(patterns),
            (_, None) => Images::TagPrefix(texts(&selection["tagPrefixList"])?),
        };
        let number = u32::try_from(selection["countNumber"].as_u64()?).ok()?;
        let expire = match selection["countType"].as_str()? {
            "imageCountMoreThan" => Count::MoreThan(number),
            "sinceImagePushed" => Count::OlderThanDays(number),
            _ => return None,
        };
        let description = rule["description"].as_str().unwrap_or_default().to_owned();
        Some(ImageRule {
            description,
            images,
            expire,
        })
    };
    rules.into_iter().filter_map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back() {
        let all = vec![
            ImageRule::new(Images::Untagged, Count::OlderThanDays(7)).description("left over"),
            ImageRule::new(Images::Tagged(vec!["pr-*".into()]), Count::OlderThanDays(30)),
            ImageRule::new(Images::TagPrefix(vec!["dev".into()]), Count::MoreThan(3)),
            ImageRule::new(Images::Any, Count::MoreThan(50)),
        ];
        assert_eq!(rules(&document(&all)), all);
        assert_eq!(rules("nonsense"), vec![]);
    }
}
