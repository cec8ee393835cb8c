//! Decodes a response with ten tasks, and compares that with a minimal decoder as the baseline.
//!
//! The JSON baseline is serde_json with derived `Deserialize`. The XML baseline is an event loop over
//! quick-xml that is written for this response.
//! Run it with `cargo bench --package alicloud-tests --bench decode`.

#![allow(clippy::expect_used, reason = "benchmarks may panic")]

use alicloud_cdn_model::DescribeRefreshTaskByIdResponse;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::Deserialize;

fn main() {
    divan::main();
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct BaselineResponse {
    request_id: Option<String>,
    tasks: Vec<BaselineTask>,
    total_count: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct BaselineTask {
    creation_time: Option<String>,
    description: Option<String>,
    object_path: Option<String>,
    object_type: Option<String>,
    process: Option<String>,
    status: Option<String>,
    task_id: Option<String>,
}

fn response() -> DescribeRefreshTaskByIdResponse {
    let tasks: Vec<_> = (0..10)
        .map(|index| {
            serde_json::json!({
                "CreationTime": "2020-08-03T08:54:23Z",
                "Description": "",
                "ObjectPath": format!("http://example.com/images/{index}/abc.jpg"),
                "ObjectType": "file",
                "Process": "100%",
                "Status": "Complete",
                "TaskId": format!("1234567{index}"),
            })
        })
        .collect();
    let json = serde_json::json!({
        "RequestId": "E0C2EF95-B1EC-4C93-855E-2059A7DA2B7B", "Tasks": tasks, "TotalCount": 10,
    });
    serde_json::from_value(json).expect("the JSON is a valid response")
}

fn json() -> Vec<u8> {
    serde_json::to_vec(&response()).expect("a response can be serialized")
}

fn xml() -> String {
    alicloud_wire::to_xml("DescribeRefreshTaskByIdResponse", "Tasks", &response())
}

#[divan::bench]
fn json_baseline(bencher: divan::Bencher<'_, '_>) {
    let text = json();
    bencher.bench(|| serde_json::from_slice::<BaselineResponse>(&text));
}

#[divan::bench]
fn json_alicloud_wire(bencher: divan::Bencher<'_, '_>) {
    let text = json();
    bencher.bench(|| alicloud_wire::from_json::<DescribeRefreshTaskByIdResponse>(&text));
}

#[divan::bench]
fn xml_baseline(bencher: divan::Bencher<'_, '_>) {
    let text = xml();
    bencher.bench(|| decode_xml_baseline(&text));
}

#[divan::bench]
fn xml_alicloud_wire(bencher: divan::Bencher<'_, '_>) {
    let text = xml();
    bencher.bench(|| alicloud_wire::from_xml::<DescribeRefreshTaskByIdResponse>(text.as_bytes()));
}

fn decode_xml_baseline(text: &str) -> Option<BaselineResponse> {
    let mut reader = Reader::from_str(text);
    let mut response = BaselineResponse::default();
    let mut task: Option<BaselineTask> = None;
    let mut value = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                value.clear();
                if start.local_name().into_inner() == "Tasks" {
                    task = Some(BaselineTask::default());
                }
            }
            Event::Text(text) => value.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                value.push_str(quick_xml::escape::resolve_predefined_entity(&reference)?)
            }
            Event::End(end) => {
                let text = std::mem::take(&mut value);
                match (&mut task, end.local_name().into_inner()) {
                    (Some(_), "Tasks") => response.tasks.extend(task.take()),
                    (Some(task), "CreationTime") => task.creation_time = Some(text),
                    (Some(task), "Description") => task.description = Some(text),
                    (Some(task), "ObjectPath") => task.object_path = Some(text),
                    (Some(task), "ObjectType") => task.object_type = Some(text),
                    (Some(task), "Process") => task.process = Some(text),
                    (Some(task), "Status") => task.status = Some(text),
                    (Some(task), "TaskId") => task.task_id = Some(text),
                    (None, "RequestId") => response.request_id = Some(text),
                    (None, "TotalCount") => response.total_count = text.parse().ok(),
                    _ => {}
                }
            }
            Event::Eof => return Some(response),
            _ => {}
        }
    }
}
