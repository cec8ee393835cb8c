//! The faults of the server.

use std::time::Duration;

use alicloud_core::Format;

use crate::server::{Behavior, Server, http};
use crate::{MAX_RESPONSE_BYTES, READ_TIMEOUT};

/// How often the small responses are sent between two large ones.
const SMALL_CYCLES: usize = 25;

/// Returns what the server does with the requests of clients with this format.
pub(crate) fn behaviors(format: Format, redirect_target: &Server) -> Vec<Behavior> {
    use Behavior::*;

    let location = format!("location: http://{}/\r\n", redirect_target.address);
    let (body, error): (_, fn(&str) -> String) = match format {
        Format::Xml => {
            ("<Response><RequestId>R</RequestId><TotalCount>1</TotalCount></Response>", |code| {
                format!("<Error><Code>{code}</Code><Message>M</Message></Error>")
            })
        }
        _ => (r#"{"RequestId":"R","TotalCount":1}"#, |code| {
            format!(r#"{{"Code":"{code}","Message":"M"}}"#)
        }),
    };
    let (start, item, end) = match format {
        Format::Xml => (
            "<Response><Tasks>",
            "<Task><TaskId>704225667</TaskId><Status>Complete</Status></Task>",
            "</Tasks></Response>",
        ),
        _ => (r#"{"Tasks":[{}"#, r#",{"TaskId":"704225667","Status":"Complete"}"#, "]}"),
    };
    let list = |length: usize| {
        let items = item.repeat((length - start.len() - end.len()) / item.len());
        let text = [start, &items, end].concat();
        let padding = " ".repeat(length - text.len());
        text + &padding
    };
    let slow = |pause| SlowBody(http(200, "", format!("{body:<300}")), pause);
    let invalid_text = |text: String| text.replacen('1', "\u{1}", 1).replacen('M', "M\0", 1);
    let not_utf8 = |text: &str| [&text.as_bytes()[..text.len() / 2], b"\xb4\xff", b"\0"].concat();
    let success = http(200, "", body);
    let half = success[..success.len() - body.len() / 2].to_vec();
    let chunked = |length: usize| {
        let head = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n");
        (head + &list(length) + "\r\n0\r\n\r\n").into_bytes()
    };
    let small = vec![
        Respond(success.clone()),
        RespondAndClose(success.clone()),
        RespondAndCloseIdle(success.clone()),
        Close,
        Reset,
        ResetBeforeBody,
        ResetOnConnect,
        SendOnConnect(b"SSH-2.0-OpenSSH\r\n".to_vec()),
        // The connection or the framing breaks.
        RespondAndClose(b"HTTP/1.1 200".to_vec()),
        RespondAndClose(half.clone()),
        RespondAndClose(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n99\r\n{".to_vec()),
        RespondAndClose(b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n{}".to_vec()),
        Respond([b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", body.as_bytes()].concat()),
        RespondAndStall(Vec::new()),
        RespondAndStall(half),
        slow(Duration::from_millis(1)),
        slow(READ_TIMEOUT * 2),
        // The body is not what it should be.
        Respond(http(200, "", "")),
        Respond(http(200, "", &body[..body.len() - 3])),
        Respond(http(200, "", body.replace('1', "no number"))),
        Respond(http(200, "", invalid_text(body.to_owned()))),
        Respond(http(200, "", not_utf8(body))),
        Respond(http(200, "content-type: text/html\r\n", "<!DOCTYPE html><html>gateway</html>")),
        Respond(http(200, "content-encoding: gzip\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03")),
        Respond(http(200, "", "[".repeat(5_000))),
        Respond(http(200, "", "<a>".repeat(5_000))),
        Respond(http(302, &location, "")),
        Respond(http(307, &location, "")),
        // The service reports an error.
        Respond(http(500, "", error("InternalError"))),
        Respond(http(503, "", "")),
        Respond(http(502, "content-type: text/html\r\n", "<html>bad gateway</html>")),
        Respond(http(400, "", error("Throttling.User"))),
        Respond(http(429, "retry-after: 1\r\n", error("Throttling"))),
        Respond(http(400, "", error("InvalidObjectPath.Malformed"))),
        Respond(http(400, "", invalid_text(error("InvalidObjectPath.Malformed")))),
        Respond(http(403, "", not_utf8(&error("Forbidden.RAM")))),
        SkewedClock { ahead: 3_600, headers: "" },
    ];
    let large = [
        Respond(http(200, "", list(MAX_RESPONSE_BYTES))),
        Respond(http(200, "", list(MAX_RESPONSE_BYTES + 1))),
        Respond(chunked(MAX_RESPONSE_BYTES)),
        Respond(chunked(MAX_RESPONSE_BYTES + 1)),
        Respond(http(200, "", &list(MAX_RESPONSE_BYTES)[1..])),
    ];
    let cycle = |large| std::iter::repeat_n(small.clone(), SMALL_CYCLES).flatten().chain([large]);
    large.into_iter().flat_map(cycle).collect()
}
