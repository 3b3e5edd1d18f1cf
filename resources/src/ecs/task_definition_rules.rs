//! Rules of AWS for the settings of a task definition.

use super::{
    Compatibility, ContainerCondition, ContainerDefinition, CpuArchitecture, LogDriver, NetworkMode,
    OperatingSystem, TaskDefinition,
};

/// The memory that Fargate gives to `cpu`, in MiB: from, to, and in steps of (API reference of `RegisterTaskDefinition`,
/// `memory`).
fn fargate_memory(cpu: u32) -> Option<(u32, u32, u32)> {
    const GB: u32 = 1024;
    Some(match cpu {
        256 => (512, 2 * GB, 512),
        512 => (GB, 4 * GB, GB),
        1024 => (2 * GB, 8 * GB, GB),
        2048 => (4 * GB, 16 * GB, GB),
        4096 => (8 * GB, 30 * GB, GB),
        8192 => (16 * GB, 60 * GB, 4 * GB),
        16_384 => (32 * GB, 120 * GB, 8 * GB),
        _ => return None,
    })
}

impl TaskDefinition {
    /// Findings about the settings by themselves, as sentences.
    pub(super) fn findings(&self) -> Vec<String> {
        let mut findings = vec![];
        let fargate = self.requires_compatibilities.contains(&Compatibility::Fargate);
        if fargate {
            findings.extend(self.size_on_fargate());
            findings.extend(self.on_fargate());
        }
        if self.requires_compatibilities.is_empty() {
            findings.push("`requires_compatibilities` is empty: name `FARGATE` or `EC2`".into());
        }
        if !self.containers.iter().any(|c| c.essential) {
            findings.push("`containers` has no essential one: a task needs one that it stops with".into());
        }
        for (i, container) in self.containers.iter().enumerate() {
            let name = &container.name;
            let twice = self.containers[..i].iter().any(|c| c.name == *name);
            let twice = twice.then(|| "is there twice".to_owned());
            let own = twice
                .into_iter()
                .chain(self.container_findings(container, fargate));
            findings.extend(own.map(|what| format!("`containers`: `{name}` {what}")));
            findings.extend(container.check(fargate));
        }
        findings
    }

    /// Findings about a container of this task, as ends of sentences about it.
    fn container_findings(&self, container: &ContainerDefinition, fargate: bool) -> Vec<String> {
        let waits = container.depends_on.iter();
        let mut findings: Vec<String> = waits
            .filter_map(|(other, condition)| self.wait_finding(&container.name, other, *condition))
            .collect();
        let mounts = container.mount_points.iter().map(|mount| &mount.source_volume);
        let unknown = mounts.filter(|source| !self.volumes.iter().any(|v| v.name == **source));
        findings.extend(unknown.map(|source| format!("mounts `{source}`, which is not in `volumes`")));
        let logs_out = container
            .log_configuration
            .as_ref()
            .is_some_and(|l| l.driver == LogDriver::Awslogs);
        if self.execution_role.is_none() && (!container.secrets.is_empty() || fargate && logs_out) {
            findings.push(
                "has secrets or writes to CloudWatch Logs: set `execution_role`, which does that".into(),
            );
        }
        findings
    }

    /// Why container `name` cannot wait for `other` to come to `condition`.
    fn wait_finding(&self, name: &str, other: &str, condition: ContainerCondition) -> Option<String> {
        if other == name {
            return Some("waits for itself".into());
        }
        let Some(awaited) = self.containers.iter().find(|c| c.name == other) else {
            return Some(format!("waits for `{other}`, which is not there"));
        };
        match condition {
            ContainerCondition::Healthy if awaited.health_check.is_none() => Some(format!(
                "waits for `{other}` to be healthy, which has no health check"
            )),
            ContainerCondition::Complete | ContainerCondition::Success if awaited.essential => Some(format!(
                "waits for `{other}` to end, which is essential: the task would end with it"
            )),
            _ => None,
        }
    }

