//! What verbs share: the environment, its state, its cloud, and a plan made from them.

use super::{Global, Stack, backend, select::Select};
use crate::{
    Place,
    backend::Location,
    error::CliError,
    run::Env,
    ui::{Progress, Ui},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tenon_planner::{
    Declared, Plan, Target,
    event::Sink,
    refresh::{Refreshed, refresh, unrefreshed},
    sandbox::{Sandbox, SandboxConfig},
    secrets,
};
use tenon_resources::cloud::{Caller, Cloud};
use tenon_state::{Backend, FingerprintKey, Holder, Identity, Memory, State, StateHandle, StateView, Store};

/// The folder, inside of the state's, where the sandbox keeps its contents.
pub(super) const SANDBOX: &str = "sandbox";

/// The key of the fingerprints of secrets, for whoever does not keep the state on one machine; otherwise it is in a file
/// of the state's folder, beside the state and not in it.
pub(super) const FINGERPRINT_KEY: &str = "TENON_FINGERPRINT_KEY";

/// That file.
pub(super) const FINGERPRINT_FILE: &str = "fingerprint.key";

/// One run of a command, in one environment.
pub(super) struct Session<'a> {
    stack: &'a Stack<'a>,
    pub(super) env: &'a Env,
    pub(super) global: &'a Global,
    pub(super) ui: Ui,
    pub(super) folder: PathBuf,
    pub(super) location: Location,
    /// Where the state is, with nothing in front that encrypts.
    pub(super) place: Arc<dyn Backend>,
    /// What the state is read and written through.
    pub(super) backend: Arc<dyn Backend>,
}

/// A cloud, and who we are to it.
pub(super) struct Connected {
    pub(super) cloud: Arc<dyn Cloud>,
    pub(super) caller: Caller,
}

impl<'a> Session<'a> {
    /// # Errors
    /// The environment is not one of the stack's, or not named and there is more than one; or its state is kept where this
    /// binary cannot get at it.
    pub(super) async fn new(stack: &'a Stack<'a>, global: &'a Global, ui: Ui) -> Result<Self, CliError> {
        let session = Self::without_state(stack, global, ui)?;
        let (env, location, folder) = (session.env, &session.location, &session.folder);
        let StateHandle { raw, encrypted } =
            backend::open(global, env, location, folder, &session.identity()).await?;
        Ok(Self {
            place: raw,
            backend: encrypted,
            ..session
        })
    }

    /// A session that does not open the state: for `bootstrap`, before which there is no place for one.
    ///
    /// # Errors
    /// The environment is not one of the stack's, or not named and there is more than one.
    pub(super) fn without_state(stack: &'a Stack<'a>, global: &'a Global, ui: Ui) -> Result<Self, CliError> {
        let names: Vec<_> = stack
            .environments
            .iter()
            .map(|e| format!("`{}`", e.name))
            .collect();
        let env = match (&global.env, stack.environments.as_slice()) {
            (None, [one]) => one,
            (None, _) => {
                let what = format!("which environment? `{}` has {}", stack.name, names.join(", "));
                return Err(CliError::usage(what).hint("name it with `--env NAME`, or set TENON_ENV"));
            }
            (Some(name), all) => all.iter().find(|e| e.name == name).ok_or_else(|| {
                CliError::usage(format!(
                    "`{}` has no environment `{name}`; it has {}",
                    stack.name,
                    names.join(", ")
                ))
            })?,
        };
        if env.place == Place::Sandbox
            && (!global.endpoint.is_empty() || global.profile.is_some() || global.region.is_some())
        {
            return Err(CliError::usage(format!(
                "environment `{}` is the sandbox on this machine: it takes no --endpoint, --profile or --region",
                env.name
            )));
        }
        let identity = Identity {
            stack: stack.name.into(),
            env: env.name.into(),
        };
        let location = backend::location(global, env)?;
        let folder = backend::folder(global, &location, &identity);
        let nowhere = Arc::new(Memory::default());
        Ok(Self {
            stack,
            env,
            global,
            ui,
            folder,
            location,
            place: nowhere.clone(),
            backend: nowhere,
        })
    }

    /// How much faster than AWS the environment is, when it is the sandbox.
    pub(super) fn sandbox_speed(&self) -> Option<f64> {
        (self.env.place == Place::Sandbox).then_some(self.global.sandbox_speed)
    }

    /// `stack/env`.
    pub(super) fn title(&self) -> String {
        format!("{}/{}", self.stack.name, self.env.name)
    }

