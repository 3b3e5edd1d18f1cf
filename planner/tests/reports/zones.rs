//! Private hosted zones that get another address or another domain together with their records.

use crate::{
    add, operations,
    rivals::{at, changed},
    stack,
};
use tenon_planner::{Check, Declared};
use tenon_resources::route53::{Record, RecordType, Zone, ZoneVpc};

/// A private zone of `domain` at `scope/zone`, with two records in it.
fn zone(scope: &str, domain: &str) -> Declared {
    let mut declared = stack();
    let of = Zone::new(domain).vpcs([ZoneVpc::new("vpc-1", "eu-west-1")]);
    let zone = add(&mut declared, &format!("{scope}/zone"), of).id;
    for (name, target) in [("db", "db.example"), ("cache", "cache.example")] {
        let record = Record::new(&zone, format!("{name}.{domain}").as_str(), RecordType::Cname);
        add(&mut declared, &format!("{scope}/{name}"), record.values([target]));
    }
    declared
}

/// A VPC has one private zone of a name, and a zone goes when its records are gone:
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html#API_CreateHostedZone_Errors>,
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html>
#[test]
fn a_private_zone_that_is_renamed_with_its_records_is_never_made_beside_the_old_one() {
    crate::block_on(async {
        let (before, after) = (zone("dns", "shop.internal"), zone("names", "shop.internal"));
        after.check().unwrap();
        let plan = changed(&before, &after).await;
        for record in ["db", "cache"] {
            let gone = format!("ChangeResourceRecordSets dns/{record}");
            let made = format!("ChangeResourceRecordSets names/{record}");
            assert!(at(&plan, &gone) < at(&plan, "DeleteHostedZone dns/zone"));
            assert!(at(&plan, "CreateHostedZone names/zone") < at(&plan, &made));
        }
        assert!(at(&plan, "DeleteHostedZone dns/zone") < at(&plan, "CreateHostedZone names/zone"));
        // Nobody finds the names meanwhile, and the plan says so.
        assert!(
            plan.decisions.iter().any(|d| d.note.is_some()),
            "{:#?}",
            plan.decisions
        );
        // Moved, nothing but tags changes.
        let mut moved = zone("names", "shop.internal");
        moved.moved.insert("dns".into(), "names".into());
        let plan = changed(&before, &moved).await;
        let calls = operations(&plan);
        assert!(
            calls.iter().all(|call| call.starts_with("ChangeTagsForResource")),
            "{calls:?}"
        );
    });
}

/// Another domain is another zone: the old one serves until the new one does.
#[test]
fn a_private_zone_of_another_domain_is_never_missing_while_its_records_move() {
    crate::block_on(async {
        let (before, after) = (zone("dns", "shop.internal"), zone("dns", "store.internal"));
        let plan = changed(&before, &after).await;
        let calls = operations(&plan);
        let records = |call: &&String| call.as_str() == "ChangeResourceRecordSets dns/db";
        assert_eq!(calls.iter().filter(records).count(), 2, "{calls:?}");
        let last = calls.iter().rposition(|call| records(&call)).unwrap();
        assert!(at(&plan, "CreateHostedZone dns/zone") < at(&plan, "ChangeResourceRecordSets dns/db"));
        assert!(last < at(&plan, "DeleteHostedZone dns/zone"), "{calls:?}");
    });
}

/// Records of the old domain in a zone of the new one:
/// <https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors>
#[test]
fn a_record_is_never_planned_for_a_zone_of_another_domain() {
    let mut after = stack();
    let of = Zone::new("store.internal").vpcs([ZoneVpc::new("vpc-1", "eu-west-1")]);
    let zone = add(&mut after, "dns/zone", of).id;
    let record = Record::new(&zone, "db.shop.internal", RecordType::Cname);
    add(&mut after, "dns/db", record.values(["db.example"]));
    let told = after.check().unwrap_err().to_string();
    assert!(
        told.contains("`dns/db`") && told.contains("store.internal"),
        "{told}"
    );
}
