//! CPU time of a call, compared with a plain reqwest request that is signed by hand and decoded with
//! derived serde.
//!
//! 32 concurrent calls use persistent connections to a loopback server, without TLS, which would hide the
//! difference. The benchmark measures the CPU time of the single client thread, including system calls; the
//! server has its own threads. Rounds of both alternate, and the median of their ratios is printed. Requires
//! Linux, for the CPU time of a thread.
//!
//! ```text
//! cargo bench -p alicloud-core --features testing --bench call
//! ```

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a benchmark fails by panicking and uses the real clock"
)]

#[cfg(all(feature = "transport", target_os = "linux"))]
fn main() {
    bench::main();
}

#[cfg(not(all(feature = "transport", target_os = "linux")))]
fn main() {}

#[cfg(all(feature = "transport", target_os = "linux"))]
mod bench {
    use std::fmt::Write as _;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{SocketAddr, TcpListener, TcpStream};
    use std::time::{Duration, SystemTime};

    use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::{Digest as _, Sha256};
    use tokio::task::JoinSet;

    static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    static DESCRIBE: Operation = Operation::rpc(&CDN, "DescribeRefreshTaskById").read_only();
    const SECRET: &str = "ThirtyCharactersOfKeyMaterial0";
    const CONCURRENCY: usize = 32;
    const CALLS_PER_ROUND: usize = 6_400;
    const ROUNDS: usize = 11;

    /// The documented response, with two tasks.
    const RESPONSE: &str = concat!(
        r#"{"RequestId":"0AEDAF20-4DDF-4165-8750-47FF9C1929C9","TotalCount":2,"Tasks":["#,
        r#"{"TaskId":"704225667","ObjectPath":"http://example.com/image_01.png","ObjectType":"file","#,
        r#""Status":"Complete","Process":"100%","CreationTime":"2020-08-03T08:54:23Z","Description":""},"#,
        r#"{"TaskId":"704222904","ObjectPath":"http://example.com/image_02.png","ObjectType":"file","#,
        r#""Status":"Refreshing","Process":"50%","CreationTime":"2020-08-03T08:54:23Z","Description":""}]}"#,
    );

    /// The same types with derived serde.
    mod baseline {
        use serde::Deserialize;

        #[derive(Debug, Default, Deserialize)]
        #[allow(dead_code, reason = "decoded to measure its cost")]
        #[serde(rename_all = "PascalCase")]
        pub(super) struct DescribeResponse {
            request_id: Option<String>,
            pub(super) total_count: Option<i64>,
            #[serde(default)]
            pub(super) tasks: Vec<Task>,
        }

        #[derive(Debug, Default, Deserialize)]
        #[allow(dead_code, reason = "decoded to measure its cost")]
        #[serde(rename_all = "PascalCase")]
        pub(super) struct Task {
            task_id: Option<String>,
            object_path: Option<String>,
            object_type: Option<String>,
            status: Option<String>,
            process: Option<String>,
            creation_time: Option<String>,
            description: Option<String>,
        }
    }

    alicloud_core::wire::request! {
        struct DescribeRequest -> DescribeResponse {
            task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
        }
    }
    alicloud_core::wire::record! {
        struct DescribeResponse {
            request_id: Option<String> = "RequestId",
            total_count: Option<i64> = "TotalCount",
            tasks: Vec<Task> = "Tasks",
        }
    }
    alicloud_core::wire::record! {
        struct Task {
            task_id: Option<String> = "TaskId",
            object_path: Option<String> = "ObjectPath",
            object_type: Option<String> = "ObjectType",
            status: Option<String> = "Status",
            process: Option<String> = "Process",
            creation_time: Option<String> = "CreationTime",
            description: Option<String> = "Description",
        }
    }

