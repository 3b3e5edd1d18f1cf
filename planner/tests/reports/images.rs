//! A first apply on an empty account, where nobody has pushed an image yet.

use crate::{add, block_on, common::Fixture, operations, stack};
use std::{sync::Arc, time::Duration};
use tenon_planner::{
    Declared, Options,
    event::Event,
    permissions::{Purpose, StateAccess, needs},
    render,
    sandbox::SandboxConfig,
};
use tenon_resources::{
    ecr::{Image, Repository},
    ecs::{ContainerDefinition, Service, TaskDefinition},
    logs::LogStream,
};

fn shop(tag: &str, image: bool) -> Declared {
    let mut declared = stack();
    let repository = add(
        &mut declared,
        "images/api",
        Repository::new().empty_on_delete(true),
    );
    if image {
        let image = add(&mut declared, "images/api-image", Image::new(&repository.id, tag));
        let web = ContainerDefinition::new("web", &image.uri);
        let task = add(
            &mut declared,
            "task",
            TaskDefinition::new("web").containers([web]),
        );
        let service = Service::new("shop", &task.id)
            .subnets(["subnet-1"])
            .security_groups(["sg-1"]);
        add(&mut declared, "web", service);
    }
    declared
}

fn empty_account() -> Fixture {
    Fixture::new(SandboxConfig {
        images: false,
        ..SandboxConfig::default()
    })
}

