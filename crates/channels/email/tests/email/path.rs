//! Sealed, carried, collected, opened, and equal at the end.

use hamsa_channel_email::{from_email, from_mbox, from_message_file};
use hamsa_core::{Arrived, Collected, Collector, Envelope};

use crate::{
    agency::{ARABIC, Agency, ENGLISH, text_of},
    assert_only, mail,
};

fn arrives_and_opens(agency: &Agency, envelope: &Envelope, text: &str, attachments: &[Vec<u8>]) {
    let mail = mail(envelope);
    let mut mbox = b"From anonymous@example.org Sun Nov 22 00:00:00 2026\n".to_vec();
    mbox.extend_from_slice(&mail);
    let mut from_a_mailbox = Arrived::default();
    from_mbox(mbox.as_slice(), |arrived| from_a_mailbox.extend([arrived])).unwrap();
    let from_a_file = from_message_file(mail.as_slice()).unwrap();
    for arrived in [from_email(&mail), from_a_mailbox, from_a_file] {
        assert_only(&arrived, &[envelope], "our own mail");
        let sealed = arrived.sealed.into_iter().next().unwrap();
        let Collected::Envelope(whole) = Collector::new().take(sealed) else {
            panic!("a whole envelope");
        };
        let opened = agency.opens(&whole).unwrap();
        assert_eq!(opened, (text.to_owned(), attachments.to_vec()));
    }
}

#[test]
fn short_full_and_attached_arrive_and_open() {
    let agency = Agency::new();
    let photo: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    for sentence in [ARABIC, ENGLISH] {
        for characters in [1, 70, 500] {
            let text = text_of(sentence, characters);
            arrives_and_opens(&agency, &agency.short(&text), &text, &[]);
        }
        let text = text_of(sentence, 2000);
        arrives_and_opens(&agency, &agency.full(&text, None), &text, &[]);
        let envelope = agency.full(&text, Some(&photo));
        arrives_and_opens(&agency, &envelope, &text, std::slice::from_ref(&photo));
    }
}
