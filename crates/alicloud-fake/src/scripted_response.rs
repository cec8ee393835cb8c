//! Scripted responses, which replace the regular response to a request.

mod options;
mod script;

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

use crate::delivery::{DeliveryPlan, Ending, Portion};
pub(crate) use script::Script;

/// A response prepared for a future request.
///
/// Each scripted response is used once, in the order in which they were queued. By default it
/// replaces only the operation: signature, time and nonce of the request are still checked first,
/// so a client that resends a request without signing it again is caught. A request that fails
/// these checks leaves the response in the queue. The service may be unable to simulate the operation.
///
/// Constructors choose what is sent. The other methods can be combined and choose
///
/// * how much is sent: [`truncate_body`](Self::truncate_body),
/// * how fast: [`delay`](Self::delay), [`slow_body`](Self::slow_body),
/// * how the connection ends: [`ending`](Self::ending),
/// * when it is sent: [`before_request_body`](Self::before_request_body),
///   [`on_connect`](Self::on_connect),
/// * for which request: [`for_operation`](Self::for_operation),
///   [`skip_verification`](Self::skip_verification),
/// * whether the operation is executed: [`executed`](Self::executed).
///
/// ```
/// use alicloud_fake::{Ending, FakeService, ScriptedResponse};
/// use http::StatusCode;
/// use http::header::{HeaderName, HeaderValue};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let retry_after = HeaderName::from_static("x-acs-retry-after");
/// let responses = [
///     ScriptedResponse::html(StatusCode::BAD_GATEWAY, "<h1>502 Bad Gateway</h1>")
///         .skip_verification(),
///     ScriptedResponse::error(StatusCode::BAD_REQUEST, "Throttling.User", "Slow down.")
///         .header(retry_after, HeaderValue::from_static("1500"))
///         .for_operation("DescribeRefreshTaskById"),
///     ScriptedResponse::response_lost().for_operation("RefreshObjectCaches"),
///     ScriptedResponse::passthrough().truncate_body(10).ending(Ending::Hang),
///     ScriptedResponse::connection_reset().on_connect(),
/// ];
/// let service = FakeService::builder().start().await?;
/// for response in responses {
///     service.enqueue(response);
/// }
/// # Ok(())
/// # }
/// ```
///
/// The examples below call `get`, which sends an unsigned `GET` request and returns the response as
/// text.
#[derive(Debug, Clone)]
pub struct ScriptedResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ScriptedBody,
    pub(crate) plan: DeliveryPlan,
    pub(crate) delay: Duration,
    /// Whether the operation is executed as well.
    pub(crate) executed: bool,
    operation: Option<String>,
    trigger: Trigger,
    verified: bool,
}

/// What must have arrived before a response is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trigger {
    Request,
    RequestHead,
    Connection,
}

#[derive(Debug, Clone)]
pub(crate) enum ScriptedBody {
    /// The regular status and body.
    Passthrough,
    Fixed(Bytes),
    /// Written in the format that the request asks for, with its request id.
    Error {
        code: String,
        message: String,
    },
}

