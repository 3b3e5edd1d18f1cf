//! The look of each rendering, and that none of them breaks.

use super::{samples::*, *};
use crate::{Action, Plan, Reason};
use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::{Value, json};
use tenon_resources::call::Effect;

#[test]
fn as_a_tree() {
    assert_snapshot!(text(&busy(), &Look::default()));
}

#[test]
fn as_a_tree_with_everything() {
    assert_snapshot!(text(
        &busy(),
        &Look {
            all: true,
            width: 80,
            color: false
        }
    ));
}

#[test]
fn colour_adds_nothing_but_colour() {
    let (plain, colored) = (
        text(&busy(), &Look::default()),
        text(
            &busy(),
            &Look {
                color: true,
                ..Look::default()
            },
        ),
    );
    assert!(colored.contains("\u{1b}[32m"));
    let stripped: String = anstream::adapter::strip_str(&colored).to_string();
    assert_eq!(stripped, plain);
}

#[test]
fn as_calls() {
    assert_snapshot!(calls(&busy(), &Look::default()));
}

#[test]
fn as_markdown() {
    assert_snapshot!(markdown(&busy()));
}

#[test]
fn as_dot() {
    assert_snapshot!(Graph::of_plan(&busy()).dot());
}

#[test]
fn as_mermaid() {
    assert_snapshot!(Graph::of_plan(&busy()).mermaid());
}

#[test]
fn calls_as_mermaid() {
    assert_snapshot!(Graph::of_calls(&busy()).mermaid());
}

#[test]
fn json_is_still_the_plan() {
    let plan = busy();
    let shown = json(&plan);
    assert_eq!(serde_json::from_str::<Plan>(&shown).unwrap(), plan);
    let value: Value = serde_json::from_str(&shown).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&value["summary"]).unwrap());
}

#[test]
fn nothing_to_do() {
    let mut none = plan(vec![decision("vpc", "ec2.vpc", Action::None, vec![])], vec![]);
    assert_snapshot!(text(&none, &Look::default()), @"No changes: 1 resource of shop/dev is as declared.");
    none.decisions.clear();
    assert_snapshot!(text(&none, &Look::default()), @"No changes: shop/dev has no resources, and none are declared.");
}

#[test]
fn a_secret_that_is_new_is_said_to_be() {
    let secret = |print: &str| json!({"$secret": {"env": "TOKEN", "print": print}});
    let plan = plan(
        vec![decision(
            "a",
            "ssm.parameter",
            Action::Update,
            vec![change("value", secret("print-one"), secret("print-two"))],
        )],
        vec![call(
            "a",
            "ssm:PutParameter",
            Effect::Update,
            &json!({"value": secret("print-two")}),
            &[],
        )],
    );
    for shown in [
        text(&plan, &Look::default()),
        calls(&plan, &Look::default()),
        markdown(&plan),
    ] {
        assert!(shown.contains("****"), "{shown}");
        assert!(!shown.contains("print-"), "{shown}");
    }
    assert!(text(&plan, &Look::default()).contains("(a new value)"));
}

#[test]
fn markup_in_names_stays_text() {
    let nasty = "</summary><script>|`` @everyone\n```\n# x";
    let mut d = decision(
        nasty,
        "t",
        Action::Create,
        vec![change("f", Value::Null, json!("a\n```\nb"))],
    );
    d.declared = Some(nasty.into());
    let shown = markdown(&plan(
        vec![d],
        vec![call(
            nasty,
            "ec2:CreateVpc",
            Effect::Create,
            &json!({"x": nasty}),
            &[],
        )],
    ));
    assert!(shown.contains("&lt;/summary&gt;&lt;script&gt;"));
    assert!(shown.contains("````diff\n"), "{shown}");
    let outside: Vec<&str> = shown.lines().filter(|l| l.starts_with("# ")).collect();
    assert_eq!(outside, Vec::<&str>::new());
}

