//! A host of a fleet: what its first start writes, and the variables of its services.
//!
//! User data is text without a reference: names that follow from the stack's, and files. What only AWS knows, such as a queue's
//! URL, is in the fleet's parameter, which a host reads before each release and every five minutes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fmt::Write as _;

/// Largest user data, before base64 (EC2 guide, "Run commands at launch").
#[cfg(test)]
const MAX_USER_DATA: usize = 16 * 1024;

/// Authorities that TLS to the document store trusts: those of the operating system, which have Amazon's.
pub(super) const AUTHORITIES: &str = "/etc/pki/tls/certs/ca-bundle.crt";

/// A process of the application on a host, as its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Process {
    /// Subcommand, and the unit `analytics-NAME.service`.
    pub(super) name: &'static str,
    /// TCP port, as in the unit.
    pub(super) port: u16,
    /// Files of the units, by their names.
    units: &'static [(&'static str, &'static str)],
}

macro_rules! unit {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../../app/analytics/units/", $name)),
        )
    };
}

/// Process that takes events.
pub(super) const COLLECT: Process = Process {
    name: "collect",
    port: 4000,
    units: &[
        unit!("analytics-collect.socket"),
        unit!("analytics-collect.service"),
    ],
};

/// Process that answers the figures.
pub(super) const QUERY: Process = Process {
    name: "query",
    port: 4001,
    units: &[unit!("analytics-query.socket"), unit!("analytics-query.service")],
};

/// Process that stores events.
pub(super) const CONSUME: Process = Process {
    name: "consume",
    port: 4004,
    units: &[unit!("analytics-consume.service")],
};

/// Process that archives stored hours.
pub(super) const ARCHIVE: Process = Process {
    name: "archive",
    port: 4006,
    units: &[unit!("analytics-archive.service")],
};

/// Parts of user data that differ between fleets.
pub(super) struct Host<'a> {
    /// Name of the Auto Scaling group.
    pub(super) group: &'a str,
    /// Name of the parameter with the variables.
    pub(super) parameter: &'a str,
    /// Namespace of the metrics.
    pub(super) namespace: &'a str,
    /// Processes, in the order in which a release restarts them.
    pub(super) processes: &'a [Process],
}

