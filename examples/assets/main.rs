//! What stands on this machine or nowhere yet: a folder as the zip of a function, a folder as a website, a random id in the name of their
//! bucket, and a password that is made where it is kept.

use serde_json::json;
use tenon::{component::Files, prelude::*};

/// The folder of this example.
const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");

fn assets(s: &mut Scope<Anywhere>) {
    let id = s.add("id", random::Id::new(4));
    let bucket = s3::Bucket::new().bucket_name(text!("assets-example-{}", &id.hex));
    let bucket = s.add("bucket", bucket.empty_on_delete(true));
    Files::new(format!("{HERE}/site"))
        .prefix("site/")
        .cache_control("*.html", "no-cache")
        .put(s, "site", &bucket.id);

    // Its key has its digest, so that another zip is another object, and the function is told.
    let code = asset::zip(format!("{HERE}/lambda"));
    let key = text!("lambda/{}.zip", code.sha256());
    let code = s.add("code", s3::Object::new(&bucket.id, key, code));

    let password = Password::new(32)
        .exclude_punctuation()
        .beside([("username", "shop")], "password");
    let login = secretsmanager::Secret::new().value(Secret::generated(password));
    let login = s.add("login", login.recovery_window_in_days(0));

    let role = s.add(
        "role",
        iam::Role::new(iam::Policy::assumed_by_service("lambda.amazonaws.com")),
    );
    let reads = iam::Policy::allow(["secretsmanager:GetSecretValue"]).on([&login.arn]);
    s.add("reads", iam::RolePolicy::new(&role.id, reads));
    s.add(
        "function",
        cfn::Resource::new(
            "AWS::Lambda::Function",
            json!({
                "Code": { "S3Bucket": code.bucket, "S3Key": code.key },
                "Environment": { "Variables": { "LOGIN": login.arn } },
                "Handler": "index.handler",
                "Role": role.arn,
                "Runtime": "nodejs22.x",
            }),
        ),
    );
    s.output("login", &login.arn);
}

fn main() -> ExitCode {
    tenon::run("assets", assets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_stands_up_and_comes_down() {
        let declared = tenon::declare("assets", Anywhere::Local, assets);
        let plan = tenon_examples::stands_up(&declared).await;
        let first = |address: &str| plan.calls.iter().position(|c| c.address == address).unwrap();
        let order = ["id", "bucket", "code", "function"].map(first);
        assert!(
            order.is_sorted() && first("login") < first("function"),
            "{order:?}"
        );
        let page = &declared.resources["site/index.html"].inputs;
        assert_eq!(page["cache_control"], "no-cache");
    }
}
