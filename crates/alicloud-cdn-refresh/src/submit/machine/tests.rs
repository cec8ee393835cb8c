//! Replays: what the machine decides after each input, with one test per row of the tables in
//! ARCHITECTURE.md.

use std::time::UNIX_EPOCH;

use super::*;
use crate::kind::TargetKind;
use crate::plan::Planner;
use crate::submit::failure::Throttling;

const THROTTLED: Effect = throttled(None);

const fn throttled(retry_after: Option<Duration>) -> Effect {
    Effect::Throttled(Throttling { retry_after, is_minute_quota: true })
}

/// A machine with its job, and a clock that moves one second per call.
struct Replay {
    machine: Machine,
    job: Job,
    now: SystemTime,
}

impl Replay {
    /// Regular expressions get a call each. The domains are `a.example`, `b.example` and so on.
    fn new(domains: &str, options: Options) -> Self {
        let url = |(index, domain)| format!("https://{domain}.example/{index}/.*");
        let urls: Vec<String> = domains.chars().enumerate().map(url).collect();
        let job = Job::new(Planner::new().refresh_as(TargetKind::Regex, &urls).plan());
        Replay::resume(job, options)
    }

    fn resume(job: Job, options: Options) -> Self {
        Replay { machine: Machine::new(options), job, now: UNIX_EPOCH }
    }

    fn input(&mut self, input: Input) -> Vec<String> {
        self.machine.handle(&self.job, input);
        self.actions()
    }

    /// Does all actions up to the next wait, and returns them.
    fn actions(&mut self) -> Vec<String> {
        let mut actions = Vec::new();
        loop {
            let action = self.machine.next(&self.job);
            actions.push(match &action {
                Action::Send(call) => {
                    self.now += Duration::from_secs(1);
                    self.job.apply(&Event::Sending { call: *call, sent_at: self.now });
                    format!("send {call}")
                }
                Action::Record(event) => {
                    self.job.apply(event);
                    let name =
                        serde_json::to_value(event).unwrap()["event"].as_str().unwrap().to_owned();
                    format!("{name} {}", event.call())
                }
                Action::LookUp(calls) => format!("look up {calls:?}"),
                Action::StartTimer(queue, wait) => format!("timer {} {wait:?}", queue.domain),
                Action::Await | Action::End => format!("{action:?}").to_lowercase(),
            });
            if matches!(action, Action::Await | Action::End | Action::LookUp(_)) {
                return actions;
            }
        }
    }

    fn end(&mut self, call: usize, result: Result<&str, (Outcome, Effect)>) -> Vec<String> {
        let sent_at = self.job.calls[call].lost_response().expect("it is being sent").0;
        let result = match result {
            Ok(task_id) => Ok(vec![task_id.to_owned()]),
            Err((outcome, effect)) => {
                Err(Failure { error: StoredError::new("failed", "retry"), outcome, effect })
            }
        };
        self.input(Input::CallEnded { call, sent_at, result })
    }

    fn wait_over(&mut self, domain: &str) -> Vec<String> {
        let domain = format!("{domain}.example");
        self.input(Input::WaitOver(QueueKey { kind: TargetKind::Regex, domain }))
    }

    fn lookup_ended(&mut self, events: Vec<Event>, looked_up: &[usize]) -> Vec<String> {
        self.input(Input::LookupEnded(LookupOutcome { events, looked_up: looked_up.to_vec() }))
    }
}

fn options(concurrency: usize) -> Options {
    Options { concurrency, include_deferred: false, resend_unknown: false }
}

/// A submission that lost the response of its only call, and ended.
fn lost_response() -> Job {
    let mut replay = Replay::new("a", options(1));
    replay.actions();
    replay.end(0, Err((Outcome::Unknown, Effect::None)));
    replay.lookup_ended(Vec::new(), &[]);
    replay.job
}

#[test]
fn an_accepted_call_makes_room_for_the_next() {
    let mut replay = Replay::new("abc", options(2));
    assert_eq!(replay.actions(), ["send 0", "send 1", "await"]);
    assert_eq!(replay.end(1, Ok("17")), ["sent 1", "send 2", "await"]);
    assert_eq!(replay.end(0, Ok("18")), ["sent 0", "await"]);
    assert_eq!(replay.end(2, Ok("19")), ["sent 2", "end"]);
}

#[test]
fn a_rejected_call_does_not_affect_others() {
    let mut replay = Replay::new("aa", options(1));
    replay.actions();
    let rejected = Err((Outcome::Rejected, Effect::None));
    assert_eq!(replay.end(0, rejected), ["rejected 0", "send 1", "await"]);
}

#[test]
fn a_response_without_a_task_id_is_looked_up_at_the_end() {
    let mut replay = Replay::new("ab", options(1));
    replay.actions();
    assert_eq!(replay.end(0, Ok("")), ["unknown 0", "send 1", "await"]);
    assert_eq!(replay.end(1, Ok("17")), ["sent 1", "look up [0]"]);
    let found = Event::Sent { call: 0, sent_at: UNIX_EPOCH, task_ids: vec!["18".to_owned()] };
    assert_eq!(replay.lookup_ended(vec![found], &[0]), ["sent 0", "end"]);
}

