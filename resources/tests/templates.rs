//! CloudFormation templates that others keep as the snapshots of their tests: the check has nothing to say about them.
//!
//! `cargo verify templates` fetches them (`.ci/templates`) and runs this; `TENON_TEMPLATES` names the folder. Without one there is
//! only the template that stands here.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says its figures, and fails by panicking"
)]

use serde_json::{Map, Value, json};
use std::{
    collections::BTreeSet,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};
use tenon_resources::{
    cfn::{self, Known, Resource},
    resource::Declare,
};

/// A value that is known once something else exists, another one for each function.
fn open(function: &impl Hash) -> Value {
    let mut hasher = DefaultHasher::new();
    function.hash(&mut hasher);
    json!({ "$ref": format!("other-{:x}.id", hasher.finish()) })
}

/// `value` with what CloudFormation works out in place of its functions; `None` for a member that a function leaves out.
fn resolved(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Object(map) if map.len() == 1 => {
            let (name, inside) = map.iter().next()?;
            match name.as_str() {
                "Ref" if inside == "AWS::NoValue" => return None,
                "Ref" => open(&inside.to_string()),
                name if name.starts_with("Fn::") => open(&inside.to_string()),
                _ => Value::Object(members(map)),
            }
        }
        Value::Object(map) => Value::Object(members(map)),
        Value::Array(items) => items.iter().filter_map(resolved).collect(),
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
        Value::String(text) if text.contains("{{resolve:") => open(text),
        other => other.clone(),
    })
}

/// The same with tags whose keys are known: a program knows them, whatever of a cluster's name is in one.
fn with_known_keys(mut properties: Value) -> Value {
    for tag in properties["Tags"].as_array_mut().into_iter().flatten() {
        if tag["Key"].is_object() {
            tag["Key"] = tag["Key"]["$ref"].clone();
        }
    }
    properties
}

fn members(map: &Map<String, Value>) -> Map<String, Value> {
    let kept = map
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), resolved(value)?)));
    kept.collect()
}

#[derive(Default)]
struct Counts {
    templates: usize,
    resources: usize,
    /// Custom resources and those of CloudFormation alone.
    others: usize,
    types: BTreeSet<String>,
    /// Passwords in plain text.
    secrets: usize,
    /// Mistakes that those templates do have.
    mistakes: usize,
    findings: Vec<String>,
}

/// What AWS refuses, and some snapshot has: the resource, a part of what is said of it, and why that is right.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "MyDistributionCFDistributionDE147309",
        "is \"UK\", and AWS takes one of",
        "the United Kingdom is GB: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GeoRestriction.html",
    ),
    (
        "MyBucketF68F3FF0",
        "ExpirationDate` is \"2019-10-01T00:00:00\"",
        "a date of S3 has its zone: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html",
    ),
];

impl Counts {
    /// Checks every resource of a template.
    fn take(&mut self, place: &str, template: &Value) {
        let Some(resources) = template["Resources"].as_object().filter(|all| !all.is_empty()) else {
            return;
        };
        self.templates += 1;
        for (name, resource) in resources {
            let kind = resource["Type"].as_str().unwrap_or_default();
            if cfn::known(kind) != Known::Provisionable {
                self.others += 1;
                continue;
            }
            let properties = resolved(&resource["Properties"]).filter(|p| !p.is_null());
            let properties = with_known_keys(properties.unwrap_or_else(|| json!({})));
            let declared = Resource::new(kind, properties).declare();
            let (of, inputs) = declared.unwrap_or_else(|why| panic!("{place}: {name} {why}"));
            let found = of.check(&inputs).unwrap_or_else(|why| vec![why.to_string()]);
            for why in found {
                match MISTAKES
                    .iter()
                    .find(|(place, part, _)| *place == name && why.contains(part))
                {
                    Some(_) => self.mistakes += 1,
                    // A template may hold a password; a program never does.
                    None if why.contains("is a secret, and plain text") => self.secrets += 1,
                    None => self.findings.push(format!("{place}: {name}, {kind}: {why}")),
                }
            }
            self.resources += 1;
            self.types.insert(kind.to_owned());
        }
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|of| of == "json") {
            out.push(path);
        }
    }
}

#[test]
fn templates_of_others_have_no_mistakes() {
    let Some(folder) = std::env::var_os("TENON_TEMPLATES") else {
        return;
    };
    let (mut paths, mut counts) = (vec![], Counts::default());
    files(Path::new(&folder), &mut paths);
    paths.sort();
    for path in paths {
        let template = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let place = path.strip_prefix(&folder).unwrap().display().to_string();
        counts.take(&place, &template);
    }
    println!(
        "{} templates, {} resources of {} types, {} that Cloud Control does not make; {} passwords in plain text, {} mistakes, {} false findings",
        counts.templates,
        counts.resources,
        counts.types.len(),
        counts.others,
        counts.secrets,
        counts.mistakes,
        counts.findings.len()
    );
    assert!(counts.findings.is_empty(), "{}", counts.findings.join("\n"));
    assert!(counts.templates >= 300, "{}", counts.templates);
}

/// The reading of a template does not hide mistakes.
#[test]
fn a_mistake_in_a_template_is_found() {
    let template = |properties: Value| {
        let mut counts = Counts::default();
        let resources = json!({ "Queue": { "Type": "AWS::SQS::Queue", "Properties": properties } });
        counts.take("template", &json!({ "Resources": resources }));
        counts.findings
    };
    let right = json!({
        "KmsMasterKeyId": { "Ref": "Key" }, "DelaySeconds": 5, "QueueName": { "Fn::Sub": "${AWS::StackName}-queue" },
        "Tags": [{ "Key": "Name", "Value": "queue" }], "FifoQueue": { "Ref": "AWS::NoValue" },
    });
    assert_eq!(template(right), Vec::<String>::new());
    let wrong = template(json!({ "KmsMasterKeyId": { "Ref": "Key" }, "DelaySecond": 5 }));
    assert!(
        wrong.len() == 1 && wrong[0].contains("did you mean `DelaySeconds`"),
        "{wrong:?}"
    );
}
