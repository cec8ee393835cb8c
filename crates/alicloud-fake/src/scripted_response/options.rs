//! How a scripted response is sent.

use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use super::{ScriptedResponse, Trigger};
use crate::delivery::{Ending, Pacing, Portion};

impl ScriptedResponse {
    /// Sends at most this many bytes of the body, while `content-length` announces all of it.
    ///
    /// Then the connection is closed, unless [`ending`](Self::ending) is set.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let cut = ScriptedResponse::html(StatusCode::OK, "<p>").truncate_body(1);
    /// let service = FakeService::builder().response(cut.skip_verification()).start().await?;
    /// let text = get(&service).await?;
    /// assert!(text.contains("content-length: 3") && text.ends_with("\r\n\r\n<"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn truncate_body(mut self, bytes: usize) -> Self {
        self.plan.portion = Portion::BodyPrefix(bytes);
        self
    }

    /// Sets what happens to the connection after the last byte.
    ///
    /// With a complete response, this lets the client's next request on the same connection fail:
    /// the service closes the connection without announcing it in a header.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let reset = ScriptedResponse::raw("HTTP/1.1 200").ending(Ending::Reset);
    /// let service = FakeService::builder().response(reset.skip_verification()).start().await?;
    /// assert_eq!(get(&service).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn ending(mut self, ending: Ending) -> Self {
        self.plan.ending = Some(ending);
        self
    }

    /// Sends this many bytes at a time, status line and headers included, with a pause in between.
    ///
    /// Then the connection is closed, unless [`ending`](Self::ending) is set. A `bytes` of 0 counts
    /// as 1. Requires a tokio runtime with its timer enabled.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// # use std::time::Duration;
    /// let slow = ScriptedResponse::raw("slow").slow_body(1, Duration::from_millis(1));
    /// let service = FakeService::builder().response(slow.skip_verification()).start().await?;
    /// assert_eq!(get(&service).await?, "slow");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn slow_body(mut self, bytes: usize, pause: Duration) -> Self {
        self.plan.pacing = Some(Pacing { chunk_size: bytes, pause });
        self
    }

    /// Sends the response when the head of a request has been read, and leaves its body unread.
    ///
    /// Nothing is verified or executed. If the operation is named in the body, it is not known yet,
    /// so a response [for that operation](Self::for_operation) stays in the queue.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let early = ScriptedResponse::new(StatusCode::PAYLOAD_TOO_LARGE).before_request_body();
    /// let service = FakeService::builder().response(early).start().await?;
    /// assert!(get(&service).await?.starts_with("HTTP/1.1 413 "));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn before_request_body(mut self) -> Self {
        self.trigger = Trigger::RequestHead;
        self
    }

    /// Sends the response on a new connection before anything is read from it.
    ///
    /// Then the connection is closed, unless [`ending`](Self::ending) is set. The response waits
    /// until all responses queued before it were sent, except those [for one
    /// operation](Self::for_operation). Nothing is verified or executed, and nothing is
    /// [recorded](crate::FakeService::requests), since there is no request. A client that reuses a
    /// connection does not receive it.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let greeting = ScriptedResponse::raw("220 ready\r\n").on_connect();
    /// let service = FakeService::builder().response(greeting).start().await?;
    /// assert_eq!(get(&service).await?, "220 ready\r\n");
    /// assert!(service.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_connect(mut self) -> Self {
        self.trigger = Trigger::Connection;
        self
    }

    /// Waits this long before sending. Requires a tokio runtime with its timer enabled.
    ///
    /// The operation is executed before the wait.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// # use std::time::{Duration, Instant};
    /// let late = ScriptedResponse::raw("late").delay(Duration::from_millis(20));
    /// let service = FakeService::builder().response(late.skip_verification()).start().await?;
    /// let start = Instant::now();
    /// get(&service).await?;
    /// assert!(start.elapsed() >= Duration::from_millis(20));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn delay(mut self, time: Duration) -> Self {
        self.delay = time;
        self
    }

    /// Also executes the operation, if possible, before this response is sent in place of its own.
    ///
    /// Only requests that pass all checks are executed, even if the response
    /// [skips verification](Self::skip_verification).
    #[must_use]
    pub fn executed(mut self) -> Self {
        self.executed = true;
        self
    }

    /// Sets a header, replacing one with the same name.
    ///
    /// This includes headers that the service sets itself, such as `x-acs-request-id` and `date`. A
    /// response that sets `content-length`, right or wrong, or `transfer-encoding` is sent
    /// unchanged, and then the connection is closed. With `transfer-encoding: chunked`, the body
    /// must contain the chunks.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// # use http::header::{CONTENT_LENGTH, HeaderValue};
    /// let wrong = ScriptedResponse::json(StatusCode::OK, "{}")
    ///     .header(CONTENT_LENGTH, HeaderValue::from_static("900"));
    /// let service = FakeService::builder().response(wrong.skip_verification()).start().await?;
    /// assert!(get(&service).await?.contains("content-length: 900"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Reserves the response for a request of this operation. Requests of other operations ignore
    /// it.
    ///
    /// ```
    #[doc = include_str!("../doctest/get.txt")]
    /// let reserved = ScriptedResponse::raw("reserved").for_operation("RefreshObjectCaches");
    /// let service = FakeService::builder().response(reserved.skip_verification()).start().await?;
    /// assert!(get(&service).await?.contains("MissingAccessKeyId"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn for_operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Sends the response even if the request is unsigned, wrongly signed or expired, as a proxy in
    /// front of the service would. The nonce of the request stays unused.
    #[must_use]
    pub fn skip_verification(mut self) -> Self {
        self.verified = false;
        self
    }
}
