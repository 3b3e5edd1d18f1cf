//! The cost of writing a resource type: lines, and how often each field's name is written in the files of its type.
//!
//! `cargo run -p tenon-resources --example figures`, or with `--types` for a line each.
//!
//! Two figures are printed. The words are all that read like the field's name (`port`) or its name in Pascal case (`Port`). The mentions
//! are those among them that name the field. These words do not:
//!
//! - prose: a word of a comment or of a text that is not code. Code in a comment is what is in backticks and the lines of an example;
//!   in a text it is what is in backticks or braces, and all of a text without a space;
//! - the key of the tag `Name`;
//! - a Rust type or trait that is called as the field is (`Encryption`, `Lifecycle`): the name in Pascal case is the field only as a
//!   variant, `BucketField::Encryption`, or as a whole text, `"Encryption"`.

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

/// The places of `word` in `text` where it stands as a word of its own.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        boundary(text[..*at].chars().next_back()) && boundary(text[at + word.len()..].chars().next())
    })
}

/// The number of words in `text` that read like `field`.
fn words(text: &str, field: &str) -> usize {
    places(text, field).count() + places(text, &pascal(field)).count()
}

/// The number of words in `code` that name `field`; `code` has no prose.
fn mentions(code: &str, field: &str) -> usize {
    let pascal = pascal(field);
    let named = |at: &usize| {
        let (before, after) = (&code[..*at], &code[at + pascal.len()..]);
        before.ends_with("Field::") || before.ends_with('"') && after.starts_with('"')
    };
    places(code, field).count() + places(code, &pascal).filter(named).count()
}

/// The parts of `text` between `open` and `close`, with a space after each.
fn between(text: &str, open: char, close: char) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((_, from)) = rest.split_once(open) {
        let Some((inside, after)) = from.split_once(close) else {
            break;
        };
        out.push_str(inside);
        out.push(' ');
        rest = after;
    }
    out
}

/// What names fields in a text: what is in backticks or braces, or all of it where it has no space. `"Name"` is a tag's key.
fn text_as_code(text: &str) -> String {
    if !text.contains(' ') && text != "Name" {
        return format!("\"{text}\"");
    }
    let parts = between(text, '`', '`') + &between(text, '{', '}');
    format!("\" {parts}\"")
}

/// A line of code without the prose of its texts and of the comment at its end.
fn without_texts(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    loop {
        let (text, comment) = (rest.find('"'), rest.find("//"));
        match (text, comment) {
            (Some(text), comment) if comment.is_none_or(|comment| text < comment) => {
                out.push_str(&rest[..text]);
                let from = &rest[text + 1..];
                let mut escaped = false;
                let end = from.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                let end = end.unwrap_or(from.len());
                out.push_str(&text_as_code(&from[..end]));
                rest = from.get(end + 1..).unwrap_or_default();
            }
            (_, Some(comment)) => {
                out.push_str(&rest[..comment]);
                out.push_str(&between(&rest[comment..], '`', '`'));
                return out;
            }
            (_, None) => {
                out.push_str(rest);
                return out;
            }
        }
    }
}

/// The source `text` without its prose.
fn code(text: &str) -> String {
    let (mut out, mut example) = (String::new(), false);
    for line in text.lines() {
        let start = line.trim_start();
        if let Some(comment) = start.strip_prefix("//") {
            let comment = comment.trim_start_matches(['/', '!']).trim_start();
            if comment.starts_with("```") {
                example = !example;
            } else if example {
                out.push_str(&without_texts(comment));
            } else {
                out.push_str(&between(comment, '`', '`'));
            }
        } else {
            example = false;
            out.push_str(&without_texts(line));
        }
        out.push('\n');
    }
    out
}

#[expect(clippy::print_stdout, reason = "it prints figures")]
#[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
fn main() -> io::Result<()> {
    let each = std::env::args().any(|a| a == "--types");
    let (mut lines, mut read, mut named, mut fields, mut types) = (0, 0, 0, 0, 0);
    let mut rows = BTreeMap::new();
    for kind in registry::TYPES {
        let mut text = String::new();
        for path in files(kind.name())? {
            text.push_str(&fs::read_to_string(path)?);
        }
        let long = text.lines().count();
        // Tags are every type's.
        let own = || kind.fields().iter().filter(|f| f.name != "tags");
        let code = code(&text);
        let like: usize = own().map(|f| words(&text, f.name)).sum();
        let said: usize = own().map(|f| mentions(&code, f.name)).sum();
        rows.insert(kind.name(), (long, own().count(), like, said));
        types += 1;
        lines += long;
        fields += own().count();
        read += like;
        named += said;
    }
    if each {
        println!(
            "{:<36} {:>6} {:>7} {:>7} {:>9}",
            "type", "lines", "fields", "words", "mentions"
        );
        for (name, (long, fields, like, said)) in rows {
            println!("{name:<36} {long:>6} {fields:>7} {like:>7} {said:>9}");
        }
    }
    println!("{types} types, {lines} lines, {fields} fields besides tags");
    println!("lines per type: {:.0}", lines as f64 / f64::from(types));
    println!("mentions of a field: {:.1}", named as f64 / fields as f64);
    println!(
        "words that read like its name: {:.1}",
        read as f64 / fields as f64
    );
    Ok(())
}