#[test]
fn a_throttled_queue_waits_and_the_others_go_on() {
    let mut replay = Replay::new("aaab", options(2));
    assert_eq!(replay.actions(), ["send 0", "send 1", "await"]);
    let rejected = || Err((Outcome::Rejected, THROTTLED));
    assert_eq!(
        replay.end(1, rejected()),
        ["timer a.example 60s", "throttled 1", "send 3", "await"],
        "call 2 is held"
    );
    assert_eq!(replay.end(0, rejected()), ["throttled 0", "await"], "the queue waits already");
    assert_eq!(replay.end(3, Ok("17")), ["sent 3", "await"]);
    assert_eq!(replay.wait_over("a"), ["send 0", "send 1", "await"], "in order");
    assert_eq!(replay.end(0, Ok("18")), ["sent 0", "send 2", "await"]);
}

#[test]
fn a_queue_that_was_throttled_for_ten_minutes_is_closed() {
    let mut replay = Replay::new("aab", options(1));
    replay.actions();
    for _ in 0..10 {
        let throttled = replay.end(0, Err((Outcome::Rejected, THROTTLED)));
        assert_eq!(throttled[..2], ["timer a.example 60s", "throttled 0"]);
        if throttled[2] == "send 2" {
            assert_eq!(replay.end(2, Ok("17")), ["sent 2", "await"]);
        }
        assert_eq!(replay.wait_over("a"), ["send 0", "await"]);
    }
    let closed = replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    assert_eq!(closed, ["not-sent 0", "not-sent 1", "end"]);
}

#[test]
fn an_accepted_call_restarts_the_ten_minutes() {
    let mut replay = Replay::new("aaa", options(1));
    replay.actions();
    for call in 0..3 {
        for _ in 0..9 {
            replay.end(call, Err((Outcome::Rejected, THROTTLED)));
            assert_eq!(replay.wait_over("a")[0], format!("send {call}"));
        }
        assert_eq!(replay.end(call, Ok("17"))[0], format!("sent {call}"));
    }
}

#[test]
fn a_hint_of_more_than_ten_minutes_closes_the_queue() {
    let mut replay = Replay::new("a", options(1));
    replay.actions();
    let hour = throttled(Some(Duration::from_secs(3600)));
    assert_eq!(replay.end(0, Err((Outcome::Rejected, hour))), ["not-sent 0", "end"]);
}

#[test]
fn an_exhausted_quota_closes_the_queues_of_its_kind() {
    let mut replay = Replay::new("aabb", options(2));
    assert_eq!(replay.actions(), ["send 0", "send 1", "await"]);
    replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    let exhausted = replay.end(1, Err((Outcome::Rejected, Effect::ExhaustsKind)));
    assert_eq!(exhausted, ["rejected 1", "not-sent 3", "not-sent 0", "await"]);
    assert_eq!(replay.wait_over("a"), ["await"], "the timer of a queue that no longer waits");
    assert_eq!(replay.end(2, Ok("17")), ["sent 2", "end"], "it does not wait for the timer");
}

#[test]
fn a_throttled_call_of_a_closed_queue_does_not_wait() {
    let mut replay = Replay::new("aaa", options(2));
    assert_eq!(replay.actions(), ["send 0", "send 1", "await"]);
    let exhausted = replay.end(0, Err((Outcome::Rejected, Effect::ExhaustsKind)));
    assert_eq!(exhausted, ["rejected 0", "not-sent 2", "await"]);
    assert_eq!(replay.end(1, Err((Outcome::Rejected, THROTTLED))), ["not-sent 1", "end"]);
}

#[test]
fn an_error_of_every_call_closes_all_queues() {
    let mut replay = Replay::new("aabc", options(1));
    replay.actions();
    let failed = replay.end(0, Err((Outcome::NotSent, Effect::StopsAll)));
    assert_eq!(failed, ["not-sent 0", "not-sent 1", "not-sent 2", "not-sent 3", "end"]);
}

#[test]
fn a_stop_starts_nothing_and_awaits_running_calls() {
    let mut replay = Replay::new("aab", options(2));
    replay.actions();
    replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    assert_eq!(replay.input(Input::Stop), ["await"]);
    assert_eq!(replay.wait_over("a"), ["await"]);
    assert_eq!(replay.end(1, Err((Outcome::Unknown, Effect::None))), ["unknown 1", "await"]);
    assert_eq!(replay.end(2, Ok("17")), ["sent 2", "end"], "no lookup");
}

#[test]
fn a_call_that_is_held_at_a_stop_stays_planned() {
    let mut replay = Replay::new("aab", options(2));
    replay.actions();
    replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    replay.input(Input::Stop);
    let closes_all = Err((Outcome::Rejected, Effect::StopsAll));
    assert_eq!(replay.end(1, closes_all), ["rejected 1", "await"], "0 stays as it was");
    assert_eq!(replay.end(2, Ok("17")), ["sent 2", "end"]);

    // While all queues wait.
    let mut replay = Replay::new("ab", options(1));
    replay.actions();
    replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    replay.end(1, Err((Outcome::Rejected, THROTTLED)));
    assert_eq!(replay.input(Input::Stop), ["end"]);
}

