//! Rules that fields are marked with: the sentence, and what is not looked at.

use tenon_resources::{
    elb, iam, kms,
    resource::Declare,
    s3, sns, ssm,
    value::{Output, Secret},
};

fn findings(declared: impl Declare) -> Vec<String> {
    let (kind, inputs) = declared.declare().expect("a type");
    kind.check(&inputs).expect("inputs of the type")
}

#[test]
fn a_rule_names_its_field_and_shows_the_value() {
    assert_eq!(
        findings(sns::Topic::new().content_based_deduplication(true)),
        ["`content_based_deduplication` is for FIFO topics: set `fifo`, too"]
    );
    let group = elb::TargetGroup::new("vpc-1", 80).health_check_timeout_seconds(30);
    assert_eq!(
        findings(group),
        ["`health_check_timeout_seconds` is 30: make it shorter than `health_check_interval_seconds`, 30"]
    );
    assert_eq!(
        findings(kms::Key::new().enabled(false).rotation_in_days(365)),
        ["`rotation_in_days` is for keys that are `enabled`"]
    );
}

#[test]
fn a_rule_about_a_text_is_not_asked_of_a_promise() {
    let wrong = "`url` is `http://example.com`: begin it with `https://` and end it without a slash";
    let of = |provider: iam::OidcProvider| findings(provider.client_ids(["sts.amazonaws.com"]));
    assert_eq!(of(iam::OidcProvider::new("http://example.com")), [wrong]);
    let url: Output<String> = Output::new("provider", "url");
    assert_eq!(of(iam::OidcProvider::new(&url)), [""; 0]);
    let name = "my-bucket-s3alias";
    assert_eq!(
        findings(s3::Bucket::new().bucket_name(name)),
        [format!(
            "`bucket_name` is `{name}`, and S3 keeps names that end with `-s3alias` to itself"
        )]
    );
}

#[test]
fn what_is_missing_is_said_and_only_where_it_must_be_there() {
    let forward = || elb::Action::forward("tg-1");
    let https = elb::Listener::new("lb-1", 443, elb::ListenerProtocol::Https, forward());
    assert_eq!(
        findings(https.clone()),
        ["`certificate` is unset, and an HTTPS listener needs one"]
    );
    assert_eq!(findings(https.certificate("certificate-1")), [""; 0]);
    let http = elb::Listener::new("lb-1", 80, elb::ListenerProtocol::Http, forward());
    assert_eq!(
        findings(http.certificate("certificate-1")),
        ["`certificate` is set, and an HTTP listener has none: use HTTPS"]
    );
    assert_eq!(
        findings(ssm::Parameter::string("info").secret(Secret::env("TOKEN"))),
        ["`kind` is String: set `value`, and leave `secret` out"]
    );
}
