//! A fake of Alibaba Cloud DNS that keeps the records of zones.

#![allow(
    clippy::indexing_slicing,
    reason = "indexing a JSON object by a name gives null or adds it"
)]

use std::error::Error;
use std::sync::{Arc, Mutex};

use alicloud_fake::{FakeService, OperationError, ReceivedCall, Spec};
use http::StatusCode;
use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("../../../specs/alidns/2015-01-09/api.json");

#[derive(Default)]
struct Records {
    last_id: u64,
    /// As in responses.
    records: Vec<Value>,
}

/// Starts a service with zones that have no records.
pub(crate) async fn start(zones: &'static [&'static str]) -> Result<FakeService, Box<dyn Error>> {
    let records = Arc::new(Mutex::new(Records::default()));
    let with_records = |operation: fn(&mut Records, &ReceivedCall) -> _| {
        let records = Arc::clone(&records);
        move |call: &ReceivedCall| match records.lock() {
            Ok(mut records) => operation(&mut records, call),
            Err(_) => Err(refused("InternalError", "An earlier call panicked.")),
        }
    };
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("DescribeDomains", |_| {
            let domains: Vec<Value> =
                zones.iter().map(|zone| json!({ "DomainName": zone })).collect();
            Ok(json!({ "TotalCount": domains.len(), "PageNumber": 1, "PageSize": 20,
                "Domains": { "Domain": domains } }))
        })?
        .handle("AddDomainRecord", with_records(add))?
        .handle("DescribeSubDomainRecords", with_records(list))?
        .handle("DeleteDomainRecord", with_records(delete))?;
    Ok(FakeService::builder().spec(spec)?.start().await?)
}

fn refused(code: &str, message: &str) -> OperationError {
    OperationError::new(StatusCode::BAD_REQUEST, code, message)
}

fn add(records: &mut Records, call: &ReceivedCall) -> Result<Value, OperationError> {
    let mut record = json!({ "TTL": 600, "Line": "default", "Status": "ENABLE", "Locked": false });
    for name in ["DomainName", "RR", "Type", "Value"] {
        record[name] = json!(call.param(name));
    }
    let is_same = |other: &Value| {
        ["DomainName", "RR", "Type", "Value"].iter().all(|name| record.get(name) == other.get(name))
    };
    if records.records.iter().any(is_same) {
        return Err(refused("DomainRecordDuplicate", "The record exists already."));
    }
    records.last_id += 1;
    record["RecordId"] = json!(format!("9000000000000000{:02}", records.last_id));
    let id = record["RecordId"].clone();
    records.records.push(record);
    Ok(json!({ "RecordId": id }))
}

fn list(records: &mut Records, call: &ReceivedCall) -> Result<Value, OperationError> {
    let name = |record: &Value| {
        format!(
            "{}.{}",
            record["RR"].as_str().unwrap_or_default(),
            record["DomainName"].as_str().unwrap_or_default()
        )
    };
    let is_listed = |record: &&Value| {
        call.param("SubDomain") == Some(name(record).as_str())
            && call.param("Type").is_none_or(|kind| record["Type"] == kind)
    };
    let listed: Vec<&Value> = records.records.iter().filter(is_listed).collect();
    Ok(json!({ "TotalCount": listed.len(), "PageNumber": 1, "PageSize": 20,
        "DomainRecords": { "Record": listed } }))
}

fn delete(records: &mut Records, call: &ReceivedCall) -> Result<Value, OperationError> {
    let id = call.param("RecordId").unwrap_or_default();
    let before = records.records.len();
    records.records.retain(|record| record["RecordId"] != id);
    if records.records.len() == before {
        return Err(refused("DomainRecordNotBelongToUser", "The account has no such record."));
    }
    Ok(json!({ "RecordId": id }))
}
