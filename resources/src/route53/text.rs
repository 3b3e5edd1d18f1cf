//! Names and texts as Route 53 writes them.

/// A name as a person writes it: no dot at the end, and `*` where Route 53 writes `\052`.
pub(super) fn plain_name(name: &str) -> String {
    let name = name.strip_suffix('.').unwrap_or(name);
    let (mut out, mut rest) = (String::new(), name);
    while let Some(at) = rest.find('\\') {
        let code = rest
            .get(at + 1..at + 4)
            .and_then(|c| u8::from_str_radix(c, 8).ok());
        out.push_str(&rest[..at]);
        if let Some(code) = code.filter(u8::is_ascii) {
            out.push(char::from(code));
            rest = &rest[at + 4..];
        } else {
            out.push('\\');
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    out
}

/// Text as a TXT record holds it: in quotes, and in pieces of at most 255 characters.
pub(super) fn quoted(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let piece = |piece: &[char]| {
        let escaped: String = piece
            .iter()
            .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([*c]))
            .collect();
        format!("\"{escaped}\"")
    };
    let pieces: Vec<String> = characters.chunks(255).map(piece).collect();
    if pieces.is_empty() {
        "\"\"".into()
    } else {
        pieces.join(" ")
    }
}

/// Text as a person writes it: the pieces of a TXT record, joined, without their quotes.
pub(super) fn unquoted(text: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => inside = !inside,
            '\\' => out.extend(characters.next()),
            // Between the pieces.
            c if !inside && c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wildcard_is_a_star() {
        assert_eq!(plain_name("\\052.example.com."), "*.example.com");
        assert_eq!(plain_name("example.com"), "example.com");
        assert_eq!(plain_name("odd\\"), "odd\\");
    }

    proptest! {
        #[test]
        fn a_text_comes_back(text in "[ -~]{0,600}") {
            let quoted = quoted(&text);
            prop_assert_eq!(unquoted(&quoted), text);
            prop_assert!(quoted.starts_with('"') && quoted.ends_with('"'));
        }

        #[test]
        fn any_reply_is_read(text in "\\PC{0,40}|[\\\\0-9\"é]{0,12}") {
            plain_name(&text);
            unquoted(&text);
        }
    }
}
