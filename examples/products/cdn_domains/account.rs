//! A fake of CDN with the domains of an account.

use std::error::Error;
use std::sync::{Arc, Mutex};

use alicloud_fake::{OperationError, ReceivedCall, Spec};
use serde_json::{Value, json};

use super::fake::{Fake, Page, refused, with_state};

const DESCRIPTION: &str = include_str!("../../../specs/cdn/2018-05-10/api.json");

struct Domain {
    name: String,
    /// The states that follow, the current one first; the last one stays.
    states: Vec<&'static str>,
}

/// Starts a service with domains that are online.
pub(crate) async fn start(domains: &[&str]) -> Result<Fake, Box<dyn Error>> {
    start_with_result(domains, "online").await
}

/// Starts a service in which domains that are added reach another state in the end.
pub(crate) async fn start_with_result(
    domains: &[&str],
    result: &'static str,
) -> Result<Fake, Box<dyn Error>> {
    let online = |name: &&str| Domain { name: (*name).to_owned(), states: vec!["online"] };
    let domains = Account { domains: domains.iter().map(online).collect(), result };
    let account = Arc::new(Mutex::new(domains));
    let spec = Spec::try_from(DESCRIPTION)?
        .handle("AddCdnDomain", with_state(&account, add))?
        .handle("DescribeUserDomains", with_state(&account, list))?;
    Fake::start(spec).await
}

struct Account {
    domains: Vec<Domain>,
    result: &'static str,
}

fn add(account: &mut Account, call: &ReceivedCall) -> Result<Value, OperationError> {
    let name = call.param("DomainName").unwrap_or_default().to_owned();
    if account.domains.iter().any(|domain| domain.name == name) {
        return Err(refused("DomainAlreadyExist", "The domain has been added already."));
    }
    account.domains.push(Domain { name, states: vec!["checking", "configuring", account.result] });
    Ok(json!({}))
}

/// Lists domains, all or those with a name, and then moves these to their next states.
fn list(account: &mut Account, call: &ReceivedCall) -> Result<Value, OperationError> {
    let with_review = call.param("CheckDomainShow") == Some("true");
    let mut listed = Vec::new();
    for domain in &mut account.domains {
        let is_wanted = call.param("DomainName").is_none_or(|name| name == domain.name);
        let state = domain.states.first().copied().unwrap_or_default();
        let is_in_review = ["checking", "check_failed", "configure_failed"].contains(&state);
        if is_wanted && (with_review || !is_in_review) {
            let cname = format!("{}.w.example.net", domain.name);
            listed
                .push(json!({ "DomainName": domain.name, "DomainStatus": state, "Cname": cname }));
        }
        if is_wanted && domain.states.len() > 1 {
            domain.states.remove(0);
        }
    }
    let page = Page::requested(call);
    Ok(json!({ "PageNumber": page.number, "PageSize": page.size, "TotalCount": listed.len(),
        "Domains": { "PageData": page.select(&listed) } }))
}
