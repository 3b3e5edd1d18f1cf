//! Terraform's names for the resource types, and what became of each argument.

use tenon_resources::{registry, resource::ResourceType};

const NAMES: &str = include_str!("terraform.txt");

/// A resource of Terraform's provider for AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    /// Terraform's name: `aws_db_instance`.
    pub(super) name: &'static str,
    /// The name of the type that says the same: `rds.db_instance`.
    pub(super) kind: &'static str,
    /// Arguments that the type says otherwise, each with what became of it.
    pub(super) arguments: Vec<(&'static str, Became)>,
}

/// The fate of an argument of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    /// A field of this name.
    Field(&'static str),
    /// Something else, in words.
    Words(&'static str),
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = text.lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Why the resource that Terraform calls `name` has no type here, as a sentence; `None` for one that has, and for no such resource.
pub(super) fn without(name: &str) -> Option<&'static str> {
    let mut without = lines(NAMES).filter_map(|line| line.split_once(" : "));
    without.find(|(of, _)| *of == name).map(|(_, why)| why)
}

/// Every resource of Terraform that has a type here.
pub(super) fn resources() -> Vec<Resource> {
    let mut all: Vec<Resource> = vec![];
    for line in lines(NAMES) {
        let Some((name, rest)) = line.trim_start().split_once(' ') else {
            continue;
        };
        match (line.starts_with(' '), all.last_mut()) {
            (false, _) if rest.starts_with(": ") => {}
            (true, Some(resource)) => {
                let became = rest.strip_prefix(": ").map_or(Became::Field(rest), Became::Words);
                resource.arguments.push((name, became));
            }
            _ => all.push(Resource {
                name,
                kind: rest,
                arguments: vec![],
            }),
        }
    }
    all
}

/// The resource that Terraform calls `name`; `aws_alb` and its kin are `aws_lb`.
pub(super) fn find(name: &str) -> Option<(Resource, &'static dyn ResourceType)> {
    let name = match name.strip_prefix("aws_alb") {
        Some(rest) => format!("aws_lb{rest}"),
        None => name.to_owned(),
    };
    let resource = resources().into_iter().find(|resource| resource.name == name)?;
    let kind = registry::find(resource.kind)?;
    Some((resource, kind))
}

/// Names of the resources of Terraform that say what `kind` says.
pub(super) fn names_of(kind: &str) -> Vec<&'static str> {
    let all = resources().into_iter();
    all.filter(|resource| resource.kind == kind)
        .map(|resource| resource.name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_leads_to_a_type_and_every_argument_to_a_field_of_it() {
        let mut seen = BTreeSet::new();
        for resource in resources() {
            assert!(seen.insert(resource.name), "{} is there twice", resource.name);
            let kind =
                registry::find(resource.kind).unwrap_or_else(|| panic!("{} is no type", resource.kind));
            for (argument, became) in &resource.arguments {
                if let Became::Field(field) = became {
                    let there = kind.fields().iter().any(|f| f.name == *field);
                    assert!(
                        there,
                        "{}.{argument}: `{}` has no field `{field}`",
                        resource.name, resource.kind
                    );
                }
                // A name in backticks is one that can be looked up.
                if let Became::Words(words) = became {
                    for name in words
                        .split('`')
                        .skip(1)
                        .step_by(2)
                        .filter(|name| name.contains('.') && name.starts_with(char::is_lowercase))
                    {
                        assert!(
                            registry::find(name).is_some(),
                            "{}.{argument}: `{name}` is no type",
                            resource.name
                        );
                    }
                }
            }
        }
        assert!(seen.len() > 60, "{seen:?}");
    }

    /// The table of what public configurations use, and how much of it has a type.
    #[test]
    #[expect(clippy::print_stdout, reason = "the table is the result")]
    fn nearly_all_of_what_is_in_public_use_has_a_type() {
        let (mut all, mut made, mut own) = (0, 0, 0);
        println!("| type of Terraform | blocks | here |");
        println!("|---|---|---|");
        for line in lines(include_str!("public_use.txt")) {
            let (name, blocks) = line.split_once(' ').unwrap();
            let blocks: usize = blocks.parse().unwrap();
            all += blocks;
            let here = match (find(name), without(name)) {
                (Some((resource, kind)), None) => {
                    made += blocks;
                    own += if kind.schema().is_none() { blocks } else { 0 };
                    format!("`{}`", resource.kind)
                }
                (None, Some(why)) => format!("none: {why}"),
                (found, why) => panic!("{name}: {found:?} {why:?}", found = found.is_some()),
            };
            println!("| `{name}` | {blocks} | {here} |");
        }
        let percent = |part: usize| format!("{}.{} %", part * 100 / all, part * 1000 / all % 10);
        println!(
            "{all} blocks: {} have a type, {} one with a file of its own",
            percent(made),
            percent(own)
        );
        assert!(made * 100 >= all * 98, "{made} of {all}");
    }

    #[test]
    fn what_has_no_type_says_why() {
        assert!(without("aws_iam_access_key").unwrap().contains("iam.role"));
        assert_eq!(without("aws_vpc"), None);
        assert!(find("aws_iam_access_key").is_none() && find("aws_lambda_function").is_some());
    }
}
