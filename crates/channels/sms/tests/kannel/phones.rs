//! All the phones of the network, over the line protocol of Kannel's fake network:
//!
//! ```text
//! FROM TO text TEXT        FROM TO data OCTETS        a message alone
//! FROM TO udh-text HEADER TEXT                        a concatenated one, from a phone
//! FROM TO udh-data HEADER OCTETS
//! FROM TO udh HEADER data OCTETS                      a concatenated one, to a phone, be it text or octets
//! ```

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::Duration,
};

use hamsa_channel_sms::{Body, Inbound, Message};

use crate::http::{percent, unpercent};

const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct Phones {
    to: TcpStream,
    from: BufReader<TcpStream>,
}

impl Phones {
    pub(crate) fn connect() -> Self {
        let to = TcpStream::connect("127.0.0.1:10000").expect("the fake network");
        to.set_read_timeout(Some(LIMIT)).unwrap();
        let from = BufReader::new(to.try_clone().unwrap());
        Self { to, from }
    }

    /// A phone sends a message.
    pub(crate) fn send(&mut self, number: u32, message: &Message) {
        let (kind, body) = match &message.body {
            Body::Text(text) => ("text", text.clone()),
            Body::Octets(octets) => ("data", percent(octets)),
        };
        let what = match &message.header {
            Some(header) => format!("udh-{kind} {} {body}", percent(header)),
            None => format!("{kind} {body}"),
        };
        writeln!(self.to, "+155501{number:03} 900 {what}").unwrap();
    }

    /// What came to the phones; each has a line of its own.
    pub(crate) fn received(&mut self, count: usize) -> Vec<Inbound> {
        let mut one = || {
            let mut line = String::new();
            self.from
                .read_line(&mut line)
                .expect("a message for a phone");
            inbound(line.trim_end()).unwrap_or_else(|| panic!("a line of another form: {line}"))
        };
        (0..count).map(|_| one()).collect()
    }
}

fn inbound(line: &str) -> Option<Inbound> {
    let mut words = line.split(' ');
    let (_, to) = (words.next()?, words.next()?);
    let mut kind = words.next()?;
    let mut header = None;
    if kind == "udh" {
        header = Some(unpercent(words.next()?));
        kind = words.next()?;
    }
    let body = words.next()?;
    let body = match kind {
        "text" => Body::Text(String::from_utf8(unpercent(body)).ok()?),
        "data" => Body::Octets(unpercent(body)),
        _ => return None,
    };
    let line = to.parse().ok()?;
    Some(Inbound {
        line,
        message: Message { header, body },
    })
}

/// In an order that looks random and is the same in every run.
pub(crate) fn shuffle<T>(items: &mut [T]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for last in (1..items.len()).rev() {
        // xorshift64
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let at = usize::try_from(state >> 33).unwrap() % (last + 1);
        items.swap(last, at);
    }
}
