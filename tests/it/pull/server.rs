//! An HTTP server with faults, in a thread of the test.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// The server's clock.
pub(crate) const DATE: &str = "Mon, 06 Jul 2026 12:00:00 GMT";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    /// By their names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Asked {
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> usize {
        self.parameter(name).parse().unwrap_or(0)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// How many bytes of the body are sent before the connection ends.
    sent: Option<usize>,
    delay: Duration,
}

impl Reply {
    pub(crate) fn new(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: vec![("Date".to_owned(), DATE.to_owned())],
            body: body.as_bytes().to_vec(),
            sent: None,
            delay: Duration::ZERO,
        }
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new(200, body).with("Content-Type", "application/json; charset=utf-8")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn with_bytes(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    /// Announces the whole body and sends the start of it.
    pub(crate) fn cut_after(mut self, bytes: usize) -> Self {
        self.sent = Some(bytes);
        self
    }

    pub(crate) fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

type Handler = Box<dyn FnMut(&Asked, usize) -> Reply + Send>;

/// A server that lives as long as this value.
pub(crate) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    is_over: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server. The handler gets each request and how many came before it.
    pub(crate) fn start(handler: impl FnMut(&Asked, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let server = Self {
            address: listener.local_addr().expect("it has an address"),
            asked: Arc::default(),
            is_over: Arc::default(),
        };
        let handler: Arc<Mutex<Handler>> = Arc::new(Mutex::new(Box::new(handler)));
        let (asked, is_over) = (Arc::clone(&server.asked), Arc::clone(&server.is_over));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (asked, handler) = (Arc::clone(&asked), Arc::clone(&handler));
                // A client that goes away in between is no fault of the server.
                std::thread::spawn(move || answer(&stream, &asked, &handler));
            }
        });
        server
    }

    /// Starts a server that gives these answers one after the other, and the last
    /// one from then on.
    pub(crate) fn script(replies: Vec<Reply>) -> Self {
        Self::start(move |_, before| {
            let reply = replies.get(before).or(replies.last());
            reply.expect("a script has a line").clone()
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        lock(&self.asked).clone()
    }

    /// Returns the requests since the last call.
    pub(crate) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *lock(&self.asked))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn answer(
    stream: &TcpStream,
    log: &Mutex<Vec<Asked>>,
    handler: &Mutex<Handler>,
) -> std::io::Result<()> {
    let Some(asked) = read_request(stream)? else {
        return Ok(());
    };
    let before = {
        let mut log = lock(log);
        log.push(asked.clone());
        log.len() - 1
    };
    let reply = (lock(handler))(&asked, before);
    std::thread::sleep(reply.delay);
    let mut head = format!("HTTP/1.1 {} Status\r\nConnection: close\r\n", reply.status);
    if reply.status != 304 {
        head += &format!("Content-Length: {}\r\n", reply.body.len());
    }
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    let sent = reply.sent.unwrap_or(reply.body.len());
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(&reply.body[..sent])?;
    stream.flush()
}

fn read_request(stream: &TcpStream) -> std::io::Result<Option<Asked>> {
    let mut lines = BufReader::new(stream).lines();
    let Some(first) = lines.next() else {
        return Ok(None);
    };
    let first = first?;
    let target = first.split(' ').nth(1).unwrap_or("/");
    let url = reqwest::Url::parse(&format!("http://x{target}")).expect("a target");
    let mut headers = BTreeMap::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    Ok(Some(Asked {
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
    }))
}
