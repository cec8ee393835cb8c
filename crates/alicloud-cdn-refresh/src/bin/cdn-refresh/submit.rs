//! From inputs to what is live: the commands that send something, and the one that does not.

use alicloud_cdn::Client;
use alicloud_cdn_refresh::{
    Event, Job, Journal, JournalError, Limits, Plan, Planner, PreloadOptions, Quota, StateFile,
    TargetKind,
};

use crate::args::{Global, Objects, PlanOnly, Preload, PreloadHow, Refresh, Sending, Waiting};
use crate::failure::{Exit, Failure, Unsent};
use crate::input::Inputs;
use crate::service::Service;
use crate::show::{Given, Show};
use crate::signals::Stop;
use crate::tasks;

/// `cdn-refresh refresh`.
pub(crate) async fn refresh(
    global: &Global,
    show: &Show,
    refresh: Refresh,
) -> Result<Exit, Failure> {
    let inputs = Inputs::read(&refresh.what)?;
    let planner = of_kind(&inputs, &refresh.what, refresh.kind)?.force(refresh.force);
    Purge { global, show, inputs, sending: refresh.sending, waiting: refresh.waiting }
        .run(planner.plan())
        .await
}

/// `cdn-refresh preload`.
pub(crate) async fn preload(
    global: &Global,
    show: &Show,
    preload: Preload,
) -> Result<Exit, Failure> {
    let inputs = Inputs::read(&preload.what)?;
    let planner = planner(&preload.what).preload_with(options(preload.how), inputs.urls.clone());
    Purge { global, show, inputs, sending: preload.sending, waiting: preload.waiting }
        .run(planner.plan())
        .await
}

/// `cdn-refresh plan`.
pub(crate) async fn plan(global: &Global, show: &Show, only: PlanOnly) -> Result<Exit, Failure> {
    let inputs = Inputs::read(&only.what)?;
    if inputs.is_empty() {
        return Err(nothing_given(&inputs));
    }
    let plan = of_kind(&inputs, &only.what, only.kind)?.plan();
    show.whole_plan(&plan);
    show.refused(&plan, &inputs);
    let mut is_short = false;
    if only.quota {
        let service = Service::of(global).await?;
        let quota = Quota::fetch(&service.client).await.map_err(|error| Failure::call(&error))?;
        let shortages = plan.shortages(&quota);
        shortages.iter().for_each(|shortage| show.shortage(shortage));
        is_short = !shortages.is_empty();
    }
    let is_fine = !plan.is_empty() && plan.invalid_inputs().is_empty() && !is_short;
    Ok(if is_fine { Exit::Done } else { Exit::NothingSent })
}

fn planner(objects: &Objects) -> Planner {
    Planner::new().limits(limits(objects)).only_domains(&objects.domain)
}

/// What the service documents, or less.
fn limits(objects: &Objects) -> Limits {
    let most = objects.batch_size.map_or(usize::MAX, usize::from);
    TargetKind::ALL.into_iter().fold(Limits::default(), |limits, kind| {
        let fewer = limits.batch_size_of(kind).min(most);
        limits.batch_size(kind, fewer)
    })
}

fn of_kind(
    inputs: &Inputs,
    objects: &Objects,
    kind: Option<TargetKind>,
) -> Result<Planner, Failure> {
    let urls = inputs.urls.clone();
    Ok(match kind {
        Some(TargetKind::CacheTag) => match objects.domain.as_slice() {
            [domain] => planner(objects).cache_tags(domain, urls),
            _ => {
                return Err(Failure::usage(
                    "cache tags belong to one domain: name it with --domain",
                ));
            }
        },
        Some(kind) => planner(objects).refresh_as(kind, urls),
        None => planner(objects).refresh(urls),
    })
}

fn options(how: PreloadHow) -> PreloadOptions {
    let mut options = PreloadOptions::new().l2(how.l2);
    if let Some(area) = how.area {
        options = options.area(area);
    }
    how.header.into_iter().fold(options, |options, (name, value)| options.header(name, value))
}

fn nothing_given(inputs: &Inputs) -> Failure {
    let empty: Vec<&str> = inputs.empty_files().collect();
    Failure::usage(match empty.as_slice() {
        [] => {
            "no URL was input: give URLs as arguments, a file with --file, or - for standard input"
                .to_owned()
        }
        files => format!("no URL in {}: look at what writes it", files.join(", ")),
    })
}

/// A refresh or a preload on its way.
struct Purge<'a> {
    global: &'a Global,
    show: &'a Show,
    inputs: Inputs,
    sending: Sending,
    waiting: Waiting,
}

