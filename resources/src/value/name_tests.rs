use super::*;
use proptest::prelude::*;
use serde_json::json;

const PLAIN: NameRule = NameRule {
    also: "-",
    ..NameRule::new(32)
};
const FIFO: NameRule = NameRule {
    also: "-_",
    suffix: Some((".fifo", "fifo")),
    ..NameRule::new(80)
};
const RULES: [NameRule; 6] = [
    PLAIN,
    NameRule {
        also: "-",
        lower: true,
        global: true,
        pattern: "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        reserved: &["xn--", "sthree-"],
        ..NameRule::new(63)
    },
    NameRule {
        also: "-_",
        ..NameRule::new(255)
    },
    FIFO,
    NameRule {
        also: "-_/+=.@",
        separator: '_',
        kept: true,
        ..NameRule::new(512)
    },
    NameRule {
        also: "-_./",
        lower: true,
        pattern: "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
        ..NameRule::new(256)
    },
];

const fn of(address: &str) -> NameOf<'_> {
    NameOf {
        stack: "shop",
        env: "dev",
        address,
        generation: 0,
        account: "111111111111",
        region: "eu-west-1",
        serial: 0,
    }
}

proptest! {
    #[test]
    fn a_made_name_keeps_its_own_rule(
        stack in "[a-z][a-z0-9]{0,10}(-[a-z0-9]{1,8}){0,2}",
        env in "[a-z0-9]{1,8}",
        address in "[a-zA-Z0-9_./-]{1,60}",
        generation in 0u32..5,
        region in "(eu-west-1|ap-southeast-2|us-gov-west-1|cn-northwest-1)",
    ) {
        prop_assume!(check_name_of("stack", &stack, 40).is_none());
        let of = NameOf { stack: &stack, env: &env, address: &address, generation, region: &region, ..of("") };
        for rule in RULES {
            let name = physical_name(&of, rule);
            prop_assert_eq!(rule.check(&name), Ok(()), "{}", name);
            prop_assert_ne!(&name, &physical_name(&NameOf { generation: generation + 1, ..of }, rule));
        }
    }
}

#[test]
fn a_name_that_all_of_aws_shares_is_not_the_same_in_two_accounts_or_regions() {
    let rule = RULES[1];
    let here = physical_name(&of("uploads"), rule);
    assert!(here.contains("111111111111-eu-west-1"), "{here}");
    let there = NameOf {
        account: "222222222222",
        ..of("uploads")
    };
    assert_ne!(here, physical_name(&there, rule));
    let elsewhere = NameOf {
        region: "eu-west-2",
        ..of("uploads")
    };
    assert_ne!(here, physical_name(&elsewhere, rule));
}

#[test]
fn a_secret_does_not_end_in_a_hyphen_and_six_characters() {
    let name = physical_name(&of("token"), RULES[4]);
    let tail: Vec<char> = name.chars().rev().take(7).collect();
    assert_ne!(tail[6], '-', "{name}");
    let after = NameOf {
        serial: 9,
        ..of("token")
    };
    assert_ne!(
        name,
        physical_name(&after, RULES[4]),
        "the name of a deleted secret is kept"
    );
}

#[test]
fn a_name_that_aws_folds_has_no_capitals() {
    let rule = NameRule { folds: true, ..PLAIN };
    let name = physical_name(&of("Web/LB"), rule);
    assert!(name.starts_with("shop-dev-web-lb-"), "{name}");
    assert_eq!(rule.check("By-Hand"), Ok(()), "AWS takes it");
}

#[test]
fn a_suffix_is_asked_for_by_its_field() {
    let fifo = FIFO.of(&json!({ "fifo": true }));
    let made = physical_name(&of("orders"), fifo);
    assert!(made.strip_suffix(".fifo").is_some(), "{made}");
    assert_eq!(fifo.check("orders.fifo"), Ok(()));
    assert_eq!(fifo.check(".fifo").unwrap_err(), "is empty");
    assert_eq!(
        fifo.check("orders").unwrap_err(),
        "is `orders`, and with `fifo` AWS takes one that ends with `.fifo`"
    );
    for inputs in [json!({}), json!({ "fifo": false })] {
        let standard = FIFO.of(&inputs);
        assert!(!physical_name(&of("orders"), standard).contains('.'));
        assert!(standard.check("orders.fifo").unwrap_err().starts_with("has `.`"));
    }
}

#[test]
fn a_bad_name_says_which_rule() {
    assert_eq!(
        PLAIN.check(&"x".repeat(33)).unwrap_err(),
        "has 33 characters, and AWS takes at most 32"
    );
    assert_eq!(
        PLAIN.check("a_b").unwrap_err(),
        "has `_`, and AWS takes letters, digits and `-`"
    );
    assert_eq!(
        RULES[1].check("sthree-uploads").unwrap_err(),
        "is `sthree-uploads`, and AWS keeps names that begin with `sthree-` to itself"
    );
    assert_eq!(
        RULES[1].check("-a-").unwrap_err(),
        "is `-a-`, and AWS takes what matches `[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`"
    );
}

#[test]
fn a_stack_and_an_environment_have_names_that_every_type_can_take() {
    for good in ["shop", "ecommerce", "my-shop-2", "a"] {
        assert_eq!(check_name_of("stack", good, 40), None, "{good}");
    }
    for (bad, remedy) in [
        ("", "`stack`"),
        ("a b", "`a-b`"),
        ("-a-", "`a`"),
        ("a--b", "`a-b`"),
        ("日本語", "`stack`"),
        ("1shop", "`stack-1shop`"),
        ("Shop", "`shop`"),
        ("Shop_Über", "`shop-ber`"),
        ("internal", "`my-internal`"),
        ("aws-x", "`my-aws-x`"),
        ("awsome", "`my-awsome`"),
        ("ssm-x", "`my-ssm-x`"),
        ("sg-x", "`my-sg-x`"),
        ("amzn-s3-demo-x", "`my-amzn-s3-demo-x`"),
        ("xn--x", "`xn-x`"),
    ] {
        let why = check_name_of("stack", bad, 40).unwrap_or_default();
        assert!(why.ends_with(&format!("for instance {remedy}")), "`{bad}`: {why}");
    }
    assert_eq!(check_name_of("environment", "pr-12", 20), None);
    assert_eq!(check_name_of("environment", "2", 20), None);
    assert_eq!(check_name_of("environment", "states.example.com", 63), None);
    assert!(check_name_of("environment", "Prod_1", 20).is_some());
}
