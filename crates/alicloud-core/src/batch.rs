//! Any number of inputs, in calls of as many as an operation takes.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use alicloud_wire::Request;

use crate::call::Call;
use crate::client::Client;
use crate::concurrent_calls::{AT_ONCE, Running, Tune, most_in_one_call};
use crate::error::{Error, Outcome};
use crate::operation::Operation;

/// Several calls of one operation, each with a part of the inputs, to be awaited.
///
/// The inputs are split in their order, at the limit that the description of the operation has for the
/// parameter that takes them. A few calls run at once. A call that fails does not keep the others from
/// being made: the [`BatchReport`] says for each input what became of it. Dropping it abandons the
/// calls that are under way, and makes no more.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
/// # #[derive(Debug, Default)] struct RefreshRequest { object_path: Vec<String> }
/// # #[derive(Debug, Default)] struct RefreshResponse { refresh_task_id: Option<String> }
/// # alicloud_core::wire::request! {
/// #     RefreshRequest => RefreshResponse { object_path: "ObjectPath" => form.lines().items(1, 1000) }
/// # }
/// # alicloud_core::wire::record! { RefreshResponse { refresh_task_id: "RefreshTaskId" } }
/// # let fake = FakeTransport::new()
/// #     .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "1"}"#);
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
/// let urls = (0..2_500).map(|number| format!("https://example.com/{number}"));
/// let report = client
///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
///     .await;
/// for (url, error) in report.failures() {
///     eprintln!("{url}: {error}");
/// }
/// # assert_eq!(fake.requests().len(), 3);
/// let responses = report.into_responses()?;
/// assert_eq!(responses.len(), 3);
/// # Ok(()) }
/// ```
#[must_use = "no call is made until it is awaited"]
pub struct Batches<I, R: Request> {
    client: Client,
    operation: &'static Operation,
    inputs: Vec<I>,
    most: usize,
    at_once: usize,
    narrow: bool,
    request: RequestOf<I, R>,
    tune: Option<Tune<R::Response>>,
}

/// How a request is made of some inputs.
type RequestOf<I, R> = Box<dyn Fn(&[I]) -> R + Send + Sync>;

impl Client {
    /// Calls an operation as often as it takes for any number of inputs, which go into `parameter`.
    pub fn batches<I, R: Request>(
        &self,
        operation: &'static Operation,
        parameter: &str,
        inputs: impl IntoIterator<Item = I>,
        request: impl Fn(&[I]) -> R + Send + Sync + 'static,
    ) -> Batches<I, R> {
        Batches {
            client: self.clone(),
            operation,
            inputs: inputs.into_iter().collect(),
            most: most_in_one_call::<R>(parameter),
            at_once: AT_ONCE,
            narrow: false,
            request: Box::new(request),
            tune: None,
        }
    }
}

impl<I, R: Request> Batches<I, R> {
    /// Fewer inputs in a call than documented, where the service takes fewer of their kind. More than
    /// documented are not sent; 0 counts as 1.
    pub fn batch_size(mut self, inputs: usize) -> Self {
        self.most = self.most.min(inputs.max(1));
        self
    }

    /// How many calls run at once. 4 unless told otherwise; 0 counts as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }

    /// Finds the inputs that are wrong: a call that the service refuses as invalid is made again with
    /// one half of its inputs and with the other, until the rest has gone through.
    ///
    /// It is for services that refuse all for one. Nothing is done twice, because a refused call has
    /// done nothing; each wrong input costs a call or two for every halving.
    pub fn bisect_failures(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// Options for each call, such as `|call| call.timeout(limit)`.
    pub fn map_call(
        mut self,
        tune: impl Fn(Call<R::Response>) -> Call<R::Response> + Send + Sync + 'static,
    ) -> Self {
        self.tune = Some(Box::new(tune));
        self
    }
}

/// What became of the inputs of one call.
#[derive(Debug)]
#[non_exhaustive]
pub struct Batch<I, T> {
    /// What the call was made for.
    pub inputs: Vec<I>,
    /// What came of it, for all of them.
    pub result: Result<T, Error>,
}

/// What became of all inputs, in their order.
///
/// It is also the error of [`into_responses`](BatchReport::into_responses); as text it says how many
/// failed, and why the first did.
#[derive(Debug)]
pub struct BatchReport<I, T> {
    batches: Vec<Batch<I, T>>,
}

impl<I, T> BatchReport<I, T> {
    /// Each call, in the order of the inputs.
    pub fn batches(&self) -> &[Batch<I, T>] {
        &self.batches
    }

    /// Each input whose call failed, with the reason. [`Error::outcome`] says whether it may have
    /// taken effect all the same.
    pub fn failures(&self) -> impl Iterator<Item = (&I, &Error)> {
        self.batches.iter().flat_map(|batch| {
            let error = batch.result.as_ref().err();
            error.into_iter().flat_map(|error| batch.inputs.iter().map(move |input| (input, error)))
        })
    }

