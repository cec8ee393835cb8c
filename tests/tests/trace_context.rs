//! The W3C headers `traceparent` and `tracestate` of requests, with spans of OpenTelemetry and of `tracing`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use alicloud_cdn::Client;
use alicloud_cdn::model::DescribeRefreshTaskByIdRequest;
use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
use alicloud_core::{
    Call, ClientBuilder, Credentials, InterceptedCall, Interceptor, SignatureVersion,
};
use alicloud_secrets::model::ModifyInstanceRequest;
use opentelemetry::context::FutureExt as _;
use opentelemetry::trace::{
    Span, SpanBuilder, SpanContext, SpanId, Status, TraceContextExt as _, TraceFlags, TraceId,
    TraceState, Tracer,
};
use opentelemetry::{Context, KeyValue};
use tokio::sync::RwLock;
use tracing::Instrument as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

/// Held by each test, and alone by the one that sets a subscriber: `tracing` caches per span whether a subscriber wants
/// it, and calls on other threads without a subscriber can spoil what it caches while one is set.
static SUBSCRIBER: RwLock<()> = RwLock::const_new(());

const READ: &str = "DescribeRefreshTaskById";
const TRACE: u128 = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c;
const SPAN: u64 = 0x00ad_6b71_6920_3331;
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-00ad6b7169203331-01";

fn context(trace: u128, span: u64, flags: TraceFlags, state: TraceState) -> Context {
    let (trace, span) = (TraceId::from(trace), SpanId::from(span));
    Context::new().with_remote_span_context(SpanContext::new(trace, span, flags, true, state))
}

fn sampled(state: TraceState) -> Context {
    context(TRACE, SPAN, TraceFlags::SAMPLED, state)
}

fn state(members: &[(&str, &str)]) -> TraceState {
    TraceState::from_key_value(members.iter().copied()).unwrap()
}

fn client(fake: &FakeTransport) -> Client {
    builder(fake).build().unwrap()
}

fn builder(fake: &FakeTransport) -> ClientBuilder<Client> {
    Client::builder()
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .clock(ManualClock::from_unix_seconds(1_767_323_045))
}

fn read(client: &Client) -> Call<alicloud_cdn::model::DescribeRefreshTaskByIdResponse> {
    client.describe_refresh_task_by_id(DescribeRefreshTaskByIdRequest::new(["704225667"]))
}

fn respond() -> FakeTransport {
    FakeTransport::new().respond_json(READ, "{}")
}

/// Returns both headers of all requests.
fn headers(fake: &FakeTransport) -> Vec<(Option<String>, Option<String>)> {
    let header = |request: &alicloud_core::testing::RecordedRequest, name: &str| {
        request.header(name).map(str::to_owned)
    };
    let requests = fake.requests();
    requests.iter().map(|sent| (header(sent, "traceparent"), header(sent, "tracestate"))).collect()
}

/// Returns both headers of one call in this context.
async fn headers_in(context: Context) -> (Option<String>, Option<String>) {
    let fake = respond();
    read(&client(&fake)).send().with_context(context).await.unwrap();
    headers(&fake).remove(0)
}

#[tokio::test]
async fn every_attempt_names_the_current_span() {
    let _shared = SUBSCRIBER.read().await;
    for signature in [SignatureVersion::Acs3, SignatureVersion::Hmac1] {
        let fake = FakeTransport::new()
            .fault(READ, Fault::ConnectionReset)
            .error(READ, 503, "ServiceUnavailable", "Try later.")
            .respond_json(READ, "{}");
        let call = read(&client(&fake)).signature(signature);
        let context = sampled(state(&[("vendor", "opaque"), ("tenant@other", "1")]));
        call.send().with_context(context).await.unwrap();
        let expected = (Some(PARENT.to_owned()), Some("vendor=opaque,tenant@other=1".to_owned()));
        assert_eq!(headers(&fake), [(); 3].map(|()| expected.clone()));
        for request in fake.requests() {
            let signed = request.header("authorization").unwrap_or_default();
            assert!(!signed.contains("trace"), "{signed}");
        }
    }
}

#[tokio::test]
async fn without_a_valid_span_there_is_no_header() {
    let _shared = SUBSCRIBER.read().await;
    let fake = respond();
    read(&client(&fake)).await.unwrap();
    assert_eq!(headers(&fake), [(None, None)]);

    let vendor = || state(&[("vendor", "opaque")]);
    assert_eq!(headers_in(Context::new()).await, (None, None));
    for (trace, span) in [(0, SPAN), (TRACE, 0), (0, 0)] {
        let invalid = context(trace, span, TraceFlags::SAMPLED, vendor());
        assert_eq!(headers_in(invalid).await, (None, None), "{trace} {span}");
    }
}

#[tokio::test]
async fn ids_are_padded_and_unknown_flags_are_cleared() {
    let _shared = SUBSCRIBER.read().await;
    for (flags, text) in [(0x00, "00"), (0x01, "01"), (0xfe, "00"), (0xff, "01")] {
        let context = context(1, 2, TraceFlags::new(flags), TraceState::NONE);
        let parent = format!("00-00000000000000000000000000000001-0000000000000002-{text}");
        assert_eq!(headers_in(context).await, (Some(parent), None));
    }
}

