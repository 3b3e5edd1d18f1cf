//! The parser of the environment variables. Defaults come from [`VARIABLES`], so that the two agree.

use super::types::{Batch, Collect, Engine, Mongo, Queue, Settings, Site, Web, Work};
use super::variables::{Reader, VARIABLES};
use service::settings::{Error, Secret, Source};
use std::path::PathBuf;
use std::time::Duration;

type Env<'a> = Source<'a, Reader>;

impl Settings {
    /// Reads the settings of `reader` from the process's environment.
    ///
    /// # Errors
    /// The first variable that is missing or invalid.
    pub fn from_env(reader: Reader) -> Result<Self, Error> {
        Self::from_lookup(reader, |name| std::env::var(name).ok())
    }

    /// Reads the settings of `reader` from `lookup`, which returns the value of a variable.
    ///
    /// # Errors
    /// The first variable that is missing or invalid.
    pub fn from_lookup(reader: Reader, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let source = Source::new(VARIABLES, reader, &lookup);
        let listen = source.listen()?;
        let reads = |name: &str| {
            VARIABLES
                .iter()
                .any(|v| v.name == name && v.readers.contains(&reader))
        };
        Ok(Self {
            sites: sites(&source, listen.ip().is_loopback())?,
            listen,
            logs: source.logs()?,
            traces: source.traces()?,
            shutdown: source.shutdown()?,
            edge: source.edge()?,
            queue: if reads("QUEUE_URL") {
                Some(queue(&source)?)
            } else {
                None
            },
            mongo: if reads("MONGODB_URI") {
                Some(mongo(&source)?)
            } else {
                None
            },
            archive: if reads("ARCHIVE") {
                Some(source.text("ARCHIVE")?)
            } else {
                None
            },
            archive_endpoint: source.optional("ARCHIVE_ENDPOINT"),
            currency: currency(&source)?,
            collect: collect(&source)?,
            work: work(&source)?,
            engine: Engine {
                days: source.parsed("ENGINE_DAYS", "a whole number of days")?,
                cart: minutes(&source, "CART_MINUTES")?,
            },
            web: Web {
                root: PathBuf::from(source.text("WEB_ROOT")?),
                api: source.api_url()?,
            },
            queue_data: PathBuf::from(source.text("QUEUE_DATA")?),
        })
    }
}

fn minutes(source: &Env<'_>, name: &'static str) -> Result<Duration, Error> {
    let minutes: u32 = source.parsed(name, "a whole number of minutes")?;
    Ok(Duration::from_secs(u64::from(minutes) * 60))
}

fn currency(source: &Env<'_>) -> Result<String, Error> {
    let text = source.text("CURRENCY")?;
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text);
    }
    Env::failed(
        "CURRENCY",
        format!("{text:?} is not three capital letters, such as EUR"),
    )
}

fn sites(source: &Env<'_>, loopback: bool) -> Result<Vec<Site>, Error> {
    let mut sites: Vec<Site> = Vec::new();
    for entry in source
        .text("SITES")?
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let (name, origin) = entry.split_once('=').unwrap_or((entry, ""));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 40 || !name.chars().all(plain) {
            return Env::failed(
                "SITES",
                format!("{name:?} is not a name of small letters, digits and hyphens"),
            );
        }
        let is_origin = origin.starts_with("https://") || origin.starts_with("http://");
        if origin == "*" && !loopback && *source.reader() == Reader::Collect {
            return Env::failed(
                "SITES",
                "the origin * is for loopback only; name the site's, such as https://shop.example",
            );
        }
        if origin != "*" && (!is_origin || origin.ends_with('/')) {
            return Env::failed(
                "SITES",
                format!("{entry:?} is not of the form name=https://shop.example"),
            );
        }
        match sites.iter_mut().find(|site| site.name == name) {
            Some(site) => site.origins.push(origin.to_owned()),
            None => sites.push(Site {
                name: name.to_owned(),
                origins: vec![origin.to_owned()],
                token: None,
            }),
        }
    }
    let tokens = source.optional("SITE_TOKENS").unwrap_or_default();
    for (number, entry) in (1..).zip(tokens.split(',').map(str::trim).filter(|entry| !entry.is_empty())) {
        // The message never repeats the entry: it contains a token.
        let found = entry
            .split_once(':')
            .filter(|(_, token)| token.len() >= 16)
            .and_then(|(name, token)| Some((sites.iter_mut().find(|site| site.name == name)?, token)));
        let Some((site, token)) = found else {
            let expected =
                format!("entry {number} is not name:token with a name of SITES and 16 characters or more");
            return Env::failed("SITE_TOKENS", expected);
        };
        site.token = Some(Secret::new(token));
    }
    Ok(sites)
}

