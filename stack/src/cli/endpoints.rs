//! Endpoints of calls when they are not AWS's.
//!
//! Whoever answers instead of AWS sees every secret that is sent and says which account this is. So an endpoint that an
//! environment variable or a configuration file brings is shown, and must be AWS's or this machine's; any other is used only
//! when the command line says it.

use super::options::Endpoint;
use crate::error::CliError;
use std::{
    collections::BTreeMap,
    env, fs,
    net::IpAddr,
    path::{Path, PathBuf},
};

/// The name for every service in a list of endpoints.
const EVERY: &str = "*";

/// The endpoints that are not AWS's, by service: those of the command line, and those that are configured.
///
/// # Errors
/// A configured one is neither AWS's nor on this machine, and the command line does not say it.
pub(super) fn endpoints(
    given: &[Endpoint],
    profile: Option<&str>,
) -> Result<BTreeMap<String, String>, CliError> {
    let given = given
        .iter()
        .map(|e| (e.service.as_deref().unwrap_or(EVERY).to_owned(), e.url.clone()));
    merged(given.collect(), configured(profile))
}

/// A configured endpoint.
#[derive(Debug, PartialEq)]
struct Configured {
    service: String,
    url: String,
    /// The variable or the file that says it.
    from: String,
}

fn merged(
    mut endpoints: BTreeMap<String, String>,
    configured: Vec<Configured>,
) -> Result<BTreeMap<String, String>, CliError> {
    for Configured { service, url, from } in configured {
        if endpoints.contains_key(&service) || is_aws(&url) {
            continue;
        }
        if !is_here(&url) {
            let what = format!(
                "{from} sends calls to {url}, which is neither AWS nor this machine; nothing was sent"
            );
            let flag = if service == EVERY {
                url
            } else {
                format!("{service}={url}")
            };
            return Err(CliError::usage(what).hint(format!(
                "unset it; or, if calls are to go there: `--endpoint {flag}`"
            )));
        }
        endpoints.insert(service, url);
    }
    Ok(endpoints)
}

/// The endpoints that the SDK finds by itself.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
fn configured(profile: Option<&str>) -> Vec<Configured> {
    const VARIABLE: &str = "AWS_ENDPOINT_URL";
    let is_true = |name: &str| env::var(name).is_ok_and(|v| v.eq_ignore_ascii_case("true"));
    if is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
        return vec![];
    }
    let mut found = vec![];
    let mut variables: Vec<(String, String)> = env::vars_os()
        .filter_map(|(name, url)| Some((name.into_string().ok()?, url.to_string_lossy().into_owned())))
        .filter(|(name, url)| name.starts_with(VARIABLE) && !url.is_empty())
        .collect();
    variables.sort();
    for (name, url) in variables {
        let service = match &name[VARIABLE.len()..] {
            "" => EVERY.to_owned(),
            rest => match rest.strip_prefix('_') {
                Some(service) => service.to_ascii_lowercase(),
                None => continue,
            },
        };
        found.push(Configured {
            service,
            url,
            from: name,
        });
    }
    let profile = profile
        .map(ToOwned::to_owned)
        .or_else(|| env::var("AWS_PROFILE").ok());
    let profile = profile.unwrap_or_else(|| "default".into());
    let home = env::home_dir().unwrap_or_default();
    for (variable, usual) in [
        ("AWS_CONFIG_FILE", ".aws/config"),
        ("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
    ] {
        let path = env::var_os(variable).map_or_else(|| home.join(usual), PathBuf::from);
        // A file that cannot be read is none to the SDK, either.
        let text = fs::read_to_string(&path).unwrap_or_default();
        found.extend(in_file(&text, &profile, &path));
    }
    found
}

/// The endpoints that a configuration file has for a profile, its own and those of the services that it names.
fn in_file(text: &str, profile: &str, path: &Path) -> Vec<Configured> {
    let mut sections: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    let (mut section, mut parent) = (String::new(), String::new());
    for line in text.lines() {
        let nested = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.split(']').next()) {
            section = name.split_whitespace().collect::<Vec<_>>().join(" ");
            parent.clear();
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().to_owned());
        let above = if nested { parent.clone() } else { String::new() };
        if !nested {
            parent.clone_from(&key);
        }
        sections
            .entry(section.clone())
            .or_default()
            .push((above, key, value));
    }
    let own = [profile.to_owned(), format!("profile {profile}")];
    let own: Vec<_> = own
        .iter()
        .filter_map(|name| sections.get(name))
        .flatten()
        .collect();
    let said = |name: &str| {
        own.iter()
            .rfind(|(above, key, _)| above.is_empty() && key == name)
    };
    if said("ignore_configured_endpoint_urls").is_some_and(|(_, _, v)| v.eq_ignore_ascii_case("true")) {
        return vec![];
    }
    let from = path.display().to_string();
    let endpoint = |service: &str, url: &str| Configured {
        service: service.to_owned(),
        url: url.to_owned(),
        from: from.clone(),
    };
    let mut found: Vec<Configured> = said("endpoint_url")
        .map(|(_, _, url)| endpoint(EVERY, url))
        .into_iter()
        .collect();
    let services = said("services").and_then(|(_, _, name)| sections.get(&format!("services {name}")));
    let lines = services
        .into_iter()
        .flatten()
        .filter(|(above, key, _)| !above.is_empty() && key == "endpoint_url");
    found.extend(lines.map(|(service, _, url)| endpoint(service, url)));
    found
}