impl Host<'_> {
    /// User data as text.
    pub(super) fn text(&self) -> String {
        let services: Vec<String> = self
            .processes
            .iter()
            .map(|p| format!("{}:{}", p.name, p.port))
            .collect();
        let units = self.processes.iter().flat_map(|p| p.units);
        let names: Vec<&str> = units.map(|(name, _)| *name).collect();
        include_str!("boot.sh")
            .replace("@FILES@\n", &self.files())
            .replace("@GROUP@", self.group)
            .replace("@PARAMETER@", self.parameter)
            .replace("@SERVICES@", &services.join(" "))
            .replace("@UNITS@", &names.join(" "))
    }

    /// User data as EC2 takes it.
    pub(super) fn user_data(&self) -> String {
        STANDARD.encode(self.text())
    }

    /// Configuration of the CloudWatch agent, in which the host fills in the log group. Each process has an entry of its own: of
    /// the files that a pattern matches, the agent pushes the newest alone.
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html>
    fn agent(&self) -> String {
        let entry = |process: &Process| {
            let name = process.name;
            format!(
                r#"      {{"file_path": "/var/log/analytics/analytics-{name}.log", "log_group_name": "@LOG_GROUP@", "log_stream_name": "{{instance_id}}/{name}"}}"#
            )
        };
        let logs: Vec<_> = self.processes.iter().map(entry).collect();
        include_str!("agent.json")
            .replace("@NAMESPACE@", self.namespace)
            .replace("@LOGS@", &logs.join(",\n"))
    }

    /// Commands that write the files of a host.
    fn files(&self) -> String {
        let agent = self.agent();
        let mut scrape = String::from("global: {scrape_interval: 1m}\nscrape_configs:\n");
        for process in self.processes {
            let (name, port) = (process.name, process.port);
            let targets = format!("{{targets: ['127.0.0.1:{port}']}}");
            let _ = writeln!(scrape, "  - {{job_name: {name}, static_configs: [{targets}]}}");
        }
        let unit = |name: &str| format!("/etc/systemd/system/{name}");
        let mut files = vec![
            (
                "/usr/local/bin/analytics-variables".to_owned(),
                include_str!("analytics-variables"),
            ),
            (
                "/usr/local/bin/analytics-release".to_owned(),
                include_str!("analytics-release"),
            ),
            (
                unit("analytics-boot.service"),
                include_str!("analytics-boot.service"),
            ),
            (
                unit("analytics-variables.service"),
                include_str!("analytics-variables.service"),
            ),
            (
                unit("analytics-variables.timer"),
                include_str!("analytics-variables.timer"),
            ),
            ("/etc/logrotate.d/analytics".to_owned(), include_str!("logrotate")),
            ("/etc/analytics/agent.json".to_owned(), &agent),
            ("/etc/analytics/scrape.yaml".to_owned(), &scrape),
        ];
        for process in self.processes {
            let log = unit(&format!("analytics-{}.service.d/log.conf", process.name));
            files.push((log, include_str!("log.conf")));
            files.extend(process.units.iter().map(|(name, text)| (unit(name), *text)));
        }
        let write = |(path, text): (String, &str)| {
            let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
            format!("mkdir -p {folder}\ncat > {path} <<'END OF FILE'\n{text}END OF FILE\n")
        };
        files.into_iter().map(write).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    fn hosts() -> [Host<'static>; 3] {
        let host = |processes| Host {
            group: "analytics-staging-ingest-group",
            parameter: "/analytics/staging/ingest/variables",
            namespace: "analytics-staging",
            processes,
        };
        [host(&[COLLECT]), host(&[CONSUME, ARCHIVE]), host(&[QUERY])]
    }

    fn fleets() -> [String; 3] {
        hosts().map(|host| host.text())
    }

    #[test]
    fn the_log_of_each_process_has_a_stream_of_its_own() {
        assert!(include_str!("log.conf").contains("append:/var/log/analytics/%N.log\n"));
        for host in hosts() {
            let agent: serde_json::Value = serde_json::from_str(&host.agent()).unwrap();
            let files = &agent["logs"]["logs_collected"]["files"]["collect_list"];
            let files: Vec<_> = files.as_array().unwrap().iter().collect();
            assert_eq!(files.len(), host.processes.len());
            for (file, process) in files.into_iter().zip(host.processes) {
                let name = process.name;
                assert_eq!(
                    file["file_path"],
                    format!("/var/log/analytics/analytics-{name}.log")
                );
                assert_eq!(file["log_stream_name"], format!("{{instance_id}}/{name}"));
                assert_eq!(file["log_group_name"], "@LOG_GROUP@");
            }
        }
    }

    #[test]
    fn user_data_fits_and_has_nothing_left_to_fill_in() {
        for text in fleets() {
            assert!(text.len() < MAX_USER_DATA, "{}", text.len());
            for name in [
                "FILES",
                "GROUP",
                "LOGS",
                "NAMESPACE",
                "PARAMETER",
                "SERVICES",
                "UNITS",
            ] {
                assert!(!text.contains(&format!("@{name}@")), "{name}");
            }
            // The log group's name is filled in on the host, which reads it.
            assert!(text.contains("@LOG_GROUP@"));
        }
    }

    #[test]
    fn a_shell_reads_it() {
        for text in fleets() {
            let mut shell = Command::new("sh")
                .arg("-n")
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            shell.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
            assert!(shell.wait().unwrap().success());
        }
    }

    #[test]
    fn the_ports_are_those_of_the_units() {
        for process in [COLLECT, QUERY, CONSUME, ARCHIVE] {
            let (name, service) = process.units.last().unwrap();
            assert_eq!(*name, format!("analytics-{}.service", process.name));
            assert!(service.contains(&format!("PORT={}\n", process.port)), "{name}");
            assert!(
                service.contains(&format!("analytics {}\n", process.name)),
                "{name}"
            );
            let socket = process.units.iter().find(|(name, _)| name.ends_with(".socket"));
            assert!(
                socket.is_none_or(|(_, text)| text.contains(&format!("ListenStream={}\n", process.port)))
            );
        }
    }
}