    /// A finding about the size of the task, which Fargate must have.
    fn size_on_fargate(&self) -> Option<String> {
        let (cpu, memory) = (self.cpu, self.memory);
        let Some((from, to, step)) = fargate_memory(cpu) else {
            return Some(format!(
                "`cpu` is {cpu}, and Fargate takes 256, 512, 1024, 2048, 4096, 8192 or 16384"
            ));
        };
        // A quarter of a core has 512, 1024 and 2048, and not 1536.
        let fits = (from..=to).contains(&memory)
            && (memory - from).is_multiple_of(step)
            && (cpu, memory) != (256, 1536);
        (!fits).then(|| match cpu {
            256 => format!("`memory` is {memory}, and Fargate gives `cpu` 256 512, 1024 or 2048"),
            cpu => format!(
                "`memory` is {memory}, and Fargate gives `cpu` {cpu} {from} to {to} in steps of {step}"
            ),
        })
    }

    /// Findings about what Fargate does not do, besides [sizes](Self::size_on_fargate).
    fn on_fargate(&self) -> Vec<String> {
        let wrong = |condition: bool, why: String| condition.then_some(why);
        let (cpu, memory) = (self.cpu, self.memory);
        let windows = self.operating_system != OperatingSystem::Linux;
        let kept_cpu: u32 = self.containers.iter().map(|c| c.cpu).sum();
        let kept = |c: &ContainerDefinition| c.memory_reservation.or(c.memory).unwrap_or(0);
        let kept_memory: u32 = self.containers.iter().map(kept).sum();
        let host = self.volumes.iter().find(|v| v.host_path.is_some());
        let findings = [
            wrong(
                self.network_mode != NetworkMode::Awsvpc,
                format!(
                    "`network_mode` is `{}`, and Fargate takes `awsvpc`",
                    self.network_mode
                ),
            ),
            wrong(
                windows && cpu < 1024,
                format!("`cpu` is {cpu}, and Windows on Fargate takes at least 1024"),
            ),
            wrong(
                windows && self.cpu_architecture == CpuArchitecture::Arm64,
                "`cpu_architecture` is `ARM64`, and Windows on Fargate runs on `X86_64` only".into(),
            ),
            wrong(
                kept_cpu > cpu,
                format!("`cpu` is {cpu}, and the containers keep {kept_cpu} for themselves"),
            ),
            wrong(
                kept_memory > memory,
                format!("`memory` is {memory}, and the containers keep {kept_memory} for themselves"),
            ),
            host.map(|volume| {
                format!(
                    "`volumes`: `{}` is a directory of the instance: Fargate has none",
                    volume.name
                )
            }),
        ];
        findings.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Lifecycle;

    #[test]
    fn fargate_takes_what_its_table_says() {
        let takes = |cpu: u32, memory: u32| {
            let task = TaskDefinition::new("a").cpu(cpu).memory(memory);
            task.containers([ContainerDefinition::new("web", "nginx")])
                .check()
                .is_empty()
        };
        for (cpu, memory) in [
            (256, 512),
            (256, 2048),
            (512, 4096),
            (1024, 5120),
            (4096, 30_720),
            (8192, 20_480),
        ] {
            assert!(takes(cpu, memory), "{cpu} {memory}");
        }
        for (cpu, memory) in [
            (256, 1536),
            (256, 4096),
            (512, 512),
            (1000, 2048),
            (8192, 17_408),
            (16_384, 32_000),
        ] {
            assert!(!takes(cpu, memory), "{cpu} {memory}");
        }
    }

    #[test]
    fn what_a_container_waits_for_is_there_and_can_come_to_that() {
        let condition = ContainerCondition::Healthy;
        let web = ContainerDefinition::new("web", "nginx").depends_on("db", condition);
        let task = TaskDefinition::new("a");
        let alone = task.clone().containers([web.clone()]).check();
        assert_eq!(alone, ["`containers`: `web` waits for `db`, which is not there"]);
        let unchecked = task
            .containers([web, ContainerDefinition::new("db", "postgres")])
            .check();
        assert_eq!(
            unchecked,
            ["`containers`: `web` waits for `db` to be healthy, which has no health check"]
        );
    }
}
