//! The session that verbs share: a deployment with its state open, its cloud, and a plan made from them.

use super::{
    backend::open_backend,
    connect::{AwsConfig, Connected},
    deployment::Deployment,
    options::{Global, Stack},
    provenance,
    select::Select,
    settings,
    states::with_states,
};
use crate::{
    error::CliError,
    ui::{Progress, Ui},
};
use std::{io::Read, path::Path, sync::Arc, time::Duration};
use tenon_planner::{
    Action, Check, Declared, Plan, SavedPlan, Target,
    event::Sink,
    execute::find_assets,
    only_drift,
    refresh::{Refreshed, refresh},
    secrets,
    survey::{Extent, survey},
};
use tenon_resources::{
    cloud::listed,
    resource::ResourceType,
    value::{EXPIRES, EXPIRY},
};
use tenon_state::{Backend, FingerprintKey, Identity, State, StateHandle, StateView, Store};

/// The variable with the fingerprint key of secrets, for teams that share a state; otherwise the key is in
/// [`FINGERPRINT_FILE`].
pub(super) const FINGERPRINT_KEY: &str = "TENON_FINGERPRINT_KEY";

/// The file with the fingerprint key of secrets, in the deployment's folder: beside the state and not in it.
pub(super) const FINGERPRINT_FILE: &str = "fingerprint.key";

/// A command's run on a deployment, with its state open.
pub(super) struct Session<'a> {
    pub(super) deployment: Deployment<'a>,
    pub(super) ui: Ui,
    pub(super) aws: AwsConfig,
    /// The backend of the state, with and without what encrypts in front of it.
    handle: StateHandle,
}

impl<'a> Session<'a> {
    /// # Errors
    /// The flags name no deployment, or its state is kept where this binary cannot get at it.
    pub(super) async fn new(stack: &'a Stack<'a>, global: &'a Global, ui: Ui) -> Result<Self, CliError> {
        let deployment = Deployment::new(stack, global)?;
        let aws = AwsConfig::new(global);
        let handle = open_backend(&deployment, &aws).await?;
        Ok(Self {
            deployment,
            ui,
            aws,
            handle,
        })
    }

    /// `stack/env`.
    pub(super) fn title(&self) -> String {
        self.deployment.title()
    }

    /// The backend of the state, with and without what encrypts in front of it.
    pub(super) fn handle(&self) -> StateHandle {
        self.handle.clone()
    }

    /// The backend that the state is read and written through.
    pub(super) fn backend(&self) -> Arc<dyn Backend> {
        Arc::clone(&self.handle.encrypted)
    }

    /// The backend of the state, with nothing in front of it that encrypts.
    pub(super) fn raw_backend(&self) -> Arc<dyn Backend> {
        Arc::clone(&self.handle.raw)
    }

    pub(super) fn identity(&self) -> Identity {
        self.deployment.identity.clone()
    }

    /// Runs the program and checks what it declares.
    pub(super) fn declared(&self) -> Result<Declared, CliError> {
        let Deployment {
            stack, env, global, ..
        } = &self.deployment;
        let mut declared = settings::declaration(stack, env, global)?.declared;
        if env.expires_after_s.is_some() {
            declared.tags.0.insert(EXPIRES.into(), EXPIRY.into());
        }
        declared.check()?;
        Ok(declared)
    }

    /// Puts fingerprints beside what is secret in `declared`, so that the plan notices what changed.
    pub(super) async fn fingerprint(
        &self,
        connected: &Connected,
        declared: &mut Declared,
    ) -> Result<(), CliError> {
        if !secrets::any(declared) {
            return Ok(());
        }
        let key = match std::env::var(FINGERPRINT_KEY) {
            Ok(text) => FingerprintKey::from_hex(&text).map_err(|e| {
                CliError::usage(format!("{FINGERPRINT_KEY} is not a key"))
                    .because(e)
                    .hint("`openssl rand -hex 32` makes one")
            })?,
            Err(_) => FingerprintKey::load_or_make(&self.deployment.folder.join(FINGERPRINT_FILE))?,
        };
        for unread in secrets::fingerprint(&*connected.cloud, declared, &key).await {
            self.ui.note(&format!(
                "{} could not be read: a change in it would not be noticed",
                unread.source
            ));
        }
        Ok(())
    }

