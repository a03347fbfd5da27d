//! As much of HTTP/1.1 as the test speaks: the hook that Kannel calls, and calls to Kannel.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use hamsa_channel_sms::{Body, Inbound, Message};

pub(crate) const HOOK: u16 = 13_080;
const LIMIT: Duration = Duration::from_secs(20);

/// Serves the hook until the process ends.
pub(crate) fn serve_hook() -> Receiver<Inbound> {
    let listener = TcpListener::bind(("127.0.0.1", HOOK)).unwrap();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let asked = head(&stream);
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            stream.write_all(answer).unwrap();
            let inbound = asked.split(' ').nth(1).and_then(inbound);
            if sender
                .send(inbound.expect("what the configuration says"))
                .is_err()
            {
                return;
            }
        }
    });
    receiver
}

/// The status of a call.
pub(crate) fn get(port: u16, path: &str) -> u16 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let status = head(&stream);
    status.split(' ').nth(1).unwrap().parse().unwrap()
}

/// The first line; the others up to the empty one are read and forgotten.
fn head(stream: &TcpStream) -> String {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().unwrap().unwrap();
    for line in lines {
        if line.unwrap().is_empty() {
            break;
        }
    }
    first
}

/// The message that is called for; the sender's number is hashed into a line.
fn inbound(path: &str) -> Option<Inbound> {
    let fields = path.strip_prefix("/?")?.split('&');
    let mut fields = fields.map(|field| field.split_once('=').map(|(_, value)| value));
    let mut field = || fields.next()?.map(unpercent);
    let (line, coding, header, body) = (field()?, field()?, field()?, field()?);
    let line = line.iter().fold(7, |sum: u64, octet| {
        sum.wrapping_mul(31) ^ u64::from(*octet)
    });
    let body = match coding.as_slice() {
        b"0" => Body::Text(String::from_utf8(body).ok()?),
        b"1" => Body::Octets(body),
        _ => return None,
    };
    let header = Some(header).filter(|header| !header.is_empty());
    Some(Inbound {
        line,
        message: Message { header, body },
    })
}

/// Every octet in the form %00.
pub(crate) fn percent(octets: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap();
    let encoded = |octet: &u8| ['%', digit(octet >> 4), digit(octet & 15)];
    octets.iter().flat_map(encoded).collect()
}

/// The octets of a text with octets in the form %00, and spaces as plus signs.
pub(crate) fn unpercent(text: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    octets
}
