//! Settings of a program, gathered: from `tenon.toml`, from `--set`, and from variables of this process.

use super::options::{Env, Global, Stack};
use crate::error::CliError;
use tenon_language::{
    Given,
    settings::{File, VARIABLE, of_variables},
};
use tenon_resources::declaration::Document;

/// The declaration of `stack` for `env`, with the values that are given.
///
/// # Errors
/// A file or a flag that gives none, or the program cannot be run.
pub(super) fn declaration(stack: &Stack<'_>, env: &Env, global: &Global) -> Result<Document, CliError> {
    (stack.declare)(&env.name, &given(stack, env, global)?)
}

/// The values for `env`: those of the file, over them those of the flags, over them those of the variables.
fn given(stack: &Stack<'_>, env: &Env, global: &Global) -> Result<Given, CliError> {
    let Some(folder) = &stack.folder else {
        return Ok(Given::new());
    };
    let file = File::read(folder).map_err(|e| CliError::usage(e).hint("nothing was read or changed"))?;
    file.check(&stack.environments).map_err(CliError::usage)?;
    let mut given = file.given(env);
    for (name, text) in &global.set {
        given.add_text(name, text, "--set");
    }
    // A name that is no text is none of ours.
    let variables = std::env::vars_os().filter_map(|(name, text)| {
        let name = name
            .into_string()
            .ok()
            .filter(|name| name.starts_with(VARIABLE))?;
        Some((name, text.into_string().ok()))
    });
    let mut named = vec![];
    for (name, text) in variables {
        let text = text.ok_or_else(|| CliError::usage(format!("the variable {name} is no text")))?;
        named.push((name, text));
    }
    given.extend(of_variables(named));
    Ok(given)
}