    pub(crate) fn main() {
        let address = start_server();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client: Client = ClientBuilder::new(&CDN)
                .credentials(Credentials::new("LTAI5tExampleExampleExam", SECRET))
                .endpoint(format!("http://{address}"))
                .no_proxy()
                .build()
                .unwrap();
            let baseline_client = reqwest_client();
            let url = format!("http://{address}/");
            let (mut calls, mut baselines, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
            for round in 0..=ROUNDS {
                let call_time = run_round(|| call(client.clone())).await;
                let baseline_time =
                    run_round(|| baseline_request(baseline_client.clone(), url.clone())).await;
                // The first round only opens the connections.
                if round > 0 {
                    calls.push(call_time);
                    baselines.push(baseline_time);
                    ratios.push(call_time / baseline_time);
                }
            }
            let [call, baseline, ratio] = [calls, baselines, ratios].map(median);
            println!("call:             {call:.1} µs of CPU time");
            println!("reqwest request:  {baseline:.1} µs");
            println!("ratio:            {ratio:.3}");
        });
    }

    fn median(mut values: Vec<f64>) -> f64 {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    }

    /// Runs one round and returns the CPU time per call in microseconds.
    async fn run_round<F>(call: impl Fn() -> F) -> f64
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let before = cpu_time();
        let mut running = JoinSet::new();
        for started in 0..CALLS_PER_ROUND {
            if started >= CONCURRENCY {
                running.join_next().await.unwrap().unwrap();
            }
            running.spawn(call());
        }
        running.join_all().await;
        (cpu_time() - before).as_secs_f64() * 1e6 / CALLS_PER_ROUND as f64
    }

    fn cpu_time() -> Duration {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(text.split_whitespace().next().unwrap().parse().unwrap())
    }

    async fn call(client: Client) {
        let request = DescribeRequest { task_ids: ids() };
        let response = client.call(&DESCRIBE, &request).await.unwrap();
        assert_eq!((response.total_count, response.tasks.len()), (Some(2), 2));
    }

    fn ids() -> Vec<String> {
        vec!["704225667".to_owned(), "704222904".to_owned()]
    }

    fn reqwest_client() -> reqwest::Client {
        let builder = reqwest::Client::builder().no_proxy().http1_only();
        #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc"))]
        let builder = {
            use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};
            let config = ClientConfig::builder_with_provider(ring::default_provider().into())
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth();
            builder.tls_backend_preconfigured(config)
        };
        builder.build().unwrap()
    }

    /// Sends a request signed by hand, as the documentation of the signature describes.
    async fn baseline_request(client: reqwest::Client, url: String) {
        const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        let nonce = hex(&bytes);
        let host = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let date = alicloud_core::sign::timestamp(SystemTime::now());
        let ids = alicloud_core::wire::percent_encode(&ids().join(",")).into_owned();
        let query = format!("TaskId={ids}");
        let canonical = format!(
            "POST\n/\n{query}\nhost:{host}\nx-acs-action:DescribeRefreshTaskById\nx-acs-content-sha256:{EMPTY}\n\
             x-acs-date:{date}\nx-acs-signature-nonce:{nonce}\nx-acs-version:2018-05-10\n\n\
             host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version\n{EMPTY}"
        );
        let to_sign = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical)));
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(to_sign.as_bytes());
        let signature = hex(&mac.finalize().into_bytes());
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential=LTAI5tExampleExampleExam,SignedHeaders=host;x-acs-action;\
             x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature={signature}"
        );
        let response = client
            .post(format!("{url}?{query}"))
            .header("accept", "application/json")
            .header("authorization", authorization)
            .header("host", host)
            .header(
                "user-agent",
                "AlibabaCloud (linux; x86_64) Rust/1.88 Core/0.1.0 alicloud/0.1.0",
            )
            .header("x-acs-action", "DescribeRefreshTaskById")
            .header("x-acs-content-sha256", EMPTY)
            .header("x-acs-date", date)
            .header("x-acs-signature-nonce", nonce)
            .header("x-acs-version", "2018-05-10")
            .header("content-length", "0")
            .timeout(Duration::from_secs(10))
            .send()
            .await
            .unwrap();
        assert!(response.status().is_success());
        let body = response.bytes().await.unwrap();
        let response: baseline::DescribeResponse = serde_json::from_slice(&body).unwrap();
        assert_eq!((response.total_count, response.tasks.len()), (Some(2), 2));
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
            write!(out, "{byte:02x}").unwrap();
            out
        })
    }

    /// Starts a server with one thread per connection and a fixed response.
    fn start_server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || serve_connection(stream));
            }
        });
        address
    }

    fn serve_connection(mut stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\nx-acs-request-id: R\r\n\
             content-length: {}\r\n\r\n{RESPONSE}",
            RESPONSE.len(),
        );
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
            if line == "\r\n" && stream.write_all(response.as_bytes()).is_err() {
                return;
            }
            line.clear();
        }
    }
}