    /// Where the state is, and how it is kept there.
    pub(super) fn side(&self) -> StateHandle {
        StateHandle {
            raw: Arc::clone(&self.place),
            encrypted: Arc::clone(&self.backend),
        }
    }

    pub(super) fn identity(&self) -> Identity {
        Identity {
            stack: self.stack.name.into(),
            env: self.env.name.into(),
        }
    }

    /// Runs the program and checks what it declares.
    pub(super) fn declared(&self) -> Result<Declared, CliError> {
        let declared = (self.stack.declare)(self.env.name)?;
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
                CliError::usage(format!("{FINGERPRINT_KEY} is no key"))
                    .because(e)
                    .hint("`openssl rand -hex 32` makes one")
            })?,
            Err(_) => FingerprintKey::load_or_make(&self.folder.join(FINGERPRINT_FILE))?,
        };
        for unread in secrets::fingerprint(&*connected.cloud, declared, &key).await {
            self.ui.note(&format!(
                "{} could not be read: whether it changed is not known",
                unread.source
            ));
        }
        Ok(())
    }

    /// The state as it is now, without its lock; none when there never was one.
    pub(super) async fn view(&self) -> Result<Option<StateView>, CliError> {
        let view = tenon_state::inspect(&*self.backend).await?;
        if let Some(view) = &view {
            view.state
                .expect_identity(&self.identity(), &self.backend.location())?;
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
        Ok(Store::open(Arc::clone(&self.backend), Holder::here(command)?, self.identity()).await?)
    }

    /// Where this environment must be, as far as it is known: it says so itself, or its state was pinned.
    fn target(&self, state: &State) -> Option<Target> {
        match self.env.place {
            Place::Account { account, region } => Some(Target {
                account: account.into(),
                region: region.into(),
            }),
            _ if state.account.is_empty() => None,
            _ => Some(Target {
                account: state.account.clone(),
                region: state.region.clone(),
            }),
        }
    }

    /// Opens the environment's cloud, and refuses the wrong one before anything in it is read.
    pub(super) async fn connect(&self, state: &State) -> Result<Connected, CliError> {
        let target = self.target(state);
        let connected = self.cloud(target.as_ref().map(|t| t.region.as_str())).await?;
        let Caller { account, region, .. } = &connected.caller;
        match target {
            Some(t) if (&t.account, &t.region) != (account, region) => {
                let here = |account: &str, region: &str| format!("account {account} in {region}");
                Err(self.elsewhere(here(&t.account, &t.region), here(account, region)))
            }
            _ => Ok(connected),
        }
    }

    /// Opens the environment's account in `region`, or in its own: for what is not part of the environment.
    pub(super) async fn connect_in(&self, region: Option<&str>) -> Result<Connected, CliError> {
        let Place::Account { account, region: own } = self.env.place else {
            return self.cloud(region).await;
        };
        let connected = self.cloud(region.or(Some(own))).await?;
        if connected.caller.account != account {
            let here = |account: &str| format!("account {account}");
            return Err(self.elsewhere(here(account), here(&connected.caller.account)));
        }
        Ok(connected)
    }

    fn elsewhere(&self, expected: String, found: String) -> CliError {
        let env = self.env.name.into();
        tenon_planner::Error::WrongAccount { env, expected, found }.into()
    }

    async fn cloud(&self, region: Option<&str>) -> Result<Connected, CliError> {
        let cloud: Arc<dyn Cloud> = match self.env.place {
            Place::Sandbox => {
                let config = SandboxConfig {
                    seed: self.global.sandbox_seed,
                    speed: self.global.sandbox_speed,
                    ..SandboxConfig::default()
                };
                Arc::new(Sandbox::open(&self.folder.join(SANDBOX), config)?)
            }
            Place::Account { .. } | Place::FirstApply => self.aws(region).await?,
        };
        let caller = cloud.caller().await;
        let caller =
            caller.map_err(|e| CliError::failed("could not find out who we are to AWS").because(e))?;
        Ok(Connected { cloud, caller })
    }

    #[cfg(feature = "aws")]
    async fn aws(&self, region: Option<&str>) -> Result<Arc<dyn Cloud>, CliError> {
        let what = format!("AWS for environment `{}`", self.env.name);
        let aws = connect_aws(self.global, region, &what).await?;
        Ok(Arc::new(aws))
    }

    #[cfg(not(feature = "aws"))]
    #[expect(clippy::unused_async, reason = "its other half waits for AWS")]
    async fn aws(&self, _: Option<&str>) -> Result<Arc<dyn Cloud>, CliError> {
        let what = format!(
            "environment `{}` is on AWS, and this binary was built without the AWS SDK",
            self.env.name
        );
        let sandbox = self.stack.environments.iter().find(|e| e.place == Place::Sandbox);
        let error = CliError::failed(what)
            .hint("build it with: `cargo build --release --features aws` (the default features have it)");
        Err(match sandbox {
            Some(env) => error.hint(format!("or use the sandbox: `--env {}`", env.name)),
            None => error,
        })
    }

    /// What the cloud has of what `state` records.
    pub(super) async fn read(
        &self,
        connected: &Connected,
        state: &State,
        select: &Select,
    ) -> Result<Refreshed, CliError> {
        if select.no_refresh {
            return Ok(unrefreshed(state));
        }
        let (progress, _showing) = Progress::start(&self.ui, None);
        let sink: Sink = if self.ui.json {
            tenon_planner::event::quiet()
        } else {
            progress.sink()
        };
        Ok(refresh(&*connected.cloud, state, &sink).await?)
    }

    /// A plan of what is to be done now, without the lock and without changing anything.
    pub(super) async fn plan(&self, select: &Select, destroy: bool) -> Result<Plan, CliError> {
        let mut declared = self.declared()?;
        let view = self.view().await?;
        if let Some(view) = &view {
            self.say_what_is_open(view);
        }
        let state = view.map_or_else(|| self.no_state(), |view| view.state);
        let connected = self.connect(&state).await?;
        self.fingerprint(&connected, &mut declared).await?;
        let refreshed = self.read(&connected, &state, select).await?;
        self.say_what_drifted(&refreshed);
        Ok(tenon_planner::plan(
            &declared,
            &refreshed,
            &connected.caller,
            &select.options(destroy),
        )?)
    }

    fn say_what_is_open(&self, view: &StateView) {
        if let Some(held) = &view.held {
            self.ui.note(&format!(
                "the state is in use by {}; what is planned now may be out of date soon",
                held.holder
            ));
        } else if !view.open_intents.is_empty() {
            let calls: Vec<_> = view
                .open_intents
                .iter()
                .map(|i| format!("{}:{} of {}", i.service, i.operation, i.address))
                .collect();
            self.ui.note(&format!(
                "an earlier run was cut off during {}; `apply` first finds out what became of it, and then plans anew",
                calls.join(", ")
            ));
        }
    }

    /// Says that things are not as they were left, before a plan that mends them.
    pub(super) fn say_what_drifted(&self, refreshed: &Refreshed) {
        if refreshed.drift.is_empty() || self.ui.json {
            return;
        }
        let names: Vec<_> = refreshed.drift.iter().map(|d| d.address.as_str()).collect();
        let what = if names.len() == 1 {
            "is not as it was left"
        } else {
            "are not as they were left"
        };
        self.ui
            .note(&format!("{} {what}; `drift` shows how", names.join(", ")));
    }
}

