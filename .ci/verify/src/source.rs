//! Rust source as tokens: what a file imports, what it defines, and how long its functions are.
//!
//! A reading by tokens and not by the compiler: macros are read as they are written, and what is behind `#[cfg(test)]` is
//! left out.

/// A token with the line it is on, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    text: String,
    line: usize,
}

/// An import: `use a::b as c;` in module `module` of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// Names of the inline modules that it stands in, within its file.
    pub(crate) module: Vec<String>,
    /// The segments; the last is `*` for a glob, and `self` is left out at the end.
    pub(crate) path: Vec<String>,
    /// The name that it has in the file.
    pub(crate) name: String,
    /// It is visible outside of its module: a re-export.
    pub(crate) exported: bool,
}

/// A function's name and extent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line of `fn`, from 1.
    pub(crate) first: usize,
    /// The line of its closing brace.
    pub(crate) last: usize,
}

/// A file's contents, as far as its layout matters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) imports: Vec<Import>,
    /// Paths of two and more segments outside of imports, with the inline modules that they stand in.
    pub(crate) paths: Vec<(Vec<String>, Vec<String>)>,
    /// Inline modules, each with those around it.
    pub(crate) modules: Vec<Vec<String>>,
    /// Names of items.
    pub(crate) items: Vec<String>,
    /// Every identifier outside of imports.
    pub(crate) words: Vec<String>,
    pub(crate) functions: Vec<Function>,
}

