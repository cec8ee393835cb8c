//! State files.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use alicloud_cdn_refresh::{Event, Job, Journal as _, Plan, StateFile};

use crate::cost::bounded;
use crate::runtime::{Choices, scratch_file, write};

/// A path, and a new state file.
struct Scratch {
    path: PathBuf,
    new_file: Vec<u8>,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::new(new_scratch());
}

fn new_scratch() -> Scratch {
    let path = scratch_file("state");
    let _ = fs::remove_file(&path);
    let job = Job::new(Plan::refresh([
        "http://a.example/1",
        "http://a.example/2",
        "http://b.example/d/",
        "oops",
    ]));
    drop(StateFile::create(&path, &job).expect("the scratch file can be created"));
    let new_file = fs::read(&path).expect("the scratch file can be read");
    Scratch { path, new_file }
}

/// Checks that a state file is read without a panic, with the same result in both ways, and can be continued. An even
/// first byte means that the rest follows the first line of a new state file; otherwise it is the whole file.
pub fn check(data: &[u8]) {
    SCRATCH.with_borrow(|scratch| {
        let mut choices = Choices(data);
        let content = match choices.byte() & 1 {
            0 => [&scratch.new_file, choices.0].concat(),
            _ => choices.0.to_vec(),
        };
        check_file(&scratch.path, &content);
    });
}

fn check_file(path: &PathBuf, content: &[u8]) {
    write(path, content);
    let read = bounded(content, || StateFile::read(path));
    let opened = StateFile::open(path);
    let (mut file, job) = match (read, opened) {
        (Ok(snapshot), Ok(opened)) => {
            assert!(!snapshot.is_in_use);
            assert_eq!(snapshot.job, opened.1);
            opened
        }
        (Err(read), Err(opened)) => {
            let message = read.to_string();
            assert_eq!(message, opened.to_string());
            assert!(!message.contains(char::is_control), "{message:?} has control characters");
            assert_eq!(
                fs::read(path).expect("it exists"),
                content,
                "a file that is not ours was changed"
            );
            return;
        }
        (read, opened) => panic!("read {read:?}, opened {opened:?}"),
    };
    let report = job.report();
    assert!(!report.to_string().is_empty());
    let counts = report.counts();
    let sum = counts.live + counts.failed + counts.pending + counts.rejected + counts.unknown;
    assert_eq!(report.objects.len(), sum + counts.not_sent, "{report:?}");
    let _ = (job.is_finished(), job.task_ids());
    // Only the incomplete last line is gone, and the new event follows the others.
    let complete = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let event = Event::Sending { call: 0, sent_at: SystemTime::UNIX_EPOCH };
    let events = [event.clone()];
    let recorded = file.record(&events).as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(recorded, Poll::Ready(Ok(()))), "the scratch file can be written");
    drop(file);
    let now = fs::read(path).expect("it exists");
    assert_eq!(now[..complete], content[..complete]);
    let mut expected = job;
    expected.apply(&event);
    assert_eq!(StateFile::read(path).expect("it was continued").job, expected);
}
