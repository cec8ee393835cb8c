//! A metadata service as the source.

use std::net::TcpListener;

use super::{PRODUCTS, Project, Service, gadget, response};

fn with_source(url: &str) -> Project {
    let project = Project::empty();
    project.success(&["init", "--source", url]);
    project
}

#[test]
fn a_description_is_downloaded_once_and_locked() {
    let service = Service::with_gadget();
    let project = with_source(&service.url);
    project.success(&["add", "Gadget", "2026-01-01", "--operations", "StartThing"]);
    project.success(&["generate"]);
    project.success(&["generate", "--check"]);
    assert_eq!(service.requests(), ["/meta/v1/products/Gadget/versions/2026-01-01/api-docs.json"]);
    let lock = project.read("alicloud.lock");
    assert!(lock.contains("origin = \"fetched\""), "{lock}");
    // Without the cache, the description is downloaded again.
    std::fs::remove_dir_all(project.folder.path().join("cache")).unwrap();
    project.success(&["generate"]);
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn a_description_is_written_into_the_repository_on_request() {
    let service = Service::with_gadget();
    let project = with_source(&service.url);
    project.success(&["add", "Gadget", "2026-01-01", "--save", "descriptions/gadget.json"]);
    assert_eq!(project.read("descriptions/gadget.json"), gadget().to_string());
    assert!(project.read("alicloud.toml").contains("description = \"descriptions/gadget.json\""));
    project.success(&["generate"]);
    assert_eq!(service.requests().len(), 1);
    // An update downloads it again.
    project.success(&["update"]);
    assert_eq!(service.requests().len(), 2);
}

#[test]
fn unknown_names_have_suggestions() {
    let service = Service::with_gadget();
    let project = with_source(&service.url);
    assert_eq!(
        project.failure(&["add", "Gadgte", "2026-01-01"]),
        "error: unknown product \"Gadgte\"; did you mean \"Gadget\"?; `alicloud-codegen list` prints all products"
    );
    assert_eq!(
        project.failure(&["add", "Gadget", "2025-01-01"]),
        "error: Gadget has no version \"2025-01-01\"; its versions are 2020-02-02, 2026-01-01"
    );
    assert_eq!(
        project.failure(&["add", "Gadget", "2026-01-01", "--operations", "StarThing"]),
        "error: Gadget 2026-01-01 has no operation \"StarThing\"; did you mean \"StartThing\"?; `alicloud-codegen show Gadget` prints all"
    );
    // The case of a product does not matter, although it does to the service.
    project.success(&["add", "gadget", "2026-01-01"]);
    assert!(project.read("alicloud.toml").contains("product = \"Gadget\""));
}

/// Adds `Gadget` from a service with this response, which must fail, and returns the message.
fn add_error(respond: impl Fn(&str) -> Vec<u8> + Send + 'static) -> String {
    let service = Service::start(respond);
    let project = with_source(&service.url);
    project.failure(&["add", "Gadget", "2026-01-01"]).replace(&service.url, "http://server")
}

const URL: &str = "error: http://server/meta/v1/products/Gadget/versions/2026-01-01/api-docs.json";

#[test]
fn what_is_no_description_is_an_error() {
    let html = add_error(|_| response("200 OK", "<!doctype html><html></html>"));
    assert_eq!(
        html,
        format!(
            "{URL}: the response is not JSON, it starts with \"<!doctype html><html></html>\"; check the address of the metadata service (no file was changed)"
        )
    );
    let half = add_error(|_| {
        let text = gadget().to_string();
        response("200 OK", &text[..text.len() / 2])
    });
    assert!(half.starts_with(&format!("{URL}: invalid JSON: ")), "{half}");
    let short = add_error(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}".to_vec());
    assert!(short.starts_with(&format!("{URL}: the response is incomplete")), "{short}");
    let other =
        add_error(|_| response("200 OK", &gadget().to_string().replace("Gadget", "Widget")));
    assert!(
        other.starts_with(&format!("{URL} at /info: expected Gadget 2026-01-01, got \"Widget\"")),
        "{other}"
    );
    let json = add_error(|_| response("200 OK", "{\"code\": \"NotFound\"}"));
    assert!(json.starts_with(&format!("{URL} at /info: ")), "{json}");
    let error = add_error(|_| response("500 Internal Server Error", "{}"));
    assert_eq!(
        error,
        format!("{URL}: HTTP 500 Internal Server Error; try again later (no file was changed)")
    );
    let redirect = add_error(|_| {
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    assert_eq!(
        redirect,
        format!(
            "{URL}: HTTP 302 Found to \"http://127.0.0.1:1/\", redirects are not followed; check the address of the metadata service (no file was changed)"
        )
    );
    let nothing = add_error(|_| Vec::new());
    assert!(
        nothing.starts_with(&format!("{URL}: ")) && nothing.ends_with("(no file was changed)"),
        "{nothing}"
    );
    // The list exists, and has the product and version: the error of the description is the one to report.
    let missing = add_error(|path| match path {
        "/meta/v1/products.json" => response("200 OK", PRODUCTS),
        _ => response("404 Not Found", ""),
    });
    assert_eq!(
        missing,
        format!(
            "{URL}: HTTP 404 Not Found; check the address of the metadata service (no file was changed)"
        )
    );
}

#[test]
fn a_service_that_does_not_listen_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let project = with_source(&url);
    let message = project.failure(&["add", "Gadget", "2026-01-01"]);
    assert!(message.contains("refused") && message.ends_with("(no file was changed)"), "{message}");
    let message = project.failure(&["list"]);
    assert!(message.starts_with(&format!("error: {url}/meta/v1/products.json: ")), "{message}");
}

#[test]
fn a_service_with_another_description_than_the_locked_one_is_an_error() {
    let service = Service::with_gadget();
    let project = with_source(&service.url);
    project.success(&["add", "Gadget", "2026-01-01"]);
    let changed =
        Service::start(|_| response("200 OK", &gadget().to_string().replace("Lists", "Returns")));
    let text = project.read("alicloud.toml").replace(&service.url, &changed.url);
    project.write("alicloud.toml", &text);
    // The cache has the locked description.
    project.success(&["generate"]);
    std::fs::remove_dir_all(project.folder.path().join("cache")).unwrap();
    let message = project.failure(&["generate"]);
    assert!(
        message.contains("run `alicloud-codegen update Gadget` to accept the change"),
        "{message}"
    );
}

#[test]
fn a_changed_file_of_the_cache_is_not_used() {
    let service = Service::with_gadget();
    let project = with_source(&service.url);
    project.success(&["add", "Gadget", "2026-01-01"]);
    for entry in std::fs::read_dir(project.folder.path().join("cache")).unwrap() {
        std::fs::write(entry.unwrap().path(), "{}").unwrap();
    }
    project.success(&["generate"]);
    assert_eq!(service.requests().len(), 2);
}
