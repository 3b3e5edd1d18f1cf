//! The stack that is swept: the shop's, in its sandbox environment.

use shop::{Env, Settings};
use tenon_planner::Declared;
use tenon_resources::{
    asset, random, s3, secretsmanager, ssm, text,
    value::{Password, Secret},
};

/// The stack's name.
pub(crate) const NAME: &str = "ecommerce";

/// The calls that make it.
pub(crate) const CALLS: usize = 133;

/// The stack.
pub(crate) fn platform() -> Declared {
    tenon::declare(NAME, Env::Local, |s| {
        shop::with(s, &Settings::default());
    })
}

/// What is made where it is used: a random id in the name of a bucket, passwords where they are kept, and an object.
pub(crate) fn made_here(version: &str) -> Declared {
    tenon::declare(NAME, Env::Local, |s| {
        let id = s.add("id", random::Id::new(4).keeper("version", version));
        let bucket = s3::Bucket::new().bucket_name(text!("shop-{}", &id.hex));
        let bucket = s.add("bucket", bucket);
        s.add(
            "page",
            s3::Object::new(&bucket.id, "index.html", asset::text(version)),
        );
        let password = || Secret::generated(Password::new(32).version(version));
        s.add("login", secretsmanager::Secret::new().value(password()));
        s.add("token", ssm::Parameter::secure(password()));
    })
}

/// The stack with another VPC range, which replaces the network and all that stands in it.
pub(crate) fn moved_house() -> Declared {
    let mut declared = platform();
    for resource in declared.resources.values_mut() {
        let text = resource
            .inputs
            .to_string()
            .replace("10.20.", "10.21.")
            .replace("10.0.", "10.1.");
        resource.inputs = serde_json::from_str(&text).unwrap();
    }
    declared
}
