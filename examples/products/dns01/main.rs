//! Proves with a DNS-01 challenge of ACME that a domain is yours: adds a TXT record and removes it again.
//!
//! Alibaba Cloud DNS is a fake service in this process. It loses its first response to `AddDomainRecord`, so that
//! the program does not know whether the record was added.

mod zones;

use std::error::Error;

use alicloud_alidns::model::{
    AddDomainRecordRequest, DeleteDomainRecordRequest, DescribeDomainsRequest,
    DescribeSubDomainRecordsRequest,
};
use alicloud_alidns::{Client, error_code};
use alicloud_core::{Credentials, Outcome};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET, ScriptedResponse};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service = zones::start(&["example.com", "example.org"]).await?;
    service.enqueue(ScriptedResponse::response_lost().for_operation("AddDomainRecord"));
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;

    let name = "_acme-challenge.www.example.com";
    // The SHA-256 of the challenge in base64url, as an ACME client has it.
    let value = "lxGOgYFgIdjqx-XAhrdIKRC2RzhY4rsDFCyd9EcpgVM";
    let zone = zone_of(&client, name).await?;
    println!("{name} is in the zone {zone}");

    let record_id = add(&client, &zone, name, value).await?;
    println!("record {record_id} is in place: {:?}", values(&client, &zone, name).await?);
    // Here the ACME server checks the record. Give the name servers some seconds first.
    remove(&client, record_id).await?;
    println!("removed, left: {:?}", values(&client, &zone, name).await?);

    let calls = service.requests();
    let count = |operation| {
        calls.iter().filter(|call| call.operation.as_deref() == Some(operation)).count()
    };
    assert_eq!((count("AddDomainRecord"), count("DeleteDomainRecord")), (1, 1));
    Ok(())
}

/// Returns the managed domain that a name is in: the longest one, since a subdomain can be managed on its own.
async fn zone_of(client: &Client, name: &str) -> Result<String, Box<dyn Error>> {
    let mut zone = String::new();
    let mut domains = client.describe_domains_items(DescribeDomainsRequest::new());
    while let Some(domain) = domains.next().await {
        let domain = domain?.domain_name.unwrap_or_default();
        if host_part(name, &domain).is_some() && domain.len() > zone.len() {
            zone = domain;
        }
    }
    if zone.is_empty() {
        Err(format!("no zone of the account has {name}").into())
    } else {
        Ok(zone)
    }
}

/// Returns the part of a name before its zone, `@` for the zone itself.
fn host_part<'a>(name: &'a str, zone: &str) -> Option<&'a str> {
    match name.strip_suffix(zone)? {
        "" => Some("@"),
        rest => rest.strip_suffix('.'),
    }
}

/// Adds a TXT record and returns its id. Two challenges can have records with the same name.
async fn add(
    client: &Client,
    zone: &str,
    name: &str,
    value: &str,
) -> Result<String, Box<dyn Error>> {
    let request = AddDomainRecordRequest::new()
        .domain_name(zone)
        .rr(host_part(name, zone).unwrap_or("@"))
        .r#type("TXT")
        .value(value);
    let error = match client.add_domain_record(request).await {
        Ok(response) => return Ok(response.record_id.ok_or("the record has no id")?),
        Err(error) => error,
    };
    // Not repeated by the client: a second call could add a second record.
    let is_there = error.code() == Some(error_code::DOMAIN_RECORD_DUPLICATE);
    if !is_there && error.outcome() != Outcome::Unknown {
        return Err(error.into());
    }
    println!("may be in place: {error}");
    let mut records = client.describe_sub_domain_records_items(records_of(zone, name));
    while let Some(record) = records.next().await {
        let record = record?;
        if record.value.as_deref() == Some(value) {
            return Ok(record.record_id.ok_or("the record has no id")?);
        }
    }
    Err(error.into())
}

/// Removes a record. One that is gone already is no error.
async fn remove(client: &Client, record_id: String) -> Result<(), alicloud_alidns::Error> {
    match client.delete_domain_record(DeleteDomainRecordRequest::new(record_id)).await {
        Err(error) if error.code() == Some(error_code::DOMAIN_RECORD_NOT_BELONG_TO_USER) => Ok(()),
        result => result.map(drop),
    }
}

fn records_of(zone: &str, name: &str) -> DescribeSubDomainRecordsRequest {
    DescribeSubDomainRecordsRequest::new(name).domain_name(zone).r#type("TXT")
}

async fn values(
    client: &Client,
    zone: &str,
    name: &str,
) -> Result<Vec<String>, alicloud_alidns::Error> {
    let response = client.describe_sub_domain_records(records_of(zone, name)).await?;
    Ok(response.domain_records.into_iter().filter_map(|record| record.value).collect())
}
