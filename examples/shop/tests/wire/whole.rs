//! The stack `ecommerce`, whole: apply, plan, drift and destroy, with what goes over the wire held against the plan.

use crate::{
    place::KEY,
    shop::{PLAN, Shop},
};
use tenon_planner::{Action, Plan};
use tenon_resources::aws::sdk;

/// What a plan changes: address and action.
fn acts(plan: &Plan) -> Vec<(&str, Action)> {
    let acts = plan.decisions.iter().filter(|d| d.action != Action::None);
    acts.map(|d| (d.address.as_str(), d.action)).collect()
}

/// An input of what a plan decides on.
fn input(plan: &Plan, address: &str, field: &str) -> String {
    let decision = plan.decisions.iter().find(|d| d.address == address).unwrap();
    decision.inputs[field].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
// Long: the life of one platform, in its order.
async fn dev_stands_up_changes_is_put_right_and_comes_down() {
    let mut shop = Shop::new("dev").await;
    shop.push(env!("CARGO_PKG_VERSION")).await;
    let made = shop.plan(&[]);
    shop.make(&["apply", "--yes"], &made);
    shop.at_rest();
    println!("dev: {} calls made it", made.mutating().count());
    assert!(!shop.tagged().is_empty());

    // Another setting is its own calls and no other.
    shop.variables
        .insert("TENON_ALARM_EMAIL", "oncall@example.com".into());
    let plan = shop.plan(&[]);
    assert_eq!(acts(&plan), [("observability/email", Action::Create)]);
    shop.make(&["apply", "--yes"], &plan);
    shop.at_rest();

    // A new version of the images: new definitions, and the services follow. This time the plan itself is applied.
    shop.push("9.9.9").await;
    shop.variables.insert("TENON_IMAGE_TAG", "9.9.9".into());
    let plan = shop.plan(&[]);
    let expected = [
        ("images/api-image", Action::ReplaceCreateFirst),
        ("images/web-image", Action::ReplaceCreateFirst),
        ("api/task-definition", Action::ReplaceCreateFirst),
        ("api/service", Action::Update),
        ("web/task-definition", Action::ReplaceCreateFirst),
        ("web/service", Action::Update),
    ];
    assert_eq!(acts(&plan), expected);
    shop.make(&["apply", PLAN, "--digest", &plan.digest], &plan);
    shop.at_rest();

    // What somebody else does shows as drift, and is put right.
    let aws = shop.somebody().await;
    let group = input(&made, "api/log-group", "log_group_name");
    let shorter = aws
        .logs
        .put_retention_policy()
        .log_group_name(&group)
        .retention_in_days(1);
    shorter.send().await.unwrap();
    let (role, policy) = ("api/execution-role", "api/execution-policy");
    let gone = aws
        .iam
        .delete_role_policy()
        .role_name(input(&made, role, "role_name"))
        .policy_name(input(&made, policy, "policy_name"));
    gone.send().await.unwrap();
    let drift = shop.expect(2, &["drift"]);
    assert!(
        drift.contains("retention_in_days") && drift.contains(policy),
        "{drift}"
    );
    let plan = shop.plan(&[]);
    assert_eq!(
        acts(&plan),
        [("api/log-group", Action::Update), (policy, Action::Create)]
    );
    shop.make(&["apply", "--yes"], &plan);
    shop.at_rest();

    // The trail has written, and what it wrote was replaced and deleted: a bucket of versions and markers.
    // moto takes the policy to refuse everyone, since it does not look at conditions: it is away in the meantime.
    let bucket = input(&made, "audit/bucket", "bucket_name");
    let policy = aws
        .s3
        .get_bucket_policy()
        .bucket(&bucket)
        .send()
        .await
        .unwrap()
        .policy;
    aws.s3
        .delete_bucket_policy()
        .bucket(&bucket)
        .send()
        .await
        .unwrap();
    for body in ["one", "two"] {
        let body = sdk::s3::primitives::ByteStream::from_static(body.as_bytes());
        let put = aws
            .s3
            .put_object()
            .bucket(&bucket)
            .key("AWSLogs/digest")
            .body(body);
        put.send().await.unwrap();
    }
    let gone = aws.s3.delete_object().bucket(&bucket).key("AWSLogs/digest");
    gone.send().await.unwrap();
    let policy = aws.s3.put_bucket_policy().bucket(&bucket).set_policy(policy);
    policy.send().await.unwrap();

    shop.ends(&[]).await;
    assert_eq!(shop.left(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn staging_and_production_share_an_account_and_lose_data_only_by_consent() {
    let mut prod = Shop::new("prod").await;
    let mut staging = prod.beside("staging").await;
    let tokens = format!("arn:aws:secretsmanager:eu-west-1:{KEY}:secret:catalog/tokens-AbCdEf");
    for shop in [&mut staging, &mut prod] {
        // It may not be open to everyone.
        let open = shop.run(&["plan"]);
        assert!(!open.status.success());
        assert!(String::from_utf8_lossy(&open.stderr).contains("TENON_API_TOKENS_ARN"));
        shop.variables.insert("TENON_API_TOKENS_ARN", tokens.clone());
    }
    for (name, image) in [
        ("TENON_API_IMAGE", "shop/api:1.4.2"),
        ("TENON_WEB_IMAGE", "shop/web:1.4.2"),
    ] {
        prod.variables.insert(name, image.into());
    }
    staging.push(env!("CARGO_PKG_VERSION")).await;
    for shop in [&staging, &prod] {
        let plan = shop.plan(&[]);
        shop.make(&["apply", "--yes"], &plan);
        shop.at_rest();
        println!("{}: {} calls made it", shop.env, plan.mutating().count());
    }

    // Data goes only when it is named, and of the other environment nothing goes.
    let agreed = staging.to_agree_to();
    assert!(agreed.iter().any(|word| word == "images/api"), "{agreed:?}");
    // Nobody loses images with a repository that is no throw-away: they are taken out first.
    staging.unpush(env!("CARGO_PKG_VERSION")).await;
    staging.ends(&agreed).await;
    let agreed = prod.to_agree_to();
    assert!(
        agreed.iter().any(|word| word == "database/postgres"),
        "{agreed:?}"
    );
    prod.at_rest();
    prod.ends(&agreed).await;
    // The databases leave snapshots, the last of each made when it was deleted.
    let left = prod.left();
    assert!(left.iter().all(|arn| arn.contains(":snapshot:")), "{left:?}");
    let last = left
        .iter()
        .filter(|arn| arn.contains("-database-postgres-final-"));
    assert_eq!(last.count(), 2, "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_is_kept_in_a_bucket() {
    let shop = Shop::new("dev").await;
    shop.expect(0, &["--state", "s3://shop-states/all", "bootstrap", "--yes"]);
    shop.take();
    shop.expect(0, &["--state", "s3://shop-states/all", "bootstrap", "--yes"]);
    assert_eq!(shop.take(), [], "what is as it should be is left alone");

    // Not that one: moto forgets that its policy denies only what comes without TLS, and denies everything.
    let eu = sdk::s3::types::BucketLocationConstraint::EuWest1;
    let eu = sdk::s3::types::CreateBucketConfiguration::builder().location_constraint(eu);
    let made = shop.somebody().await.s3.create_bucket().bucket("states");
    made.create_bucket_configuration(eu.build()).send().await.unwrap();
    let run = |code, arguments: &[&str]| {
        let state = ["--state", "s3://states/all"];
        shop.expect(code, &[&state, arguments].concat())
    };
    let some = ["--target", "network/vpc"];
    run(0, &[&["apply", "--yes"], &some[..]].concat());
    run(0, &[&["plan", "--detailed-exitcode"], &some[..]].concat());
    assert!(run(0, &["state", "list"]).contains("network/vpc"));
    let here = shop.folder.path().join(".tenon");
    assert!(!here.exists(), "{} is there", here.display());
    run(0, &["destroy", "--yes"]);
    assert!(!run(0, &["state", "list"]).contains("network/vpc"));
}
