//! The entry point of a stack's binary: from its program to its command line.

use crate::{
    Environment, Given, Scope,
    cli::{self, Origin, Stack},
    error::{CliError, Kind},
    memory,
    ui::{Color, Ui},
};
use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, Location, PanicHookInfo},
    process::ExitCode,
    sync::{Mutex, Once, PoisonError},
};
use tenon_language::protocol::{self, Question};
use tenon_resources::declaration::Document;

/// Runs the command line of a stack: plan, apply, destroy and all the rest, as the process's arguments say.
///
/// ```no_run
/// use tenon::prelude::*;
///
/// fn hello(s: &mut Scope<'_, Anywhere>) {
///     s.add("vpc", ec2::Vpc::new("10.20.0.0/16"));
/// }
///
/// fn main() -> std::process::ExitCode {
///     tenon::run("hello", hello)
/// }
/// ```
///
/// The program is run only by commands that need what it declares, at most once each, and never by `apply PLAN`.
#[track_caller]
pub fn run<E: Environment>(stack: &'static str, program: impl Fn(&mut Scope<'_, E>)) -> ExitCode {
    let location = Location::caller();
    let args: Vec<String> = std::env::args().skip(1).collect();
    if Question::parse(&args).is_some() {
        return tenon_language::run(stack, program);
    }
    let declare = |name: &str, given: &Given| -> Result<Document, CliError> {
        let env = E::called(name);
        let env = env.ok_or_else(|| CliError::new(Kind::Bug, format!("no environment `{name}`")))?;
        caught(|| protocol::document(location, stack, env, given, &program)).map_err(|panic| {
            CliError::usage(format!(
                "the stack's code panicked at {}: {}",
                panic.location, panic.message
            ))
        })
    };
    let linked = || Stack {
        name: stack.into(),
        environments: protocol::describe::<E>(stack).environments,
        declare: Box::new(&declare),
        folder: std::env::current_dir().ok(),
    };
    guarded(&Origin::Linked(&linked))
}

/// Runs the installed tool: the command line of the stack whose crate is in the current folder.
pub fn tool() -> ExitCode {
    guarded(&Origin::Crate)
}

/// Runs the command line; a panic in it is an internal error.
fn guarded(origin: &Origin<'_>) -> ExitCode {
    memory::keep_private();
    let code = caught(|| cli::main(origin)).unwrap_or_else(|panic| {
        let error = CliError::new(
            Kind::Bug,
            format!("internal error at {}: {}", panic.location, panic.message),
        )
        .hint("this is a bug in tenon: please report it, with the command and its plan")
        .hint("completed calls are recorded in the state's journal; the next run finds out about the others");
        Ui::new(Color::Auto, false, false).error(&error);
        error.kind.exit_code()
    });
    ExitCode::from(code)
}

/// The message of a panic, and its location.
#[derive(Debug)]
struct Panicked {
    location: String,
    message: String,
}

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}
static CAUGHT: Mutex<Option<Panicked>> = Mutex::new(None);
static HOOK: Once = Once::new();

/// Runs `f`; a panic in it is printed once, by the caller, and not also by the standard library.
fn caught<T>(f: impl FnOnce() -> T) -> Result<T, Panicked> {
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(
            move |info| if CATCHING.get() { keep(info) } else { before(info) },
        ));
    });
    let outer = CATCHING.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    CATCHING.set(outer);
    result.map_err(|_| {
        let kept = CAUGHT.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.unwrap_or_else(|| Panicked {
            location: "an unknown location".into(),
            message: "it panicked".into(),
        })
    })
}

fn keep(info: &PanicHookInfo<'_>) {
    let location = info
        .location()
        .map_or_else(|| "an unknown location".into(), ToString::to_string);
    let message = info.payload_as_str().unwrap_or("it panicked").to_owned();
    *CAUGHT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Panicked { location, message });
}
