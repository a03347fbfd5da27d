//! Takes tips from an SMS gateway: a hook on loopback that Kannel calls, with nothing but the standard library.
//!
//! ```text
//! group = sms-service
//! keyword = default
//! catch-all = true
//! max-messages = 0
//! get-url = "http://127.0.0.1:PORT/?coding=%c&body=%b"
//! ```
//!
//! Neither the sender's number (`%p`) nor the time (`%t`) is asked for, so neither comes. Kannel joins concatenated messages before
//! it calls. Here the example plays the gateway itself, and stops when it has taken a short tip and a full one.
//!
//! `cargo run -p hamsa-examples --example 07_sms_gateway_hook`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::{error::Error, fs, path::Path, thread, time::Duration};

use hamsa_channel_sms::{Body, Inbound, Message, from_sms, to_text};
use hamsa_core::{Collected, Collector, Envelope, Identity, Recipients, Tip};
use hamsa_core::{envelope_id, seal, seal_short};

/// The longest call in octets: the longest text that Kannel joins, each character as %XX, and room for headers.
const MAX_CALL: u64 = 255 * 160 * 3 + 16_384;

/// Answers calls one after the other; writes each envelope that becomes whole to `folder`.
fn serve(listener: &TcpListener, folder: &Path, calls: usize) -> Result<(), Box<dyn Error>> {
    let mut collector = Collector::new();
    for stream in listener.incoming().take(calls) {
        let mut stream = stream?;
        let Ok(Some(message)) = read_call(&stream) else {
            continue;
        };
        // Kannel joined what belongs together: no line has to be told from another.
        for sealed in from_sms([Inbound { line: 0, message }]).sealed {
            if let Collected::Envelope(envelope) = collector.take(sealed) {
                // Its name is a hash of it: one that comes again is there already.
                let id = envelope_id(envelope.as_bytes())?;
                let path = folder.join(id.map(|octet| format!("{octet:02x}")).concat());
                if !path.exists() {
                    fs::write(path, envelope.as_bytes())?;
                    println!("a whole envelope");
                }
            }
        }
        // Only now: Kannel calls again when it gets no answer.
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
    Ok(())
}

/// The message that is called for; `None` if the call is not one of Kannel's, an error from whoever is slow. Headers are forgotten.
fn read_call(stream: &TcpStream) -> io::Result<Option<Message>> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let lines = BufReader::new(stream.take(MAX_CALL)).lines();
    let head = lines.map_while(Result::ok);
    let head: Vec<_> = head.take_while(|line| !line.is_empty()).collect();
    Ok(head.first().and_then(|first| message(first)))
}

fn message(first_line: &str) -> Option<Message> {
    let fields = first_line.strip_prefix("GET /?coding=")?;
    let (coding, rest) = fields.split_once("&body=")?;
    let octets = unpercent(rest.split(' ').next()?)?;
    let body = match coding {
        "0" => Body::Text(String::from_utf8(octets).ok()?),
        "1" => Body::Octets(octets),
        _ => return None,
    };
    Some(Message { header: None, body })
}

/// The octets of a text in which some stand as %XX, and spaces as plus signs.
fn unpercent(text: &str) -> Option<Vec<u8>> {
    let text = text.replace('+', " ");
    let mut pieces = text.split('%');
    let mut octets = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, plain) = piece.split_at_checked(2)?;
        octets.push(u8::from_str_radix(digits, 16).ok()?);
        octets.extend(plain.as_bytes());
    }
    Some(octets)
}

/// What Kannel does with a text that came from a phone.
fn deliver(hook: SocketAddr, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(hook)?;
    write!(stream, "GET /?coding=0&body={text} HTTP/1.1\r\n\r\n")?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

fn main() -> Result<(), Box<dyn Error>> {
    let (full, short) = (Identity::generate()?, Identity::generate_x25519()?);
    let recipient = full.recipient().ok_or("only plugins hide theirs")?;
    let to = Recipients::danger_bare(vec![recipient], short.recipient())?;
    let text = "شاحنة بيضاء خلف المستودع كل ليلة عند الثانية";
    let short = seal_short(text, &to)?;
    let full = seal(Tip::new(text.to_owned().into())?, &to)?;

    let folder = std::env::temp_dir().join(format!("hamsa-example-{}", std::process::id()));
    fs::create_dir(&folder)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let hook = listener.local_addr()?;
    let texts = [to_text(&full)?, to_text(&short)?].concat();
    let calls = texts.len();
    let gateway = thread::spawn(move || texts.iter().rev().try_for_each(|t| deliver(hook, t)));
    serve(&listener, &folder, calls)?;
    gateway.join().map_err(|_| "the gateway stopped")??;

    for entry in fs::read_dir(&folder)? {
        let found = Envelope::parse(&fs::read(entry?.path())?)?;
        assert!(found == short || found == full);
    }
    assert_eq!(fs::read_dir(&folder)?.count(), 2);
    Ok(fs::remove_dir_all(&folder)?)
}
