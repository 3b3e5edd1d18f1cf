//! What stays in AWS, what is taken up, and what others put into what is exclusive.

use super::{
    applied, apply,
    common::{Fixture, add, block_on},
    destroy, id, option, planned, refused, stack, verified, with,
};
use tenon_planner::{
    Action, Check, Declaration, Declared, Error, Options, Reason, additions::additions,
    sandbox::SandboxConfig,
};
use tenon_resources::{ec2, registry::TYPES};

/// Also types without tags are forgotten: their record alone goes.
#[test]
fn every_type_is_forgotten_and_stays() {
    for kind in TYPES {
        block_on(async {
            let mut declared = stack();
            let declaration = Declaration::new(*kind, kind.samples()[0].clone(), "main.rs:1");
            declared.add("it", declaration);
            let fixture = applied(&declared).await;
            let mut without = stack();
            without.forget("it", "main.rs:2");
            let plan = apply(&fixture, &without).await;
            assert_eq!(plan.counts().forget, 1, "{}", kind.name());
            assert_eq!(plan.counts().delete, 0, "{}", kind.name());
            assert_eq!(fixture.cloud.inventory().len(), 1, "{}", kind.name());
            let executor = fixture.executor(&without).await;
            assert!(executor.store.state().records.is_empty(), "{}", kind.name());
        });
    }
}

#[test]
fn forgetting_is_idempotent_and_takes_scopes() {
    block_on(async {
        let mut d = stack();
        let vpc = add(&mut d, "net/vpc", ec2::Vpc::new("10.0.0.0/16")).id;
        add(&mut d, "net/group", ec2::SecurityGroup::new(&vpc, "one"));
        let fixture = applied(&d).await;
        let mut forgets = stack();
        forgets.forget("net", "main.rs:1");
        forgets.forget("never/was", "main.rs:2");
        let plan = apply(&fixture, &forgets).await;
        assert_eq!((plan.counts().forget, plan.counts().delete), (2, 0));
        assert_eq!(fixture.cloud.inventory().len(), 2);
        let mut both = d.clone();
        both.forget("net", "main.rs:1");
        let error = both.check().unwrap_err().to_string();
        assert!(
            error.contains("`net/group` is declared") || error.contains("`net/vpc` is declared"),
            "{error}"
        );
    });
}

#[test]
fn what_stays_is_not_left_without_what_it_uses() {
    block_on(async {
        let mut d = stack();
        let vpc = add(&mut d, "vpc", ec2::Vpc::new("10.0.0.0/16")).id;
        add(&mut d, "group", ec2::SecurityGroup::new(&vpc, "one"));
        let d = with(d, "group", &option(|o| o.kept = true));
        let fixture = applied(&d).await;
        refused(
            planned(&fixture, &d, &destroy()).await,
            "uses `vpc`, which this plan deletes",
        );
    });
}

#[test]
fn what_others_put_into_what_is_exclusive_is_removed() {
    block_on(async {
        for exclusive in [true, false] {
            let mut d = stack();
            let vpc = add(&mut d, "vpc", ec2::Vpc::new("10.0.0.0/16")).id;
            let group = add(&mut d, "group", ec2::SecurityGroup::new(&vpc, "one")).id;
            let rule = ec2::IngressRule::new(&group, "10.0.0.0/8", ec2::Traffic::tcp(443));
            add(&mut d, "rule", rule);
            let d = with(d, "group", &option(|o| o.exclusive = exclusive));
            let fixture = applied(&d).await;
            let group = id(&fixture, &d, "group").await;
            let open = ec2::IngressRule::new(group.as_str(), "0.0.0.0/0", ec2::Traffic::tcp(22));
            let open = serde_json::to_value(open).unwrap();
            let before = planned(&fixture, &d, &Options::default()).await.unwrap();
            fixture.cloud.create_outside("ec2.ingress_rule", &open).unwrap();
            let plan = planned(&fixture, &d, &Options::default()).await.unwrap();
            assert_eq!(plan.counts().delete, usize::from(exclusive));
            assert_eq!(verified(&fixture, &d, &plan).await.unwrap(), plan);
            if exclusive {
                assert_eq!(plan.decisions.last().unwrap().reason, Some(Reason::Added));
                // A plan from before somebody added it is out of date.
                let error = verified(&fixture, &d, &before).await.unwrap_err();
                assert!(matches!(error, Error::PlanOutdated { .. }), "{error}");
            }
            apply(&fixture, &d).await;
            let executor = fixture.executor(&d).await;
            let state = executor.store.state();
            let left = additions(&*fixture.cloud, &state).await.unwrap();
            assert_eq!(left.len(), usize::from(!exclusive));
        }
    });
}

#[test]
fn what_exists_is_adopted_once() {
    block_on(async {
        let mut other = Declared::new("other", "test", None);
        add(&mut other, "vpc", ec2::Vpc::new("10.9.0.0/16"));
        let fixture = applied(&other).await;
        let theirs = id(&fixture, &other, "vpc").await;
        let inputs = serde_json::to_value(ec2::Vpc::new("10.0.0.0/16")).unwrap();
        let free = fixture.cloud.create_outside("ec2.vpc", &inputs).unwrap();
        let ours = Fixture {
            cloud: fixture.cloud.clone(),
            ..Fixture::new(SandboxConfig::instant())
        };
        let declared = |id: &str| {
            let mut d = stack();
            add(&mut d, "vpc", ec2::Vpc::new("10.0.0.0/16"));
            d.adopt("vpc", id, "main.rs:7");
            d
        };
        let error = planned(&ours, &declared(&theirs), &Options::default())
            .await
            .unwrap_err();
        assert!(error.to_string().contains("main.rs:7: `vpc` takes up"), "{error}");
        assert!(error.to_string().contains("belongs to other/test"), "{error}");
        refused(
            planned(&ours, &declared("vpc-0123456789abcdef0"), &Options::default()).await,
            "there is no `ec2.vpc`",
        );
        let plan = planned(&ours, &declared(&free), &Options::default())
            .await
            .unwrap();
        let d = &plan.decisions[0];
        assert_eq!(
            (d.action, d.reason.clone(), d.id.as_ref()),
            (Action::Update, Some(Reason::Adopted), Some(&free))
        );
        assert_eq!(
            d.changes.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(),
            ["tags"]
        );
        assert_eq!(plan.counts().create, 0);
        assert_eq!(verified(&ours, &declared(&free), &plan).await.unwrap(), plan);
        apply(&ours, &declared(&free)).await;
        assert_eq!(id(&ours, &declared(&free), "vpc").await, free);
        // Without the line, it is as it was; without the declaration, the line says nothing that can be.
        let mut without = declared(&free);
        without.adopted.clear();
        assert!(ours.next(&without).await.is_empty());
        let mut alone = stack();
        alone.adopt("vpc", &free, "main.rs:7");
        assert!(alone.check().unwrap_err().to_string().contains("is not declared"));
        // A destroy takes nothing up.
        let mut more = declared(&free);
        add(&mut more, "b", ec2::Vpc::new("10.1.0.0/16"));
        more.adopt("b", "vpc-0123456789abcdef0", "main.rs:8");
        let plan = planned(&ours, &more, &destroy()).await.unwrap();
        assert_eq!(plan.counts().delete, 1);
    });
}
