//! Adds a domain to CDN, waits until it is online, and lists all domains of the account.
//!
//! CDN is a fake service in this process, in which a domain is online after the second question. The domains come in
//! pages of two.

mod account;

use std::error::Error;
use std::time::Duration;

use alicloud_cdn::Client;
use alicloud_cdn::model::{
    AddCdnDomainRequest, DescribeCdnDomainDetailRequest, DescribeCdnDomainDetailResponse,
    DescribeUserDomainsRequest, OriginServer,
};
use alicloud_core::{Credentials, PollStatus};
use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let service =
        account::start(&["img.example.com", "video.example.com", "dl.example.org"]).await?;
    let client: Client = Client::builder()
        .endpoint(service.endpoint())
        .credentials(Credentials::new(DEFAULT_ACCESS_KEY_ID, DEFAULT_ACCESS_KEY_SECRET))
        .build()?;

    let origin = OriginServer::new().content("192.0.2.1").r#type("ipaddr").port(443);
    let request = AddCdnDomainRequest::new()
        .domain_name("www.example.com")
        .cdn_type("web")
        .scope("overseas")
        .sources([origin]);
    client.add_cdn_domain(request).await?;

    let describe = client.clone();
    let response = client
        .core()
        .wait_until(
            move || {
                let request = DescribeCdnDomainDetailRequest::new("www.example.com");
                describe.describe_cdn_domain_detail(request)
            },
            status,
        )
        // The defaults suit the real service: poll every 2 to 10 s, for at most 15 minutes.
        .poll_interval(Duration::from_millis(10), Duration::from_millis(20))
        .max_wait(Duration::from_secs(10))
        .await?;
    let detail = response.get_domain_detail_model.unwrap_or_default();
    println!("point a CNAME record to {}", detail.cname.as_deref().unwrap_or_default());

    let mut domains =
        client.describe_user_domains_items(DescribeUserDomainsRequest::new().page_size(2));
    let mut listed = 0;
    while let Some(domain) = domains.next().await {
        let domain = domain?;
        let state = domain.domain_status.as_ref().map(ToString::to_string).unwrap_or_default();
        println!("{:20} {state}", domain.domain_name.as_deref().unwrap_or_default());
        listed += 1;
    }
    assert_eq!(listed, 4);
    Ok(())
}

fn status(response: &DescribeCdnDomainDetailResponse) -> PollStatus {
    let detail = response.get_domain_detail_model.as_ref();
    let state = detail.and_then(|detail| detail.domain_status.as_ref());
    let state = state.map(|state| state.as_str());
    println!("www.example.com is {}", state.unwrap_or("not listed"));
    PollStatus::from_state(state, &["online"], &["check_failed", "configure_failed"])
}
