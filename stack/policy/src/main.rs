//! `tenon-policy`: reads a question on standard input and writes the answer to standard output, both JSON. `tenon policy`, `plan` and `ci
//! comment` run it; exit code 3 and a sentence on standard error say what is wrong with the rules.

use std::{
    io::{Read, Write},
    process::ExitCode,
};
use tenon_review::policy::Question;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::from(3)
        }
    }
}

fn run() -> Result<(), String> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|e| format!("the question cannot be read: {e}"))?;
    let question: Question = serde_json::from_str(&text)
        .map_err(|e| format!("this is no question: {e}; `tenon policy` asks it"))?;
    let answer = tenon_policy::answer(&question).map_err(|e| e.to_string())?;
    let text = serde_json::to_string(&answer).map_err(|e| e.to_string())?;
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|e| e.to_string())
}
