//! Operations of a description that functions of the test answer.

use std::sync::Mutex;

use alicloud_fake::{DEFAULT_ACCESS_KEY_ID, FakeService, OperationError, ScriptedResponse, Spec};
use http::StatusCode;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use crate::client::{RESET, connect, read_to_end, send, service, xml_texts};
use crate::sign::Call;

const WEATHER: &str = include_str!("weather.json");

/// A service that remembers the cities that it was asked about, and knows no sky in one of them.
async fn start() -> FakeService {
    let cities = Mutex::new(Vec::new());
    let spec = Spec::try_from(WEATHER).unwrap();
    let spec = spec
        .handle("DescribeSky", move |call| {
            let city = call.param("City").unwrap().to_owned();
            if city == "Atlantis" {
                return Err(OperationError::new(StatusCode::NOT_FOUND, "City.Sunk", "Too deep."));
            }
            let mut cities = cities.lock().unwrap();
            cities.push(city);
            Ok(json!({ "Cities": *cities, "By": call.access_key_id }))
        })
        .unwrap();
    let spec = spec.handle("DescribeWind", |_| Ok(json!(["no object"]))).unwrap();
    service().spec(spec).unwrap().start().await.unwrap()
}

fn sky<'a>(nonce: &'a str, params: &'a [(&'a str, &'a str)]) -> Call<'a> {
    Call { operation: "DescribeSky", version: "2026-02-01", nonce, params, ..Call::default() }
}

#[tokio::test]
async fn a_handler_answers_in_both_formats_and_keeps_state() {
    let service = start().await;
    let json = send(&service, sky("n1", &[("City", "Ulm"), ("Tag.1.Key", "a")]).acs3()).await;
    assert_eq!(json.status, 200);
    assert_eq!(json.json()["Cities"], json!(["Ulm"]));
    assert_eq!(json.json()["By"], DEFAULT_ACCESS_KEY_ID);
    assert_eq!(json.json()["RequestId"], "FA4E0000-0000-4000-8000-000000000001");
    let xml = send(&service, sky("n2", &[("City", "Bonn"), ("Tag.1.Key", "a")]).rpc()).await;
    assert_eq!(xml_texts(&xml.body, "Cities"), ["Ulm", "Bonn"]);
    assert_eq!(xml_texts(&xml.body, "By"), [DEFAULT_ACCESS_KEY_ID]);
}

#[tokio::test]
async fn its_errors_and_invalid_values_are_errors_of_the_service() {
    let service = start().await;
    let sunk = send(&service, sky("n3", &[("City", "Atlantis"), ("Tag.1.Key", "a")]).acs3()).await;
    assert_eq!((sunk.status, sunk.code().unwrap().as_str()), (404, "City.Sunk"));
    assert_eq!(sunk.error_field("Message").unwrap(), "Too deep.");
    // The checks come first.
    let missing = send(&service, sky("n4", &[]).acs3()).await;
    assert_eq!(missing.code().unwrap(), "MissingCity");
    let wind =
        Call { operation: "DescribeWind", version: "2026-02-01", nonce: "n", ..Call::default() };
    let invalid = send(&service, Call { method: "GET", ..wind }.acs3()).await;
    assert_eq!((invalid.status, invalid.code().unwrap().as_str()), (501, "FakeService.NoExample"));
    assert!(invalid.error_field("Message").unwrap().contains("did not return an object"));
}

#[tokio::test]
async fn a_lost_response_was_handled() {
    let service = start().await;
    service.enqueue(ScriptedResponse::response_lost());
    let mut connection = connect(service.endpoint()).await;
    connection
        .write_all(sky("n5", &[("City", "Ulm"), ("Tag.1.Key", "a")]).acs3().as_bytes())
        .await
        .unwrap();
    assert_eq!(read_to_end(&mut connection).await, (String::new(), RESET));
    let second = send(&service, sky("n6", &[("City", "Bonn"), ("Tag.1.Key", "a")]).acs3()).await;
    assert_eq!(second.json()["Cities"], json!(["Ulm", "Bonn"]));
}

#[tokio::test]
async fn the_debug_output_of_a_call_has_no_parameters() {
    let spec = Spec::try_from(WEATHER).unwrap();
    let spec =
        spec.handle("DescribeSky", |call| Ok(json!({ "Debug": format!("{call:?} {call:#?}") })));
    let service = service().spec(spec.unwrap()).unwrap().start().await.unwrap();
    for (nonce, name) in [("n7", "SSLPri"), ("n8", "OIDCToken")] {
        let params = [("City", "Ulm"), ("Tag.1.Key", "a"), (name, "-----BEGIN PRIVATE KEY-----")];
        let response = send(&service, sky(nonce, &params).acs3()).await;
        let debug = response.json()["Debug"].as_str().unwrap().to_owned();
        assert!(debug.contains("ReceivedCall") && debug.contains(DEFAULT_ACCESS_KEY_ID), "{debug}");
        assert!(!debug.contains("PRIVATE KEY") && !debug.contains("Ulm"), "{name}: {debug}");
    }
}
