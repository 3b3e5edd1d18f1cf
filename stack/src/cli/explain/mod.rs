//! `explain`: the reference of resource types, made from the types themselves.

mod terraform;

use crate::{
    error::{CliError, exit},
    ui::Ui,
};
use serde_json::{Value, json};
use tenon_planner::{
    nearest,
    ownership::Recovery,
    render::{Look, Paint},
};
use tenon_resources::{
    call::Step,
    cfn, registry,
    resource::{Field, Mutability, ResourceType},
};

/// List the resource types, or explain one: fields, API calls, permissions, recovery
///
/// A type can be asked for by Terraform's name, which shows what became of each argument, and by CloudFormation's. Example: `explain
/// ec2.subnet`, or `explain aws_db_instance`.
#[derive(clap::Args, Debug)]
pub(super) struct Explain {
    /// Resource type to explain, such as `ec2.vpc`, `aws_vpc` or `AWS::EC2::VPC` [default: list all types]
    #[arg(value_name = "TYPE")]
    kind: Option<String>,
}

pub(super) fn run(ui: &Ui, args: &Explain) -> Result<u8, CliError> {
    match &args.kind {
        None if ui.json => ui.json_data(
            &types()
                .map(|t| json!({"type": t.name(), "doc": t.doc()}))
                .collect::<Vec<_>>(),
        )?,
        None => ui.data(&list())?,
        Some(name) => {
            let (kind, resource) = find(name)?;
            let became = resource.map(|resource| became(&resource, kind));
            if ui.json {
                let mut data = data(kind);
                if let Some(became) = became {
                    data["terraform_arguments"] = became
                        .iter()
                        .map(|(a, b)| json!({"argument": a, "became": b}))
                        .collect();
                }
                ui.json_data(&data)?;
            } else {
                let mut page = text(kind, &ui.out());
                if let Some(became) = became {
                    let title = Paint::new(&ui.out()).strong(&format!("Arguments of {name}"));
                    page = format!("{page}\n\n{title}\n{}", table(became.into_iter()).join("\n"));
                }
                ui.data(&page)?;
            }
        }
    }
    Ok(exit::DONE)
}

/// The type of a name: ours, Terraform's or CloudFormation's; with Terraform's resource when it was asked for.
fn find(name: &str) -> Result<(&'static dyn ResourceType, Option<terraform::Resource>), CliError> {
    if let Some(kind) = registry::find(name) {
        return Ok((kind, None));
    }
    if let Some((resource, kind)) = terraform::find(name) {
        return Ok((kind, Some(resource)));
    }
    let cfn = registry::TYPES
        .iter()
        .find(|t| !t.cfn().is_empty() && t.cfn().eq_ignore_ascii_case(name));
    cfn.map(|kind| (*kind, None)).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> CliError {
    if name.contains("::") {
        return CliError::usage(format!("`{name}` {}", cfn::no_such_type(name)));
    }
    if let Some(why) = terraform::without(name) {
        return CliError::usage(format!("`{name}` has no type here: {why}"));
    }
    let error = CliError::usage(format!("there is no resource type `{name}`"));
    let terraform = terraform::resources();
    let names: Vec<&str> = match name {
        _ if name.starts_with("aws_") || name.starts_with("random_") => {
            terraform.iter().map(|resource| resource.name).collect()
        }
        _ if name.contains("::") => registry::TYPES.iter().map(|t| t.cfn()).collect(),
        _ => types().map(ResourceType::name).collect(),
    };
    let service = name.split_once('.').map(|(service, _)| format!("{service}."));
    let of_service: Vec<_> = types()
        .map(ResourceType::name)
        .filter(|n| service.as_ref().is_some_and(|service| n.starts_with(service)))
        .map(|n| format!("`{n}`"))
        .collect();
    let error = match nearest(name, names) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if of_service.is_empty() => error,
        None => error.hint(format!("of that service there are {}", of_service.join(", "))),
    };
    let error = error.hint("`explain` lists the types that have a file of their own");
    error.hint("`add --list WORD` finds types of CloudFormation, such as `AWS::SQS::Queue`")
}

