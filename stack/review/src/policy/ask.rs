//! The question that `tenon-policy` is asked, and its answer.

use super::{Finding, Settings};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};
use tenon_planner::Plan;

/// The question to the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// The plan.
    pub plan: Plan,
    /// The rules of the team: file, and text in Cedar.
    pub files: Vec<(String, String)>,
    /// The settings of the team.
    pub settings: Settings,
    /// The day on which waivers are to count.
    pub today: Date,
}

/// The answer of the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The rules that the plan breaks.
    pub findings: Vec<Finding>,
    /// Every rule, with a sentence about it.
    pub rules: Vec<(String, String)>,
}

/// The reason why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The program cannot be run.
    #[error("could not run {program}")]
    Program {
        /// The program.
        program: String,
        /// The reason.
        source: std::io::Error,
    },
    /// The rules cannot be used; the program's own words.
    #[error("{0}")]
    Rules(String),
    /// The answer is none.
    #[error("{program} does not answer as version {} of it does", env!("CARGO_PKG_VERSION"))]
    Answer {
        /// The program.
        program: String,
    },
}

/// Asks `program`. It gets no variable of the environment, and so no credentials.
///
/// # Errors
/// The program cannot be run, cannot use the rules, or does not answer.
pub fn ask(program: &Path, question: &Question) -> Result<Answer, PolicyError> {
    let failed = |source| PolicyError::Program {
        program: program.display().to_string(),
        source,
    };
    let text = serde_json::to_vec(question).expect("a question is plain data");
    let mut child = Command::new(program)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // The program reads all of it before it writes anything. One that ended before it read all says why in its status.
    let sent = child.stdin.take().map(|mut pipe| pipe.write_all(&text));
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        sent.transpose().map_err(failed)?;
        return serde_json::from_slice(&output.stdout).map_err(|_| PolicyError::Answer {
            program: program.display().to_string(),
        });
    }
    let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(if why.is_empty() {
        PolicyError::Answer {
            program: program.display().to_string(),
        }
    } else {
        PolicyError::Rules(why)
    })
}
