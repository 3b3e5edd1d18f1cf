//! A site behind `CloudFront`: its bucket in the environment's region, its certificate in us-east-1, where `CloudFront` looks for it, and
//! its domain delegated by the zone of another account.
//!
//! One plan and one state; each call says in which account and region it is made.

use serde_json::json;
use tenon::prelude::*;

/// The domain of the site.
const DOMAIN: &str = "shop.example.com";
/// A role in the account that has the parent domain; it may change records of that zone.
const DNS: &str = "arn:aws:iam::222222222222:role/dns";
/// The zone of the parent domain, there.
const PARENT: &str = "Z0123456789EXAMPLE";
/// The zone of every distribution's own name.
/// <https://docs.aws.amazon.com/general/latest/gr/cf_region.html>
const CLOUDFRONT: &str = "Z2FDTNDATAQYW2";

fn cdn(s: &mut Scope<Anywhere>) {
    let site = s.add("site", s3::Bucket::new());
    let zone = s.add("zone", route53::Zone::new(DOMAIN));
    let certificate = s.in_region("us-east-1", |s| {
        let requested = s.add("certificate", acm::Certificate::new(DOMAIN));
        let issued = acm::Validation::new(&requested.id, &requested.validation_records, &zone.id);
        s.add("issued", issued).certificate
    });
    let distribution = s.add(
        "distribution",
        cfn::Resource::new(
            "AWS::CloudFront::Distribution",
            json!({ "DistributionConfig": {
                "Enabled": true,
                "Aliases": [DOMAIN],
                "Origins": [{ "Id": "site", "DomainName": &site.regional_domain_name, "S3OriginConfig": {} }],
                "DefaultCacheBehavior": { "TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https" },
                "ViewerCertificate": { "AcmCertificateArn": certificate, "SslSupportMethod": "sni-only" },
            } }),
        ),
    );
    let name = distribution.get("DomainName");
    s.add(
        "alias",
        route53::Record::new(&zone.id, DOMAIN, route53::RecordType::A)
            .alias(route53::AliasTarget::new(&name, CLOUDFRONT)),
    );
    s.in_account(DNS, |s| {
        let servers = [
            &zone.name_server_1,
            &zone.name_server_2,
            &zone.name_server_3,
            &zone.name_server_4,
        ];
        s.add(
            "delegation",
            route53::Record::new(PARENT, DOMAIN, route53::RecordType::Ns).values(servers),
        );
    });
    s.output("url", text!("https://{}", &name));
}

fn main() -> ExitCode {
    tenon::run("cdn", cdn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_stands_up_and_comes_down_in_its_places() {
        let declared = tenon::declare("cdn", Anywhere::Local, cdn);
        let plan = tenon_examples::stands_up(&declared).await;
        let place = |address: &str| {
            let call = plan.mutating().find(|c| c.address == address);
            call.map(|c| c.place.to_string()).unwrap_or_default()
        };
        assert_eq!(place("certificate"), "us-east-1");
        assert_eq!(place("delegation"), "account 222222222222");
        let home = "the environment's own account and region";
        assert!(
            ["site", "zone", "distribution", "alias"]
                .iter()
                .all(|a| place(a) == home)
        );
    }
}