impl Purge<'_> {
    async fn run(self, plan: Plan) -> Result<Exit, Failure> {
        let (global, show) = (self.global, self.show);
        if !self.inputs.is_empty() {
            self.inputs.empty_files().for_each(|file| show.warning(&format!("{file} has no URL")));
        }
        let stored = self.stored(&plan)?;
        let service = Service::of(global).await?;
        let stop = Stop::listen(show);
        let goes_on = stored.is_some();
        let (mut file, mut job) = match stored {
            Some((file, job)) => {
                show.resumed(&job, file.path());
                (Some(file), job)
            }
            None => {
                let job = tokio::select! {
                    job = self.checked(plan, &service.client) => job?,
                    // So far it has only asked.
                    () = stop.asked() => {
                        return Err(Failure::usage("interrupted before anything was sent: begin again"));
                    }
                };
                let file = self.sending.state.as_ref().map(|path| StateFile::create(path, &job));
                (file.transpose()?, job)
            }
        };
        let input = Given::Urls(self.sending.state.as_deref());
        let submitted = self.submit(&mut job, &service.client, file.as_mut(), goes_on, &stop).await;
        if submitted.is_err() {
            return Ok(tasks::end(show, &job, submitted, Unsent::after(stop.is_asked()), input));
        }
        if !self.waiting.wait {
            let exit = Exit::of(&job.report(), false, Unsent::after(stop.is_asked()));
            show.submitted(&job);
            show.result(&job, exit, input);
            return Ok(exit);
        }
        show.tasks(&job);
        let journal = file.as_mut().map(|file| file as &mut dyn Journal);
        let wait = job.wait(&service.client);
        let waited = tasks::follow(wait, &self.waiting.pace(), journal, show, &stop).await;
        Ok(tasks::end(show, &job, waited, Unsent::after(stop.is_asked()), input))
    }

    /// The job of the state file, if there is one that can go on.
    fn stored(&self, plan: &Plan) -> Result<Option<(StateFile, Job)>, Failure> {
        let Some(path) = &self.sending.state else { return self.input().map(|()| None) };
        let (file, job) = match StateFile::open(path) {
            Ok(stored) => stored,
            Err(error) if error.is_missing() && self.inputs.are_left_out => {
                return Err(Failure::usage(format!(
                    "state file {} does not exist, so there is no job to go on with: check its path, or \
                     give URLs to begin one",
                    path.display()
                )));
            }
            Err(error) if error.is_missing() => {
                StateFile::check_writable(path)?;
                return self.input().map(|()| None);
            }
            Err(error) => return Err(error.into()),
        };
        if self.inputs.are_left_out {
            return Ok(Some((file, job)));
        }
        self.input()?;
        let path = path.display();
        if !job.matches(plan) {
            return Err(Failure::usage(format!(
                "state file {path} is of a job with other URLs or options: name another file, or leave the \
                 URLs out to go on with that job"
            )));
        }
        // The same URLs again are most often the next version of them.
        if job.is_finished() {
            return Err(Failure::usage(format!(
                "state file {path} is of a job that is over: delete it to submit the URLs again, or leave \
                 them out to see how it ended"
            )));
        }
        self.show.refused(plan, &self.inputs);
        self.are_all_taken(plan)?;
        Ok(Some((file, job)))
    }

    fn input(&self) -> Result<(), Failure> {
        if self.inputs.is_empty() { Err(nothing_given(&self.inputs)) } else { Ok(()) }
    }

    fn are_all_taken(&self, plan: &Plan) -> Result<(), Failure> {
        let (is, them) = match plan.invalid_inputs().len() {
            0 => return Ok(()),
            _ if self.sending.partial => return Ok(()),
            1 => ("is", "it"),
            _ => ("are", "them"),
        };
        Err(Failure::usage(format!(
            "nothing was sent, because {} of the inputs {is} refused: correct {them}, or send the others \
             with --partial",
            plan.invalid_inputs().len()
        )))
    }

    /// A job of a plan that can be sent as a whole, or whose user does not mind that it cannot.
    async fn checked(&self, mut plan: Plan, client: &Client) -> Result<Job, Failure> {
        let show = self.show;
        show.plan(&plan);
        show.refused(&plan, &self.inputs);
        self.are_all_taken(&plan)?;
        if plan.is_empty() {
            return Err(Failure::usage("nothing was sent, because nothing is left to be sent"));
        }
        match Quota::fetch(client).await {
            Ok(quota) => {
                let shortages = plan.shortages(&quota);
                shortages.iter().for_each(|shortage| show.shortage(shortage));
                if !shortages.is_empty() && !self.sending.partial {
                    return Err(Failure::usage(
                        "nothing was sent, because the quota is not enough: send what fits with \
                         --partial, wait for the next day, or ask for more",
                    ));
                }
                plan.truncate_to(&quota);
                if plan.is_empty() {
                    return Err(Failure::usage(
                        "nothing was sent, because no quota is left today: wait for the next day, or ask \
                         for more",
                    ));
                }
            }
            // What would fail for every call fails here.
            Err(error) if error.is_auth() || error.is_connect() || error.is_clock_skew() => {
                return Err(Failure::call(&error));
            }
            Err(error) => show.warning(&format!("the quota is not known: {error}")),
        }
        Ok(Job::new(plan))
    }

    /// Submits what is not submitted.
    async fn submit(
        &self,
        job: &mut Job,
        client: &Client,
        mut file: Option<&mut StateFile>,
        goes_on: bool,
        stop: &Stop,
    ) -> Result<(), Failure> {
        let mut sending = self.show.sending(job);
        let telling = sending.telling();
        let mut journal = |event: &Event| -> Result<(), JournalError> {
            if let Some(file) = &mut file {
                file.record(event)?;
            }
            if matches!(event, Event::Sending { .. }) {
                stop.is_sending();
            }
            sending.show(event);
            Ok(())
        };
        // What has become of the calls is in the job.
        let _ = job
            .submit(client)
            .journal(&mut journal)
            .include_deferred(goes_on)
            .resend_unknown(self.sending.resend_unknown)
            .lookup_timeout(self.sending.lookup_timeout)
            .with_graceful_shutdown(async {
                stop.asked().await;
                telling.note("stopping after the calls under way; once more ends at once");
            })
            .await?;
        Ok(())
    }
}
