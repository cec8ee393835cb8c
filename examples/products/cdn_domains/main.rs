//! Adds a domain to CDN, waits until it is online, and lists all domains of the account. Can be run again.
//!
//! CDN is a fake service in this process, in which a domain is online after some polls. It loses its response to
//! `AddCdnDomain`, so that the program does not know whether the domain was added.

mod account;
#[path = "../fake.rs"]
mod fake;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::{
    AddCdnDomainRequest, DescribeUserDomainsRequest, OriginServer, UserDomain,
};
use alicloud_core::{Outcome, PollStatus};
use alicloud_fake::ScriptedResponse;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let fake = account::start(&["img.example.com", "video.example.com", "dl.example.org"]).await?;
    fake.service.enqueue(ScriptedResponse::response_lost().for_operation("AddCdnDomain"));
    let client = fake.client(Client::builder())?; // for the real service: `Client::from_env()?`

    let name = "www.example.com";
    if find(client.clone(), name).await?.is_none() {
        add(&client, name).await?;
    }
    let domain = wait_until_online(&client, name).await?;
    println!("point a CNAME record to {}", domain.cname.unwrap_or_default());

    let all = DescribeUserDomainsRequest::new().check_domain_show(true).page_size(2); // at most 500
    let mut domains = client.describe_user_domains_items(all);
    while let Some(domain) = domains.next().await {
        let domain = domain?;
        println!("{:20} {}", domain.domain_name.as_deref().unwrap_or_default(), state(&domain));
    }
    assert_eq!((domains.items_read(), fake.calls("AddCdnDomain")), (4, 1));
    Ok(())
}

/// Adds a domain. After a lost response, checks whether the domain is there.
async fn add(client: &Client, name: &'static str) -> Result<(), Box<dyn Error>> {
    // Requests to the origin have the name of the domain as their `Host`, and the origin needs a certificate for it:
    // an origin that has another name needs the feature `set_req_host_header` of `BatchSetCdnDomainConfig`.
    let origin = OriginServer::new().content("origin.example.net").r#type("domain").port(443);
    let request = AddCdnDomainRequest::new()
        .domain_name(name)
        .cdn_type("web")
        .scope("overseas")
        .sources([origin]);
    let error = match client.add_cdn_domain(request).await {
        Ok(_) => return Ok(()),
        Err(error) if error.outcome() != Outcome::Unknown => return Err(error.into()),
        Err(error) => error,
    };
    println!("may have been added: {error}");
    let find_client = client.clone();
    let is_listed = |domain: &Option<UserDomain>| {
        PollStatus::from_state(domain.as_ref().map(|_| "listed"), &["listed"], &[])
    };
    let wait = client
        .core()
        .wait_until(move || find(find_client.clone(), name), is_listed)
        .max_wait(Duration::from_secs(60));
    wait.await.map_err(|_| error)?;
    Ok(())
}

/// Waits until a domain is online, which takes some minutes.
async fn wait_until_online(
    client: &Client,
    name: &'static str,
) -> Result<UserDomain, Box<dyn Error>> {
    let find_client = client.clone();
    // Polls every 2 to 10 s, for at most 15 minutes.
    let wait = client.core().wait_until(move || find(find_client.clone(), name), status);
    match wait.await {
        Ok(domain) => Ok(domain.ok_or("the domain is not listed")?),
        // A review can take days, and nothing can speed it up.
        Err(error) if error.is_timeout() => Err(format!("{error}; run the program again").into()),
        Err(error) => Err(error.into()),
    }
}

fn status(domain: &Option<UserDomain>) -> PollStatus {
    let state = domain.as_ref().map(state);
    println!("the domain is {}", state.unwrap_or("not listed"));
    // The first two are results; the other three are the work of somebody else.
    let failures = ["check_failed", "configure_failed", "offline", "stopping", "deleting"];
    PollStatus::from_state(state, &["online"], &failures)
}

/// Returns a domain, if the account has it.
async fn find(client: Client, name: &str) -> Result<Option<UserDomain>, alicloud_cdn::Error> {
    let request = DescribeUserDomainsRequest::new()
        .domain_name(name)
        .domain_search_type("full_match")
        .check_domain_show(true); // includes those under review
    let domains = client.describe_user_domains_items(request).collect_all().await?;
    Ok(domains.into_iter().find(|domain| domain.domain_name.as_deref() == Some(name)))
}

fn state(domain: &UserDomain) -> &str {
    domain.domain_status.as_ref().map_or("in an unknown state", |state| state.as_str())
}
