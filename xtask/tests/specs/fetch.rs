//! `fetch`: downloads of descriptions, and the lock file that records them.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use super::{
    GADGET, PATH, Server, all_files, empty_root, failure, sha256, success, write, xtask_in,
};

#[test]
fn fetch_writes_the_description_and_the_lock() {
    let root = empty_root();
    let (output, head) =
        Server::with_response("200 OK", GADGET).fetch(&root, "gadget", "2020-01-01");
    let summary = success(&output);
    assert_eq!(
        summary,
        format!(
            "{PATH}: Gadget 2020-01-01, 1 operations, {} bytes, sha256 {}\n",
            GADGET.len(),
            sha256(GADGET)
        )
    );
    assert!(
        head.starts_with(
            "GET /meta/v1/products/gadget/versions/2020-01-01/api-docs.json HTTP/1.1\r\n"
        ),
        "{head}"
    );
    assert_eq!(fs::read_to_string(root.path().join(PATH)).unwrap(), GADGET);
    let lock = fs::read_to_string(root.path().join("specs/specs.lock")).unwrap();
    insta::assert_snapshot!(lock);
    assert_eq!(all_files(root.path()).len(), 2, "temporary files are removed");
    assert_eq!(
        success(&xtask_in(&root, &["verify"])),
        "specs: 1 description verified against the lock\n"
    );
}

#[test]
fn fetch_of_a_known_description_prints_the_changes_and_keeps_other_entries() {
    let root = empty_root();
    write(&root, "specs/widget/1.0/api.json", &GADGET.replace("Gadget", "Widget"));
    write(&root, PATH, GADGET);
    success(&xtask_in(&root, &["lock"]));
    let newer = GADGET.replace("PingGadget", "PongGadget");
    let (output, _) = Server::with_response("200 OK", &newer).fetch(&root, "Gadget", "2020-01-01");
    let summary = success(&output);
    assert!(summary.contains("replaced a description that was written by hand"), "{summary}");
    assert!(summary.contains("Gadget 2020-01-01: major, 2 changes"), "{summary}");
    assert_eq!(
        success(&xtask_in(&root, &["verify"])),
        "specs: 2 descriptions verified against the lock\n"
    );
}

#[test]
fn fetch_of_another_product_or_version_is_an_error() {
    insta::assert_snapshot!(
        Server::with_response("200 OK", &GADGET.replace("\"Gadget\"", "\"Widget\"")).fetch_error(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: expected Gadget 2020-01-01, got "Widget" "2020-01-01"; correct the product or version (no file was changed)"#
    );
    insta::assert_snapshot!(
        Server::with_response("200 OK", &GADGET.replace("2020", "2021")).fetch_error(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: expected Gadget 2020-01-01, got "Gadget" "2021-01-01"; correct the product or version (no file was changed)"#
    );
}

#[test]
fn fetch_accepts_status_200_only() {
    insta::assert_snapshot!(Server::with_response("404 Not Found", GADGET).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 404 Not Found; check the address of the metadata service (no file was changed)");
    insta::assert_snapshot!(Server::with_response("204 No Content", "").fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 204 No Content; check the address of the metadata service (no file was changed)");
    insta::assert_snapshot!(
        Server::with_raw_response(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()).fetch_error(),
        @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: HTTP 302 Found to "http://127.0.0.1:1/", redirects are not followed; check the address of the metadata service (no file was changed)"#
    );
}

#[test]
fn fetch_of_an_incomplete_or_invalid_body_is_an_error() {
    let short = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{GADGET}", GADGET.len() + 1);
    insta::assert_snapshot!(Server::with_raw_response(short.into_bytes()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is incomplete: Peer disconnected; try again later (no file was changed)");
    // Without a length, only the JSON shows that the body is truncated.
    let truncated =
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", &GADGET[..GADGET.len() - 1]);
    insta::assert_snapshot!(Server::with_raw_response(truncated.into_bytes()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: invalid JSON: EOF while parsing an object at line 1 column 163: download the description again");
    insta::assert_snapshot!(Server::with_response("200 OK", "<html>no</html>").fetch_error(), @r#"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is not JSON, it starts with "<html>no</html>"; check the address of the metadata service (no file was changed)"#);
    insta::assert_snapshot!(Server::with_response("200 OK", "{\"data\":1}").fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json at /info: missing or not an object: an OpenMeta document needs `info` with `product`, `version` and `style`, and `apis`");
    insta::assert_snapshot!(Server::with_raw_response(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: protocol: http parse fail: invalid HTTP version; check the address of the metadata service, or try again later (no file was changed)");
    insta::assert_snapshot!(Server::with_raw_response(Vec::new()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: io: Peer disconnected; check the address of the metadata service, or try again later (no file was changed)");
}

#[test]
fn fetch_of_a_body_above_the_limit_is_an_error() {
    let with_length = "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n";
    insta::assert_snapshot!(Server::with_raw_response(with_length.into()).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is larger than 67108864 bytes; check the address of the metadata service (no file was changed)");
    let mut without_length = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    without_length.resize(without_length.len() + (64 << 20) + 1, b' ');
    insta::assert_snapshot!(Server::with_raw_response(without_length).fetch_error(), @"error: http://server/meta/v1/products/Gadget/versions/2020-01-01/api-docs.json: the response is larger than 67108864 bytes; check the address of the metadata service (no file was changed)");
}

#[test]
fn fetch_validates_names_and_the_base_url() {
    let root = empty_root();
    for (product, version) in [
        ("../x", "1"),
        ("x", ".."),
        ("a/b", "1"),
        ("x", "1/2"),
        ("", "1"),
        ("x", "a\\b"),
        (".x", "1"),
    ] {
        // No server listens on that port: the names are validated first.
        let line = failure(&xtask_in(
            &root,
            &["fetch", product, version, "--base-url", "http://127.0.0.1:1"],
        ));
        assert!(line.contains("use letters, digits, `-`, `_` and `.`"), "{line}");
    }
    for base_url in ["ftp://x", "https://", "http://u:p@x", "http://x?y", "http://x y", "x"] {
        let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", base_url]));
        assert!(line.starts_with("error: --base-url: "), "{line}");
    }
    assert!(all_files(root.path()).is_empty());
}

#[test]
fn fetch_without_a_server_is_an_error() {
    let root = empty_root();
    let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", "http://127.0.0.1:1"]));
    assert!(line.contains("refused") && line.contains("no file was changed"), "{line}");
    assert!(all_files(root.path()).is_empty());
}

#[test]
fn fetch_over_tls_from_a_plain_server_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("https://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        listener.accept().unwrap().0.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
    });
    let root = empty_root();
    let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", &base_url]));
    server.join().unwrap();
    assert!(line.contains("no file was changed"), "{line}");
    assert!(all_files(root.path()).is_empty());
}

#[test]
fn fetch_keeps_an_invalid_lock_file() {
    let root = empty_root();
    write(&root, "specs/specs.lock", "[[file]]\npath = 1\n");
    let before = all_files(root.path());
    let line = failure(&xtask_in(&root, &["fetch", "x", "1", "--base-url", "http://127.0.0.1:1"]));
    assert!(line.contains("specs.lock: line 2: not a lock file"), "{line}");
    assert_eq!(all_files(root.path()), before);
}