    /// The state as it is now, without its lock; none when there never was one.
    pub(super) async fn view(&self) -> Result<Option<StateView>, CliError> {
        let view = tenon_state::inspect(&*self.handle.encrypted).await?;
        if let Some(view) = &view {
            view.state
                .expect_identity(&self.identity(), &self.handle.encrypted.location())?;
        }
        Ok(view)
    }

    /// The state as it is now; an empty one when there never was one.
    pub(super) async fn state(&self) -> Result<State, CliError> {
        Ok(self
            .view()
            .await?
            .map_or_else(|| self.no_state(), |view| view.state))
    }

    fn no_state(&self) -> State {
        State::new(&self.identity(), String::new())
    }

    /// The state, open for writing.
    pub(super) async fn open(&self, command: &str) -> Result<Store, CliError> {
        let holder = provenance::holder(command, self.deployment.global.declared.is_none())?;
        let mut store_settings = tenon_state::Settings::default();
        store_settings.terms.wait = Duration::from_secs(self.deployment.global.lock_timeout.into());
        Ok(Store::open_with(self.backend(), holder, self.identity(), store_settings).await?)
    }

    /// Opens the environment's cloud; a state that was applied pins its account and region.
    pub(super) async fn connect(&self, state: &State) -> Result<Connected, CliError> {
        let pinned = (!state.account.is_empty()).then(|| Target {
            account: state.account.clone(),
            region: state.region.clone(),
        });
        let connected = self.deployment.connect(&self.aws, pinned).await?;
        tenon_planner::admit_recorded(&*connected.cloud, &connected.caller, state).await?;
        let endpoints = &connected.caller.endpoints;
        if !endpoints.is_empty() {
            self.ui
                .note(&format!("calls go to {} instead of AWS", listed(endpoints)));
        }
        Ok(connected)
    }

    /// As [`connect`](Self::connect), for a plan of `declared`: its lookups may be of other stacks.
    pub(super) async fn connect_for(
        &self,
        state: &State,
        declared: &Declared,
    ) -> Result<Connected, CliError> {
        let lookups = declared.lookups.values().map(|l| (l.kind.name(), &l.query));
        with_states(self.connect(state).await?, &self.deployment, &self.aws, lookups).await
    }

    /// Reads the resources of `state` in the cloud.
    pub(super) async fn read(&self, connected: &Connected, state: &State) -> Result<Refreshed, CliError> {
        let (progress, _showing) = Progress::start(&self.ui, None);
        let sink: Sink = if self.ui.json {
            tenon_planner::event::quiet()
        } else {
            progress.sink()
        };
        Ok(refresh(&*connected.cloud, state, &sink).await?)
    }

    /// Reads everything that a plan is made from.
    pub(super) async fn survey(
        &self,
        connected: &Connected,
        declared: &Declared,
        state: &State,
        select: &Select,
        destroy: bool,
    ) -> Result<Refreshed, CliError> {
        let (progress, _showing) = Progress::start(&self.ui, None);
        let sink: Sink = if self.ui.json {
            tenon_planner::event::quiet()
        } else {
            progress.sink()
        };
        let extent = Extent {
            refresh: !select.no_refresh,
            destroy,
        };
        let Connected { cloud, caller } = connected;
        Ok(survey(&**cloud, declared, caller, state, extent, &sink).await?)
    }

