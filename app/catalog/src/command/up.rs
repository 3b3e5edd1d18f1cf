//! `catalog up`: the whole catalogue on this machine with one command. PostgreSQL is found or downloaded and started with
//! its own data folder, the database is migrated and gets sample products, API and front end are served on one address,
//! and Ctrl-C stops all of it.
//!
//! The command is for a first look, for development and for tests. In production the catalogue runs as `catalog api` and
//! `catalog web`, with a database that is backed up.

use super::failure::Failure;
use crate::api;
use crate::app::App;
use crate::database::{self, Connector};
use crate::local::{self, Cluster, Installation, report};
use crate::outbox;
use crate::settings::{Database, Reader, Settings, Shutdown};
use axum::Router;
use axum::extract::Request;
use axum::response::Redirect;
use axum::routing::get;
use clap::Args;
use service::http::host;
use service::serve::{Drain, listen, serve};
use service::site::{self, Behind, Proxy, Site};
use service::up;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower::ServiceExt;

/// The options of `catalog up`.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Port on 127.0.0.1 of the front end and the API
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Folder of the database and of downloads; by default one in the user's own data folder
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Number of sample products to write when there are none
    #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub products: u32,
    /// Serve the API without the front end
    #[arg(long)]
    pub without_front_end: bool,
    /// Serve the storefront, too, on this port of 127.0.0.1
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "8081", conflicts_with_all = ["only_database", "without_front_end"])]
    pub shop: Option<u16>,
    /// Run PostgreSQL alone and print the settings that reach it
    #[arg(long)]
    pub only_database: bool,
}

/// Runs everything until SIGINT or SIGTERM.
///
/// # Errors
/// [`Failure`] when a part cannot start, or when PostgreSQL stops; the parts that run are stopped.
pub async fn up(options: Options) -> Result<(), Failure> {
    let drain = Drain::default();
    drain.on_signals().map_err(|source| Failure::System {
        doing: "listening for signals",
        source,
    })?;
    // Before anything slow, so that a port in use is reported at once.
    let main_listener = if options.only_database {
        None
    } else {
        Some(listener(options.port)?)
    };
    let shop_listener = options.shop.map(listener).transpose()?;
    let data = options
        .data
        .clone()
        .unwrap_or_else(|| up::data_folder("tenon-catalog"));
    let installation = Installation::find_or_fetch(&data)?;
    report(&format!(
        "{} from {}",
        installation.version,
        installation.bin.display()
    ));
    let wants_site = !options.only_database && !options.without_front_end;
    let site = if wants_site { Some(front_end()?) } else { None };
    let shop = shop_listener
        .map(|listener| Ok::<_, Failure>((listener, storefront()?)))
        .transpose()?;
    let cluster = Cluster::start(&installation, &data)
        .await
        .map_err(|error| match error {
            local::Error::Local(error @ up::Error::InUse { .. }) => Failure::InUse(error),
            other => other.into(),
        })?;
    let outcome = tokio::select! {
        outcome = run(&cluster, &options, main_listener, site, shop, &drain) => outcome,
        reason = cluster.exited() => Err(up::Error::Program { program: "postgres".to_owned(), reason }.into()),
    };
    cluster.stop();
    outcome
}

async fn run(
    cluster: &Cluster,
    options: &Options,
    listener: Option<tokio::net::TcpListener>,
    site: Option<Site>,
    shop: Option<(tokio::net::TcpListener, Site)>,
    drain: &Drain,
) -> Result<(), Failure> {
    cluster.create_database("catalog").await?;
    let settings = cluster.settings("catalog");
    let lookup = |name: &str| {
        let own = settings
            .iter()
            .find(|(own, _)| *own == name)
            .map(|(_, value)| value.clone());
        own.or_else(|| std::env::var(name).ok())
            .or_else(|| (name == "SHOP" && shop.is_some()).then(|| "true".to_owned()))
            .or_else(|| local_default(name).map(str::to_owned))
    };
    let settings = Settings::from_lookup(Reader::Api, lookup)?;
    let collector = Settings::from_env(Reader::Web)?.web.collector;
    service::logs::start(&settings.logs)?;
    let Some(database) = settings.database.clone() else {
        return Ok(());
    };
    let connector = prepare_database(&database, options.products).await?;
    let Some(listener) = listener else {
        report("PostgreSQL runs until Ctrl-C; these settings reach it:");
        print_settings(&cluster.settings("catalog"));
        drain.wait().await;
        return Ok(());
    };
    let app = App::new(settings.api, settings.logs.access, &connector, drain.clone())?;
    let shop = shop.map(|(listener, site)| (listener, shop_router(&app, site, collector)));
    let serving = Serving {
        main: (listener, combined_router(&app, site)),
        shop,
        shutdown: settings.shutdown,
    };
    serving.until(&app, drain).await;
    Ok(())
}

