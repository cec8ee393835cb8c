//! State files: creating, restoring, reading while in use, and errors.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, SystemTime};

use alicloud_cdn_refresh::{Event, Job, ObjectStatus, Plan, StateFile};

use crate::support::{record, states, statuses};

fn new_job() -> Job {
    Job::new(Plan::refresh(["http://a.example/1", "http://b.example/2", "oops"]))
}

fn sent_at() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_323_045_678)
}

fn sent_events(call: usize) -> [Event; 2] {
    [
        Event::Sending { call, sent_at: sent_at() },
        Event::Sent { call, sent_at: sent_at(), task_ids: vec!["17".to_owned(), "18".to_owned()] },
    ]
}

#[test]
fn events_restore_the_job() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let mut file = StateFile::create(&path, &new_job()).unwrap();
    record(&mut file, &sent_events(0));
    record(&mut file, &[Event::Ended { call: 0, statuses: vec![(0, ObjectStatus::Live)] }]);
    record(&mut file, &[Event::Sending { call: 1, sent_at: sent_at() }]);
    drop(file);
    let (mut file, job) = StateFile::open(&path).unwrap();
    assert_eq!(states(&job), ["sent", "sending"]);
    assert_eq!(statuses(&job)[0], ObjectStatus::Live);
    assert_eq!(job.invalid_inputs().len(), 1);
    assert_eq!(job.report().counts().unknown, 1, "the response may have been lost");

    record(&mut file, &sent_events(1));
    drop(file);
    assert_eq!(states(&StateFile::open(&path).unwrap().1), ["sent", "sent"]);
}

#[test]
fn an_incomplete_last_line_is_ignored() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let mut file = StateFile::create(&path, &new_job()).unwrap();
    record(&mut file, &sent_events(0));
    drop(file);
    let content = fs::read(&path).unwrap();
    let header = content.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let sending = header + content[header..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for length in header..content.len() {
        fs::write(&path, &content[..length]).unwrap();
        let (mut file, job) = StateFile::open(&path).unwrap();
        let expected = if length < sending { "planned" } else { "sending" };
        assert_eq!(states(&job)[0], expected, "{length} bytes");
        // The next line is not appended to the incomplete one.
        record(&mut file, &sent_events(1)[..1]);
        drop(file);
        assert_eq!(states(&StateFile::open(&path).unwrap().1), [expected, "sending"]);
    }
}

#[test]
fn errors_name_the_file_the_cause_and_the_remedy() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let message = || StateFile::open(&path).unwrap_err().to_string();
    assert!(StateFile::open(&path).unwrap_err().is_missing());

    drop(StateFile::create(&path, &new_job()).unwrap());
    let header = fs::read_to_string(&path).unwrap();
    let error = StateFile::create(&path, &new_job()).unwrap_err();
    assert!(error.to_string().contains("already exists"), "{error}");

    let assert_error = |text: &str, expected: &str| {
        fs::write(&path, text).unwrap();
        let message = message();
        assert!(
            message.contains(expected) && message.contains(path.to_str().unwrap()),
            "{message}"
        );
        assert!(!message.contains('\n'), "{message}");
    };
    assert_error("", "does not begin with a job");
    assert_error(&header[..header.len() / 2], "does not begin with a job");
    assert_error("https://example.com/\n", "does not begin with a job");
    assert_error("{\"alicloud-cdn-refresh\":2,\"job\":[]}\n", "does not begin with a job");
    assert_error(
        &header.replace("refresh\":2", "refresh\":1"),
        "has format version 1, but this program reads version 2; finish the job with the release",
    );
    assert_error(&format!("{header}{{\"event\":\"party\"}}\n"), "is damaged in line 2");
    let sent = serde_json::to_string(&sent_events(0)[1]).unwrap();
    assert_error(&format!("{header}{sent}\n{{}}\n"), "in line 3 (missing field `event`");
    assert_error(
        &format!("{header}{sent}\n{{}}\n"),
        "the lines before it submitted the tasks 17,18",
    );
    assert_error(&format!("{header}\u{0}\n{{}}\n"), "is damaged in line 2");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(message().contains("is not a regular file; choose another path"), "{}", message());
    let error = StateFile::create(directory.path().join("none/state"), &new_job()).unwrap_err();
    assert!(error.to_string().contains("cannot be written"), "{error}");
}

