//! Rust for a type of CloudFormation: one readable file, made from its schema.
//!
//! The file has names, types and documentation. Limits, patterns, what is required and what replaces stay in the schema, and are
//! checked when the stack is: so a file that is not the newest is never wrong, only incomplete.

mod names;
mod shape;
mod write;

pub(crate) use write::file;

/// The path of a type's file within `src`: `aws/sqs_queue.rs`.
pub(crate) fn path(kind: &str) -> String {
    let parts: Vec<String> = kind.split("::").skip(1).map(names::snake).collect();
    format!("aws/{}.rs", parts.join("_"))
}

/// The module of a type's file.
pub(crate) fn module(kind: &str) -> String {
    path(kind)
        .trim_start_matches("aws/")
        .trim_end_matches(".rs")
        .to_owned()
}

#[cfg(test)]
mod tests;
