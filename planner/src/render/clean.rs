//! Text from a plan or a cloud, made harmless for a terminal and for a reader.
//!
//! Escape sequences could repaint what a reviewer has already read, and invisible or reversing characters could make
//! one name look like another; both are written out instead.

use std::borrow::Cow;

/// `true` if a character can do anything but stand where it is.
fn harmful(c: char) -> bool {
    // Invisible and reversing characters, as "Trojan Source" (CVE-2021-42574) lists them, and the other format characters.
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` on one line, with characters that could do anything written out: `\n`, `\u{1b}`.
///
/// ```
/// assert_eq!(tenon_planner::render::clean("a\u{1b}[2Jb\n"), r"a\u{1b}[2Jb\n");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if harmful(c) => put!(out, "\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// `text` with its line ends kept and everything else as [`clean`] has it.
pub fn block(text: &str) -> String {
    text.split('\n').map(clean).collect::<Vec<_>>().join("\n")
}

/// `text` in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", clean(&escaped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_harmful_is_left(text in any::<String>()) {
            prop_assert!(!clean(&text).contains(harmful));
            prop_assert!(!quoted(&text).contains(harmful));
        }
    }

    #[test]
    fn names_that_look_alike_are_told_apart() {
        assert_eq!(clean("db\u{202e}dorp"), "db\\u{202e}dorp");
        assert_eq!(quoted("a\"b\\c"), r#""a\"b\\c""#);
    }
}
