//! Rules of AWS for the settings of a task definition.

use super::{
    Compatibility, ContainerCondition, ContainerDefinition, LogDriver, OperatingSystem, TaskDefinition,
};

/// The memory that Fargate gives to so many CPU units, in MiB: from, to, and in steps of (API reference of
/// `RegisterTaskDefinition`, `memory`).
fn fargate_memory(units: u32) -> Option<(u32, u32, u32)> {
    const GB: u32 = 1024;
    Some(match units {
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
    pub(super) fn on_fargate(&self) -> bool {
        self.requires_compatibilities.contains(&Compatibility::Fargate)
    }

    pub(super) fn on_fargate_windows(&self) -> bool {
        self.on_fargate() && self.operating_system != OperatingSystem::Linux
    }

    /// `true` if Fargate has no tasks with so many CPU units.
    pub(super) fn refused_by_fargate(&self, units: u32) -> bool {
        self.on_fargate() && fargate_memory(units).is_none()
    }

    /// Why Fargate does not give `mib` to the CPU units of this task, as the end of a sentence about it.
    pub(super) fn refused_memory(&self, mib: u32) -> Option<String> {
        let units = self.cpu;
        let (from, to, step) = fargate_memory(units).filter(|_| self.on_fargate())?;
        // A quarter of a core has 512, 1024 and 2048, and not 1536.
        let fits =
            (from..=to).contains(&mib) && (mib - from).is_multiple_of(step) && (units, mib) != (256, 1536);
        (!fits).then(|| match units {
            256 => format!("is {mib}, and Fargate gives `cpu` 256 512, 1024 or 2048"),
            units => {
                format!("is {mib}, and Fargate gives `cpu` {units} {from} to {to} in steps of {step}")
            }
        })
    }

    /// The sum of what the containers keep for themselves, where that counts: on Fargate.
    pub(super) fn kept(&self, of: fn(&ContainerDefinition) -> u32) -> u32 {
        let sum = self.containers.iter().map(of).sum();
        if self.on_fargate() { sum } else { 0 }
    }

    /// Findings about the containers, as sentences about `field`.
    pub(super) fn findings_of_containers(&self, field: &str) -> Vec<String> {
        let (all, fargate) = (&self.containers, self.on_fargate());
        let mut findings = vec![];
        for (i, container) in all.iter().enumerate() {
            let name = &container.name;
            let twice = all[..i].iter().any(|c| c.name == *name);
            let twice = twice.then(|| "is there twice".to_owned());
            let own = twice
                .into_iter()
                .chain(self.container_findings(container, fargate));
            findings.extend(own.map(|what| format!("`{field}`: `{name}` {what}")));
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Resource;

    #[test]
    fn fargate_takes_what_its_table_says() {
        let takes = |cpu: u32, memory: u32| {
            let task = TaskDefinition::new("a").cpu(cpu).memory(memory);
            task.containers([ContainerDefinition::new("web", "nginx")])
                .findings_of_fields()
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
        let alone = task.clone().containers([web.clone()]).findings_of_fields();
        assert_eq!(alone, ["`containers`: `web` waits for `db`, which is not there"]);
        let unchecked = task
            .containers([web, ContainerDefinition::new("db", "postgres")])
            .findings_of_fields();
        assert_eq!(
            unchecked,
            ["`containers`: `web` waits for `db` to be healthy, which has no health check"]
        );
    }
}