#[tokio::test]
async fn a_state_that_cannot_be_sent_is_omitted() {
    let _shared = SUBSCRIBER.read().await;
    let long = "x".repeat(249);
    for (members, is_sent) in [
        (vec![("a", long.as_str()), ("bcdefghijk", long.as_str())], true), // 512 characters
        (vec![("a", long.as_str()), ("bcdefghijkl", long.as_str())], false),
        (vec![("a", "line\nbreak")], false),
        (vec![("a", "ü")], false),
    ] {
        let (parent, state) = headers_in(sampled(state(&members))).await;
        assert_eq!((parent.as_deref(), state.is_some()), (Some(PARENT), is_sent), "{members:?}");
    }
}

#[derive(Debug)]
struct AddParent(&'static str);

impl Interceptor for AddParent {
    fn before_call(&self, call: &mut InterceptedCall<'_>) {
        call.set_header("traceparent", self.0);
    }
}

#[tokio::test]
async fn headers_of_the_program_win() {
    let _shared = SUBSCRIBER.read().await;
    let own = "00-11111111111111111111111111111111-2222222222222222-00";
    let context = || sampled(state(&[("vendor", "opaque")]));
    let fake = respond();
    let call = read(&client(&fake)).header("Traceparent", own);
    call.send().with_context(context()).await.unwrap();
    // The state of the span does not belong to another parent.
    assert_eq!(headers(&fake), [(Some(own.to_owned()), None)]);

    let fake = respond();
    let client_with_interceptor = builder(&fake).interceptor(AddParent(own)).build().unwrap();
    read(&client_with_interceptor).send().with_context(context()).await.unwrap();
    assert_eq!(headers(&fake), [(Some(own.to_owned()), None)]);

    let fake = respond();
    let call = read(&client(&fake)).header("tracestate", "own=1");
    call.send().with_context(context()).await.unwrap();
    assert_eq!(headers(&fake), [(Some(PARENT.to_owned()), Some("own=1".to_owned()))]);
}

#[tokio::test]
async fn requests_with_secrets_have_the_headers_too() {
    let _shared = SUBSCRIBER.read().await;
    let fake = FakeTransport::new().respond_json("ModifyInstance", "{}");
    let client = alicloud_secrets::Client::builder()
        .region("cn-hangzhou")
        .credentials(Credentials::new("id", "secret"))
        .transport(fake.clone())
        .build()
        .unwrap();
    let request = ModifyInstanceRequest::new().instance_id("i-1").password("hidden");
    let call = client.modify_instance(request).send();
    call.with_context(sampled(TraceState::NONE)).await.unwrap();
    assert_eq!(headers(&fake), [(Some(PARENT.to_owned()), None)]);
}

#[test]
fn blocking_calls_use_the_span_of_their_thread() {
    let _shared = SUBSCRIBER.blocking_read();
    let fake = respond();
    let _guard = sampled(TraceState::NONE).attach();
    alicloud_core::blocking::block_on(read(&client(&fake))).unwrap().unwrap();
    assert_eq!(headers(&fake), [(Some(PARENT.to_owned()), None)]);
}

/// A tracer whose spans have the ids 1, 2, and so on, and the trace of their parent.
#[derive(Clone, Default)]
struct TestTracer(Arc<AtomicU64>);

struct TestSpan(SpanContext);

impl Tracer for TestTracer {
    type Span = TestSpan;

    fn build_with_context(&self, _: SpanBuilder, parent: &Context) -> TestSpan {
        let parent = parent.span().span_context().clone();
        let trace = if parent.is_valid() { parent.trace_id() } else { TraceId::from(TRACE) };
        let span = SpanId::from(self.0.fetch_add(1, Ordering::Relaxed) + 1);
        TestSpan(SpanContext::new(trace, span, TraceFlags::SAMPLED, false, TraceState::NONE))
    }
}

impl Span for TestSpan {
    fn add_event_with_timestamp<T>(&mut self, _: T, _: SystemTime, _: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
    }

    fn span_context(&self) -> &SpanContext {
        &self.0
    }

    fn is_recording(&self) -> bool {
        true
    }

    fn set_attribute(&mut self, _: KeyValue) {}

    fn set_status(&mut self, _: Status) {}

    fn update_name<T>(&mut self, _: T)
    where
        T: Into<Cow<'static, str>>,
    {
    }

    fn add_link(&mut self, _: SpanContext, _: Vec<KeyValue>) {}

    fn end_with_timestamp(&mut self, _: SystemTime) {}
}

/// Runs a future in a span of the level INFO, with the layer of `tracing-opentelemetry` for spans up to this level.
async fn in_traced_span<T>(level: LevelFilter, future: impl Future<Output = T>) -> T {
    let layer = tracing_opentelemetry::layer().with_tracer(TestTracer::default());
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(level));
    let _guard = tracing::subscriber::set_default(subscriber);
    future.instrument(tracing::info_span!("program")).await
}

#[tokio::test]
async fn spans_of_tracing_are_named() {
    let _alone = SUBSCRIBER.write().await;
    for (level, parents) in [
        // The span of the program has the id 1, those of the two calls have 2 and 3.
        (LevelFilter::DEBUG, ["2", "2", "3"]),
        // The spans of the calls are disabled.
        (LevelFilter::INFO, ["1", "1", "1"]),
    ] {
        let fake =
            FakeTransport::new().fault(READ, Fault::ConnectionReset).respond_json(READ, "{}");
        let client = client(&fake);
        in_traced_span(level, async {
            read(&client).await.unwrap();
            read(&client).await.unwrap();
        })
        .await;
        let expected = parents
            .map(|id| (Some(format!("00-0af7651916cd43dd8448eb211c80319c-{id:0>16}-01")), None));
        assert_eq!(headers(&fake), expected, "{level}");
    }
}