#[test]
fn errors_show_no_control_character_of_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    drop(StateFile::create(&path, &new_job()).unwrap());
    let new_file = fs::read_to_string(&path).unwrap();
    let sent =
        r#"{"event":"sent","call":0,"sent_at":"2026-01-02T03:04:05Z","task_ids":["1\u001b[2J"]}"#;
    for (text, expected) in [
        (format!("{new_file}{{\"event\":\"s\\nding\"}}\n"), "unknown variant `s ding`"),
        (format!("{new_file}{{\"event\":\"\\u001b[31m\\u202e\"}}\n"), "unknown variant `[31m`"),
        (format!("{new_file}{sent}\n{{}}\n"), "the tasks 1[2J;"),
        (new_file.replace("\"file\"", "\"a\\nb\""), "unknown variant `a b`"),
    ] {
        fs::write(&path, text).unwrap();
        for error in [StateFile::open(&path).unwrap_err(), StateFile::read(&path).unwrap_err()] {
            let message = error.to_string();
            assert!(message.contains(expected), "{message:?}");
            assert!(!message.contains(|c: char| c.is_control() || c == '\u{202e}'), "{message:?}");
        }
    }
}

#[test]
fn events_of_unknown_calls_and_objects_are_ignored() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    drop(StateFile::create(&path, &new_job()).unwrap());
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    writeln!(file, r#"{{"event":"ended","call":0,"statuses":[[99,{{"status":"live"}}]]}}"#)
        .unwrap();
    writeln!(
        file,
        r#"{{"event":"sent","call":99,"sent_at":"2026-01-02T03:04:05Z","task_ids":["1"]}}"#
    )
    .unwrap();
    drop(file);
    assert_eq!(StateFile::open(&path).unwrap().1, new_job());
}

#[test]
fn a_job_can_be_read_while_it_is_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let mut file = StateFile::create(&path, &new_job()).unwrap();
    let sent: Event = serde_json::from_str(
        r#"{"event":"sent","call":0,"sent_at":"2026-01-02T03:04:05Z","task_ids":["1"]}"#,
    )
    .unwrap();
    record(&mut file, &[sent]);
    record(&mut file, &[Event::Sending { call: 1, sent_at: sent_at() }]);
    let snapshot = StateFile::read(&path).unwrap();
    assert!(snapshot.is_in_use);
    assert_eq!(
        (snapshot.job.task_ids(), states(&snapshot.job)),
        (vec!["1"], vec!["sent", "not sent"])
    );
    drop(file);
    let snapshot = StateFile::read(&path).unwrap();
    assert!(!snapshot.is_in_use);
    assert_eq!(states(&snapshot.job), ["sent", "sending"]);
    assert!(
        StateFile::read(directory.path()).unwrap_err().to_string().contains("not a regular file")
    );
    assert!(StateFile::read(directory.path().join("none")).unwrap_err().is_missing());
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_not_opened() {
    let error = StateFile::open("/dev/null").unwrap_err();
    assert!(error.to_string().contains("is not a regular file; choose another path"), "{error}");
    let error = StateFile::read("/dev/zero").unwrap_err();
    assert!(error.to_string().contains("is not a regular file; choose another path"), "{error}");
    // Opening it would block until another program writes to it.
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for error in [StateFile::open(&pipe).unwrap_err(), StateFile::read(&pipe).unwrap_err()] {
        assert!(error.to_string().contains("is not a regular file"), "{error}");
    }
}

#[test]
fn a_file_is_open_in_one_program_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state");
    let file = StateFile::create(&path, &new_job()).unwrap();
    let error = StateFile::open(&path).unwrap_err();
    assert!(error.to_string().contains("is in use by another program"), "{error}");
    drop(file);
    drop(StateFile::open(&path).unwrap());
}