/// A connection as the command line says; `region` is where, unless it says that, too.
#[cfg(feature = "aws")]
pub(super) async fn connect_aws(
    global: &Global,
    region: Option<&str>,
    what: &str,
) -> Result<tenon_resources::aws::Aws, CliError> {
    use tenon_resources::aws::{Aws, Connect};
    let mut connect = Connect {
        profile: global.profile.clone(),
        region: global.region.clone().or_else(|| region.map(ToOwned::to_owned)),
        ..Connect::default()
    };
    for super::Endpoint { service, url } in global.endpoint.iter().cloned() {
        match service {
            Some(service) => drop(connect.endpoints.insert(service, url)),
            None => connect.endpoint = Some(url),
        }
    }
    Aws::connect(connect).await.map_err(|e| {
        CliError::failed(format!("could not reach {what}"))
            .because(e)
            .hint("credentials come from the usual places: AWS_PROFILE or --profile, the environment, `aws sso login`, an instance's role")
    })
}

/// Reads a saved plan.
pub(super) fn saved_plan(path: &Path) -> Result<Plan, CliError> {
    let text = std::fs::read_to_string(path).map_err(|e| CliError::file("read the plan", path, e))?;
    Plan::from_json(&text).map_err(|e| {
        let mut error = CliError::from(e);
        error.what = format!("{}: {}", path.display(), error.what);
        error
    })
}
