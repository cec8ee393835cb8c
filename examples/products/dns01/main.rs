//! Proves with DNS-01 challenges of ACME that names are yours: adds a TXT record, has it checked, and removes it
//! again, also if the check fails.
//!
//! Alibaba Cloud DNS is a fake service in this process. It loses its first response to `AddDomainRecord`, so that
//! the program does not know whether the record was added, and lists new records only after some seconds.

#[path = "../fake.rs"]
mod fake;
#[cfg(test)]
mod tests;
mod zones;

use std::error::Error;
use std::time::Duration;

use alicloud_alidns::model::{
    AddDomainRecordRequest, DeleteDomainRecordRequest, DescribeDomainsRequest,
    DescribeSubDomainRecordsRequest,
};
use alicloud_alidns::{Client, error_code};
use alicloud_core::{Outcome, PollStatus};
use alicloud_fake::ScriptedResponse;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = zones::start(&["example.com", "_acme-challenge.shop.example.com"]).await?;
    fake.service.enqueue(ScriptedResponse::response_lost().for_operation("AddDomainRecord"));
    let client = fake.client(Client::builder())?; // for the real service: `Client::from_env()?`

    // The values are SHA-256 hashes in base64url, as an ACME client has them.
    for (name, value) in [
        ("_acme-challenge.www.example.com", "lxGOgYFgIdjqx-XAhrdIKRC2RzhY4rsDFCyd9EcpgVM"),
        ("_acme-challenge.shop.example.com", "9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"),
    ] {
        let record = TxtRecord::in_zone(&client, name, value).await?;
        println!("{name} is {} in the zone {}", record.host, record.zone);
        let check = Box::pin(async {
            // The name servers need some seconds. Then have the ACME server check the record.
            client.core().clock().sleep(Duration::from_secs(10)).await;
            println!("record {:?} is in place", find(client.clone(), record.clone()).await?);
            Ok(())
        });
        with_record(&client, &record, check).await?;
        println!("removed, left: {:?}", find(client.clone(), record.clone()).await?);
    }
    assert_eq!((fake.calls("AddDomainRecord"), fake.calls("DeleteDomainRecord")), (2, 2));
    Ok(())
}

#[derive(Debug, Clone)]
struct TxtRecord {
    name: String,
    zone: String,
    /// The part of the name before the zone, `@` for the zone itself.
    host: String,
    value: String,
}

impl TxtRecord {
    /// Finds the managed domain that a name is in: the longest one, since a subdomain can be managed on its own.
    async fn in_zone(client: &Client, name: &str, value: &str) -> Result<Self, Box<dyn Error>> {
        let name = normalized(name);
        let request = DescribeDomainsRequest::new().page_size(100);
        let domains = client.describe_domains_items(request).collect_all().await?;
        let zones = domains.into_iter().filter_map(|domain| {
            let zone = domain.domain_name?;
            let ascii = domain.puny_code.filter(|name| !name.is_empty());
            let ascii = normalized(ascii.as_deref().unwrap_or(&zone));
            Some((ascii.len(), host_part(&name, &ascii)?.to_owned(), zone))
        });
        let longest = zones.max_by_key(|(length, ..)| *length);
        let (_, host, zone) =
            longest.ok_or_else(|| format!("the account has no zone of {name}"))?;
        Ok(TxtRecord { name, zone, host, value: value.to_owned() })
    }
}

fn normalized(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn host_part<'a>(name: &'a str, zone: &str) -> Option<&'a str> {
    match name.strip_suffix(zone)? {
        "" => Some("@"),
        rest => rest.strip_suffix('.'),
    }
}

/// Adds a record, awaits `check`, and removes the record whatever the check returns.
async fn with_record(
    client: &Client,
    record: &TxtRecord,
    check: impl Future<Output = Result<(), Box<dyn Error>>>,
) -> Result<(), Box<dyn Error>> {
    let added = add(client, record).await?;
    let checked = check.await;
    let removed = match added {
        Some(record_id) => remove(client, &record_id).await,
        None => Ok(()),
    };
    checked?;
    Ok(removed?)
}

/// Adds a record and returns its id, or `None` if it exists already: then another run added and removes it.
/// Records of other challenges for the name have other values.
async fn add(client: &Client, record: &TxtRecord) -> Result<Option<String>, Box<dyn Error>> {
    if find(client.clone(), record.clone()).await?.is_some() {
        return Ok(None);
    }
    let request = AddDomainRecordRequest::new()
        .domain_name(&record.zone)
        .rr(&record.host)
        .r#type("TXT")
        .value(&record.value);
    let error = match client.add_domain_record(request).await {
        Ok(response) => return Ok(Some(response.record_id.ok_or("the record has no id")?)),
        Err(error) if error.code() == Some(error_code::DOMAIN_RECORD_DUPLICATE) => return Ok(None),
        Err(error) if error.outcome() != Outcome::Unknown => return Err(error.into()),
        Err(error) => error,
    };
    println!("may be in place: {error}");
    let (find_client, wanted) = (client.clone(), record.clone());
    let is_listed = |record_id: &Option<String>| {
        PollStatus::from_state(record_id.as_ref().map(|_| "listed"), &["listed"], &[])
    };
    let wait = client
        .core()
        .wait_until(move || find(find_client.clone(), wanted.clone()), is_listed)
        .max_wait(Duration::from_secs(30));
    Ok(wait.await.map_err(|_| format!("{error}; if {record:?} is listed later, remove it"))?)
}

/// Returns the id of a record with this name and value.
async fn find(client: Client, record: TxtRecord) -> Result<Option<String>, alicloud_alidns::Error> {
    let request = DescribeSubDomainRecordsRequest::new(&record.name)
        .domain_name(&record.zone)
        .r#type("TXT")
        .page_size(500);
    let records = client.describe_sub_domain_records_items(request).collect_all().await?;
    let found = records.into_iter().find(|listed| listed.value.as_ref() == Some(&record.value));
    Ok(found.and_then(|record| record.record_id))
}

/// Removes a record. One that is gone already is no error, so a lost response is followed by a second call.
async fn remove(client: &Client, record_id: &str) -> Result<(), alicloud_alidns::Error> {
    let delete = || client.delete_domain_record(DeleteDomainRecordRequest::new(record_id));
    let mut result = delete().await;
    if result.as_ref().is_err_and(|error| error.outcome() == Outcome::Unknown) {
        result = delete().await;
    }
    match result {
        Err(error) if error.code() == Some(error_code::DOMAIN_RECORD_NOT_BELONG_TO_USER) => Ok(()),
        result => result.map(drop),
    }
}
