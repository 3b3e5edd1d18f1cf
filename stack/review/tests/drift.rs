//! Reports of drift: SARIF that its schema takes, Markdown within the limit whatever is in it, a digest of the picture.

use serde_json::{Value, json};
use tenon_planner::{
    FieldDiff,
    drift::{Class, Drifted, Survey, Unreadable},
};
use tenon_review::{
    drift::{RULES, Report},
    sarif,
};

fn drifted(class: Class, address: &str, fields: &[(&str, Value, Value)]) -> Drifted {
    let diff = |(field, from, to): &(&str, Value, Value)| FieldDiff {
        field: (*field).into(),
        from: from.clone().into(),
        to: to.clone().into(),
        replaces: false,
    };
    Drifted {
        class,
        address: address.into(),
        kind: "ec2.vpc".into(),
        id: Some("vpc-1".into()),
        declared: Some("network/main.rs:38".into()),
        fields: fields.iter().map(diff).collect(),
        status: (class == Class::Failed).then(|| "failed: no capacity".into()),
        place: tenon_resources::declaration::Place::default(),
        by: None,
    }
}

fn report(drifted: Vec<Drifted>, serial: u64) -> Report {
    let survey = Survey {
        resources: 40,
        drifted,
        unreadable: vec![Unreadable {
            kind: "sqs.queue".into(),
            why: "sqs:GetQueueAttributes: AccessDenied".into(),
            lacks: vec!["sqs:GetQueueAttributes".into()],
        }],
        ..Survey::default()
    };
    Report::new(["shop", "prod", "111111111111", "eu-west-1"], serial, survey)
}

fn every_class() -> Vec<Drifted> {
    let fields = [
        ("enable_dns_support", json!(true), json!(false)),
        ("tags", json!({"a": "1"}), json!({})),
    ];
    let mut all: Vec<_> = Class::ALL.map(|c| drifted(c, c.name(), &[])).into();
    all.push(drifted(Class::Changed, "vpc", &fields));
    all
}

#[test]
fn the_sarif_is_what_the_schema_takes_and_the_same_finding_is_the_same_in_the_next_run() {
    // As published, the pattern of languages is no regular expression.
    let schema = include_str!("sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::draft7::new(&schema).unwrap();
    let of = |serial| {
        sarif::document(
            RULES,
            &report(every_class(), serial).results(),
            "examples/shop/src",
        )
    };
    let document = of(41);
    let errors: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut broken = document.clone();
    broken["runs"][0]["results"][0]["level"] = json!("bad");
    assert!(!schema.is_valid(&broken));

    let results = document["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 8);
    let changed = results
        .iter()
        .find(|r| r["message"]["text"].as_str().unwrap().contains("enable_dns"))
        .unwrap();
    assert_eq!(changed["ruleId"], "drift/changed");
    let place = &changed["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "examples/shop/src/network/main.rs"
    );
    assert_eq!(place["region"]["startLine"], 38);
    let prints = |d: &Value| -> Vec<Value> {
        let results = d["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|r| r["partialFingerprints"].clone()).collect()
    };
    let all = prints(&document);
    assert_eq!(all, prints(&of(42)));
    assert!(all.iter().enumerate().all(|(i, a)| !all[..i].contains(a)));
}

#[test]
fn the_digest_is_that_of_the_picture() {
    let one = report(every_class(), 41);
    assert_eq!(one.digest, report(every_class(), 42).digest);
    let mut other = every_class();
    other[5].fields[0].to = json!(null).into();
    assert_ne!(one.digest, report(other, 41).digest);
    assert_ne!(one.digest, report(vec![], 41).digest);
    let text = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), one);
}

#[test]
fn markdown_fits_whatever_drifted_and_nothing_in_it_is_markup() {
    let evil = "x`|\n@everyone <img src=x> [a](b) \u{1b}[2J";
    let many = (0..3000).map(|n| {
        let mut one = drifted(
            Class::Changed,
            &format!("zone-{n}/{evil}"),
            &[(evil, json!(evil), json!("y".repeat(4000)))],
        );
        one.id = Some(evil.into());
        one
    });
    let many: Vec<_> = many.collect();
    for take in [1, 10, 200, 3000] {
        let text = report(many[..take].to_vec(), 1).markdown();
        assert!(text.len() <= 65_536, "{}", text.len());
        assert!(text.contains(&format!("{take} changed")), "{text}");
        assert!(!text.contains('\u{1b}'));
        let outside = outside_of_code(&text);
        assert!(
            !outside.contains("@everyone") && !outside.contains("<img"),
            "{outside}"
        );
    }
    let some = report(many[..2000].to_vec(), 1).markdown();
    assert!(some.contains(" more."), "{some}");
    insta::assert_snapshot!(report(every_class(), 41).markdown());
}

/// Text that Markdown reads as text: without what stands in code spans and fences.
fn outside_of_code(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let ticks = rest[at..].chars().take_while(|c| *c == '`').count();
        let fence = "`".repeat(ticks);
        let after = &rest[at + ticks..];
        let mut from = 0;
        let end = loop {
            let Some(next) = after[from..].find(&fence).map(|n| n + from) else {
                break after.len();
            };
            let run = after[next..].chars().take_while(|c| *c == '`').count();
            if run == ticks {
                break next + ticks;
            }
            from = next + run;
        };
        rest = &after[end..];
    }
    out + rest
}
