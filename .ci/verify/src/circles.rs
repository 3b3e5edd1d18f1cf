//! Circles of imports between the files of a crate.
//!
//! A file depends on another when it takes an item from it, by `use` or by a path. Declaring a module is no dependency,
//! nor is passing an item on by `pub use`: a path through a re-export leads to the file that has the item.

use crate::source::Source;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

/// A module's path within its crate; empty for the crate's root.
type Module = Vec<String>;

/// How many re-exports a path is followed through; more are a circle of re-exports.
const HOPS: usize = 16;

/// The files of one crate.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    files: BTreeMap<Module, File>,
    /// Inline modules.
    inline: HashSet<Module>,
    /// Results of searches through globs, by module and name, and whether private ones count.
    searched: RefCell<HashMap<(Module, String, bool), Option<Module>>>,
}

/// A file, and what is looked up in it.
#[derive(Debug)]
struct File {
    path: String,
    source: Source,
    /// The paths that a name is imported from, each with whether it is a re-export, by inline module and name; globs are
    /// under `*`.
    imports: HashMap<(Module, String), Vec<(Vec<String>, bool)>>,
    items: HashSet<String>,
}

impl Crate {
    /// Adds a file; `path` is below the crate's `src`, such as `cli/mod.rs`.
    pub(crate) fn add(&mut self, path: &str, source: Source) {
        let mut module: Module = path
            .trim_end_matches(".rs")
            .split('/')
            .map(ToOwned::to_owned)
            .collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        let mut imports: HashMap<_, Vec<_>> = HashMap::new();
        for import in &source.imports {
            imports
                .entry((joined(&module, &import.module), import.name.clone()))
                .or_default()
                .push((import.path.clone(), import.exported));
        }
        let inline = source.modules.iter().map(|names| joined(&module, names));
        self.inline.extend(inline);
        let file = File {
            path: path.to_owned(),
            imports,
            items: source.items.iter().cloned().collect(),
            source,
        };
        self.files.insert(module, file);
    }

    /// The circles, the largest first: each file of one, and those of the same one that it takes items from.
    pub(crate) fn circles(&self) -> Vec<BTreeMap<&str, Vec<&str>>> {
        let edges: BTreeMap<&Module, BTreeSet<&Module>> =
            self.files.keys().map(|m| (m, self.dependencies(m))).collect();
        let reach: BTreeMap<&Module, BTreeSet<&Module>> =
            edges.keys().map(|m| (*m, reachable(&edges, m))).collect();
        let circles: BTreeSet<Vec<&Module>> = reach
            .iter()
            .filter(|(module, reached)| reached.contains(*module))
            .map(|(module, reached)| {
                let both = reached.iter().filter(|other| reach[*other].contains(*module));
                both.copied().collect()
            })
            .collect();
        let path = |module: &Module| self.files[module].path.as_str();
        let mut circles: Vec<BTreeMap<_, Vec<_>>> = circles
            .iter()
            .map(|circle| {
                let inside = |from: &Module| {
                    let to = edges[from].iter().filter(|to| circle.contains(to));
                    to.map(|to| path(to)).collect()
                };
                circle.iter().map(|from| (path(from), inside(from))).collect()
            })
            .collect();
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        circles
    }

    /// The files that the file of `module` takes items from.
    fn dependencies(&self, module: &Module) -> BTreeSet<&Module> {
        let source = &self.files[module].source;
        let used: BTreeSet<&String> = source.words.iter().collect();
        let mut to: BTreeSet<&Module> = source
            .imports
            .iter()
            .filter(|import| !import.exported || used.contains(&import.name))
            .filter_map(|import| self.owner(&joined(module, &import.module), &import.path, HOPS))
            .collect();
        let paths: HashSet<_> = source.paths.iter().collect();
        to.extend(
            paths
                .into_iter()
                .filter_map(|(inline, path)| self.owner(&joined(module, inline), path, HOPS)),
        );
        to.remove(module);
        to
    }

