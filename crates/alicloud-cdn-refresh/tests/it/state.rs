//! State files: what was, is and cannot be read.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, SystemTime};

use alicloud_cdn_refresh::{Event, Job, Journal as _, ObjectStatus, Plan, StateFile};

use crate::support::{states, statuses};

fn job() -> Job {
    Job::new(Plan::refresh(["http://a.example/1", "http://b.example/2", "oops"]))
}

fn at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_323_045_678)
}

fn sent(call: usize) -> [Event; 2] {
    [
        Event::Sending { call, at: at() },
        Event::Sent { call, at: at(), task_ids: vec!["17".to_owned(), "18".to_owned()] },
    ]
}

#[test]
fn a_job_is_what_its_events_have_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let mut file = StateFile::create(&path, &job()).unwrap();
    sent(0).iter().for_each(|event| file.record(event).unwrap());
    file.record(&Event::Ended { call: 0, ends: vec![(0, ObjectStatus::Live)] }).unwrap();
    file.record(&Event::Sending { call: 1, at: at() }).unwrap();
    drop(file);
    let (mut file, job) = StateFile::open(&path).unwrap();
    assert_eq!(states(&job), ["sent", "sending"]);
    assert_eq!(statuses(&job)[0], ObjectStatus::Live);
    assert_eq!(job.invalid_inputs().len(), 1);
    assert_eq!(job.report().counts().unknown, 1, "the answer may have been lost");

    sent(1).iter().for_each(|event| file.record(event).unwrap());
    drop(file);
    assert_eq!(states(&StateFile::open(&path).unwrap().1), ["sent", "sent"]);
}

#[test]
fn a_line_that_was_being_written_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let mut file = StateFile::create(&path, &job()).unwrap();
    sent(0).iter().for_each(|event| file.record(event).unwrap());
    drop(file);
    let whole = fs::read(&path).unwrap();
    let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let sending = header + whole[header..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for length in header..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        let (mut file, job) = StateFile::open(&path).unwrap();
        let expected = if length < sending { "planned" } else { "sending" };
        assert_eq!(states(&job)[0], expected, "{length} bytes");
        // What is written next does not run into the torn line.
        file.record(&sent(1)[0]).unwrap();
        drop(file);
        assert_eq!(states(&StateFile::open(&path).unwrap().1), [expected, "sending"]);
    }
}

#[test]
fn what_is_no_state_file_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let message = || StateFile::open(&path).unwrap_err().to_string();
    assert!(StateFile::open(&path).unwrap_err().is_missing());

    drop(StateFile::create(&path, &job()).unwrap());
    let header = fs::read_to_string(&path).unwrap();
    let error = StateFile::create(&path, &job()).unwrap_err();
    assert!(error.to_string().contains("is there already"), "{error}");

    let bad = |text: &str, what: &str| {
        fs::write(&path, text).unwrap();
        let message = message();
        assert!(message.contains(what) && message.contains(path.to_str().unwrap()), "{message}");
        assert!(!message.contains('\n'), "{message}");
    };
    bad("", "does not begin with a job");
    bad(&header[..header.len() / 2], "does not begin with a job");
    bad("https://example.com/\n", "does not begin with a job");
    bad("{\"alicloud-cdn-refresh\":1,\"job\":[]}\n", "does not begin with a job");
    bad(
        &header.replace("refresh\":1", "refresh\":2"),
        "is of version 2 and this program reads version 1",
    );
    bad(&format!("{header}{{\"event\":\"party\"}}\n"), "is damaged in line 2");
    let sent = serde_json::to_string(&sent(0)[1]).unwrap();
    bad(&format!("{header}{sent}\n{{}}\n"), "in line 3 (missing field `event`");
    bad(&format!("{header}{sent}\n{{}}\n"), "the tasks 17,18 were submitted");
    bad(&format!("{header}\u{0}\n{{}}\n"), "is damaged in line 2");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(message().contains("is no regular file: name another one"), "{}", message());
    let error = StateFile::create(folder.path().join("none/state"), &job()).unwrap_err();
    assert!(error.to_string().contains("cannot be written"), "{error}");
}

#[test]
fn an_event_of_a_call_that_is_not_there_is_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    drop(StateFile::create(&path, &job()).unwrap());
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    writeln!(file, r#"{{"event":"ended","call":0,"ends":[[99,{{"status":"live"}}]]}}"#).unwrap();
    writeln!(file, r#"{{"event":"sent","call":99,"at":"2026-01-02T03:04:05Z","task_ids":["1"]}}"#)
        .unwrap();
    drop(file);
    assert_eq!(StateFile::open(&path).unwrap().1, job());
}

#[test]
fn a_job_can_be_read_while_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let mut file = StateFile::create(&path, &job()).unwrap();
    let sent: Event = serde_json::from_str(
        r#"{"event":"sent","call":0,"at":"2026-01-02T03:04:05Z","task_ids":["1"]}"#,
    )
    .unwrap();
    file.record(&sent).unwrap();
    file.record(&Event::Sending { call: 1, at: at() }).unwrap();
    let seen = StateFile::read(&path).unwrap();
    assert!(seen.is_in_use);
    assert_eq!((seen.job.task_ids(), states(&seen.job)), (vec!["1"], vec!["sent", "not sent"]));
    drop(file);
    let seen = StateFile::read(&path).unwrap();
    assert!(!seen.is_in_use);
    assert_eq!(states(&seen.job), ["sent", "sending"]);
    assert!(StateFile::read(folder.path()).unwrap_err().to_string().contains("no regular file"));
    assert!(StateFile::read(folder.path().join("none")).unwrap_err().is_missing());
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_not_read() {
    let error = StateFile::open("/dev/null").unwrap_err();
    assert!(error.to_string().contains("is no regular file: name another one"), "{error}");
    let error = StateFile::read("/dev/zero").unwrap_err();
    assert!(error.to_string().contains("is no regular file: name another one"), "{error}");
    // To open it would be to wait for who writes into it.
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for error in [StateFile::open(&pipe).unwrap_err(), StateFile::read(&pipe).unwrap_err()] {
        assert!(error.to_string().contains("is no regular file"), "{error}");
    }
}

#[test]
fn one_program_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let file = StateFile::create(&path, &job()).unwrap();
    let error = StateFile::open(&path).unwrap_err();
    assert!(error.to_string().contains("is in use by another program"), "{error}");
    drop(file);
    drop(StateFile::open(&path).unwrap());
}
