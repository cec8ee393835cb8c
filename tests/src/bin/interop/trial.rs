//! One client doing all cases in one way, and what both sides have to tell of it.

use std::collections::BTreeMap;
use std::io;
use std::time::SystemTime;

use alicloud_fake::RecordedRequest;
use serde_json::Value;

use crate::cases::{CASES, Case};
use crate::compare::{self, Difference};
use crate::contestant::{Call, Contestant, Outcome, Said};
use crate::deviation::{DEVIATIONS, Place};
use crate::driver::Official;
use crate::service::Service;
use crate::way::Way;

pub(crate) struct Trial {
    pub(crate) way: Way,
    pub(crate) rows: Vec<Row>,
}

/// What came of one case.
pub(crate) struct Row {
    pub(crate) case: &'static Case,
    pub(crate) operation: &'static str,
    pub(crate) said: Said,
    /// What the service received meanwhile, which should be one request.
    pub(crate) received: Vec<RecordedRequest>,
}

/// What earlier answers have told that later calls need.
#[derive(Default)]
pub(crate) struct Memory {
    ids: BTreeMap<&'static str, String>,
    time: String,
}

impl Memory {
    /// The ids that a case was answered with. None is no id, so it cannot go unnoticed.
    pub(crate) fn id(&self, case: &str) -> &str {
        self.ids.get(case).map_or("none", String::as_str)
    }

    /// The creation time of the first task that was seen.
    pub(crate) fn time(&self) -> &str {
        &self.time
    }

    fn learn(&mut self, case: &'static str, said: &Said) {
        let Outcome::Answer(answer) = &said.outcome else { return };
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let id = ["RefreshTaskId", "PushTaskId"].into_iter().find_map(|name| answer.get(name));
        if let Some(id) = id.and_then(text) {
            self.ids.insert(case, id);
        }
        if self.time.is_empty() {
            self.time = answer.pointer("/Tasks/0/CreationTime").and_then(text).unwrap_or_default();
        }
    }
}

impl Trial {
    pub(crate) async fn run(
        way: Way,
        contestant: &mut Contestant,
        start: SystemTime,
    ) -> io::Result<Self> {
        let service = Service::start(start).await?;
        let mut memory = Memory::default();
        let mut rows = Vec::new();
        for case in CASES {
            service.wait(case.wait);
            let ask = (case.ask)(&memory);
            let operation = ask.operation;
            let before = service.requests().len();
            let call = Call { address: service.address(), key: case.key, way, ask };
            let said = contestant.call(call).await;
            memory.learn(case.name, &said);
            let received = service.requests().into_iter().skip(before).collect();
            rows.push(Row { case, operation, said, received });
        }
        Ok(Trial { way, rows })
    }
}

/// How an official client compares with ours, in one way.
pub(crate) struct Verdict {
    pub(crate) client: &'static str,
    pub(crate) way: Way,
    pub(crate) rows: Vec<Judged>,
}

/// One case, compared.
pub(crate) struct Judged {
    pub(crate) case: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) by_name: bool,
    /// What differs although it should not.
    pub(crate) differences: Vec<Difference>,
    /// Which of the deviations were met.
    pub(crate) deviations: Vec<usize>,
}

impl Verdict {
    pub(crate) fn of(official: &Official, ours: Option<&Trial>, theirs: &Trial) -> Self {
        let own = ours.map_or(&[][..], |ours| &ours.rows);
        let place = Place { client: official.name, way: theirs.way };
        let rows =
            own.iter().zip(&theirs.rows).map(|(own, other)| judge(&place, own, other)).collect();
        Verdict { client: official.name, way: theirs.way, rows }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.rows.len() == CASES.len()
    }
}

fn judge(place: &Place, ours: &Row, theirs: &Row) -> Judged {
    let mut judged = Judged {
        case: theirs.case.name,
        operation: theirs.operation,
        by_name: theirs.said.by_name,
        differences: Vec::new(),
        deviations: Vec::new(),
    };
    for difference in compare::rows(place.way, ours, theirs) {
        match DEVIATIONS.iter().position(|deviation| deviation.covers(place, &difference)) {
            Some(known) => judged.deviations.push(known),
            None => judged.differences.push(difference),
        }
    }
    judged
}
