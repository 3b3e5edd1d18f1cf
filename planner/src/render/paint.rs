//! Colours by meaning, and the sigils that say the same without them.

use super::Look;
use crate::Action;
use owo_colors::{OwoColorize, Style};

/// Colours text, or leaves it alone.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    color: bool,
}

/// The effect, as one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sigil {
    /// `+`
    Add,
    /// `~`
    Change,
    /// `-`
    Remove,
    /// `±`
    Replace,
    /// `×`
    Forget,
    /// A blank.
    Same,
}

impl Sigil {
    /// The sigil of an action.
    pub fn of(action: Action) -> Self {
        match action {
            Action::None => Self::Same,
            Action::Create => Self::Add,
            Action::Update => Self::Change,
            Action::ReplaceCreateFirst | Action::ReplaceDeleteFirst => Self::Replace,
            Action::Delete => Self::Remove,
            Action::Forget => Self::Forget,
        }
    }

    /// The character.
    pub fn char(self) -> char {
        match self {
            Self::Add => '+',
            Self::Change => '~',
            Self::Remove => '-',
            Self::Replace => '±',
            Self::Forget => '×',
            Self::Same => ' ',
        }
    }
}

impl Paint {
    /// The colours of a look.
    pub fn new(look: &Look) -> Self {
        Self { color: look.color }
    }

    fn style(self, text: &str, style: Style) -> String {
        if self.color && !text.is_empty() {
            text.style(style).to_string()
        } else {
            text.to_owned()
        }
    }

    /// In the colour of a sigil.
    pub fn sigil(self, sigil: Sigil, text: &str) -> String {
        let style = Style::new();
        match sigil {
            Sigil::Add => self.style(text, style.green()),
            Sigil::Change => self.style(text, style.yellow()),
            Sigil::Remove => self.style(text, style.red()),
            Sigil::Replace => self.style(text, style.magenta()),
            Sigil::Forget => self.style(text, style.blue()),
            Sigil::Same => text.to_owned(),
        }
    }

    /// A name or a heading.
    pub fn strong(self, text: &str) -> String {
        self.style(text, Style::new().bold())
    }

    /// Dim text, for details.
    pub fn dim(self, text: &str) -> String {
        self.style(text, Style::new().dimmed())
    }

    /// Loss of data, and errors.
    pub fn danger(self, text: &str) -> String {
        self.style(text, Style::new().bold().red())
    }

    /// Something to look at.
    pub fn warn(self, text: &str) -> String {
        self.style(text, Style::new().bold().yellow())
    }

    /// Something that went well.
    pub fn good(self, text: &str) -> String {
        self.style(text, Style::new().green())
    }
}
