//! One run of the script: its arguments and its response.

use std::sync::LazyLock;
use std::time::Duration;

use redis::{RedisWrite, ToRedisArgs};

use crate::connection::RedisScript;

/// One second of the service, and a margin for starts that are late by up to [`TOLERANCE`] and for calls whose
/// network latency differs.
pub(super) const WINDOW: Duration = Duration::from_millis(1_060);

/// How late a call may start. After that, its reservation is void.
pub(super) const TOLERANCE: Duration = Duration::from_millis(15);

/// The longest pause that a service can ask for.
pub(super) const MAX_PAUSE: Duration = Duration::from_secs(60);

pub(super) static SCRIPT: LazyLock<RedisScript> =
    LazyLock::new(|| RedisScript::new(include_str!("reserve.lua")));

/// What a process asks for and reports.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) wanted: usize,
    /// The most callers that waited at the same time since the last call.
    pub(super) demand: usize,
    pub(super) rate: u32,
    pub(super) throttled: u32,
    pub(super) retry_after: Duration,
    /// Whether the process started calls in the last window.
    pub(super) has_recent_starts: bool,
    /// The earliest start from now, so that it is not over when the response arrives.
    pub(super) lead: Duration,
}

/// A call with the name of the process, and the time of a test.
pub(super) struct CallOfProcess<'a> {
    pub(super) call: &'a Call,
    pub(super) process: &'a str,
    pub(super) now: Option<Duration>,
}

impl ToRedisArgs for CallOfProcess<'_> {
    fn write_redis_args<W: ?Sized + RedisWrite>(&self, out: &mut W) {
        let call = self.call;
        out.write_arg(self.process.as_bytes());
        for count in [call.wanted, call.demand] {
            out.write_arg_fmt(count);
        }
        out.write_arg_fmt(call.rate);
        out.write_arg_fmt(WINDOW.as_micros());
        out.write_arg_fmt(call.throttled);
        out.write_arg_fmt(call.retry_after.min(MAX_PAUSE).as_micros());
        out.write_arg_fmt(u8::from(call.has_recent_starts));
        out.write_arg_fmt(call.lead.as_micros());
        match self.now {
            Some(now) => out.write_arg_fmt(now.as_micros()),
            None => out.write_arg(b""),
        }
    }

    fn num_of_args(&self) -> usize {
        10
    }
}

/// The response of the script.
#[derive(Debug)]
pub(super) struct Response {
    /// The time of the server, in microseconds.
    pub(super) now: i64,
    /// The number of processes that use the rate now.
    pub(super) active: u32,
    /// The delays of the starts from `now`, in microseconds.
    pub(super) delays: Vec<i64>,
}

impl Response {
    pub(super) fn from_numbers(numbers: &[i64]) -> Option<Response> {
        let [now, active, _rate, delays @ ..] = numbers else { return None };
        let active = u32::try_from(*active).unwrap_or(1).max(1);
        Some(Response { now: *now, active, delays: delays.to_vec() })
    }
}
