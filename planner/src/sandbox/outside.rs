//! Changes that do not come from the engine: what a person in a console does, and what AWS does by itself.

use super::{
    Sandbox, model,
    object::{Failing, LogEntry, Object},
};
use serde_json::{Value, json};
use tenon_resources::{
    call::Effect,
    cloud::{CallError, Request, Status},
    registry,
};

impl Sandbox {
    /// Changes a field of a resource. Returns whether the resource exists.
    pub fn tamper(&self, kind: &str, id: &str, field: &str, value: Value) -> bool {
        let mut contents = self.lock(kind);
        let key = (kind.to_owned(), id.to_owned());
        let Some(mut object) = contents.objects.get(&key).cloned() else {
            return false;
        };
        object.inputs.to_mut()[field] = value;
        self.noted_outside(&mut contents, key.clone(), "Modify");
        contents.put(key, object);
        true
    }

    /// Pushes an image with a tag to a repository. Returns whether the repository exists.
    pub fn push(&self, repository: &str, tag: &str) -> bool {
        let mut contents = self.lock("ecr.repository");
        let key = ("ecr.repository".to_owned(), repository.to_owned());
        let Some(mut object) = contents.objects.get(&key).cloned() else {
            return false;
        };
        let mut pushed = object.members[model::PUSHED].take();
        match pushed.as_array_mut() {
            Some(tags) => tags.push(json!(tag)),
            None => pushed = json!([tag]),
        }
        object.members[model::PUSHED] = pushed;
        contents.put(key, object);
        true
    }

    /// Says that containers of an image do not come up, with what ECS says of their tasks, such as `Task failed ELB health checks`.
    pub fn break_image(&self, image: &str, why: &str) {
        let mut contents = self.lock("ecs.service");
        contents.write(&LogEntry::Broken {
            image: image.into(),
            why: why.into(),
        });
        contents.broken.insert(image.into(), why.into());
    }

    /// Sets off a `CloudWatch` alarm: deployments under way that it watches over are turned back. Returns how many there were.
    pub fn sound_alarm(&self, alarm: &str) -> usize {
        let mut contents = self.lock("ecs.service");
        let now = self.now_ms(&contents);
        let watched = |object: &Object| {
            let alarms = model::texts(&object.inputs, "deployment_alarms");
            object.deploys(now) && object.failing.is_none() && alarms.iter().any(|name| name == alarm)
        };
        let services = contents
            .objects
            .iter()
            .filter(|(key, object)| key.0 == "ecs.service" && watched(object));
        let services: Vec<_> = services
            .map(|(key, object)| (key.clone(), object.clone()))
            .collect();
        let back = self
            .config
            .takes(std::time::Duration::from_secs(model::TURNED_BACK));
        for (key, mut object) in services.iter().cloned() {
            object.failing = object.ran.clone().map(|ran| Failing {
                why: model::alarmed(alarm),
                fails_ms: Some(now),
                back_ms: Some(now.saturating_add(crate::duration::millis(back))),
                inputs: ran.inputs,
                members: ran.members,
            });
            contents.put(key, object);
        }
        services.len()
    }

    /// Removes a resource. Returns whether it existed.
    pub fn vanish(&self, kind: &str, id: &str) -> bool {
        let (mut contents, key) = (self.lock(kind), (kind.to_owned(), id.to_owned()));
        self.noted_outside(&mut contents, key.clone(), "Delete");
        contents.remove(&key)
    }

    /// Sets the status that reads of a resource show until it is set again, such as that of a database which was stopped;
    /// with `None` the status is again the one that follows from its calls. Returns whether the resource exists.
    pub fn set_status(&self, kind: &str, id: &str, status: Option<Status>) -> bool {
        let mut contents = self.lock(kind);
        let key = (kind.to_owned(), id.to_owned());
        let Some(mut object) = contents.objects.get(&key).cloned() else {
            return false;
        };
        object.set_status = status;
        self.noted_outside(&mut contents, key.clone(), "Stop");
        contents.put(key, object);
        true
    }

    /// Creates a resource that no stack owns, such as an inline policy in a role or a rule in a security group, by the
    /// create call of its type; further calls are not made. Returns its id.
    ///
    /// # Errors
    /// There is no such type, the inputs are not of that type, or AWS refuses the call.
    pub fn create_outside(&self, kind: &str, inputs: &Value) -> Result<String, CallError> {
        let unfit = |why: String| CallError::refused("sandbox", "Create", CallError::UNSENDABLE, why);
        let kind = registry::find(kind).ok_or_else(|| unfit(format!("there is no type `{kind}`")))?;
        let inputs = kind.canonical(inputs).map_err(|e| unfit(e.to_string()))?;
        let steps = kind.create(&inputs).map_err(|e| unfit(e.to_string()))?;
        let step = steps.iter().find(|step| step.effect == Effect::Create);
        let step = step.ok_or_else(|| unfit(format!("`{}` has no create call", kind.name())))?;
        let mut contents = self.lock(kind.name());
        let now = self.now_ms(&contents);
        let mut params = step.params.value();
        if let Some(token) = model::find(kind.name()).and_then(|entry| entry.token) {
            params[token.member] = json!(format!("outside-{}", contents.tokens.len()));
        }
        let request = Request {
            op: "",
            kind,
            id: None,
            service: &step.service,
            operation: &step.operation,
            effect: Effect::Create,
            sets: &step.sets,
            params: &params,
            inputs: &inputs,
        };
        let reply = self.perform(&mut contents, &request, now)?;
        let id = reply.id.ok_or_else(|| unfit("the reply has no id".into()))?;
        self.noted_outside(
            &mut contents,
            (kind.name().to_owned(), id.clone()),
            &step.operation,
        );
        Ok(id)
    }
}