impl Source {
    pub(crate) fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut source = Self {
            functions: functions(&tokens),
            ..Self::default()
        };
        source.scan(&tokens);
        source
    }

    fn scan(&mut self, tokens: &[Token]) {
        let text = |at: usize| tokens.get(at).map_or("", |t| t.text.as_str());
        // Inline modules that the scan is in: name, and the depth of braces outside of it.
        let mut inside: Vec<(String, usize)> = vec![];
        let (mut at, mut depth) = (0, 0_usize);
        while at < tokens.len() {
            let module = || inside.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            match text(at) {
                "#" if is_test(tokens, at) => {
                    at = after_item(tokens, at);
                    continue;
                }
                "use" if text(at + 1) != "<" => {
                    // `pub`, or the end of `pub(crate)`, before it.
                    let exported = at > 0 && matches!(text(at - 1), "pub" | ")");
                    at = self.import(tokens, at, &module(), exported);
                }
                "mod" if is_word(text(at + 1)) && text(at + 2) == "{" => {
                    let name = text(at + 1).to_owned();
                    let mut names = module();
                    names.push(name.clone());
                    self.modules.push(names);
                    inside.push((name, depth));
                    at += 1;
                }
                "{" => depth += 1,
                "}" => {
                    depth = depth.saturating_sub(1);
                    inside.pop_if(|(_, outside)| *outside == depth);
                }
                "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union"
                    if is_word(text(at + 1))
                        && !matches!(text(at + 1), "fn" | "unsafe" | "async" | "extern") =>
                {
                    self.items.push(text(at + 1).to_owned());
                    at += 1;
                }
                word if is_word(word) => {
                    let mut path = vec![word.to_owned()];
                    while text(at + 1) == "::" && is_word(text(at + 2)) {
                        path.push(text(at + 2).to_owned());
                        at += 2;
                    }
                    self.words.extend(path.iter().cloned());
                    if path.len() > 1 {
                        self.paths.push((module(), path));
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

impl Source {
    /// Reads the import whose `use` is at `at`; returns the position of its end.
    fn import(&mut self, tokens: &[Token], at: usize, module: &[String], exported: bool) -> usize {
        let end = (at..tokens.len())
            .find(|&i| tokens[i].text == ";")
            .unwrap_or(tokens.len());
        let mut leaves = vec![];
        tree(&tokens[at + 1..end], &mut vec![], &mut leaves);
        let imports = leaves.into_iter().map(|(path, name)| Import {
            module: module.to_vec(),
            path,
            name,
            exported,
        });
        self.imports.extend(imports);
        end
    }
}

/// The leaves of a tree of imports, each with the name that it gets.
fn tree(tokens: &[Token], prefix: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, String)>) {
    let mut at = 0;
    let outer = prefix.len();
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "::" => {}
            "," => prefix.truncate(outer),
            "{" => {
                let end = closing(tokens, at);
                tree(&tokens[at + 1..end], prefix, leaves);
                at = end;
            }
            word => {
                if word != "self" || prefix.is_empty() {
                    prefix.push(word.to_owned());
                }
                let next = |n: usize| tokens.get(at + n).map(|t| t.text.as_str());
                if next(1) == Some("as") {
                    leaves.push((prefix.clone(), next(2).unwrap_or_default().to_owned()));
                    at += 2;
                } else if next(1) != Some("::") {
                    let name = prefix.last().cloned().unwrap_or_default();
                    leaves.push((prefix.clone(), name));
                }
            }
        }
        at += 1;
    }
    prefix.truncate(outer);
}

/// The position of what closes the brace, bracket or parenthesis at `open`.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    tokens.len() - 1
}

/// Whether `#[cfg(test)]` begins at `at`.
fn is_test(tokens: &[Token], at: usize) -> bool {
    let attribute = ["#", "[", "cfg", "(", "test", ")", "]"];
    tokens.len() >= at + attribute.len() && tokens[at..].iter().zip(attribute).all(|(t, a)| t.text == a)
}

/// The position after the item whose first attribute begins at `at`.
fn after_item(tokens: &[Token], at: usize) -> usize {
    let mut at = at;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            ";" => return at + 1,
            "{" => return closing(tokens, at) + 1,
            "[" | "(" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    at
}

fn functions(tokens: &[Token]) -> Vec<Function> {
    let text = |at: usize| tokens.get(at).map_or("", |t| t.text.as_str());
    let mut functions = vec![];
    for at in (0..tokens.len()).filter(|&at| text(at) == "fn" && is_word(text(at + 1))) {
        let mut open = at + 2;
        // The body is the first brace outside of parentheses and brackets; a `;` before it is a declaration's end.
        while open < tokens.len() && !matches!(text(open), "{" | ";") {
            open = match text(open) {
                "(" | "[" => closing(tokens, open) + 1,
                _ => open + 1,
            };
        }
        if text(open) == "{" {
            functions.push(Function {
                name: text(at + 1).to_owned(),
                first: tokens[at].line,
                last: tokens[closing(tokens, open)].line,
            });
        }
    }
    functions
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The tokens of `text`, without comments, literals of text, and lifetimes.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut at, mut line) = (vec![], 0, 1);
    let is = |at: usize, c: char| chars.get(at) == Some(&c);
    while at < chars.len() {
        let start = at;
        let mut token = None;
        match chars[at] {
            '/' if is(at + 1, '/') => at = until(&chars, at, |at| is(at, '\n')),
            '/' if is(at + 1, '*') => at = until(&chars, at + 2, |at| is(at, '*') && is(at + 1, '/')) + 2,
            '"' => at = after_text(&chars, at),
            'r' | 'b' | 'c' if after_prefix(&chars, at).is_some() => {
                at = after_prefix(&chars, at).unwrap_or(at + 1);
            }
            '\'' => at = after_quote(&chars, at),
            c if c.is_alphanumeric() || c == '_' => {
                at = until(&chars, at, |at| !chars[at].is_alphanumeric() && chars[at] != '_');
                token = Some(chars[start..at].iter().collect());
            }
            ':' if is(at + 1, ':') => {
                at += 2;
                token = Some("::".to_owned());
            }
            c => {
                at += 1;
                token = (!c.is_whitespace()).then(|| c.to_string());
            }
        }
        tokens.extend(token.map(|text| Token { text, line }));
        at = at.min(chars.len());
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

/// The first position from `at` on where `end` holds, or the end of the text.
fn until(chars: &[char], at: usize, end: impl Fn(usize) -> bool) -> usize {
    (at..chars.len()).find(|&at| end(at)).unwrap_or(chars.len())
}

/// The position after the text that begins with the quote at `at`.
fn after_text(chars: &[char], at: usize) -> usize {
    let mut at = at + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The position after a literal with a prefix, such as `r#"…"#`, `b"…"` or `b'x'`; `None` where there is none.
fn after_prefix(chars: &[char], at: usize) -> Option<usize> {
    let letters = (at..chars.len()).find(|&i| !matches!(chars[i], 'r' | 'b' | 'c'))?;
    if letters - at > 2 {
        return None;
    }
    let quote = (letters..chars.len()).find(|&i| chars[i] != '#')?;
    let (hashes, raw) = (quote - letters, chars[at..letters].contains(&'r'));
    match chars[quote] {
        '"' if raw => {
            let ends = |at: usize| {
                chars[at] == '"'
                    && chars[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
            };
            Some(until(chars, quote + 1, ends) + 1 + hashes)
        }
        '"' if hashes == 0 => Some(after_text(chars, quote)),
        '\'' if hashes == 0 && chars[at] == 'b' => Some(after_quote(chars, quote)),
        _ => None,
    }
}

/// The position after a character, or after the quote of a lifetime.
fn after_quote(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => until(chars, at + 3, |at| chars[at] == '\'') + 1,
        (Some(_), Some('\'')) => at + 3,
        _ => until(chars, at + 1, |at| {
            !chars[at].is_alphanumeric() && chars[at] != '_'
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_read_with_their_names() {
        let text =
            "use a::{b, c as d, e::{self, F}}; pub(crate) use super::g::*; mod m { use x::y; } use self::z;";
        let read: Vec<_> = Source::read(text)
            .imports
            .into_iter()
            .map(|i| (i.module.join("::"), i.path.join("::"), i.name, i.exported))
            .collect();
        let import = |module: &str, path: &str, name: &str, exported| {
            (module.to_owned(), path.to_owned(), name.to_owned(), exported)
        };
        assert_eq!(
            read,
            [
                import("", "a::b", "b", false),
                import("", "a::c", "d", false),
                import("", "a::e", "e", false),
                import("", "a::e::F", "F", false),
                import("", "super::g::*", "*", true),
                import("m", "x::y", "y", false),
                import("", "self::z", "z", false),
            ]
        );
    }

    #[test]
    fn text_comments_and_tests_are_left_out() {
        let text = r##"
            // one::comment
            /* two::comments */
            const A: &str = "three::text \" still::text";
            const B: &str = r#"four::" raw::text"#;
            const C: (char, u8) = ('"', b'\'');
            fn f<'a>(x: &'a five::Path) {}
            #[cfg(test)]
            mod tests { fn g() { six::test() } }
            #[cfg(test)]
            use seven::test;
            fn h() { eight::path() }
        "##;
        let source = Source::read(text);
        let paths: Vec<_> = source.paths.iter().map(|(_, p)| p.join("::")).collect();
        assert_eq!(paths, ["five::Path", "eight::path"]);
        assert_eq!(source.imports, []);
        assert_eq!(source.items, ["A", "B", "C", "f", "h"]);
    }

    #[test]
    fn functions_have_their_lengths() {
        let text = "fn one() { }\ntrait T {\n    fn none(&self);\n    fn two() -> [u8; 1]\n    {\n        [1]\n    }\n}\n";
        let lengths: Vec<_> = Source::read(text)
            .functions
            .into_iter()
            .map(|f| (f.name, f.first, f.last))
            .collect();
        assert_eq!(lengths, [("one".into(), 1, 1), ("two".into(), 4, 7)]);
    }
}