impl ScriptedResponse {
    /// Creates a response with this status and no body or content type.
    ///
    /// An informational status (1xx) is sent as is, although it is no final response, and the
    /// connection is closed.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let unavailable = ScriptedResponse::new(StatusCode::SERVICE_UNAVAILABLE);
    /// let service = FakeService::builder().response(unavailable.skip_verification()).start().await?;
    /// assert!(get(&service).await?.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: ScriptedBody::Fixed(Bytes::new()),
            plan: DeliveryPlan::UNCHANGED,
            delay: Duration::ZERO,
            executed: false,
            operation: None,
            trigger: Trigger::Request,
            verified: true,
        }
    }

    /// Creates a JSON response. The body is sent unchanged and may be invalid JSON.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let invalid = ScriptedResponse::json(StatusCode::OK, r#"{"Tasks":"#).skip_verification();
    /// let service = FakeService::builder().response(invalid).start().await?;
    /// let text = get(&service).await?;
    /// assert!(text.contains("content-type: application/json;charset=utf-8"));
    /// assert!(text.ends_with("\r\n\r\n{\"Tasks\":"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status).with_content("application/json;charset=utf-8", body)
    }

    /// Creates an XML response. The body is sent unchanged.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let empty = ScriptedResponse::xml(StatusCode::OK, "<Response/>").skip_verification();
    /// let service = FakeService::builder().response(empty).start().await?;
    /// assert!(get(&service).await?.contains("content-type: text/xml;charset=utf-8"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn xml(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status).with_content("text/xml;charset=utf-8", body)
    }

    /// Creates a web page, like the error pages of proxies and load balancers.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let page = ScriptedResponse::html(StatusCode::BAD_GATEWAY, "<h1>502</h1>");
    /// let service = FakeService::builder().response(page.skip_verification()).start().await?;
    /// assert!(get(&service).await?.ends_with("<h1>502</h1>"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn html(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status).with_content("text/html", body)
    }

    /// Creates an error of the service, in JSON or XML as the request asks, with its request id.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let error = ScriptedResponse::error(StatusCode::BAD_REQUEST, "Throttling", "Slow down.");
    /// let service = FakeService::builder().response(error.skip_verification()).start().await?;
    /// assert!(get(&service).await?.contains("<Code>Throttling</Code>"));
    /// assert_eq!(service.requests()[0].response.code.as_deref(), Some("Throttling"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn error(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Self {
        let mut response = Self::new(status);
        response.body = ScriptedBody::Error { code: code.into(), message: message.into() };
        response
    }

    /// Creates a response of these bytes, status line and headers included, and closes the
    /// connection.
    ///
    /// The bytes are sent unchanged and can be other than HTTP. [Headers](Self::header) have no effect.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let other_protocol = ScriptedResponse::raw("SSH-2.0-OpenSSH\r\n").skip_verification();
    /// let service = FakeService::builder().response(other_protocol).start().await?;
    /// assert_eq!(get(&service).await?, "SSH-2.0-OpenSSH\r\n");
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        let mut response = Self::new(StatusCode::OK);
        response.body = ScriptedBody::Fixed(bytes.into());
        response.plan.raw = true;
        response
    }

    /// Creates a response with the regular status and body, to [delay](Self::delay) or
    /// [truncate](Self::truncate_body) it, or to add a [header](Self::header).
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// # use http::header::{AGE, HeaderValue};
    /// let old = ScriptedResponse::passthrough().header(AGE, HeaderValue::from_static("3600"));
    /// let service = FakeService::builder().response(old.skip_verification()).start().await?;
    /// let text = get(&service).await?;
    /// assert!(text.contains("age: 3600") && text.contains("MissingAccessKeyId"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn passthrough() -> Self {
        let mut response = Self::new(StatusCode::OK).executed();
        response.body = ScriptedBody::Passthrough;
        response
    }

    /// Creates a response that resets the connection (RST) when the request has been read. The operation
    /// is not executed.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let reset = ScriptedResponse::connection_reset().skip_verification();
    /// let service = FakeService::builder().response(reset).start().await?;
    /// assert_eq!(get(&service).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    /// # Ok(())
    /// # }
    /// ```
    pub fn connection_reset() -> Self {
        Self::without_response(Ending::Reset)
    }

    /// Creates a response that executes the operation, then resets the connection (RST) instead of
    /// sending anything.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let lost = ScriptedResponse::response_lost().skip_verification();
    /// let service = FakeService::builder().response(lost).start().await?;
    /// assert!(get(&service).await.is_err());
    /// assert_eq!(service.requests()[0].response.delivery, Delivery::ConnectionReset);
    /// # Ok(())
    /// # }
    /// ```
    pub fn response_lost() -> Self {
        let mut response = Self::passthrough().ending(Ending::Reset);
        response.plan.portion = Portion::Nothing;
        response
    }

    /// Creates a response that sends nothing until the client closes the connection. The request is
    /// read, and the operation is not executed.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// # use std::time::Duration;
    /// let hanging = ScriptedResponse::no_response().skip_verification();
    /// let service = FakeService::builder().response(hanging).start().await?;
    /// assert!(tokio::time::timeout(Duration::from_millis(50), get(&service)).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn no_response() -> Self {
        Self::without_response(Ending::Hang)
    }

    /// Creates a response that closes the connection (FIN) when the request has been read. The operation
    /// is not executed.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let closed = ScriptedResponse::connection_closed().skip_verification();
    /// let service = FakeService::builder().response(closed).start().await?;
    /// assert_eq!(get(&service).await?, "");
    /// # Ok(())
    /// # }
    /// ```
    pub fn connection_closed() -> Self {
        Self::without_response(Ending::Close)
    }

    /// Creates a response with status 200 whose body claims to be JSON, but is neither JSON nor
    /// XML.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let malformed = ScriptedResponse::malformed_body().skip_verification();
    /// let service = FakeService::builder().response(malformed).start().await?;
    /// let text = get(&service).await?;
    /// assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("not a document"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn malformed_body() -> Self {
        Self::json(StatusCode::OK, "\u{1}\u{2}not a document\u{3}")
    }

    fn without_response(ending: Ending) -> Self {
        let mut response = Self::new(StatusCode::SERVICE_UNAVAILABLE).ending(ending);
        response.plan.portion = Portion::Nothing;
        response
    }

    fn with_content(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = ScriptedBody::Fixed(body.into());
        self.header(CONTENT_TYPE, HeaderValue::from_static(content_type))
    }

    /// Returns whether a request of this operation can receive the response.
    fn applies_to(&self, operation: Option<&str>) -> bool {
        self.trigger != Trigger::Connection
            && self.operation.as_deref().is_none_or(|reserved| Some(reserved) == operation)
    }
}

impl<B: Into<Bytes>> From<Response<B>> for ScriptedResponse {
    /// Converts status, headers and body. Version and extensions are dropped.
    fn from(response: Response<B>) -> Self {
        let (head, body) = response.into_parts();
        let mut response = Self::new(head.status);
        response.headers = head.headers;
        response.body = ScriptedBody::Fixed(body.into());
        response
    }
}
