//! Rules in Cedar over what is declared, what a plan does, and each call that it makes.
//!
//! Not here: what a finding is, and the settings of a team (`tenon-review`); this answers what is asked in a document.

mod check;
mod error;
mod rules;
mod values;

pub use check::check;
pub use error::RulesError;
pub use rules::Rules;

use tenon_review::policy::{Answer, Question};

/// Answers a question.
///
/// # Errors
/// The rules cannot be used, or the plan has data that Cedar does not take.
pub fn answer(question: &Question) -> Result<Answer, RulesError> {
    let rules = Rules::new(&question.files)?;
    Ok(Answer {
        findings: check(&question.plan, &rules, &question.settings, question.today)?,
        rules: rules.described(),
    })
}
