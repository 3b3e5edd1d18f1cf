//! The requests that the fake answers.

use crate::{
    contract::wrong,
    world::{Access, REPOSITORY, World},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// The most characters of a body: <https://github.com/orgs/community/discussions/27190>.
const LIMIT: usize = 65_536;

pub(crate) fn router(world: Arc<Mutex<World>>) -> Router {
    Router::new().fallback(answer).with_state(world)
}

/// A reply: status, JSON, headers.
struct Reply(StatusCode, Value, Vec<(&'static str, String)>);

impl Reply {
    fn ok(value: Value) -> Self {
        Self(StatusCode::OK, value, vec![])
    }
    fn error(status: u16, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(
            status,
            json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": status.as_u16().to_string()}),
            vec![],
        )
    }
}

/// A request, read.
struct Asked {
    method: Method,
    path: String,
    query: BTreeMap<String, String>,
    headers: HeaderMap,
    body: Value,
}

async fn answer(State(world): State<Arc<Mutex<World>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, 10 << 20).await.unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let asked = Asked {
        method: parts.method,
        path: parts.uri.path().into(),
        query: query.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    };
    let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reply = respond(&mut world, &asked);
    let number = u64::try_from(world.requests.len()).unwrap_or_default() + 1;
    if world.trouble.loses_every.is_some_and(|every| number % every == 0) {
        reply = Reply::error(502, "Bad Gateway");
    }
    world
        .requests
        .push((asked.method.to_string(), asked.path.clone(), reply.0.as_u16()));
    let Reply(status, value, headers) = reply;
    let mut response = Response::builder()
        .status(status)
        .header("content-type", "application/json");
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let body = if status == StatusCode::NO_CONTENT {
        Body::empty()
    } else {
        Body::from(value.to_string())
    };
    response.body(body).unwrap_or_default()
}

// Long: one arm for each request.
#[expect(clippy::too_many_lines, reason = "one arm for each route")]
fn respond(world: &mut World, asked: &Asked) -> Reply {
    let token = asked
        .headers
        .get("authorization")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let token = token.trim_start_matches("Bearer ").to_owned();
    let Some((login, permissions)) = world.who(&token).cloned() else {
        return Reply::error(401, "Bad credentials");
    };
    let prefix = format!("/repos/{REPOSITORY}/");
    let Some(rest) = asked.path.strip_prefix(&prefix) else {
        return Reply::error(404, "Not Found");
    };
    if let Some(why) = wrong(&asked.method, &format!("/{rest}"), &asked.query, &asked.body) {
        return Reply::error(422, &format!("not of GitHub's API: {why}"));
    }
    let writes = asked.method != Method::GET;
    let allowed = |scopes: &[&str]| {
        let want = if writes { Access::Write } else { Access::Read };
        scopes
            .iter()
            .any(|s| permissions.get(*s).is_some_and(|have| *have >= want))
    };
    let denied = || Reply::error(403, "Resource not accessible by integration");
    let parts: Vec<&str> = rest.split('/').collect();
    // A pull request is an issue, and a token for either may comment on it.
    let is_pull = |world: &World, n: u64| world.issues.get(&n).is_some_and(|i| !i["pull_request"].is_null());
    let scopes: Vec<&str> = match parts.as_slice() {
        ["actions", ..] => vec!["actions"],
        ["issues", "comments", id, ..] => {
            let issue = id
                .parse()
                .ok()
                .and_then(|id| world.comments.get(&id)?["issue"].as_u64());
            match issue {
                Some(n) if is_pull(world, n) => vec!["issues", "pull-requests"],
                _ => vec!["issues"],
            }
        }
        ["issues", n, ..] if n.parse().is_ok_and(|n| is_pull(world, n)) => vec!["issues", "pull-requests"],
        ["issues", ..] => vec!["issues"],
        ["pulls", ..] | ["commits", _, "pulls"] => vec!["pull-requests"],
        ["check-runs", ..] | ["commits", _, "check-runs"] => vec!["checks"],
        ["collaborators", ..] => vec!["metadata", "contents"],
        _ => return Reply::error(404, "Not Found"),
    };
    if !allowed(&scopes) {
        return denied();
    }
    if writes {
        world.writes += 1;
        if world
            .trouble
            .throttles_every
            .is_some_and(|every| world.writes.is_multiple_of(every))
        {
            let mut reply = Reply::error(403, "You have exceeded a secondary rate limit.");
            reply.2.push(("retry-after", "1".into()));
            return reply;
        }
        if asked.body["body"]
            .as_str()
            .is_some_and(|b| b.chars().count() > LIMIT)
        {
            return Reply::error(
                422,
                "Validation Failed: body is too long (maximum is 65536 characters)",
            );
        }
    }
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["issues"]) => issues(world, asked),
        ("POST", ["issues"]) => open_issue(world, asked, &login),
        ("PATCH", ["issues", n]) => change_issue(world, asked, number(n)),
        ("GET", ["issues", n, "comments"]) => {
            let n = number(n);
            let all = world
                .comments
                .values()
                .filter(|c| c["issue"] == n)
                .cloned()
                .collect();
            page(world, asked, all, None)
        }
        ("POST", ["issues", n, "comments"]) => {
            let n = number(n);
            if !world.issues.contains_key(&n) {
                return Reply::error(404, "Not Found");
            }
            let id = world.say(n, &login, asked.body["body"].as_str().unwrap_or_default());
            Reply(StatusCode::CREATED, world.comments[&id].clone(), vec![])
        }
        ("PATCH", ["issues", "comments", id]) => match world.comments.get_mut(&number(id)) {
            Some(comment) => {
                comment["body"] = asked.body["body"].clone();
                comment["updated_at"] = json!(world.now);
                Reply::ok(comment.clone())
            }
            None => Reply::error(404, "Not Found"),
        },
        // https://docs.github.com/en/rest/reactions/reactions#create-reaction-for-an-issue-comment
        ("POST", ["issues", "comments", id, "reactions"]) => {
            let (id, content) = (
                number(id),
                asked.body["content"].as_str().unwrap_or_default().to_owned(),
            );
            let known = [
                "+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes",
            ];
            if !known.contains(&content.as_str()) {
                return Reply::error(422, "Validation Failed: content");
            }
            if !world.comments.contains_key(&id) {
                return Reply::error(404, "Not Found");
            }
            let one = (id, content.clone());
            if !world.reactions.contains(&one) {
                world.reactions.push(one);
            }
            Reply(StatusCode::CREATED, json!({"id": id, "content": content}), vec![])
        }
        ("GET", ["actions", "runs", run]) => {
            let run = number(run);
            Reply::ok(json!({"id": run, "workflow_id": 1}))
        }
        ("GET", ["actions", "workflows", "1", "runs"]) => {
            let mut runs = world.runs.clone();
            runs.reverse();
            let runs = runs
                .iter()
                .map(|(id, conclusion)| json!({"id": id, "conclusion": conclusion}));
            page(world, asked, runs.collect(), Some("workflow_runs"))
        }
        // https://docs.github.com/en/rest/actions/workflow-runs#re-run-a-workflow
        ("POST", ["actions", "runs", run, "rerun"]) => {
            let run = number(run);
            if world.runs_again.contains(&run) {
                return Reply::error(403, "This workflow is already running");
            }
            world.runs_again.push(run);
            Reply(StatusCode::CREATED, json!({}), vec![])
        }
        ("DELETE", ["issues", "comments", id]) => match world.comments.remove(&number(id)) {
            Some(_) => Reply(StatusCode::NO_CONTENT, Value::Null, vec![]),
            None => Reply::error(404, "Not Found"),
        },
        ("GET", ["pulls"]) => {
            let open = world
                .issues
                .values()
                .filter(|i| !i["pull_request"].is_null() && i["state"] == "open");
            let open = open.cloned().collect();
            page(world, asked, open, None)
        }
        ("GET", ["commits", sha, "pulls"]) => {
            let of = world
                .issues
                .values()
                .filter(|i| i["merge_commit_sha"] == *sha || i["head"]["sha"] == *sha);
            let of = of.cloned().collect();
            page(world, asked, of, None)
        }
        ("GET", ["commits", sha, "check-runs"]) => {
            let of = world
                .checks
                .values()
                .filter(|c| c["head_sha"] == *sha)
                .cloned()
                .collect();
            page(world, asked, of, Some("check_runs"))
        }
        ("POST", ["check-runs"]) => check(world, asked, None),
        ("PATCH", ["check-runs", id]) => check(world, asked, Some(number(id))),
        ("GET", ["collaborators", who, "permission"]) => match world.collaborators.get(*who) {
            Some(permission) => Reply::ok(json!({"permission": permission})),
            None => Reply::error(404, "Not Found"),
        },
        _ => Reply::error(404, "Not Found"),
    }
}