/// The addresses and what is served at them.
struct Serving {
    main: (tokio::net::TcpListener, Router),
    shop: Option<(tokio::net::TcpListener, Router)>,
    shutdown: Shutdown,
}

impl Serving {
    /// Serves until the shutdown, and says where.
    async fn until(self, app: &Arc<App>, drain: &Drain) {
        let (listener, mut router) = self.main;
        report(&format!(
            "http://{} (the API's documentation: /api/docs); Ctrl-C ends",
            address(&listener)
        ));
        if app.edge.callers.open() {
            // As it listens on the loopback interface.
            router = host::local_only(router);
            report("open mode: everyone on this machine is administrator; set API_TOKENS to change that");
        }
        let telling = outbox::start_for(app, drain);
        let shop = async {
            if let Some((listener, router)) = self.shop {
                report(&format!("the storefront: http://{}", address(&listener)));
                serve(listener, host::local_only(router), drain, self.shutdown).await;
            }
        };
        tokio::join!(serve(listener, router, drain, self.shutdown), shop);
        if let Some(telling) = telling {
            // It ends with the event that it sends.
            let _ = telling.await;
        }
        app.pool.close();
    }
}

fn listener(port: u16) -> Result<tokio::net::TcpListener, Failure> {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    listen(address).map_err(|error| {
        if error.is_taken() {
            Failure::Port { port }
        } else {
            error.into()
        }
    })
}

fn address(listener: &tokio::net::TcpListener) -> String {
    listener
        .local_addr()
        .map_or_else(|_| "127.0.0.1".to_owned(), |address| address.to_string())
}

/// The storefront with the part of the API that everyone may use, and the collector behind `/e`.
fn shop_router(app: &Arc<App>, site: Site, collector: Option<String>) -> Router {
    let api = api::router(app);
    let behind = Behind {
        // The rest of the API is not there.
        api: None,
        collector: collector.map(Proxy::new),
    };
    let files = site::router(Arc::new(site), behind, "products-shop");
    split(api, files, |path| {
        path == "/api/orders" || path.starts_with("/api/shop/") || path.starts_with("/api/images/")
    })
}

/// The built front end, which is built first when it is older than its source.
fn front_end() -> Result<Site, Failure> {
    let root = local::FRONT_END.resolve(&Settings::from_env(Reader::Web)?.web.root);
    up::build_front_end(local::FRONT_END, &root, report).map_err(|error| match error {
        up::Error::NoNpm { .. } => Failure::NoNpm(error),
        other => other.into(),
    })?;
    Ok(Site::load(&root)?)
}

/// The built storefront.
fn storefront() -> Result<Site, Failure> {
    let root = local::STOREFRONT.resolve(Path::new("app/web/shop/dist"));
    up::build_front_end(local::STOREFRONT, &root, report).map_err(|error| match error {
        up::Error::NoNpm { .. } => Failure::NoNpm(error),
        other => other.into(),
    })?;
    Ok(Site::load(&root)?)
}

async fn prepare_database(database: &Database, products: u32) -> Result<Connector, Failure> {
    let connector = Connector::new(database)?;
    let mut client = connector.connect_with_retries().await?;
    database::migrate(&mut client).await?;
    database::seed::seed(&mut client, products)
        .await
        .map_err(Failure::Seed)?;
    Ok(connector)
}

/// The defaults that differ on a developer's machine.
fn local_default(name: &str) -> Option<&'static str> {
    match name {
        "LOG_FORMAT" => Some("text"),
        "LOG" => Some("warn"),
        "DRAIN_SECONDS" => Some("0"),
        "SHUTDOWN_SECONDS" => Some("3"),
        _ => None,
    }
}

/// The router of API and front end on one address.
fn combined_router(app: &Arc<App>, site: Option<Site>) -> Router {
    let api = api::router(app);
    let Some(site) = site else {
        let docs = async || Redirect::temporary("/api/docs");
        return Router::new().route("/", get(docs)).fallback_service(api);
    };
    split(api, site::files(Arc::new(site)), |path| {
        path.starts_with("/api/") || ["/api", "/health", "/ready", "/metrics"].contains(&path)
    })
}

/// The paths that are `own` go to `api`, all others to `files`.
fn split(api: Router, files: Router, own: fn(&str) -> bool) -> Router {
    Router::new().fallback_service(tower::service_fn(move |request: Request| {
        let router = if own(request.uri().path()) {
            api.clone()
        } else {
            files.clone()
        };
        async move {
            Ok::<_, Infallible>(
                router
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    }))
}

#[expect(clippy::print_stdout, reason = "the settings are the command's output")]
fn print_settings(settings: &[(&'static str, String)]) {
    for (name, value) in settings {
        println!("{name}={value}");
    }
}
