//! The `analytics` binary: the command line and the exit code.

use analytics::command::{self, DeployOptions, Failure, LoadOptions, SeedOptions, UpOptions};
use analytics::settings::{Reader, Settings, VARIABLES};
use clap::{Parser, Subcommand};
use service::settings::table;
use std::io::Write as _;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The event analytics platform.
#[derive(Parser)]
#[command(
    version,
    after_help = "Settings are environment variables; `analytics settings` lists them."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take events and put them into the queue
    Collect,
    /// Store the queue's events in MongoDB
    Consume,
    /// Serve the API of the figures
    Query,
    /// Archive stored hours as Parquet, and delete verified ones from MongoDB
    Archive,
    /// Serve the built dashboard
    Web,
    /// Serve a durable queue with the protocol of SQS, for one machine
    Queue,
    /// Run everything on this machine
    Up(UpOptions),
    /// Store the events of synthetic shoppers
    Seed(SeedOptions),
    /// Load a platform of its own, kill its processes meanwhile, and look for every event afterwards
    Load(LoadOptions),
    /// Store the events of the dead-letter queue that can be read now
    Replay,
    /// Fill a lost MongoDB from the archive
    Restore,
    /// Erase a person
    Erase {
        /// The site
        site: String,
        /// The shop's identifier of the user, or its key
        user: String,
    },
    /// Run the release that is to be run on this host, or the one before when it is not well
    Deploy(DeployOptions),
    /// Read the settings of a process as it would, and do nothing else
    CheckSettings {
        /// collect, consume, query, archive or web
        process: String,
    },
    /// Ask the server at HOST and PORT whether it is healthy
    Check,
    /// List the environment variables that are read
    Settings,
    /// Print the OpenAPI document
    Openapi,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(source) => {
            let doing = "starting threads";
            return fail(&Failure::System { doing, source });
        }
    };
    match runtime.block_on(run(arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a program that fails says why on standard error"
)]
fn fail(failure: &Failure) -> ExitCode {
    eprintln!("analytics: {}", service::error::chain(failure));
    ExitCode::from(2)
}

/// Writes to standard output. A reader that closes the pipe early, as `head` does, is no failure.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn settings(reader: Reader) -> Result<Settings, Failure> {
    let settings = Settings::from_env(reader)?;
    service::logs::start(&settings.logs)?;
    Ok(settings)
}

/// The settings of a server, whose spans are sent under that name from now on.
fn server(reader: Reader, name: &'static str) -> Result<Settings, Failure> {
    let settings = settings(reader)?;
    service::trace::start(&settings.traces, name, env!("CARGO_PKG_VERSION"))?;
    Ok(settings)
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Collect => command::collect(server(Reader::Collect, "analytics-collect")?).await?,
        Command::Consume => command::consume(server(Reader::Consume, "analytics-consume")?).await?,
        Command::Query => command::query(server(Reader::Query, "analytics-query")?).await?,
        Command::Archive => command::archive(settings(Reader::Archive)?).await?,
        Command::Web => command::web(settings(Reader::Web)?).await?,
        Command::Queue => command::queue(settings(Reader::Queue)?).await?,
        Command::Up(options) => command::up(options).await?,
        Command::Seed(options) => {
            let stored = command::seed(&settings(Reader::Task)?, &options).await?;
            print(&format!("{stored} events stored\n"));
        }
        Command::Load(options) => {
            let report = command::load(&options).await?;
            print(&format!("{report}\n"));
        }
        Command::Replay => {
            let taken = command::replay(&settings(Reader::Task)?).await?;
            print(&format!("{taken} messages stored\n"));
        }
        Command::Restore => {
            let (hours, rows, stored) = command::restore(&settings(Reader::Task)?).await?;
            print(&format!(
                "{hours} hours with {rows} events; {stored} of them stored\n"
            ));
        }
        Command::Erase { site, user } => {
            let deleted = command::erase(&settings(Reader::Task)?, &site, &user).await?;
            print(&format!("{deleted} events deleted; the archive follows\n"));
        }
        Command::Deploy(options) => {
            let release = command::deploy(&options).await?;
            print(&format!("{release} runs\n"));
        }
        Command::CheckSettings { process } => command::check_settings(&process)?,
        Command::Check => service::check::check(Settings::from_env(Reader::Queue)?.listen).await?,
        Command::Settings => print(&table(VARIABLES)),
        Command::Openapi => match service::http::docs::text(&analytics::query::document()) {
            Ok(text) => print(&text),
            Err(error) => {
                let (doing, source) = ("printing the document", error.into());
                return Err(Failure::System { doing, source });
            }
        },
    }
    service::trace::stop().await;
    Ok(())
}
