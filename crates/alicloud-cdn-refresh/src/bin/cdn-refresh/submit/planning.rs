//! Inputs and options to a plan.

use alicloud_cdn_refresh::{Limits, Plan, Planner, TargetKind};

use crate::args::{InputOptions, PreloadOptions};
use crate::deadline::Deadline;
use crate::error::CommandError;
use crate::inputs::{Inputs, MAX_INPUTS};
use crate::output::{Output, Phase};

/// Reads the inputs in another thread, because standard input may never end.
pub(super) async fn read_inputs(
    options: &InputOptions,
    output: &Output,
    deadline: Deadline,
) -> Result<Inputs, CommandError> {
    let options = options.clone();
    let reading = tokio::task::spawn_blocking(move || Inputs::read(&options));
    tokio::select! {
        inputs = output.show_phase(Phase::Inputs, reading) => inputs.unwrap_or_else(|error| {
            Err(CommandError::nothing_submitted(format!("cannot read the inputs: {error}")))
        }),
        () = deadline.passed() => Err(deadline.error(Phase::Inputs)),
    }
}

/// Fails if reading stopped at a limit, after printing what was read.
pub(super) fn check_input_limits(
    output: &Output,
    inputs: &Inputs,
    plan: &Plan,
) -> Result<(), CommandError> {
    let Some(message) = inputs.exceeded_limit() else { return Ok(()) };
    if !inputs.is_empty() {
        output.plan_summary(plan);
        output.invalid_inputs(plan, inputs);
    }
    Err(CommandError::nothing_submitted(message))
}

pub(super) fn new_planner(options: &InputOptions) -> Planner {
    Planner::new().limits(limits(options)).only_domains(&options.domain)
}

/// Returns the documented limits, lowered to `--batch-size`.
pub(super) fn limits(options: &InputOptions) -> Limits {
    let max = options.batch_size.map_or(usize::MAX, usize::from);
    let limits = Limits::default().max_inputs(MAX_INPUTS);
    TargetKind::ALL.into_iter().fold(limits, |limits, kind| {
        let batch_size = limits.batch_size_of(kind).min(max);
        limits.batch_size(kind, batch_size)
    })
}

pub(super) fn planner_for_kind(
    inputs: &mut Inputs,
    options: &InputOptions,
    kind: Option<TargetKind>,
) -> Result<Planner, CommandError> {
    let urls = inputs.take_urls();
    Ok(match kind {
        // The job to resume has its domain.
        Some(TargetKind::CacheTag) if inputs.are_omitted => new_planner(options),
        Some(TargetKind::CacheTag) => match options.domain.as_slice() {
            [domain] => new_planner(options).cache_tags(domain, urls),
            _ => {
                return Err(CommandError::nothing_submitted(
                    "cache tags require exactly one domain; specify it with --domain",
                ));
            }
        },
        Some(kind) => new_planner(options).refresh_as(kind, urls),
        None => new_planner(options).refresh(urls),
    })
}

pub(super) fn preload_options(options: PreloadOptions) -> alicloud_cdn_refresh::PreloadOptions {
    let mut result = alicloud_cdn_refresh::PreloadOptions::new().l2(options.l2);
    if let Some(area) = options.area {
        result = result.area(area);
    }
    options.header.into_iter().fold(result, |result, (name, value)| result.header(name, value))
}

pub(super) fn no_inputs_error(inputs: &Inputs) -> CommandError {
    let empty_files: Vec<&str> = inputs.empty_files().collect();
    CommandError::nothing_submitted(match empty_files.as_slice() {
        [] => "no URL specified; pass URLs as arguments, --file FILE, or - to read standard input"
            .to_owned(),
        files => format!("no URL in {}; check the program that writes it", files.join(", ")),
    })
}
