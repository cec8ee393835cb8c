//! The programs in `tests/projects`.

use alicloud_fake::{FakeService, ScriptedResponse, Spec};

use super::{Project, root};

/// Generates the code of a project, checks it with clippy, and runs the program against a fake service with this
/// description and these responses. Returns what the program printed, and the service.
async fn run(
    name: &str,
    description: &str,
    responses: impl IntoIterator<Item = ScriptedResponse>,
) -> (String, FakeService) {
    let mut project = Project::copy(name);
    project.codegen(&["generate"]).await;
    project.codegen(&["generate", "--check"]).await;
    project
        .cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .await;
    let spec = Spec::open(root().join("tests/projects/descriptions").join(description)).unwrap();
    let service = FakeService::builder().spec(spec).unwrap().start().await.unwrap();
    for response in responses {
        service.enqueue(response);
    }
    project.set_endpoint(service.endpoint());
    let output = project.cargo(&["run", "--quiet", "--", service.endpoint()]).await;
    (output, service)
}

/// Returns the operations that a service was asked for, in order.
fn operations(service: &FakeService) -> Vec<String> {
    service.requests().into_iter().filter_map(|request| request.operation).collect()
}

#[tokio::test]
async fn three_operations_in_a_module_of_a_program() {
    let (output, service) = run("module", "ecs/2014-05-26/api.json", []).await;
    assert_eq!(output, "i-0001: 8 processors, restarted\n");
    assert_eq!(operations(&service), ["DescribeInstances", "StopInstance", "StartInstance"]);
    // The request has none, so it is the region of the environment.
    assert_eq!(service.requests()[0].param("RegionId"), Some("cn-hangzhou"));
}

#[tokio::test]
async fn two_crates_of_a_whole_product() {
    let (output, service) = run("crates", "sts/2015-04-01/api.json", []).await;
    let mut lines = output.lines();
    assert_eq!(lines.next(), Some("acs:ram::100000000001:user/alice"));
    let credentials = lines.next().unwrap();
    assert!(credentials.contains("STS.0001"), "{credentials}");
    assert!(!credentials.contains("a-token"), "{credentials}");
    assert_eq!(operations(&service), ["GetCallerIdentity", "AssumeRole"]);
}

#[tokio::test]
async fn one_crate_with_an_overlay_and_a_waiter() {
    let page = |status: &str| {
        let body = format!(
            r#"{{"TotalCount": 1, "Instances": {{"Instance": [{{"InstanceId": "i-1", "Status": "{status}"}}]}}}}"#
        );
        ScriptedResponse::json(http::StatusCode::OK, body).for_operation("DescribeInstances")
    };
    let responses = ["Starting", "Starting", "Running"].map(page);
    let (output, service) = run("waiter", "ecs/2014-05-26/api.json", responses).await;
    assert_eq!(output, "i-1: Succeeded\n");
    let describe = ["DescribeInstances"; 3];
    assert_eq!(operations(&service), [&["StartInstance"], &describe[..]].concat());
    let requests = service.requests();
    assert_eq!(requests[1].param("InstanceIds"), Some("[\"i-1\"]"));
}