/// A page of a list, with a link to the next.
fn page(world: &World, asked: &Asked, all: Vec<Value>, of: Option<&str>) -> Reply {
    let ask = |name: &str, default: usize| {
        asked
            .query
            .get(name)
            .and_then(|n| n.parse().ok())
            .unwrap_or(default)
    };
    let size = ask("per_page", 30)
        .clamp(1, 100)
        .min(world.trouble.page.unwrap_or(100));
    let page = ask("page", 1).max(1);
    let total = all.len();
    let items: Vec<Value> = all.into_iter().skip((page - 1) * size).take(size).collect();
    let mut headers = vec![];
    if page * size < total {
        let mut query: BTreeMap<String, String> = asked.query.clone();
        query.insert("page".into(), (page + 1).to_string());
        let query: Vec<String> = query.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let url = format!("{}{}?{}", world.url(), asked.path, query.join("&"));
        headers.push((
            "link",
            format!("<{url}>; rel=\"next\", <{}>; rel=\"last\"", world.url()),
        ));
    }
    let value = match of {
        Some(of) => json!({"total_count": total, of: items}),
        None => Value::Array(items),
    };
    Reply(StatusCode::OK, value, headers)
}

fn issues(world: &World, asked: &Asked) -> Reply {
    let state = asked.query.get("state").map_or("open", String::as_str);
    let label = asked.query.get("labels");
    let has = |issue: &Value, label: &str| {
        let labels = issue["labels"].as_array().into_iter().flatten();
        labels.into_iter().any(|l| l["name"] == label)
    };
    let all = world
        .issues
        .values()
        .filter(|i| (state == "all" || i["state"] == state) && label.is_none_or(|label| has(i, label)));
    page(world, asked, all.cloned().collect(), None)
}

