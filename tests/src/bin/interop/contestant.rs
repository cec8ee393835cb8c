//! A client that is given cases, and what it says about each.

use serde::Deserialize;
use serde_json::Value;

use crate::cases::Ask;
use crate::driver::Driver;
use crate::key::Key;
use crate::ours;
use crate::way::Way;

pub(crate) enum Contestant {
    Ours,
    Official(Box<Driver>),
}

/// One call, as a client is asked to make it.
pub(crate) struct Call<'a> {
    pub(crate) address: &'a str,
    pub(crate) key: Key,
    pub(crate) way: Way,
    pub(crate) ask: Ask,
}

/// What became of a call, in the client's own words.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Said {
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
    /// Whether the client had to be given names because it has no types for the call.
    #[serde(default)]
    pub(crate) by_name: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// The response, with the names of the wire.
    Answer(Value),
    /// The service's refusal, as far as the client understood it.
    Error(Refusal),
    /// The client has nothing to say but a complaint of its own.
    Broken(String),
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
}

impl Contestant {
    pub(crate) async fn call(&mut self, call: Call<'_>) -> Said {
        match self {
            Contestant::Ours => ours::call(call).await,
            Contestant::Official(driver) => driver.call(&call).await,
        }
    }
}