/// The arguments of a resource of Terraform, each with what became of it; those of the same name last.
fn became(resource: &terraform::Resource, kind: &dyn ResourceType) -> Vec<(String, String)> {
    let said = resource.arguments.iter().map(|(argument, became)| {
        let became = match became {
            terraform::Became::Field(field) => format!("`{field}`"),
            terraform::Became::Words(words) => (*words).to_owned(),
        };
        ((*argument).to_owned(), became)
    });
    let otherwise: Vec<&str> = resource
        .arguments
        .iter()
        .filter_map(|(_, became)| match became {
            terraform::Became::Field(field) => Some(*field),
            terraform::Became::Words(_) => None,
        })
        .collect();
    let same = kind
        .fields()
        .iter()
        .map(|f| f.name)
        .filter(|name| !otherwise.contains(name));
    let same: Vec<String> = same.map(|name| format!("`{name}`")).collect();
    let named = if kind.schema().is_some() {
        "where Terraform has them, in CloudFormation's words"
    } else {
        "where Terraform has them, under the same name"
    };
    said.chain([("(others)".to_owned(), format!("{named}: {}", same.join(", ")))])
        .collect()
}

/// The constructor that the type's fields make, as a program calls it.
fn constructor(kind: &dyn ResourceType) -> String {
    if let Some(schema) = kind.schema() {
        let required = schema.root.required.iter();
        let required = required.filter(|name| !schema.is_read_only(name));
        let members: Vec<String> = required.map(|name| format!("{name:?}: …")).collect();
        let members = if members.is_empty() {
            "{}".to_owned()
        } else {
            format!("{{ {} }}", members.join(", "))
        };
        return format!("cfn::Resource::new({:?}, json!({members}))", kind.name());
    }
    let (service, resource) = kind.name().split_once('.').unwrap_or(("", kind.name()));
    let name: String = resource
        .split('_')
        .flat_map(|word| {
            word.chars()
                .enumerate()
                .map(|(i, c)| if i == 0 { c.to_ascii_uppercase() } else { c })
        })
        .collect();
    let required: Vec<&str> = kind
        .fields()
        .iter()
        .filter(|f| is_required(f))
        .map(|f| f.name)
        .collect();
    format!("{service}::{name}::new({})", required.join(", "))
}

/// `true` for a field that the constructor takes; all others have a setter of their name.
fn is_required(field: &Field) -> bool {
    field.default.is_none() && !field.optional && field.name != "tags"
}

/// The words that AWS has for a field of a type's own enum, or the members of a nested type, as its reader names them.
fn words(kind: &dyn ResourceType, field: &Field) -> Option<String> {
    if let Some(schema) = kind.schema() {
        let words = schema.node(field.name).map(|node| &node.words)?;
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        return (!words.is_empty()).then(|| words.join(", "));
    }
    let [mut inputs, _] = kind.samples();
    inputs[field.name] = json!("\u{1}");
    let why = kind.canonical(&inputs).err()?.to_string();
    let (_, words) = why.split_once("unknown variant")?;
    let (_, words) = words.split_once("expected ")?;
    let words: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
    (!words.is_empty()).then(|| {
        words
            .iter()
            .map(|word| format!("{word:?}"))
            .collect::<Vec<_>>()
            .join(", ")
    })
}

/// The types that have a file of their own, sorted by name.
fn types() -> impl Iterator<Item = &'static dyn ResourceType> {
    let mut all: Vec<_> = registry::TYPES.iter().chain(registry::LOCAL).copied().collect();
    all.sort_unstable_by_key(|kind| kind.name());
    all.into_iter()
}

fn list() -> String {
    let width = types().map(|t| t.name().len()).max().unwrap_or(0);
    let lines = types().map(|t| format!("{:width$}  {}", t.name(), first_sentence(t.doc())));
    lines.collect::<Vec<_>>().join("\n")
}

fn first_sentence(doc: &str) -> &str {
    let doc = doc.trim();
    let paragraph = doc.split("\n\n").next().unwrap_or(doc);
    paragraph.find(". ").map_or(paragraph, |end| &paragraph[..=end])
}