fn open_issue(world: &mut World, asked: &Asked, login: &str) -> Reply {
    if !asked.body["title"].is_string() {
        return Reply::error(422, "Validation Failed: title is missing");
    }
    let number = world.number();
    let labels = asked.body["labels"].as_array().into_iter().flatten();
    let labels: Vec<Value> = labels.map(|l| json!({"name": l})).collect();
    let issue = json!({
        "number": number, "state": "open", "title": asked.body["title"], "body": asked.body["body"],
        "labels": labels, "user": {"login": login}, "closed_at": null,
    });
    world.issues.insert(number, issue.clone());
    Reply(StatusCode::CREATED, issue, vec![])
}

fn change_issue(world: &mut World, asked: &Asked, number: u64) -> Reply {
    let now = world.now.clone();
    let Some(issue) = world.issues.get_mut(&number) else {
        return Reply::error(404, "Not Found");
    };
    for member in ["title", "body", "state"] {
        if !asked.body[member].is_null() {
            issue[member] = asked.body[member].clone();
        }
    }
    issue["closed_at"] = if issue["state"] == "closed" {
        json!(now)
    } else {
        Value::Null
    };
    Reply::ok(issue.clone())
}

fn check(world: &mut World, asked: &Asked, id: Option<u64>) -> Reply {
    let annotations = asked.body["output"]["annotations"].as_array().map_or(0, Vec::len);
    if annotations > 50 {
        return Reply::error(422, "Validation Failed: annotations exceeds a maximum of 50");
    }
    let conclusions = [
        "success",
        "failure",
        "neutral",
        "cancelled",
        "skipped",
        "timed_out",
        "action_required",
    ];
    let said = &asked.body["conclusion"];
    if !said.is_null() && !conclusions.iter().any(|c| said == c) {
        return Reply::error(422, "Validation Failed: conclusion");
    }
    let Some(id) = id else {
        if !asked.body["name"].is_string() || !asked.body["head_sha"].is_string() {
            return Reply::error(422, "Validation Failed: name and head_sha");
        }
        let id = world.number();
        let mut check = asked.body.clone();
        check["id"] = json!(id);
        // "Providing conclusion will automatically set the status parameter to completed", and the time is that of the request.
        check["completed_at"] = json!(world.now);
        check["output"]["annotations_count"] = json!(annotations);
        world.checks.insert(id, check.clone());
        return Reply(StatusCode::CREATED, check, vec![]);
    };
    let Some(check) = world.checks.get_mut(&id) else {
        return Reply::error(404, "Not Found");
    };
    let before = check["output"]["annotations_count"].as_u64().unwrap_or_default();
    for (member, value) in asked.body.as_object().into_iter().flatten() {
        check[member] = value.clone();
    }
    let all = before + u64::try_from(annotations).unwrap_or_default();
    check["output"]["annotations_count"] = json!(all);
    Reply::ok(check.clone())
}
