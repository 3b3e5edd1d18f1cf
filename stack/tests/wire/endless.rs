//! Lists that name the same next page for ever are errors: neither does a read hang, nor does it take what it has for all.

use crate::{emulators::Emulator, gaps::Home, pages::PAGED, place::connect, proxy::Proxy};
use std::{collections::BTreeSet, time::Duration};
use tenon_resources::{
    cloud::{CallError, Cloud},
    registry::TYPES,
    value::Owner,
};

/// Ids that lead every type to its list; most take any.
const IDS: [&str; 4] = [
    "a|b|A",
    "a/b",
    "service/a/b|ecs:service:DesiredCount",
    "service/a/b|ecs:service:DesiredCount|c",
];

/// Lists of what something else found, and here nothing is found.
const BEHIND: [&str; 9] = [
    "ListTags",
    "DescribeIamInstanceProfileAssociations",
    "DescribeLaunchTemplateVersions",
    "ListServices",
    "DescribeListenerCertificates",
    "ListPolicyVersions",
    "ListResourceTags",
    "DescribeDBParameters",
    "ListObjectVersions",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_an_end_is_an_error() {
    let emulator = Emulator::moto(1);
    let proxy = Proxy::start(&emulator.url, Home::Moto).await;
    proxy.pages().never_end();
    // No list gets as far as an emulator, and so none needs one that speaks its protocol.
    let cloud = connect(&proxy.url, &proxy.url).await;
    let owner = Owner::of_stack("endless", "wire");
    let mut said = BTreeSet::new();
    for kind in TYPES {
        let ids = IDS.map(ToOwned::to_owned);
        let reads = async {
            let mut ends = vec![cloud.find(*kind, &owner).await];
            for id in ids {
                ends.push(cloud.read(*kind, &[id]).await);
            }
            ends
        };
        let ends = tokio::time::timeout(Duration::from_secs(120), reads).await;
        let ends = ends.unwrap_or_else(|_| panic!("a read of {} does not end", kind.name()));
        let failed = ends.into_iter().filter_map(Result::err);
        said.extend(
            failed
                .filter(|e| e.code == CallError::ENDLESS)
                .map(|e| e.operation),
        );
    }
    let lists = PAGED.iter().flat_map(|row| row.operations);
    let silent: Vec<_> = lists.filter(|list| !said.contains(**list)).collect();
    assert_eq!(silent, BEHIND.iter().collect::<Vec<_>>());
}