/// The attributes of a field besides its name and type.
fn attributes(field: &Field) -> Vec<String> {
    let mut attributes = vec![];
    if field.change == Mutability::Replace {
        attributes.push("a change replaces the resource".to_owned());
    }
    match field.default {
        Some(default) => attributes.push(format!("default {}", default())),
        None if field.optional => {
            attributes.push("if unset, AWS chooses the value, and drift in it is not detected".into());
        }
        None => {}
    }
    if field.after_create {
        attributes.push("set by a separate call after create".into());
    }
    if field.write_only {
        attributes.push("write-only: AWS does not return it, so drift in it is not detected".into());
    }
    if field.attachment {
        attributes
            .push("attachment: the referenced resource is usable only with this one, so its other users are ordered after it".into());
    }
    if field.named.is_some() {
        attributes.push("physical name: generated unless given".into());
    }
    attributes
}

/// Titles of calls, one after the other.
fn titles(steps: &[Step]) -> Vec<String> {
    let title = |s: &Step| {
        let until = match s.effect {
            tenon_resources::call::Effect::Shown(_) => " until its outputs are shown",
            tenon_resources::call::Effect::Ready(_) => " until ready",
            tenon_resources::call::Effect::Gone(_) => " until gone",
            _ if s.is_local() => " (no call)",
            _ => "",
        };
        format!("{}:{}{until}", s.service, s.operation)
    };
    steps.iter().map(title).collect()
}

/// The calls of the type's two samples: to create one, to change each field to the other's value, to delete it.
fn calls(kind: &dyn ResourceType) -> Vec<(String, Vec<String>)> {
    let [one, other] = kind.samples();
    let mut calls = vec![(
        "create".to_owned(),
        titles(&kind.create(&one).unwrap_or_default()),
    )];
    for field in kind.fields().iter().filter(|f| f.change == Mutability::InPlace) {
        let mut changed = one.clone();
        changed[field.name] = other[field.name].clone();
        calls.push((
            format!("change {}", field.name),
            titles(&kind.set(&changed, &one, &[field.name]).unwrap_or_default()),
        ));
    }
    calls.push(("delete".into(), titles(&kind.delete(&one).unwrap_or_default())));
    if kind.is_local() {
        return calls;
    }
    let read = kind.read();
    calls.push((
        "read".into(),
        vec![format!(
            "{}:{} ({} at a time)",
            read.service, read.operation, read.batch
        )],
    ));
    calls
}

/// The way in which a create whose reply was lost is found again, as a clause.
fn recovery(kind: &dyn ResourceType) -> &'static str {
    let [sample, _] = kind.samples();
    let steps = kind.create(&sample).unwrap_or_default();
    let repeatable = steps.iter().any(|s| has_token(&s.params));
    match Recovery::of(kind, &sample) {
        _ if kind.repeats_request() => {
            "AWS is asked by the handle of its request; where that was not heard, the same request is sent again under the same token"
        }
        Recovery::Id(_) | Recovery::UntaggedId(_) => {
            "its id follows from its inputs, so it is looked up by that"
        }
        Recovery::Name(_) => "it is looked up by its name, and its ownership tags say whose it is",
        Recovery::Token => "AWS keeps the token of the create call, so it is looked up by that",
        Recovery::Tags if repeatable => {
            "the call is repeated under the same idempotency token, or it is found by its ownership tags"
        }
        Recovery::Here => {
            "no call makes it: it follows from the id of the operation, which is in the journal"
        }
        Recovery::Tags => "it is found by its ownership tags, which it carries from the moment it exists",
    }
}

fn has_token(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.contains_key("$token") || map.values().any(has_token),
        Value::Array(items) => items.iter().any(has_token),
        _ => false,
    }
}

/// The IAM actions with the ARN patterns they are limited to, sorted.
fn permissions(kind: &dyn ResourceType) -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> = kind
        .calls()
        .into_iter()
        .flat_map(|c| c.actions.iter().map(move |a| (*a, c.on)))
        .collect();
    all.extend(kind.read().actions.iter().map(|a| (*a, "*")));
    all.sort_unstable();
    all.dedup();
    all
}

