use super::file;
use tenon_resources::cfn;

fn text(kind: &str) -> String {
    file(cfn::of(kind).expect("a type").schema)
}

#[test]
fn every_type_becomes_rust_that_parses() {
    for kind in cfn::names() {
        let text = text(kind);
        let parsed = syn::parse_file(&text);
        assert!(parsed.is_ok(), "{kind}: {:?}\n{text}", parsed.err());
    }
}

#[test]
fn references_are_typed_by_the_ids_of_hand_written_types() {
    let function = text("AWS::Lambda::Function");
    assert!(
        function
            .contains("subnet_ids(self, values: impl IntoIterator<Item = impl IntoInput<ec2::SubnetId>>)"),
        "{function}"
    );
    assert!(
        function.contains("role: impl IntoInput<value::Arn>"),
        "{function}"
    );
    let instance = text("AWS::RDS::DBInstance");
    assert!(instance.contains("master_user_password(self, value: value::Secret)"));
    let group = text("AWS::AutoScaling::AutoScalingGroup");
    assert!(
        group.contains("Item = impl IntoInput<elb::TargetGroupArn>"),
        "{group}"
    );
    let distribution = text("AWS::CloudFront::Distribution");
    assert!(!distribution.contains("elb::"), "{distribution}");
    // How a secret is made is no secret.
    let secret = text("AWS::SecretsManager::Secret");
    assert!(
        secret.contains("generate_secret_string(self, value: GenerateSecretString)")
            && secret.contains("secret_string(self, value: value::Secret)"),
        "{secret}"
    );
}