#[test]
fn a_call_that_cannot_be_recorded_is_not_sent() {
    let mut replay = Replay::new("ab", options(2));
    assert!(matches!(replay.machine.next(&replay.job), Action::Send(0)));
    replay.machine.handle(&replay.job, Input::CallNotStarted);
    assert_eq!(replay.input(Input::Stop), ["end"]);
}

#[test]
fn calls_that_an_earlier_submission_lost_are_looked_up_first() {
    let job = lost_response();
    let mut replay = Replay::resume(job.clone(), options(1));
    assert_eq!(replay.actions(), ["look up [0]"]);
    assert_eq!(replay.lookup_ended(Vec::new(), &[0]), ["end"], "it is not resent");

    let mut replay = Replay::resume(job, options(1));
    assert_eq!(replay.actions(), ["look up [0]"]);
    assert_eq!(replay.input(Input::Stop), ["await"], "what was found until then counts");
    let found = Event::Sent { call: 0, sent_at: UNIX_EPOCH, task_ids: vec!["18".to_owned()] };
    assert_eq!(replay.lookup_ended(vec![found], &[]), ["sent 0", "end"]);
}

#[test]
fn only_calls_that_were_looked_up_are_resent() {
    let resend = Options { resend_unknown: true, ..options(1) };
    for (looked_up, expected) in [(&[0][..], ["send 0", "await"].as_slice()), (&[], &["end"])] {
        let mut replay = Replay::resume(lost_response(), resend);
        replay.actions();
        assert_eq!(replay.lookup_ended(Vec::new(), looked_up), expected);
    }
}

#[test]
fn a_resent_call_that_fails_stays_unknown() {
    let resend = Options { resend_unknown: true, ..options(1) };
    let first_sent_at = lost_response().calls[0].lost_response();
    for (outcome, effect) in [
        (Outcome::NotSent, Effect::StopsAll),
        (Outcome::Rejected, Effect::ExhaustsKind),
        (Outcome::Rejected, throttled(Some(Duration::MAX))),
    ] {
        let mut replay = Replay::resume(lost_response(), resend);
        replay.actions();
        replay.now += Duration::from_secs(100);
        replay.lookup_ended(Vec::new(), &[0]);
        assert_eq!(replay.end(0, Err((outcome, effect))), ["unknown 0", "end"]);
        assert_eq!(replay.job.calls[0].lost_response(), first_sent_at);
    }
}

#[test]
fn a_resent_call_that_is_throttled_is_sent_after_the_wait() {
    let resend = Options { resend_unknown: true, ..options(1) };
    let mut job = Replay::new("ab", options(1)).job;
    job.apply(&Event::Sending { call: 0, sent_at: UNIX_EPOCH });
    let mut replay = Replay::resume(job, resend);
    replay.actions();
    replay.lookup_ended(Vec::new(), &[0]);
    let throttled = replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    assert_eq!(throttled, ["timer a.example 60s", "unknown 0", "send 1", "await"]);
    let interrupted = replay.job.clone();
    assert_eq!(replay.wait_over("a"), ["await"], "call 1 is running");
    assert_eq!(replay.end(1, Ok("17")), ["sent 1", "send 0", "await"]);
    assert_eq!(replay.end(0, Ok("18")), ["sent 0", "end"]);

    // Without a connection, it stays unknown without another event.
    let mut replay = Replay::resume(interrupted, resend);
    assert_eq!(replay.actions(), ["look up [0, 1]"]);
    let sent = replay.lookup_ended(Vec::new(), &[0, 1]);
    assert_eq!(sent, ["send 0", "await"]);
    let throttled = replay.end(0, Err((Outcome::Rejected, THROTTLED)));
    assert_eq!(throttled, ["timer a.example 60s", "unknown 0", "send 1", "await"]);
    let closed = replay.end(1, Err((Outcome::NotSent, Effect::StopsAll)));
    assert_eq!(closed, ["unknown 1", "end"]);
}

#[test]
fn a_job_without_calls_to_send_ends_at_once() {
    let mut replay = Replay::new("", options(1));
    assert_eq!(replay.actions(), ["end"]);
    let resend = Options { concurrency: usize::MAX, include_deferred: true, resend_unknown: true };
    let mut replay = Replay::resume(Job::from_task_ids(["17", "18"]).unwrap(), resend);
    assert_eq!(replay.actions(), ["end"]);
}

#[test]
fn a_resent_call_that_loses_its_response_again_is_looked_up_again() {
    let mut replay =
        Replay::resume(lost_response(), Options { resend_unknown: true, ..options(1) });
    replay.actions();
    replay.now += Duration::from_secs(100);
    assert_eq!(replay.lookup_ended(Vec::new(), &[0]), ["send 0", "await"]);
    let lost = replay.end(0, Err((Outcome::Unknown, Effect::None)));
    assert_eq!(lost, ["unknown 0", "look up [0]"]);
}