/// Finding 8 of the review: a forge looks for mentions in what entities stand for, everywhere but in code.
#[test]
fn nobody_is_mentioned_by_the_words_of_aws() {
    let mut d = decision("a", "ec2.nat_gateway", Action::ReplaceCreateFirst, vec![]);
    d.reason = Some(crate::Reason::Failed(
        "ask @everyone, see #1 and org/repo#5".into(),
    ));
    let mut shown = markdown(&plan(
        vec![d],
        vec![call("a", "ec2:X", Effect::Create, &json!({}), &[])],
    ));
    while let Some((before, rest)) = shown.split_once("<code>") {
        shown = format!("{before}{}", rest.split_once("</code>").unwrap().1);
    }
    assert!(
        !shown.contains("everyone") && !shown.contains("#1") && !shown.contains("repo"),
        "{shown}"
    );
}

#[test]
fn too_long_a_plan_says_what_it_leaves_out() {
    let many = |n: usize, size: usize| {
        let decisions = (0..n).map(|i| {
            decision(
                &format!("scope/r{i}"),
                "ec2.vpc",
                Action::Create,
                vec![change("x", Value::Null, json!("v".repeat(size)))],
            )
        });
        let calls = (0..n).map(|i| {
            call(
                &format!("scope/r{i}"),
                "ec2:CreateVpc",
                Effect::Create,
                &json!({"x": "v".repeat(size)}),
                &[],
            )
        });
        markdown(&plan(decisions.collect(), calls.collect()))
    };
    let said = |page: &str| page.lines().last().unwrap_or_default().to_owned();
    assert!(!said(&many(20, 50)).contains("left out"));
    assert_snapshot!(said(&many(120, 250)), @"_A comment takes 65536 characters, so the parameters of the calls are left out. `tenon show PLAN` shows the whole plan._");
    assert_snapshot!(said(&many(300, 500)), @"_A comment takes 65536 characters, so the fields of each resource and the parameters of the calls are left out. `tenon show PLAN` shows the whole plan._");
    assert_snapshot!(said(&many(900, 1)), @"_A comment takes 65536 characters, so the fields of each resource and the calls are left out. `tenon show PLAN` shows the whole plan._");
    assert_snapshot!(said(&many(5000, 1)), @"_A comment takes 65536 characters, so everything but the counts is left out. `tenon show PLAN` shows the whole plan._");
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z/-]{1,12}",
        any::<String>(),
        "[`|<>&@\n#é→]{0,300}",
        Just("x".repeat(700))
    ]
}

prop_compose! {
    fn any_plan()(
        resources in proptest::collection::vec((any_text(), any_text(), 0..7u8, any_text(), any_text(), any::<bool>()), 0..40),
        stack in any_text(), env in any_text(), account in any_text(), times in 1..8usize,
    ) -> Plan {
        let mut decisions = vec![];
        let mut calls = vec![];
        for (address, kind, action, from, to, lost) in resources.iter().cycle().take(resources.len() * times) {
            let action = [Action::None, Action::Create, Action::Update, Action::ReplaceCreateFirst, Action::ReplaceDeleteFirst, Action::Delete, Action::Forget][usize::from(*action)];
            let mut d = decision(address, kind, action, vec![change(kind, json!(from), json!({"a": to, "b": [from]}))]);
            d.reason = Some(Reason::Failed(to.clone()));
            d.declared = Some(from.clone());
            decisions.push(d);
            let mut c = call(address, "ec2:CreateVpc", Effect::Create, &json!({"x": to}), &[]);
            c.step.destroys = lost.then(|| to.clone());
            calls.push(c);
        }
        Plan { stack, env, account, ..plan(decisions, calls) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_comment_is_never_too_long(plan in any_plan()) {
        prop_assert!(markdown(&plan).chars().count() <= LIMIT);
    }

    #[test]
    fn nothing_reaches_the_terminal_but_text(plan in any_plan()) {
        for shown in [text(&plan, &Look::default()), calls(&plan, &Look::default()), markdown(&plan), Graph::of_plan(&plan).dot(), Graph::of_plan(&plan).mermaid()] {
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        }
    }
}
