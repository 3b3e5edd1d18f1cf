//! The `catalog` binary: the command line and the exit code.

use catalog::command::{self, Failure};
use catalog::settings::{Reader, Settings, VARIABLES};
use clap::{Parser, Subcommand};
use service::error::chain;
use service::settings::table;
use std::io::Write as _;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The product catalogue: its API, and the server of its front end.
#[derive(Parser)]
#[command(
    version,
    after_help = "Settings are environment variables; `catalog settings` lists them."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Api,
    /// Serve the built front end
    Web,
    /// Bring the database's schema up to date
    Migrate,
    /// Write products to begin with, when there are none
    Seed {
        /// Number of products
        #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        products: u32,
    },
    /// Print the OpenAPI document
    Openapi,
    /// List the environment variables that are read
    Settings,
    /// Ask the server at HOST and PORT whether it is healthy
    Check,
    /// Run everything on this machine: PostgreSQL, API and front end
    Up(command::UpOptions),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(source) => {
            return fail(&Failure::System {
                doing: "starting threads",
                source,
            });
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
    eprintln!("catalog: {}", chain(failure));
    ExitCode::from(2)
}

/// Writes to standard output. A reader that closes the pipe early, as `head` does, is no failure.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Api => {
            let (settings, database) = with_database(Reader::Api)?;
            command::api(settings, &database).await?;
        }
        Command::Web => {
            let settings = Settings::from_env(Reader::Web)?;
            service::logs::start(&settings.logs)?;
            command::web(settings).await?;
        }
        Command::Migrate => {
            let (_, database) = with_database(Reader::Task)?;
            print(&format!(
                "{} migrations applied\n",
                command::migrate(&database).await?
            ));
        }
        Command::Seed { products } => {
            let (_, database) = with_database(Reader::Task)?;
            print(&format!(
                "{} products written\n",
                command::seed(&database, products).await?
            ));
        }
        Command::Openapi => print(&command::openapi()?),
        Command::Settings => print(&table(VARIABLES)),
        Command::Check => service::check::check(Settings::from_env(Reader::Web)?.listen).await?,
        Command::Up(options) => command::up(options).await?,
    }
    Ok(())
}

fn with_database(reader: Reader) -> Result<(Settings, catalog::settings::Database), Failure> {
    let settings = Settings::from_env(reader)?;
    service::logs::start(&settings.logs)?;
    let database = settings
        .database
        .clone()
        .ok_or_else(|| catalog::settings::Error {
            variable: "DB_HOST",
            expected: "is not set; it is the host name or address of PostgreSQL".to_owned(),
        })?;
    Ok((settings, database))
}
