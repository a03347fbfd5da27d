//! Out: one message whose structure is the same for every tip.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hamsa_core::{Date, Envelope};

use crate::{EmailError, MAX_MESSAGE};

/// Columns of base64, without the line end. RFC 2045, section 6.8.
const COLUMNS: usize = 76;
/// The longest address, in octets. RFC 5321, section 4.5.3.1.3, without its angle brackets.
const MAX_ADDRESS: usize = 254;
/// The longest name before the `@`, in octets. RFC 5321, section 4.5.3.1.1.
const MAX_NAME: usize = 64;
/// The longest label of a domain, in octets. RFC 1035, section 2.3.4.
const MAX_LABEL: usize = 63;
/// The longest subject, in octets of UTF-8.
const MAX_SUBJECT: usize = 255;
/// The longest subject that stands on its line as it is; RFC 5322, section 2.1.1 asks for 78 with the field's name.
const MAX_PLAIN_SUBJECT: usize = 60;
/// Octets of UTF-8 in one encoded word, so that a line with it has at most 76 characters. RFC 2047, section 2.
const WORD: usize = 39;

/// What stands on the mail. Choose it once for a channel: what differs between two tips tells them apart.
#[derive(Clone, Copy)]
pub struct Addresses<'a> {
    /// The address from which the mail comes, as `name@domain`. It need not be the sender's: many servers take any.
    pub from: &'a str,
    /// The agency's address, as `name@domain`.
    pub to: &'a str,
    /// The subject, at most 255 octets in any script.
    pub subject: &'a str,
}

/// Makes the mail that carries `envelope`, full or short, as the attachment `tip.age`, in CRLF lines of at most 78 octets
/// (longer only by the addresses) and in ASCII.
///
/// Two mails to one address on one day differ in the sealed octets and in a random number of 128 bits, which stands in the
/// Message-ID and between the parts. Neither a program nor a host is named. The date has no time. An empty text stands before
/// the attachment: some mail programs show a mail of an attachment alone as a text of its octets, and servers that add a note
/// to each mail add it to the first text, which must not be our base64.
///
/// # Errors
/// Any [`EmailError`].
///
/// RFC 5322; RFC 2046, section 5.1; RFC 2183.
pub fn to_email(
    envelope: &Envelope,
    addresses: &Addresses<'_>,
    day: Date,
) -> Result<Vec<u8>, EmailError> {
    let &Addresses { from, to, subject } = addresses;
    domain_of(from)?;
    let domain = domain_of(to)?;
    let subject = subject_line(subject)?;
    let date = date(day);
    let id = random_id()?;
    let head = format!(
        "From: {from}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{id}@{domain}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{id}\"\r\n\
         \r\n\
         --{id}\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\
         \r\n\
         \r\n\
         --{id}\r\n\
         Content-Type: application/octet-stream; name=\"tip.age\"\r\n\
         Content-Disposition: attachment; filename=\"tip.age\"\r\n\
         Content-Transfer-Encoding: base64\r\n\
         \r\n"
    );
    let end = format!("--{id}--\r\n");
    let base64 = envelope.as_bytes().len().div_ceil(3).saturating_mul(4);
    let base64 = base64.saturating_add(base64.div_ceil(COLUMNS).saturating_mul(2));
    let len = base64.saturating_add(head.len() + end.len());
    if len > MAX_MESSAGE {
        return Err(EmailError::TooLong);
    }
    let mut message = String::with_capacity(len);
    message.push_str(&head);
    for line in envelope.as_bytes().chunks(COLUMNS / 4 * 3) {
        BASE64_STANDARD.encode_string(line, &mut message);
        message.push_str("\r\n");
    }
    message.push_str(&end);
    Ok(message.into_bytes())
}

/// The domain of an address that can stand in a header field as it is, which keeps line ends and other fields out.
///
/// A dot-atom on both sides (RFC 5322, section 3.4.1), the right one as RFC 1123, section 2.1 has it.
fn domain_of(address: &str) -> Result<&str, EmailError> {
    let (name, domain) = address.rsplit_once('@').ok_or(EmailError::BadAddress)?;
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|octet| {
                octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet)
            })
    };
    let is_label = |label: &str| {
        (1..=MAX_LABEL).contains(&label.len())
            && label
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fits = address.len() <= MAX_ADDRESS && name.len() <= MAX_NAME;
    (fits && name.split('.').all(is_atom) && domain.split('.').all(is_label))
        .then_some(domain)
        .ok_or(EmailError::BadAddress)
}

/// The subject as it stands in the field: itself when it is short printable ASCII, else in encoded words (RFC 2047).
fn subject_line(subject: &str) -> Result<String, EmailError> {
    if subject.len() > MAX_SUBJECT || subject.chars().any(char::is_control) {
        return Err(EmailError::BadSubject);
    }
    // Spaces at either end would be lost, and `=?` begins an encoded word.
    let is_plain = subject.is_ascii() && subject.trim() == subject && !subject.contains("=?");
    if is_plain && subject.len() <= MAX_PLAIN_SUBJECT {
        return Ok(subject.to_owned());
    }
    let mut words: Vec<String> = Vec::new();
    let mut rest = subject;
    while !rest.is_empty() {
        let most = (0..=WORD).rev().find(|&at| rest.is_char_boundary(at));
        let (word, after) = rest.split_at(most.unwrap_or(rest.len()));
        words.push(format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(word)));
        rest = after;
    }
    Ok(words.join("\r\n "))
}

/// The first moment of a day, as RFC 5322, section 3.3 writes it. The day of the week is optional there.
fn date(day: Date) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let text = day.to_string();
    let mut fields = text.split('-');
    let year = fields.next().unwrap_or_default();
    let month = fields.next().and_then(|month| month.parse::<usize>().ok());
    let month = month.and_then(|month| MONTHS.get(month.saturating_sub(1)));
    let month = month.copied().unwrap_or_default();
    let day = fields.next().unwrap_or_default();
    format!("{day} {month} {year} 00:00:00 +0000")
}

fn random_id() -> Result<String, EmailError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| EmailError::NoRandomness)?;
    Ok(format!("{:032x}", u128::from_be_bytes(random)))
}
