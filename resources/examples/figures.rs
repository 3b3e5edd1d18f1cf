//! The cost of writing a resource type: lines, and how often each field's name is written in the files of its type.
//!
//! `cargo run -p tenon-resources --example figures`, or with `--types` for a line each.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};
use tenon_resources::registry;

/// The files of a type: `rds.db_instance` is in `rds/db_instance.rs` and what stands beside it under a longer name.
fn files(kind: &str) -> io::Result<Vec<PathBuf>> {
    let (service, name) = kind.split_once('.').unwrap_or((kind, kind));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(service);
    let mut out = vec![];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let others = registry::TYPES.iter().filter_map(|t| t.name().split_once('.'));
        // `ecs/service_sdk.rs` is the service's; `ec2/route_table.rs` is not the route's.
        let longest = others
            .filter(|(s, n)| *s == service && (stem == *n || stem.starts_with(&format!("{n}_"))))
            .map(|(_, n)| n)
            .max_by_key(|n| n.len());
        if longest == Some(name) {
            out.push(path);
        }
    }
    Ok(out)
}

fn pascal(name: &str) -> String {
    let words = name.split('_').filter(|w| !w.is_empty());
    words.map(|w| w[..1].to_uppercase() + &w[1..]).collect::<String>()
}

/// The number of times that `word` stands in `text` as a word of its own.
fn count(text: &str, word: &str) -> usize {
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    text.match_indices(word)
        .filter(|(at, _)| {
            boundary(text[..*at].chars().next_back()) && boundary(text[at + word.len()..].chars().next())
        })
        .count()
}

#[expect(clippy::print_stdout, reason = "it prints two figures")]
#[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
fn main() -> io::Result<()> {
    let each = std::env::args().any(|a| a == "--types");
    let (mut lines, mut mentions, mut fields, mut types) = (0, 0, 0, 0);
    let mut rows = BTreeMap::new();
    for kind in registry::TYPES {
        let mut text = String::new();
        for path in files(kind.name())? {
            text.push_str(&fs::read_to_string(path)?);
        }
        let long = text.lines().count();
        // Tags are every type's.
        let own = || kind.fields().iter().filter(|f| f.name != "tags");
        let said: usize = own()
            .map(|f| count(&text, f.name) + count(&text, &pascal(f.name)))
            .sum();
        rows.insert(kind.name(), (long, own().count(), said));
        types += 1;
        lines += long;
        fields += own().count();
        mentions += said;
    }
    if each {
        println!("{:<36} {:>6} {:>7} {:>9}", "type", "lines", "fields", "mentions");
        for (name, (long, fields, said)) in rows {
            println!("{name:<36} {long:>6} {fields:>7} {said:>9}");
        }
    }
    println!("{types} types, {lines} lines, {fields} fields besides tags");
    println!("lines per type: {:.0}", lines as f64 / f64::from(types));
    println!("mentions of a field: {:.1}", mentions as f64 / fields as f64);
    Ok(())
}
