//! What the double does to those who call it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::{Router, body::Body, http::Request};
use cloudcontrol_double::{Failure, Schemas, Symptoms, World, router};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};
use tower::ServiceExt;

struct Client(Router);

impl Client {
    fn new(symptoms: Symptoms) -> (Self, Arc<World>) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cfn/data/types.br");
        let world = Arc::new(World::new(symptoms));
        (
            Self(router(
                Arc::new(Schemas::open(&path).unwrap()),
                Arc::clone(&world),
            )),
            world,
        )
    }

    async fn call(&self, operation: &str, body: Value) -> (u16, Value) {
        let request = Request::post("/")
            .header("x-amz-target", format!("CloudApiService.{operation}"))
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.0.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn ok(&self, operation: &str, body: Value) -> Value {
        let (status, body) = self.call(operation, body).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn create(&self, kind: &str, state: &Value, token: &str) -> Value {
        let body = json!({ "TypeName": kind, "DesiredState": state.to_string(), "ClientToken": token });
        self.ok("CreateResource", body).await["ProgressEvent"].clone()
    }

    /// Polls to the end, and returns the words on the way.
    async fn ends(&self, event: &Value) -> (Vec<String>, Value) {
        let mut words = vec![];
        loop {
            let now = self
                .ok(
                    "GetResourceRequestStatus",
                    json!({ "RequestToken": event["RequestToken"] }),
                )
                .await;
            let now = now["ProgressEvent"].clone();
            let word = now["OperationStatus"].as_str().unwrap().to_owned();
            words.push(word.clone());
            if word == "SUCCESS" || word == "FAILED" {
                return (words, now);
            }
        }
    }

    async fn read(&self, kind: &str, id: &Value) -> (u16, Value) {
        let (status, body) = self
            .call("GetResource", json!({ "TypeName": kind, "Identifier": id }))
            .await;
        match body["ResourceDescription"]["Properties"].as_str() {
            Some(properties) => (status, serde_json::from_str(properties).unwrap()),
            None => (status, body),
        }
    }
}

const QUEUE: &str = "AWS::SQS::Queue";

#[tokio::test]
async fn a_create_is_accepted_first_and_ends_later() {
    let (client, world) = Client::new(Symptoms {
        polls: (2, 1),
        unseen: 1,
        ..Symptoms::default()
    });
    let event = client.create(QUEUE, &json!({ "DelaySeconds": 1 }), "a").await;
    assert_eq!(event["OperationStatus"], "PENDING");
    assert!(event["Identifier"].is_null());
    let (words, end) = client.ends(&event).await;
    assert_eq!(words, ["PENDING", "PENDING", "IN_PROGRESS", "SUCCESS"]);
    // It has succeeded, and the first read does not show it yet.
    let (status, error) = client.read(QUEUE, &end["Identifier"]).await;
    assert_eq!(status, 400);
    assert!(
        error["__type"]
            .as_str()
            .unwrap()
            .ends_with("#ResourceNotFoundException")
    );
    let (_, model) = client.read(QUEUE, &end["Identifier"]).await;
    assert_eq!(model["DelaySeconds"], 1);
    assert_eq!(world.inventory().len(), 1);
}

#[tokio::test]
async fn a_client_token_stands_for_one_request() {
    let (client, world) = Client::new(Symptoms::default());
    let first = client.create(QUEUE, &json!({ "DelaySeconds": 1 }), "a").await;
    let again = client.create(QUEUE, &json!({ "DelaySeconds": 1 }), "a").await;
    assert_eq!(first["RequestToken"], again["RequestToken"]);
    let other = json!({ "TypeName": QUEUE, "DesiredState": "{}", "ClientToken": "a" });
    let (status, error) = client.call("CreateResource", other).await;
    assert!(
        status == 400 && error["__type"].as_str().unwrap().contains("ClientTokenConflict"),
        "{error}"
    );
    assert_eq!(world.inventory().len(), 1);
}

#[tokio::test]
async fn what_a_read_gives_back_is_written_in_its_own_way() {
    let (client, _) = Client::new(Symptoms {
        shuffles: true,
        reformats: true,
        defaults: true,
        ..Symptoms::default()
    });
    let role = json!({ "AssumeRolePolicyDocument": { "Statement": [] }, "ManagedPolicyArns": ["a", "b"] });
    let (_, end) = client
        .ends(&client.create("AWS::IAM::Role", &role, "a").await)
        .await;
    let (_, model) = client.read("AWS::IAM::Role", &end["Identifier"]).await;
    assert!(model["AssumeRolePolicyDocument"].is_string(), "{model}");
    assert_eq!(model["ManagedPolicyArns"], json!(["b", "a"]));
}

#[tokio::test]
async fn a_patch_without_what_is_write_only_is_refused_by_the_handler() {
    let (client, _) = Client::new(Symptoms::default());
    let function =
        json!({ "Code": { "ZipFile": "x" }, "Role": "arn:aws:iam::111111111111:role/r", "Handler": "a.b" });
    let (_, end) = client
        .ends(&client.create("AWS::Lambda::Function", &function, "a").await)
        .await;
    let (_, model) = client.read("AWS::Lambda::Function", &end["Identifier"]).await;
    assert!(
        model.get("Code").is_none_or(|code| code.get("ZipFile").is_none()),
        "{model}"
    );
    let patch = |ops: Value, token: &str| {
        json!({
            "TypeName": "AWS::Lambda::Function", "Identifier": end["Identifier"], "PatchDocument": ops.to_string(), "ClientToken": token,
        })
    };
    let handler = json!({ "op": "add", "path": "/Handler", "value": "c.d" });
    let alone = client.ok("UpdateResource", patch(json!([handler]), "b")).await;
    let (_, failed) = client.ends(&alone["ProgressEvent"]).await;
    assert!(
        failed["StatusMessage"]
            .as_str()
            .unwrap()
            .contains("required key [Code] not found"),
        "{failed}"
    );
    let code = json!({ "op": "add", "path": "/Code", "value": { "ZipFile": "x" } });
    let with = client
        .ok("UpdateResource", patch(json!([handler, code]), "c"))
        .await;
    assert_eq!(
        client.ends(&with["ProgressEvent"]).await.1["OperationStatus"],
        "SUCCESS"
    );
}

#[tokio::test]
async fn a_create_fails_with_and_without_something_left() {
    let failure = |leaves| {
        Some(Failure {
            code: "NotStabilized".into(),
            leaves,
        })
    };
    let (client, world) = Client::new(Symptoms {
        creates: [failure(false), failure(true)].into(),
        ..Symptoms::default()
    });
    let (_, end) = client.ends(&client.create(QUEUE, &json!({}), "a").await).await;
    assert_eq!(
        (end["OperationStatus"].as_str(), end.get("Identifier")),
        (Some("FAILED"), None)
    );
    assert!(world.inventory().is_empty());
    let (_, end) = client.ends(&client.create(QUEUE, &json!({}), "b").await).await;
    assert_eq!(
        (end["ErrorCode"].as_str(), end["Identifier"].is_string()),
        (Some("NotStabilized"), true)
    );
    assert_eq!(world.inventory().len(), 1);
}

#[tokio::test]
async fn mistakes_and_throttling_are_refused() {
    let (client, world) = Client::new(Symptoms {
        throttled: 1,
        ..Symptoms::default()
    });
    let (_, error) = client
        .call("GetResource", json!({ "TypeName": QUEUE, "Identifier": "x" }))
        .await;
    assert!(
        error["__type"].as_str().unwrap().contains("ThrottlingException"),
        "{error}"
    );
    let (_, end) = client
        .ends(&client.create(QUEUE, &json!({ "Bogus": 1 }), "a").await)
        .await;
    assert!(
        end["StatusMessage"]
            .as_str()
            .unwrap()
            .contains("extraneous key [Bogus]"),
        "{end}"
    );
    let nonsense = json!({ "TypeName": "AWS::Nonsense::Thing", "DesiredState": "{}" });
    let (_, error) = client.call("CreateResource", nonsense).await;
    assert!(
        error["__type"]
            .as_str()
            .unwrap()
            .contains("TypeNotFoundException"),
        "{error}"
    );
    assert!(world.inventory().is_empty());
}

#[tokio::test]
async fn a_patch_sets_a_member_of_a_structure_and_none_where_there_is_no_structure() {
    let (client, _) = Client::new(Symptoms::default());
    let queue = json!({ "RedriveAllowPolicy": { "redrivePermission": "allowAll" } });
    let (_, end) = client.ends(&client.create(QUEUE, &queue, "a").await).await;
    let patch = |path: &str, token: &str| {
        let operation = json!([{ "op": "add", "path": path, "value": "denyAll" }]);
        json!({
            "TypeName": QUEUE, "Identifier": end["Identifier"], "PatchDocument": operation.to_string(), "ClientToken": token,
        })
    };
    let inside = patch("/RedriveAllowPolicy/redrivePermission", "b");
    let event = client.ok("UpdateResource", inside).await;
    client.ends(&event["ProgressEvent"]).await;
    let (_, model) = client.read(QUEUE, &end["Identifier"]).await;
    assert_eq!(model["RedriveAllowPolicy"]["redrivePermission"], "denyAll");
    let (status, error) = client
        .call("UpdateResource", patch("/RedrivePolicy/x", "c"))
        .await;
    assert!(
        status == 400 && error.to_string().contains("noSuchPath"),
        "{error}"
    );
}
