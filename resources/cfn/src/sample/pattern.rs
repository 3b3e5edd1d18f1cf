//! A text that a pattern is found in, for patterns in the form that `.ci/types` writes.

use regex_lite::Regex;

/// Characters to try where one of a class belongs, after the wished ones.
const TRIED: &str =
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./:@=+ ,;*#$%&'()<>?!\"[]{}|~^`\\";

/// The way a text is made: which character is wished, which alternative is taken, how often what may repeat does.
#[derive(Clone, Copy)]
pub(super) struct Wish {
    pub(super) characters: &'static str,
    pub(super) alternative: usize,
    pub(super) times: usize,
}

/// A text for `pattern`; `None` where this reader does not know the form.
pub(super) fn text(pattern: &str, wish: Wish) -> Option<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut reader = Reader {
        chars: &chars,
        at: 0,
        wish,
    };
    let text = reader.alternatives()?;
    (reader.at == chars.len()).then_some(text)
}

struct Reader<'p> {
    chars: &'p [char],
    at: usize,
    wish: Wish,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += 1;
        Some(char)
    }

    fn alternatives(&mut self) -> Option<String> {
        let mut all = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            all.push(self.sequence()?);
        }
        let count = all.len();
        Some(all.swap_remove(self.wish.alternative % count))
    }

    fn sequence(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(char) = self.peek() {
            if char == '|' || char == ')' {
                break;
            }
            self.at += 1;
            let atom = match char {
                '^' | '$' => continue,
                '(' => self.group()?,
                '[' => self.class()?,
                '\\' => self.escape()?,
                '.' => self.wished("."),
                other => other.to_string(),
            };
            out.push_str(&atom.repeat(self.times()?));
        }
        Some(out)
    }

    fn group(&mut self) -> Option<String> {
        if self.peek() == Some('?') {
            while self.take()? != ':' {
                if self.peek() == Some(')') {
                    self.at += 1;
                    return Some(String::new());
                }
            }
        }
        let inside = self.alternatives()?;
        (self.take()? == ')').then_some(inside)
    }

    fn class(&mut self) -> Option<String> {
        let begin = self.at - 1;
        if self.peek() == Some('^') {
            self.at += 1;
        }
        loop {
            match self.take()? {
                '\\' => self.at += 1,
                '[' if self.peek() == Some(':') => while self.take()? != ']' {},
                ']' => break,
                _ => {}
            }
        }
        let class: String = self.chars[begin..self.at].iter().collect();
        Some(self.wished(&class)).filter(|text| !text.is_empty())
    }

    fn escape(&mut self) -> Option<String> {
        let char = self.take()?;
        Some(match char {
            'd' | 'w' | 's' | 'D' | 'W' | 'S' => self.wished(&format!("\\{char}")),
            'b' | 'B' => String::new(),
            'n' => "\n".into(),
            'r' => "\r".into(),
            't' => "\t".into(),
            'u' => {
                let mut code = String::new();
                if self.take()? != '{' {
                    return None;
                }
                while self.peek()? != '}' {
                    code.push(self.take()?);
                }
                self.at += 1;
                char::from_u32(u32::from_str_radix(&code, 16).ok()?)?.to_string()
            }
            other => other.to_string(),
        })
    }

    /// The wished character, if it is one of the class, or the first that is.
    fn wished(&self, class: &str) -> String {
        let Ok(class) = Regex::new(&format!("^(?:{class})$")) else {
            return String::new();
        };
        let mut tried = self
            .wish
            .characters
            .chars()
            .chain(TRIED.chars())
            .map(String::from);
        tried.find(|char| class.is_match(char)).unwrap_or_default()
    }

    fn times(&mut self) -> Option<usize> {
        let wished = self.wish.times;
        let times = match self.peek() {
            Some('*') => wished,
            Some('+') => wished.max(1),
            Some('?') => wished.min(1),
            Some('{') => {
                let end = self.chars[self.at..].iter().position(|c| *c == '}')? + self.at;
                let inside: String = self.chars[self.at + 1..end].iter().collect();
                self.at = end;
                let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
                let low = low.parse().ok()?;
                wished.clamp(low, high.parse().unwrap_or(usize::MAX).max(low))
            }
            _ => return Some(1),
        };
        self.at += 1;
        if matches!(self.peek(), Some('?' | '+')) {
            self.at += 1;
        }
        Some(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_that_the_pattern_is_found_in() {
        for pattern in [
            r"^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$",
            "^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$",
        ] {
            let wish = Wish {
                characters: "b2",
                alternative: 0,
                times: 1,
            };
            let text = text(pattern, wish).unwrap();
            assert!(Regex::new(pattern).unwrap().is_match(&text), "{text}");
        }
    }
}
