//! The words of the reference: documentation begins with the noun that it is about, and that is AWS's.

use super::{Type, all_needed, every_type};
use tenon_resources::registry::{TYPES, find};

/// Words that may not open a sentence of documentation: none of them is what the sentence is about.
const NO_NOUNS: [&str; 11] = [
    "How", "It", "Its", "One", "What", "Where", "Whether", "Which", "Who", "Whom", "Whose",
];

/// AWS's names of things that CloudFormation has no type for, or has one by another name.
const NAMES: &[(&str, &str)] = &[
    ("acm.validation", "DNS validation"),
    ("appscaling.scheduled_action", "scheduled action"),
    ("ec2.egress_rule", "outbound rule"),
    ("ec2.elastic_ip", "Elastic IP address"),
    ("ec2.ingress_rule", "inbound rule"),
    ("ec2.network_acl_association", "network ACL association"),
    ("ec2.route_table_association", "route table association"),
    ("ecr.image", "container image"),
    ("elb.target_attachment", "registered target"),
    ("iam.oidc_provider", "OIDC identity provider"),
    ("iam.policy_attachment", "managed policy"),
    ("iam.role_policy", "inline policy"),
    ("iam.user_policy", "inline policy"),
    ("s3.bucket_cors", "CORS configuration"),
    ("s3.bucket_logging", "server access logging"),
    ("s3.bucket_notification", "event notification"),
    ("s3.bucket_replication", "replication"),
    ("s3.bucket_website", "website configuration"),
    ("s3.object", "object"),
];

/// Letters and digits alone: `DB instance` and `DBInstance` are one name.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.collect::<String>().to_lowercase()
}

/// AWS's name of what a type describes.
fn aws_name(kind: Type) -> &'static str {
    let named = NAMES.iter().find(|(name, _)| *name == kind.name());
    named.map_or_else(
        || kind.cfn().rsplit("::").next().unwrap_or_default(),
        |(_, name)| name,
    )
}

#[test]
fn documentation_begins_with_a_noun() {
    every_type(|kind, findings| {
        let fields = kind.fields().iter().map(|f| (f.name, f.doc));
        let outputs = kind.outputs().iter().map(|o| (o.name, o.doc));
        for (of, doc) in fields.chain(outputs).chain([("the type", kind.doc())]) {
            let first = doc.split([' ', '\'', ',', '.']).next().unwrap_or_default();
            findings.add_unless(
                !NO_NOUNS.contains(&first),
                kind,
                format!("{of}: begin with the noun that it is about: {doc}"),
            );
        }
    });
}

#[test]
fn a_type_says_the_name_that_aws_has_for_it() {
    every_type(|kind, findings| {
        let name = aws_name(kind);
        let sentence = kind.doc().split(". ").next().unwrap_or_default();
        let said = !name.is_empty() && plain(sentence).contains(&plain(name));
        findings.add_unless(
            said,
            kind,
            format!("`{name}` is not in the first sentence: {sentence}"),
        );
    });
    all_needed(NAMES, |(listed, name)| {
        let kind = TYPES.iter().find(|kind| kind.name() == *listed);
        let cfn = kind.and_then(|kind| kind.cfn().rsplit("::").next());
        cfn.is_some_and(|cfn| cfn.is_empty() || plain(cfn) != plain(name))
    });
}

#[test]
fn fields_have_the_names_that_the_console_shows() {
    let kind = find("rds.db_instance").expect("registered");
    for (field, name) in [
        ("multi_az", "Multi-AZ"),
        ("db_parameter_group", "parameter group"),
        ("option_group", "option group"),
    ] {
        let doc = kind.field(field).expect("a field of that name").doc;
        assert!(
            doc.to_lowercase().contains(&name.to_lowercase()),
            "{field}: {doc}"
        );
    }
}
