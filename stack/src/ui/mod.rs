//! The only writer to a terminal: data to standard output, messages to standard error.
//!
//! Not here: the words of a plan or an error. This decides colour and width, and never writes a control character
//! that it did not make itself.

mod board;
mod elapsed;
mod live;
mod plain;
mod progress;

pub(crate) use elapsed::elapsed;
pub(crate) use progress::Progress;

use crate::error::CliError;
use anstream::AutoStream;
use std::io::{self, BufRead, IsTerminal, Write};
use tenon_planner::render::{Look, Paint, block};

/// When to use color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// Color on a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Color everywhere, also in files and pipes
    Always,
    /// No color
    Never,
}

/// The output of a command: its streams, and how text on them looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    out: Look,
    err: Look,
    /// Standard error is a terminal, so that something on it can move.
    live: bool,
    /// Somebody sits at both ends, so that there is an answer to a question.
    asks: bool,
    /// Events and data as JSON.
    pub(crate) json: bool,
}

/// The hint where a question cannot be asked about something that was shown.
pub(crate) const WHEN_RIGHT: &str = "if this is right, repeat the command with `--yes`";

/// Columns where the terminal does not say how many it has.
const WIDTH: usize = 100;

impl Ui {
    pub(crate) fn new(color: Color, json: bool, verbose: bool) -> Self {
        let colored = |auto: anstream::ColorChoice| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => auto != anstream::ColorChoice::Never,
        };
        let look = |color: bool, width: Option<usize>| Look {
            color,
            width: width.unwrap_or(WIDTH),
            all: verbose,
        };
        let columns =
            |size: Option<(terminal_size::Width, terminal_size::Height)>| size.map(|(w, _)| usize::from(w.0));
        Self {
            out: look(
                colored(AutoStream::choice(&io::stdout())),
                columns(terminal_size::terminal_size_of(io::stdout())),
            ),
            err: look(
                colored(AutoStream::choice(&io::stderr())),
                columns(terminal_size::terminal_size_of(io::stderr())),
            ),
            asks: io::stdin().is_terminal() && io::stderr().is_terminal(),
            live: io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb"),
            json,
        }
    }

    /// The look of text on standard output.
    pub(crate) fn out(&self) -> Look {
        self.out
    }

    /// The look of text on standard error.
    pub(crate) fn err(&self) -> Look {
        self.err
    }

    /// `true` with `--verbose`.
    pub(crate) fn verbose(&self) -> bool {
        self.err.all
    }

    /// Colours for standard error.
    pub(crate) fn paint(&self) -> Paint {
        Paint::new(&self.err)
    }

    /// Data, on standard output; ends with a line end. Whoever has stopped reading has had enough of it: that is no error,
    /// and the exit code still says what came of the command.
    #[expect(
        clippy::unused_self,
        reason = "output goes through the one `Ui`, and no other writer exists"
    )]
    pub(crate) fn data(&self, text: &str) -> Result<(), CliError> {
        let mut out = io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        match write!(out, "{text}{end}").and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Data as JSON, on standard output.
    pub(crate) fn json_data(&self, data: &impl serde::Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(data)
            .map_err(|e| CliError::failed("could not write JSON").because(e))?;
        self.data(&text)
    }

    /// Talk, on standard error. Nobody listening is no error.
    #[expect(
        clippy::unused_self,
        reason = "output goes through the one `Ui`, and no other writer exists"
    )]
    pub(crate) fn talk(&self, text: &str) {
        let mut err = io::stderr().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        // Whoever closed standard error does not want to hear it.
        let _ = write!(err, "{text}{end}");
    }

    /// Something to know that is no error.
    pub(crate) fn note(&self, text: &str) {
        self.talk(&format!("{} {}", self.paint().strong("note:"), block(text)));
    }

    /// Something to look at.
    pub(crate) fn warn(&self, text: &str) {
        self.talk(&format!("{} {}", self.paint().warn("warning:"), block(text)));
    }

    /// An error with its causes and hints.
    pub(crate) fn error(&self, error: &CliError) {
        let paint = self.paint();
        self.talk(&format!("{} {}", paint.danger("error:"), block(&error.message())));
        for cause in error.causes() {
            self.talk(&format!("  caused by: {}", block(&cause)));
        }
        for hint in &error.hints {
            self.talk(&format!("{} {}", paint.strong("hint:"), block(hint)));
        }
    }

    /// # Errors
    /// Nobody can be asked; `hint` says how to approve without being asked.
    pub(crate) fn require_terminal(&self, hint: &str) -> Result<(), CliError> {
        if self.asks {
            return Ok(());
        }
        Err(
            CliError::usage("cannot ask for approval: stdin is not a terminal; nothing was changed")
                .hint(hint),
        )
    }

    /// Asks a question that is answered by yes or no, and no unless somebody types yes.
    ///
    /// # Errors
    /// As [`require_terminal`](Self::require_terminal).
    pub(crate) fn confirm(&self, question: &str, hint: &str) -> Result<bool, CliError> {
        self.require_terminal(hint)?;
        let answer = self.ask(&format!("{question} [y/N]"))?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    /// Asks, and returns the answer; empty when the input ends.
    pub(crate) fn ask(&self, question: &str) -> Result<String, CliError> {
        let mut err = io::stderr().lock();
        let asked = write!(err, "{} ", self.paint().strong(&block(question))).and_then(|()| err.flush());
        drop(err);
        let mut answer = String::new();
        asked
            .and_then(|()| io::stdin().lock().read_line(&mut answer))
            .map_err(|e| CliError::failed("could not ask").because(e))?;
        Ok(answer.trim().to_owned())
    }
}
