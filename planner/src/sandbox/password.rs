//! Passwords, as Secrets Manager makes them.
//!
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>: letters of both cases, digits and punctuation,
//! and of each kind that is not excluded at least one.

use super::template;
use serde_json::{Value, json};
use tenon_resources::value::{Password, SecretSource};

/// The punctuation that a password may have, as the page lists it.
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// Puts passwords where they are asked for: another one for each `seed`.
pub(super) fn make(params: &mut Value, seed: &[&str]) {
    match params {
        Value::Object(map) => {
            let source = map.get("$secret").cloned().map(serde_json::from_value);
            if let Some(Ok(SecretSource::Generated(password))) = source {
                *params = json!(password.text(made(&password, seed)));
                return;
            }
            map.values_mut().for_each(|value| make(value, seed));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| make(value, seed)),
        _ => {}
    }
}

fn made(of: &Password, seed: &[&str]) -> String {
    let kinds = [
        (of.exclude_lowercase, "abcdefghijklmnopqrstuvwxyz"),
        (of.exclude_uppercase, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (of.exclude_numbers, "0123456789"),
        (of.exclude_punctuation, PUNCTUATION),
    ];
    let kept = |letters: &str| -> Vec<char> {
        let letters = letters.chars();
        letters.filter(|c| !of.exclude_characters.contains(*c)).collect()
    };
    let kinds: Vec<Vec<char>> = kinds
        .into_iter()
        .filter(|(excluded, _)| !excluded)
        .map(|(_, letters)| kept(letters))
        .filter(|letters| !letters.is_empty())
        .collect();
    let all: Vec<char> = kinds.concat();
    let length = usize::try_from(of.length).unwrap_or(usize::MAX);
    let pick = |index: usize| {
        // The first of each kind, then of all.
        let letters = kinds.get(index).unwrap_or(&all);
        let hash = template::hash(&[&seed.concat(), &index.to_string()]);
        let number = hash
            .bytes()
            .fold(0_usize, |n, b| n.wrapping_mul(31).wrapping_add(b.into()));
        letters.get(number.checked_rem(letters.len())?).copied()
    };
    (0..length).map_while(pick).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_one_of_each_kind_and_nothing_that_is_excluded() {
        for seed in ["a", "b", "c"] {
            let text = made(&Password::new(8), &[seed]);
            assert_eq!(text.chars().count(), 8);
            assert!(
                text.chars().any(char::is_lowercase) && text.chars().any(char::is_uppercase),
                "{text}"
            );
            assert!(
                text.chars().any(|c| c.is_ascii_digit()) && text.chars().any(|c| PUNCTUATION.contains(c)),
                "{text}"
            );
            let plain = made(
                &Password::new(64).exclude_punctuation().exclude_characters("abc"),
                &[seed],
            );
            assert!(
                plain
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() && !"abc".contains(c)),
                "{plain}"
            );
        }
        assert_ne!(made(&Password::new(32), &["a"]), made(&Password::new(32), &["b"]));
    }
}