    /// The file with the item that `path` names in module `from`; `None` when it names a module, or another crate's item.
    fn owner(&self, from: &Module, path: &[String], hops: usize) -> Option<&Module> {
        let (mut at, mut rest) = (from.clone(), path);
        match path.first()?.as_str() {
            "crate" => (at, rest) = (vec![], &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|s| s == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            _ => {}
        }
        let local = rest.len() == path.len();
        let (name, after) = rest.split_first()?;
        self.item(from, &at, name, after, local, hops)
    }

    /// As [`owner`](Self::owner), from module `at` on, where `name` is the next segment. A `local` name is known only when the
    /// module has or imports it: otherwise it is another crate's.
    fn item(
        &self,
        from: &Module,
        at: &Module,
        name: &str,
        after: &[String],
        local: bool,
        hops: usize,
    ) -> Option<&Module> {
        let hops = hops.checked_sub(1)?;
        let child = joined(at, &[name.to_owned()]);
        if self.files.contains_key(&child) || self.inline.contains(&child) {
            let (next, after) = after.split_first()?;
            return self.item(from, &child, next, after, false, hops);
        }
        let file = self.file_of(at);
        let named = |name: &str| self.files[file].imports.get(&(at.clone(), name.to_owned()));
        if let Some((imported, _)) = named(name).and_then(|paths| paths.first()) {
            let path: Vec<String> = imported.iter().chain(after).cloned().collect();
            // An import of itself, such as `use clap;`, is another crate's.
            let itself = imported.first().is_some_and(|first| first == name);
            return if itself { None } else { self.owner(at, &path, hops) };
        }
        if self.has(file, name) {
            return Some(file);
        }
        self.through_globs(from, at, name, hops)
            .or((!local).then_some(file))
    }

    /// The file with item `name`, which module `at` has from a glob.
    fn through_globs(&self, from: &Module, at: &Module, name: &str, hops: usize) -> Option<&Module> {
        // A private glob is seen by the module that it stands in and by those inside of it.
        let private = from.starts_with(at);
        let search = (at.clone(), name.to_owned(), private);
        let known = self.searched.borrow().get(&search).cloned();
        let found = known.unwrap_or_else(|| {
            let globs = self.files[self.file_of(at)]
                .imports
                .get(&(at.clone(), "*".to_owned()));
            let mut globs = globs
                .into_iter()
                .flatten()
                .filter(|(_, exported)| *exported || private);
            let found = globs.find_map(|(glob, _)| {
                let mut path = glob[..glob.len() - 1].to_vec();
                path.push(name.to_owned());
                self.owner(at, &path, hops)
                    .filter(|module| self.has(module, name))
            });
            self.searched.borrow_mut().insert(search, found.cloned());
            found.cloned()
        });
        self.files.get_key_value(&found?).map(|(module, _)| module)
    }

    fn has(&self, module: &Module, name: &str) -> bool {
        self.files[module].items.contains(name)
    }

    /// The file that module `at` stands in: its own, or the one around an inline module.
    fn file_of(&self, at: &Module) -> &Module {
        let mut at = at.clone();
        loop {
            if let Some((module, _)) = self.files.get_key_value(&at) {
                return module;
            }
            if at.pop().is_none() {
                return self.files.keys().next().expect("a crate has a file");
            }
        }
    }
}

fn joined(module: &Module, names: &[String]) -> Module {
    module.iter().chain(names).cloned().collect()
}

/// Everything that can be reached from `from`, itself only through others.
fn reachable<'a>(
    edges: &BTreeMap<&'a Module, BTreeSet<&'a Module>>,
    from: &'a Module,
) -> BTreeSet<&'a Module> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in edges.get(module).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let mut package = Crate::default();
        for (path, text) in files {
            package.add(path, Source::read(text));
        }
        package
            .circles()
            .iter()
            .map(|c| c.keys().copied().collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn verbs_that_need_their_dispatcher_are_a_circle() {
        let dispatcher =
            "mod plan; mod apply; pub(crate) struct Global; fn verb() { plan::run(); apply::run() }";
        let verb = "use super::Global; pub(super) fn run() {}";
        assert_eq!(
            circles(&[
                ("lib.rs", "mod cli;"),
                ("cli/mod.rs", dispatcher),
                ("cli/plan.rs", verb),
                ("cli/apply.rs", verb)
            ]),
            ["cli/apply.rs cli/mod.rs cli/plan.rs"]
        );
    }

    #[test]
    fn a_facade_is_no_circle_and_a_path_through_it_leads_to_the_item() {
        let files = [
            (
                "lib.rs",
                "mod a; mod b; mod c; pub use a::*; pub use b::B; pub use c::Gone as C;",
            ),
            ("a.rs", "pub struct A(super::B);"),
            ("b.rs", "use crate::C; pub struct B(C);"),
            ("c.rs", "pub struct Gone;"),
        ];
        assert_eq!(circles(&files), [""; 0]);
        let mut files = files;
        files[3].1 = "pub struct Gone(crate::A);";
        assert_eq!(circles(&files), ["a.rs b.rs c.rs"]);
    }

    #[test]
    fn items_are_found_through_globs() {
        let files = [
            ("lib.rs", "mod a; mod b; mod prelude { pub use crate::a::*; }"),
            ("a.rs", "pub struct A(crate::b::B);"),
            (
                "b.rs",
                "use crate::prelude::*; pub struct B; fn b() { A::new(); Vec::new(); }",
            ),
        ];
        assert_eq!(circles(&files), ["a.rs b.rs"]);
    }

    #[test]
    fn names_of_other_crates_and_tests_are_left_out() {
        let files = [
            (
                "lib.rs",
                "mod a; mod b; use serde; mod inside { pub use super::a::A; }",
            ),
            (
                "a.rs",
                "use std::b::B; pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
            ),
            ("b.rs", "pub struct B(crate::inside::A);"),
        ];
        assert_eq!(circles(&files), [""; 0]);
    }
}