/// A service whose image nobody has pushed fails its deployment, and the circuit breaker the apply:
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html>
// Long: the plan, the wait, the push and the end of one apply.
#[test]
fn a_service_is_never_made_before_its_image_was_pushed() {
    block_on(async {
        let (fixture, declared) = (empty_account(), shop("1.0.0", true));
        let executor = fixture.executor(&declared).await;
        let plan = fixture
            .plan(&executor, &declared, &Options::default())
            .await
            .unwrap();
        executor.store.close().await.unwrap();
        let calls = [
            "CreateRepository images/api",
            "DescribeImages images/api-image",
            "RegisterTaskDefinition task",
            "CreateService web",
        ];
        assert_eq!(operations(&plan), calls);
        // The plan says what to do, before anything exists.
        let name = plan.decisions[0].inputs["repository_name"]
            .as_str()
            .unwrap()
            .to_owned();
        let push = format!("docker push 000000000000.dkr.ecr.eu-west-1.amazonaws.com/{name}:1.0.0");
        let text = render::text(&plan, &render::Look::default());
        assert!(text.contains(&push), "{text}");
        assert!(render::markdown(&plan).contains(&push));

        // Ten minutes later somebody has.
        let cloud = Arc::clone(&fixture.cloud);
        let pushed = async {
            tokio::time::sleep(Duration::from_secs(600)).await;
            assert!(cloud.push(&name, "0.9.0"));
            assert!(cloud.inventory().iter().all(|(kind, _)| kind == "ecr.repository"));
            assert!(cloud.push(&name, "1.0.0"));
        };
        let options = Options::default();
        let ((_, summary), ()) = tokio::join!(fixture.apply(&declared, &options), pushed);
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(fixture.next(&declared).await.is_empty());
        let said = |event: &Event| matches!(event, Event::Retrying { why, .. } if why.contains(&push));
        assert!(fixture.events.lock().unwrap().iter().any(said));

        // The next version is waited for as well, and the one before stays where it is.
        assert!(cloud.push(&name, "2.0.0"));
        let (plan, summary) = fixture.apply(&shop("2.0.0", true), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        let calls = [
            "DescribeImages images/api-image",
            "RegisterTaskDefinition task",
            "UpdateService web",
            "DeregisterTaskDefinition task",
        ];
        assert_eq!(operations(&plan), calls);
        assert!(fixture.next(&shop("2.0.0", true)).await.is_empty());

        // What is taken out of the program is no call.
        let (plan, summary) = fixture.apply(&shop("2.0.0", false), &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
        assert!(
            operations(&plan)
                .iter()
                .all(|call| !call.ends_with("images/api-image"))
        );
        let down = Options {
            destroy: true,
            ..Options::default()
        };
        let (_, summary) = fixture.apply(&declared, &down).await;
        assert!(
            summary.complete() && fixture.cloud.is_empty(),
            "{:?}",
            summary.failed
        );
    });
}

#[test]
fn an_image_that_nobody_pushes_never_fails_an_apply_without_the_commands() {
    block_on(async {
        let (fixture, declared) = (empty_account(), shop("1.0.0", true));
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        let failed = &summary.failed[0];
        assert_eq!(failed.address, "images/api-image");
        assert!(
            failed.why.contains("ImageNotFoundException") && failed.why.contains("`docker push "),
            "{}",
            failed.why
        );
        // The next apply waits for the rest alone.
        let plan = fixture.next(&declared).await;
        assert_eq!(operations(&plan).len(), 3, "{:?}", operations(&plan));
        // An image that is there when the plan is made costs no time, whoever pushed it.
        let name = plan.decisions[0].inputs["repository_name"].as_str().unwrap();
        assert!(fixture.cloud.push(name, "1.0.0"));
        let (_, summary) = fixture.apply(&declared, &Options::default()).await;
        assert!(summary.complete(), "{:?}", summary.failed);
    });
}

/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html>: "If the repository isn't empty when you delete
/// it, the request must use the force option".
#[test]
fn a_repository_with_images_is_never_refused_at_a_destroy_without_a_word_before() {
    let repository = |empty_on_delete: bool| {
        let mut declared = stack();
        add(
            &mut declared,
            "images/api",
            Repository::new().empty_on_delete(empty_on_delete),
        );
        declared
    };
    let down = Options {
        destroy: true,
        ..Options::default()
    };
    block_on(async {
        let (fixture, kept) = (empty_account(), repository(false));
        let (plan, _) = fixture.apply(&kept, &Options::default()).await;
        let name = plan.decisions[0].inputs["repository_name"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(fixture.cloud.push(&name, "1.0.0"));

        // The plan says what will be refused and how to go on, and so does the refusal.
        let (plan, summary) = fixture.apply(&kept, &down).await;
        let look = format!("aws ecr list-images --repository-name {name}");
        let told = [
            render::text(&plan, &render::Look::default()),
            render::markdown(&plan),
            summary.failed[0].why.clone(),
        ];
        for told in told {
            assert!(
                told.contains(&look) && told.contains("`empty_on_delete`"),
                "{told}"
            );
        }
        assert!(!fixture.cloud.is_empty());

        // The way that it names, to its end; the plan says what is lost with it.
        let (plan, summary) = fixture.apply(&repository(true), &Options::default()).await;
        assert!(
            summary.complete() && plan.counts().update == 1,
            "{:?}",
            summary.failed
        );
        let (plan, summary) = fixture.apply(&repository(true), &down).await;
        assert!(
            summary.complete() && fixture.cloud.is_empty(),
            "{:?}",
            summary.failed
        );
        let told = render::text(&plan, &render::Look::default());
        assert!(
            told.contains("the images in it") && !told.contains("AWS refuses"),
            "{told}"
        );
    });
}

#[test]
fn what_is_named_in_words_is_the_only_one_that_is_allowed() {
    block_on(async {
        let mut declared = stack();
        add(&mut declared, "image", Image::new("shop/api", "1.0.0"));
        add(&mut declared, "stream", LogStream::new("/shop/api"));
        let fixture = Fixture::new(SandboxConfig::instant());
        let executor = fixture.executor(&declared).await;
        let options = Options::default();
        let plan = fixture.plan(&executor, &declared, &options).await.unwrap();
        let all = needs(&plan, Purpose::Apply, &StateAccess::default());
        for (action, ends) in [
            ("ecr:DescribeImages", ":repository/shop/api"),
            ("logs:CreateLogStream", ":log-group:/shop/api"),
        ] {
            let mut on = all.iter().filter(|need| need.action == action).peekable();
            assert!(on.peek().is_some(), "{action}");
            for need in on {
                assert!(need.resource.contains(ends), "{action} on {}", need.resource);
            }
        }
    });
}
