//! A small server on loopback.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alicloud_core::wire::percent_decode;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    /// The parameters of the form, decoded.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        let pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .map(|(name, value)| (percent_decode(name).into(), percent_decode(value).into()))
            .collect()
    }
}

/// What to do with a request.
pub(crate) enum Answer {
    Say(u16, String),
    /// A body that never comes.
    Half,
    Hang,
    Close,
}

pub(crate) fn ok(body: impl Into<String>) -> Answer {
    Answer::Say(200, body.into())
}

pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// A server that asks this function what to answer to each request, with its number from 0.
    pub(crate) fn start(answer: impl Fn(&Seen, usize) -> Answer + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (known, answer) = (Arc::clone(&seen), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (known, answer) = (Arc::clone(&known), Arc::clone(&answer));
                std::thread::spawn(move || serve(stream, &known, &*answer));
            }
        });
        Server { address, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// Where nobody listens.
pub(crate) fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn serve(
    mut stream: TcpStream,
    known: &Mutex<Vec<Seen>>,
    answer: &(impl Fn(&Seen, usize) -> Answer + ?Sized),
) {
    let Some(seen) = read(&mut stream) else { return };
    let number = {
        let mut known = known.lock().unwrap();
        known.push(seen.clone());
        known.len() - 1
    };
    let text = match answer(&seen, number) {
        Answer::Close => return,
        Answer::Hang => return std::thread::sleep(Duration::from_secs(30)),
        Answer::Half => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{").ok();
            return std::thread::sleep(Duration::from_secs(30));
        }
        Answer::Say(status, body) => format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nx-acs-request-id: ID-1\r\nconnection: close\r\n\r\n{body}",
            body.len(),
        ),
    };
    stream.write_all(text.as_bytes()).ok();
}

fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let mut words = lines.next()?.split(' ').map(str::to_owned);
            let headers: BTreeMap<String, String> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect();
            let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
            if body.len() >= length {
                let (method, target) = (words.next()?, words.next()?);
                return Some(Seen { method, target, headers, body: body.to_owned() });
            }
        }
        let mut piece = [0; 1024];
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => read.extend_from_slice(&piece[..count]),
            _ => return None,
        }
    }
}
