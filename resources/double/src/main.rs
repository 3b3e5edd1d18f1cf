//! Runs the double on 127.0.0.1, for `--endpoint`.

use clap::Parser;
use cloudcontrol_double::{Schemas, Symptoms, World, router};
use std::{path::PathBuf, sync::Arc};

/// A double of AWS's Cloud Control API, with everything in it that surprises its users.
#[derive(Parser)]
struct Args {
    /// Schemas, as `.ci/types` writes them
    #[arg(long, default_value = "resources/cfn/data/types.br")]
    schemas: PathBuf,
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 4580)]
    port: u16,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    let symptoms = Symptoms {
        polls: (1, 2),
        shuffles: true,
        reformats: true,
        defaults: true,
        unseen: 1,
        ..Symptoms::default()
    };
    let (schemas, world) = (
        Arc::new(Schemas::open(&args.schemas)?),
        Arc::new(World::new(symptoms)),
    );
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", args.port)).await?;
    axum::serve(listener, router(schemas, world)).await?;
    Ok(())
}