    /// A plan of what is to be done now, without the lock and without changing anything.
    pub(super) async fn plan(&self, select: &Select, destroy: bool) -> Result<Plan, CliError> {
        let mut declared = self.declared()?;
        let view = self.view().await?;
        if let Some(view) = &view {
            self.say_what_is_open(view);
        }
        let state = view.map_or_else(|| self.no_state(), |view| view.state);
        let connected = self.connect_for(&state, &declared).await?;
        self.fingerprint(&connected, &mut declared).await?;
        let refreshed = self
            .survey(&connected, &declared, &state, select, destroy)
            .await?;
        self.say_what_drifted(&refreshed);
        let plan = tenon_planner::plan(&declared, &refreshed, &connected.caller, &select.options(destroy))?;
        // A program has just read its files; those of a declaration are to come with it.
        if self.deployment.global.declared.is_some() {
            find_assets(&plan, &self.deployment.shelf())?;
        }
        Ok(plan)
    }

    /// A plan of what restores drift, and of none of the program's own changes.
    pub(super) async fn plan_only_drift(&self, select: &Select) -> Result<Plan, CliError> {
        let mut declared = self.declared()?;
        let state = self.state().await?;
        let connected = self.connect_for(&state, &declared).await?;
        self.fingerprint(&connected, &mut declared).await?;
        let refreshed = self.survey(&connected, &declared, &state, select, false).await?;
        let (caller, options) = (&connected.caller, select.options(false));
        Ok(only_drift(&declared, &state, &refreshed, caller, &options)?)
    }

    fn say_what_is_open(&self, view: &StateView) {
        if let Some(held) = &view.held {
            self.ui.note(&format!(
                "the state is in use by {}; this plan may soon be out of date",
                held.holder
            ));
        } else if !view.open_intents.is_empty() {
            let calls: Vec<_> = view
                .open_intents
                .iter()
                .map(|i| format!("{}:{} of {}", i.service, i.operation, i.address))
                .collect();
            self.ui.note(&format!(
                "an earlier run was interrupted during {}; the next `apply` first finds out what became of that, then plans again",
                calls.join(", ")
            ));
        }
    }

    /// Notes drift before a plan that corrects it.
    pub(super) fn say_what_drifted(&self, refreshed: &Refreshed) {
        if refreshed.drift.is_empty() || self.ui.json {
            return;
        }
        let names: Vec<_> = refreshed.drift.iter().map(|d| d.address.as_str()).collect();
        let what = if names.len() == 1 {
            "has drifted"
        } else {
            "have drifted"
        };
        self.ui
            .note(&format!("{} {what}; `drift` shows how", names.join(", ")));
    }

    /// Notes what the sandbox has without anybody having made it, where `plan` says that somebody must.
    pub(super) fn say_what_the_sandbox_has(&self, plan: &Plan) {
        if !self.deployment.env.is_sandbox() || self.ui.json {
            return;
        }
        let awaited = plan.decisions.iter().filter(|d| {
            let kind = tenon_resources::registry::find(&d.kind);
            kind.is_some_and(ResourceType::awaited) && (d.action == Action::Create || d.action.replaces())
        });
        let names: Vec<_> = awaited.map(|d| format!("`{}`", d.address)).collect();
        if !names.is_empty() {
            self.ui.note(&format!(
                "the sandbox has {}, as if somebody had made that already; in an account the apply waits for it",
                names.join(", ")
            ));
        }
    }
}

/// The longest plan that is read, in bytes: ten times that of 100,000 resources.
const LONGEST_PLAN: u64 = 1 << 32;

/// Reads a saved plan, which may be anybody's: it can be shown and verified, and nothing else.
pub(super) fn saved_plan(path: &Path) -> Result<SavedPlan, CliError> {
    let failed = |e| CliError::file("read the plan", path, e);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut text = String::new();
    // Not by its length: a pipe has none.
    let read = file
        .take(LONGEST_PLAN)
        .read_to_string(&mut text)
        .map_err(failed)?;
    if read as u64 == LONGEST_PLAN {
        return Err(CliError::failed(format!(
            "{} is too long for a plan",
            path.display()
        )));
    }
    SavedPlan::from_json(&text)
        .map_err(|e| CliError::from(e).context(format!("could not use the plan in {}", path.display())))
}