/// The host of a URL; `None` when it has anything that two readers could read differently.
fn host(url: &str) -> Option<(bool, String)> {
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    if !authority.chars().all(plain) {
        return None;
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => authority.split(':').next()?,
    };
    Some((secure, host.to_ascii_lowercase()))
}

/// `true` for an endpoint of AWS, private ones among them.
/// <https://docs.aws.amazon.com/general/latest/gr/rande.html>
fn is_aws(url: &str) -> bool {
    let domains = [
        ".amazonaws.com",
        ".amazonaws.com.cn",
        ".api.aws",
        ".api.amazonwebservices.com.cn",
    ];
    host(url).is_some_and(|(secure, host)| secure && domains.iter().any(|domain| host.ends_with(domain)))
}

/// `true` for an endpoint on this machine.
fn is_here(url: &str) -> bool {
    host(url).is_some_and(|(_, host)| {
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenon_resources::cloud::listed;

    fn configured(service: &str, url: &str) -> Vec<Configured> {
        vec![Configured {
            service: service.into(),
            url: url.into(),
            from: "AWS_ENDPOINT_URL".into(),
        }]
    }

    /// Finding 3 of the review: a variable or a file redirected everything without a word.
    #[test]
    fn calls_never_go_elsewhere_without_the_command_line_saying_so() {
        for url in [
            "http://10.0.0.5:4566",
            "https://aws.example",
            "http://ec2.eu-west-1.amazonaws.com",
            "https://evilamazonaws.com",
            "https://ec2.amazonaws.com.evil.example",
            "https://ec2.eu-west-1.amazonaws.com@evil.example/",
            "https://evil.example\\.amazonaws.com",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "ftp://localhost",
        ] {
            let error = merged(BTreeMap::new(), configured("*", url)).unwrap_err();
            assert!(error.message().contains(url), "{}", error.message());
            // Said, it is used and shown.
            let given: BTreeMap<String, String> = [("*".to_owned(), url.to_owned())].into();
            assert_eq!(
                merged(given.clone(), configured("*", url)).unwrap_or_default(),
                given
            );
        }
        // One that is given for everything says nothing about one service's.
        let given = [("*".to_owned(), "http://localhost:1".to_owned())].into();
        assert!(merged(given, configured("s3", "https://aws.example")).is_err());
    }

    #[test]
    fn endpoints_of_this_machine_are_shown_and_those_of_aws_are_none() {
        for url in [
            "http://localhost:4566",
            "http://127.0.0.1:4566/",
            "http://[::1]:4566",
            "https://LOCALHOST",
        ] {
            let shown = merged(BTreeMap::new(), configured("s3", url)).unwrap_or_default();
            assert_eq!(listed(&shown), format!("{url} (s3)"));
        }
        for url in [
            "https://vpce-0a1b.ec2.eu-west-1.vpce.amazonaws.com",
            "https://ec2.eu-west-1.api.aws",
            "https://ec2.cn-north-1.amazonaws.com.cn/",
        ] {
            assert_eq!(
                merged(BTreeMap::new(), configured("ec2", url)).unwrap_or_default(),
                BTreeMap::new()
            );
        }
    }

    #[test]
    fn a_configuration_file_is_read_as_the_sdk_reads_it() {
        let text = "[default]\nendpoint_url = http://a\n# no\n[profile  build]\nservices=local\nregion = x\ns3 =\n  endpoint_url = http://no\n[services local]\ns3 =\n  endpoint_url = http://b\ndynamodb =\n  endpoint_url=http://c\n[profile off]\nendpoint_url = http://d\nignore_configured_endpoint_urls = true\n";
        let found = |profile: &str| {
            let found = in_file(text, profile, Path::new("config"));
            found
                .into_iter()
                .map(|c| format!("{} {}", c.service, c.url))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("default"), ["* http://a"]);
        assert_eq!(found("build"), ["s3 http://b", "dynamodb http://c"]);
        assert!(found("off").is_empty() && found("other").is_empty());
    }
}