    /// Whether no call failed.
    pub fn is_complete(&self) -> bool {
        self.batches.iter().all(|batch| batch.result.is_ok())
    }

    /// The responses in the order of the inputs, if no call failed.
    ///
    /// # Errors
    ///
    /// The report itself, with everything in it, when one failed.
    pub fn into_responses(self) -> Result<Vec<T>, Self> {
        if !self.is_complete() {
            return Err(self);
        }
        Ok(self.batches.into_iter().filter_map(|batch| batch.result.ok()).collect())
    }
}

impl<I, T> IntoIterator for BatchReport<I, T> {
    type Item = Batch<I, T>;
    type IntoIter = vec::IntoIter<Batch<I, T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.batches.into_iter()
    }
}

impl<I, T> fmt::Display for BatchReport<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: usize = self.batches.iter().map(|batch| batch.inputs.len()).sum();
        write!(f, "{} of {inputs} inputs failed", self.failures().count())?;
        let failed = self.batches.iter().filter(|batch| batch.result.is_err()).count();
        write!(f, " in {failed} of {} calls", self.batches.len())?;
        match self.failures().next() {
            Some((_, error)) => write!(f, "; the first: {error}"),
            None => Ok(()),
        }
    }
}

impl<I: fmt::Debug, T: fmt::Debug> std::error::Error for BatchReport<I, T> {}

impl<I, R: Request> IntoFuture for Batches<I, R> {
    type Output = BatchReport<I, R::Response>;
    type IntoFuture = BatchesFuture<I, R>;

    fn into_future(mut self) -> BatchesFuture<I, R> {
        let inputs = std::mem::take(&mut self.inputs).into_iter();
        let work = Work {
            plan: self,
            inputs,
            taken: 0,
            halves: VecDeque::new(),
            running: Running::new(),
            done: Vec::new(),
        };
        BatchesFuture(Box::new(work))
    }
}

/// The future of [`Batches`].
#[must_use = "futures do nothing unless polled"]
pub struct BatchesFuture<I, R: Request>(Box<Work<I, R>>);

/// Some inputs, and how many stand before them.
type Piece<I> = (usize, Vec<I>);

struct Work<I, R: Request> {
    plan: Batches<I, R>,
    /// Those that are not split yet.
    inputs: vec::IntoIter<I>,
    taken: usize,
    /// Pieces of calls that were refused.
    halves: VecDeque<Piece<I>>,
    running: Running<Piece<I>, R::Response>,
    done: Vec<(usize, Batch<I, R::Response>)>,
}

impl<I, R: Request> Work<I, R> {
    fn next_piece(&mut self) -> Option<Piece<I>> {
        if let Some(piece) = self.halves.pop_front() {
            return Some(piece);
        }
        let inputs: Vec<I> = self.inputs.by_ref().take(self.plan.most).collect();
        let before = self.taken;
        self.taken += inputs.len();
        (!inputs.is_empty()).then_some((before, inputs))
    }

    fn call(&mut self, piece: Piece<I>) {
        let plan = &self.plan;
        let call = plan.client.call(plan.operation, &(plan.request)(&piece.1));
        let call = match &plan.tune {
            Some(tune) => tune(call),
            None => call,
        };
        self.running.push(piece, call);
    }

    fn take_in(&mut self, (before, mut inputs): Piece<I>, result: Result<R::Response, Error>) {
        let refused =
            |error: &Error| error.is_invalid_request() && error.outcome() != Outcome::Unknown;
        if self.plan.narrow && inputs.len() > 1 && result.as_ref().is_err_and(refused) {
            let middle = inputs.len() / 2;
            let behind = inputs.split_off(middle);
            self.halves.push_back((before, inputs));
            self.halves.push_back((before + middle, behind));
            return;
        }
        self.done.push((before, Batch { inputs, result }));
    }
}

/// Nothing in it is pinned: it is in a box.
impl<I, R: Request> Unpin for BatchesFuture<I, R> {}

impl<I, R: Request> Future for BatchesFuture<I, R> {
    type Output = BatchReport<I, R::Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let work = &mut *self.0;
        loop {
            while work.running.len() < work.plan.at_once
                && let Some(piece) = work.next_piece()
            {
                work.call(piece);
            }
            if work.running.len() == 0 {
                let mut done = std::mem::take(&mut work.done);
                done.sort_by_key(|(before, _)| *before);
                let batches = done.into_iter().map(|(_, batch)| batch).collect();
                return Poll::Ready(BatchReport { batches });
            }
            let (piece, result) = ready!(work.running.poll(context));
            work.take_in(piece, result);
        }
    }
}

impl<I, R: Request> fmt::Debug for Batches<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches")
            .field("operation", &self.operation.name())
            .field("inputs", &self.inputs.len())
            .field("batch_size", &self.most)
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}

impl<I, R: Request> fmt::Debug for BatchesFuture<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchesFuture")
            .field("running", &self.0.running.len())
            .field("done", &self.0.done.len())
            .finish_non_exhaustive()
    }
}
