//! A fake of Alibaba Cloud DNS that keeps the records of zones.

#![allow(
    clippy::indexing_slicing,
    reason = "indexing a JSON object by a name gives null or adds it"
)]

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use alicloud_fake::{OperationError, ReceivedCall, Spec};
use serde_json::{Value, json};

use super::fake::{Fake, Page, refused, with_state};

const DESCRIPTION: &str = include_str!("../../../specs/alidns/2015-01-09/api.json");

/// How long a new record is not listed.
const LAG: Duration = Duration::from_secs(3);

#[derive(Default)]
struct Records {
    last_id: u64,
    /// As in responses, with the times at which they were added.
    records: Vec<(SystemTime, Value)>,
}

/// Starts a service with zones that have no records.
pub(crate) async fn start(zones: &'static [&'static str]) -> Result<Fake, Box<dyn Error>> {
    let records = Arc::new(Mutex::new(Records::default()));
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("DescribeDomains", |call| {
            let page = Page::requested(call);
            let domains: Vec<Value> =
                page.select(zones).iter().map(|zone| json!({ "DomainName": zone })).collect();
            Ok(json!({ "TotalCount": zones.len(), "PageNumber": page.number,
                "PageSize": page.size, "Domains": { "Domain": domains } }))
        })?
        .handle("AddDomainRecord", with_state(&records, add))?
        .handle("DescribeSubDomainRecords", with_state(&records, list))?
        .handle("DeleteDomainRecord", with_state(&records, delete))?;
    Fake::start(spec).await
}

fn add(records: &mut Records, call: &ReceivedCall) -> Result<Value, OperationError> {
    let mut record = json!({ "TTL": 600, "Line": "default", "Status": "ENABLE", "Locked": false });
    for name in ["DomainName", "RR", "Type", "Value"] {
        record[name] = json!(call.param(name));
    }
    let is_same = |other: &Value| {
        ["DomainName", "RR", "Type", "Value"].iter().all(|name| record.get(name) == other.get(name))
    };
    if records.records.iter().any(|(_, other)| is_same(other)) {
        return Err(refused("DomainRecordDuplicate", "The record exists already."));
    }
    records.last_id += 1;
    record["RecordId"] = json!(format!("9000000000000000{:02}", records.last_id));
    let id = record["RecordId"].clone();
    records.records.push((call.received_at, record));
    Ok(json!({ "RecordId": id }))
}

/// Returns the full name of a record.
fn name(record: &Value) -> String {
    let zone = record["DomainName"].as_str().unwrap_or_default().trim_end_matches('.');
    match record["RR"].as_str().unwrap_or_default() {
        "@" => zone.to_owned(),
        host => format!("{host}.{zone}"),
    }
}

fn list(records: &mut Records, call: &ReceivedCall) -> Result<Value, OperationError> {
    let wanted = call.param("SubDomain").unwrap_or_default();
    let is_listed = |(added_at, record): &&(SystemTime, Value)| {
        *added_at + LAG <= call.received_at
            && name(record).eq_ignore_ascii_case(wanted)
            && call.param("Type").is_none_or(|kind| record["Type"] == kind)
    };
    let listed: Vec<&Value> =
        records.records.iter().filter(is_listed).map(|(_, record)| record).collect();
    let page = Page::requested(call);
    Ok(json!({ "TotalCount": listed.len(), "PageNumber": page.number, "PageSize": page.size,
        "DomainRecords": { "Record": page.select(&listed) } }))
}

fn delete(records: &mut Records, call: &ReceivedCall) -> Result<Value, OperationError> {
    let id = call.param("RecordId").unwrap_or_default();
    let before = records.records.len();
    records.records.retain(|(_, record)| record["RecordId"] != id);
    if records.records.len() == before {
        return Err(refused("DomainRecordNotBelongToUser", "The account has no such record."));
    }
    Ok(json!({ "RecordId": id }))
}
