//! The look of text for people.

/// The look of text for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// With ANSI colours. Nothing is said by colour alone.
    pub color: bool,
    /// The number of columns; what does not fit is left to the terminal, only padding is saved.
    pub width: usize,
    /// With what is otherwise hidden: unchanged resources and the ownership tags.
    pub all: bool,
}

impl Default for Look {
    /// Without colour, 100 columns, only what changes.
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            all: false,
        }
    }
}

/// `1 call`, `2 calls`.
pub fn count(n: usize, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}