fn queue(source: &Env<'_>) -> Result<Queue, Error> {
    Ok(Queue {
        url: source.text("QUEUE_URL")?,
        dead: source.optional("QUEUE_DEAD_URL"),
        endpoint: source.optional("QUEUE_ENDPOINT"),
    })
}

fn mongo(source: &Env<'_>) -> Result<Mongo, Error> {
    let uri = match (
        source.optional("MONGODB_URI"),
        source.optional("MONGODB_URI_FILE"),
    ) {
        (Some(uri), _) => uri,
        (None, Some(file)) => match std::fs::read_to_string(&file) {
            Ok(text) => text.trim().to_owned(),
            Err(error) => {
                return Env::failed("MONGODB_URI_FILE", format!("{file:?} cannot be read: {error}"));
            }
        },
        (None, None) => return Env::failed("MONGODB_URI", "is not set, and MONGODB_URI_FILE is not either"),
    };
    Ok(Mongo {
        uri: Secret::new(uri),
        database: source.text("MONGODB_DATABASE")?,
        ca: source.optional("MONGODB_CA").map(PathBuf::from),
    })
}

fn collect(source: &Env<'_>) -> Result<Collect, Error> {
    let megabytes: u32 = source.parsed("BUFFER_MB", "a whole number of megabytes")?;
    let kib: usize = source.parsed("BATCH_KIB", "a whole number of kibibytes")?;
    let hands: usize = source.parsed("QUEUE_HANDS", "a whole number")?;
    if !(1..=256).contains(&kib) {
        return Env::failed("BATCH_KIB", "is 1 to 256");
    }
    if !(1..=64).contains(&hands) {
        return Env::failed("QUEUE_HANDS", "is 1 to 64");
    }
    let visitor_secret = source.optional("VISITOR_SECRET");
    if visitor_secret.as_ref().is_some_and(|secret| secret.len() < 16) {
        return Env::failed("VISITOR_SECRET", "has 16 characters or more");
    }
    Ok(Collect {
        visitor_secret: visitor_secret.map(Secret::new),
        country_header: source.text("COUNTRY_HEADER")?.to_ascii_lowercase(),
        batch: Batch {
            buffer: usize::try_from(megabytes).unwrap_or(usize::MAX) * 1024 * 1024,
            hands,
            bytes: kib * 1024,
        },
    })
}

fn work(source: &Env<'_>) -> Result<Work, Error> {
    let hot_days: u32 = source.parsed("HOT_DAYS", "a whole number of days")?;
    if hot_days < 18 {
        let why = "is 18 or more: an event may come 3 days late, and its message again for 14 days";
        return Env::failed("HOT_DAYS", why);
    }
    let in_flight: usize = source.parsed("INFLIGHT", "a whole number")?;
    if in_flight == 0 {
        return Env::failed("INFLIGHT", "is 1 or more");
    }
    Ok(Work {
        in_flight,
        hot_days,
        archive_months: source.parsed("ARCHIVE_MONTHS", "a whole number of months")?,
        seal: minutes(source, "SEAL_MINUTES")?,
    })
}