fn replacement(kind: &dyn ResourceType) -> &'static str {
    if kind.delete_first() {
        "the old one is deleted before the new one is created: two cannot exist at the same time"
    } else if kind.name_field().is_some() {
        "the new one is created before the old one is deleted, unless both are given the same name"
    } else {
        "the new one is created before the old one is deleted"
    }
}

fn text(kind: &dyn ResourceType, look: &Look) -> String {
    let paint = Paint::new(look);
    let calls = calls(kind).into_iter().map(|(what, titles)| {
        let titles = if titles.is_empty() {
            "no call".to_owned()
        } else {
            titles.join(", ")
        };
        (what, titles)
    });
    let outputs = kind.outputs().iter();
    let permissions = permissions(kind).into_iter();
    let sections = [
        ("Fields", field_lines(kind, paint)),
        (
            "Outputs",
            table(outputs.map(|o| (o.name.to_owned(), o.doc.trim().replace('\n', " ")))),
        ),
        ("Calls", table(calls)),
        (
            "Permissions",
            table(permissions.map(|(action, on)| (action.to_owned(), paint.dim(on)))),
        ),
    ];
    let mut out = vec![
        paint.strong(kind.name()),
        kind.doc().trim().to_owned(),
        String::new(),
        paint.strong("In a program"),
        format!("  s.add(\"NAME\", {})", constructor(kind)),
    ];
    for (title, lines) in sections {
        out.extend([String::new(), paint.strong(title)]);
        out.extend(lines);
    }
    out.push(String::new());
    let facts = facts(kind).into_iter();
    out.extend(facts.map(|(name, fact)| format!("{:14}  {fact}", paint.strong(name))));
    out.join("\n")
}

/// Lines of two columns.
fn table(rows: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let rows: Vec<_> = rows.collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.iter()
        .map(|(name, text)| format!("  {name:width$}  {text}"))
        .collect()
}

/// The fields with their types, their documentation and their attributes.
fn field_lines(kind: &dyn ResourceType, paint: Paint) -> Vec<String> {
    let width = kind.fields().iter().map(|f| f.name.len()).max().unwrap_or(0);
    let lines = kind.fields().iter().flat_map(|field| {
        let head = [
            format!("  {:width$}  {}", field.name, paint.dim(field.rust_type)),
            format!("  {:width$}  {}", "", field.doc.trim().replace('\n', " ")),
        ];
        let mut attributes = attributes(field);
        attributes.extend(words(kind, field).map(|words| format!("one of {words}")));
        let attributes = attributes.into_iter();
        head.into_iter()
            .chain(attributes.map(move |text| format!("  {:width$}  - {text}", "")))
    });
    lines.collect()
}

/// Facts about the type as a whole, by name.
fn facts(kind: &dyn ResourceType) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Lost replies", recovery(kind).to_owned()),
        ("Replacement", replacement(kind).to_owned()),
    ];
    if let Some(seconds) = kind.ready() {
        facts.push(("Ready", format!("within {seconds} s, or the wait fails")));
    }
    if kind.stateful() {
        facts.push((
            "Data",
            "holds data: replacing or deleting one needs `--consent ADDRESS`".into(),
        ));
    }
    if let Some(schema) = kind.schema() {
        facts.extend(of_schema(schema));
    } else if !kind.cfn().is_empty() {
        facts.push(("CloudFormation", kind.cfn().to_owned()));
    }
    let terraform = terraform::names_of(kind.name());
    if !terraform.is_empty() {
        facts.push(("Terraform", terraform.join(", ")));
    }
    facts
}

