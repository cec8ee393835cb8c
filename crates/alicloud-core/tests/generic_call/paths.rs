//! Paths with placeholders: how they are filled, and which are not sent.

use alicloud_core::Outcome;
use alicloud_core::testing::FakeTransport;

use crate::common::*;

#[tokio::test]
async fn placeholders_in_any_brackets_are_filled() {
    let fake = FakeTransport::new().respond_json("New", "{}");
    let client = client(&fake);
    let roa = |path: &str| client.generic_call("New").roa("GET", path);
    for (call, expected) in [
        (roa("/clusters/[Id]").path_param("Id", "x"), "/clusters/x"),
        (roa("/clusters/{Id}").path_param("Id", "x"), "/clusters/x"),
        (client.generic_call("New").path_param("Id", 7).roa("GET", "/a/[Id]"), "/a/7"),
        (roa("/a/[B]/{C}").path_param("C", "c d").path_param("B", "[B]"), "/a/%5BB%5D/c%20d"),
        (roa("/a/[B].json").path_param("B", "b/c"), "/a/b%2Fc.json"),
        (roa("/v1:batch/{+Path}").path_param("Path", "b/c d"), "/v1:batch/b/c%20d"),
        (roa("/a%2Fb/").path_param("B", "x").roa("GET", "/a%2Fb/[B]/"), "/a%2Fb/x/"),
        (roa("/a/{Name}").path_param("Name", "NaN"), "/a/NaN"),
        (roa("/a/{Number}").path_param("Number", 1.5), "/a/1.5"),
        (roa("/a/...").query("b c"), "/a/...?Note=b%20c"),
        (roa("/a?f[0]=x%20y&all"), "/a?all=&f%5B0%5D=x%20y"),
    ] {
        call.await.unwrap();
        let sent = fake.requests().pop().unwrap();
        assert_eq!(sent.uri().path_and_query().unwrap(), expected);
    }
}

trait QueryNote {
    fn query(self, note: &str) -> Self;
}

impl QueryNote for alicloud_core::GenericCall {
    fn query(self, note: &str) -> Self {
        self.param("Note", note)
    }
}

#[tokio::test]
async fn odd_paths_are_not_sent() {
    let fake = FakeTransport::new();
    let client = client(&fake);
    let call = || client.generic_call("New");
    let roa = |path: &str| call().roa("GET", path);
    let with_id = |path: &str, id: &str| roa(path).path_param("Id", id);
    for (call, expected) in [
        // Values and placeholders that do not belong together.
        (with_id("/clusters", "x"), "parameter Id: has no placeholder: the path \"/clusters\""),
        (with_id("/clusters/{id}", "x"), "has no value for id; set it with path_param(\"id\", …)"),
        (roa("/clusters/[Id]"), "parameter path: \"/clusters/[Id]\" has no value for Id"),
        (call().path_param("Id", "x"), "parameter Id: has no placeholder: the call has no path"),
        (with_id("/{Id}", "x").path_param("Id", "y"), "parameter Id: has two values"),
        (with_id("/{Id}/[Id]", "x"), "has two placeholders \"Id\""),
        (with_id("/a?x={Id}", "x"), "has a placeholder in its query"),
        (with_id("/a?x=[Id]", "x"), "has a placeholder in its query"),
        // Segments that HTTP clients resolve.
        (roa("/a/../b"), "has a segment that is empty, `.` or `..`"),
        (roa("/a/./b"), "has a segment that is empty, `.` or `..`"),
        (roa("/a/%2E%2e/b"), "has a segment that is empty, `.` or `..`"),
        (roa("/a/.%2e"), "has a segment that is empty, `.` or `..`"),
        (roa("/a//b"), "has a segment that is empty, `.` or `..`"),
        (with_id("/a/[Id]", ".."), "parameter Id: \"..\" is not allowed in a path"),
        (with_id("/a/[Id]/b", "."), "parameter Id: \".\" is not allowed in a path"),
        (with_id("/a/{+Id}", "b/../c"), "parameter Id: \"..\" is not allowed in a path"),
        (with_id("/a/.{Id}", "."), "parameter Id: \".\" is not allowed in a path"),
        (with_id("/a/%2e{Id}%2e/b", ".."), "parameter Id: \"..\" is not allowed in a path"),
        // Malformed templates.
        (roa(""), "\"\" is not a path; write it like /clusters/{Id}"),
        (roa("{+Id}"), "is not a path; write it like /clusters/{Id}"),
        (roa("/a#b"), "is not a path: it has a fragment"),
        (roa("/a b"), "is not a path: it has ' '"),
        (roa("/a?b=c d"), "is not a path: its query has ' '"),
        (roa("/a?b#c"), "is not a path: its query has '#'"),
        (roa("/ä"), "is not a path: it has 'ä'; percent-encode it"),
        (roa("/a\\b"), "is not a path: it has '\\\\'"),
        (roa("/a/*"), "has '*'; write {+Name}"),
        (roa("/a/50%"), "has '%' without two hexadecimal digits"),
        (with_id("/a/{Id", "x"), "has '{' without '}'"),
        (with_id("/a/[Id", "x"), "has '[' without ']'"),
        (with_id("/a/[Id}", "x"), "has '[' without ']'"),
        (with_id("/a/{b/{Id}}", "x"), "has '{' without '}'"),
        (with_id("/a/Id}", "x"), "has '}' without its opening bracket"),
        (with_id("/a/Id]", "x"), "has ']' without its opening bracket"),
        (roa("/a/{}"), "has an invalid placeholder \"\""),
        (roa("/a/[+]"), "has an invalid placeholder \"+\""),
        (roa("/a/[b c]"), "has an invalid placeholder \"b c\""),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0), "{error}");
        assert!(error.is_invalid_request() && error.to_string().contains(expected), "{error}");
    }
    assert!(fake.requests().is_empty());
}
