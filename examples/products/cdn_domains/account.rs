//! A fake of CDN with the domains of an account.

use std::error::Error;
use std::sync::{Arc, Mutex};

use alicloud_fake::{FakeService, OperationError, ReceivedCall, Spec};
use http::StatusCode;
use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("../../../specs/cdn/2018-05-10/api.json");

struct Domain {
    name: String,
    /// How often it was asked for.
    asked: usize,
}

/// Starts a service with domains that are online.
pub(crate) async fn start(domains: &[&str]) -> Result<FakeService, Box<dyn Error>> {
    let online = |name: &&str| Domain { name: (*name).to_owned(), asked: 2 };
    let domains = Arc::new(Mutex::new(domains.iter().map(online).collect::<Vec<_>>()));
    let with_domains = |operation: fn(&mut Vec<Domain>, &ReceivedCall) -> _| {
        let domains = Arc::clone(&domains);
        move |call: &ReceivedCall| match domains.lock() {
            Ok(mut domains) => operation(&mut domains, call),
            Err(_) => Err(refused("InternalError", "An earlier call panicked.")),
        }
    };
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("AddCdnDomain", with_domains(add))?
        .handle("DescribeCdnDomainDetail", with_domains(|domains, call| detail(domains, call)))?
        .handle("DescribeUserDomains", with_domains(|domains, call| list(domains, call)))?;
    Ok(FakeService::builder().spec(spec)?.start().await?)
}

fn refused(code: &str, message: &str) -> OperationError {
    OperationError::new(StatusCode::BAD_REQUEST, code, message)
}

fn add(domains: &mut Vec<Domain>, call: &ReceivedCall) -> Result<Value, OperationError> {
    let name = call.param("DomainName").unwrap_or_default().to_owned();
    if domains.iter().any(|domain| domain.name == name) {
        return Err(refused("DomainAlreadyExist", "The domain has been added already."));
    }
    domains.push(Domain { name, asked: 0 });
    Ok(json!({}))
}

fn state(domain: &Domain) -> &'static str {
    if domain.asked > 1 { "online" } else { "configuring" }
}

fn detail(domains: &mut [Domain], call: &ReceivedCall) -> Result<Value, OperationError> {
    let name = call.param("DomainName").unwrap_or_default();
    let domain = domains
        .iter_mut()
        .find(|domain| domain.name == name)
        .ok_or_else(|| refused("InvalidDomain.NotFound", "The account has no such domain."))?;
    domain.asked += 1;
    Ok(json!({ "GetDomainDetailModel": {
        "DomainName": name, "DomainStatus": state(domain), "Cname": format!("{name}.w.example.net"),
    } }))
}

fn list(domains: &mut [Domain], call: &ReceivedCall) -> Result<Value, OperationError> {
    let number = |name: &str, default: usize| {
        call.param(name).and_then(|text| text.parse().ok()).unwrap_or(default).max(1)
    };
    let (size, page) = (number("PageSize", 20), number("PageNumber", 1));
    let listed: Vec<Value> = domains
        .iter()
        .skip((page - 1) * size)
        .take(size)
        .map(|domain| json!({ "DomainName": domain.name, "DomainStatus": state(domain) }))
        .collect();
    Ok(json!({ "PageNumber": page, "PageSize": size, "TotalCount": domains.len(),
        "Domains": { "PageData": listed } }))
}