/// Facts about a type that is made from a schema.
fn of_schema(schema: &cfn::Schema) -> Vec<(&'static str, String)> {
    let mut facts = vec![(
        "Driven",
        "by AWS's Cloud Control API, as CloudFormation's schema describes it".to_owned(),
    )];
    facts.push(("Identifier", schema.id.join("|")));
    let own = registry::TYPES.iter().find(|kind| kind.cfn() == schema.name);
    if let Some(own) = own {
        let why = "has a file of its own, and is the first choice: it knows statuses, claims and batch reads";
        facts.push(("Instead", format!("`{}` {why}", own.name())));
    }
    let listed = |paths: &[String]| paths.join(", ").replace('/', ".");
    let nested: Vec<String> = schema
        .create_only
        .iter()
        .filter(|path| path.contains('/'))
        .cloned()
        .collect();
    let lists = [
        ("Replaces", nested),
        ("May replace", schema.may_replace.clone()),
        ("Secrets", schema.secrets.clone()),
        ("Deprecated", schema.deprecated.clone()),
    ];
    let lists = lists.into_iter().filter(|(_, paths)| !paths.is_empty());
    facts.extend(lists.map(|(name, paths)| (name, listed(&paths))));
    if schema.is_immutable() {
        facts.push((
            "Immutable",
            "AWS has no update for it: every change replaces it".into(),
        ));
    }
    if schema.sunset {
        facts.push(("Sunset", "AWS takes no new customers for the service".into()));
    }
    facts
}

fn data(kind: &dyn ResourceType) -> Value {
    let field = |f: &Field| {
        json!({
            "name": f.name, "doc": f.doc, "rust_type": f.rust_type, "change": f.change, "default": f.default.map(|d| d()),
            "optional": f.optional, "after_create": f.after_create, "write_only": f.write_only,
            "attachment": f.attachment, "physical_name": f.named.is_some(), "required": is_required(f),
        })
    };
    json!({
        "type": kind.name(),
        "doc": kind.doc(),
        "fields": kind.fields().iter().map(field).collect::<Vec<_>>(),
        "outputs": kind.outputs().iter().map(|o| json!({"name": o.name, "doc": o.doc, "shown_while_pending": o.shown_while_pending})).collect::<Vec<_>>(),
        "calls": calls(kind).into_iter().map(|(what, calls)| json!({"for": what, "calls": calls})).collect::<Vec<_>>(),
        "permissions": permissions(kind).into_iter().map(|(action, on)| json!({"action": action, "on": on})).collect::<Vec<_>>(),
        "lost_replies": recovery(kind),
        "replacement": replacement(kind),
        "ready_seconds": kind.ready(),
        "holds_data": kind.stateful(),
        "cloudformation": kind.cfn(),
        "terraform": terraform::names_of(kind.name()),
        "constructor": constructor(kind),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_can_be_explained() {
        for kind in registry::TYPES {
            let text = text(*kind, &Look::default());
            assert!(
                text.contains("Fields") && text.contains("create") && text.len() > 200,
                "{text}"
            );
            assert!(!first_sentence(kind.doc()).is_empty(), "{}", kind.name());
            assert!(!recovery(*kind).is_empty());
        }
        insta::assert_snapshot!(text(registry::find("ec2.vpc").unwrap(), &Look::default()));
    }

    /// Every tenth type; `TYPES=1` takes all.
    #[test]
    #[expect(clippy::print_stdout, reason = "the figures are the result")]
    fn every_type_of_cloudformation_is_explained_within_15_ms() {
        let step = std::env::var("TYPES")
            .ok()
            .and_then(|n| n.parse().ok())
            .unwrap_or(10);
        let mut took = vec![];
        for name in cfn::names().step_by(step) {
            let began = std::time::Instant::now();
            let (kind, _) = find(name).unwrap();
            let page = text(kind, &Look::default());
            took.push((began.elapsed().as_micros(), name));
            assert!(page.contains("Identifier") && page.contains("Fields"), "{page}");
        }
        took.sort_unstable();
        let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
        println!(
            "{} types: median {} µs, at most {} µs ({})",
            took.len(),
            median.0,
            slowest.0,
            slowest.1
        );
        // A build that is not optimised takes about ten times that.
        let limit = if cfg!(debug_assertions) { 1_500_000 } else { 15_000 };
        assert!(slowest.0 <= limit, "{slowest:?}");
    }

    #[test]
    fn what_has_no_handlers_or_no_type_is_told_apart() {
        let said = |name: &str| find(name).map(|_| ()).unwrap_err().source.to_string();
        assert!(said("AWS::CodeBuild::Project").contains("has no handlers"));
        assert!(said("aws_iam_access_key").contains("has no type here"));
        assert!(said("aws_nonsense").contains("there is no resource type"));
    }
}
