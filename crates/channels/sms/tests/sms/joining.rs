//! Concatenated messages and parts: any order, any repetition, any loss.

use hamsa_channel_sms::{
    Alphabet, Body, Inbound, MAX_WAITING, Message, from_sms, from_sms_with, to_sms,
};
use hamsa_core::{Arrived, Envelope, Sealed, Unreadable};

use crate::{assert_only, assert_unreadable, collect, random::Random, read, sorted, text};

const ALPHABETS: [Alphabet; 2] = [Alphabet::Gsm7, Alphabet::Octets];

/// Tips of every kind with the messages that carry them, each on a line of its own.
fn thousand(random: &mut Random) -> Vec<(Envelope, Vec<Message>)> {
    let one = |_| {
        let envelope = if random.below(4) == 0 {
            let len = 200 + random.below(2000);
            random.full(len)
        } else {
            let (messages, last) = (1 + random.below(10), random.below(256));
            random.short(messages, u8::try_from(last).unwrap())
        };
        let messages = to_sms(&envelope, ALPHABETS[random.below(2)]).unwrap();
        (envelope, messages)
    };
    (0..1000).map(one).collect()
}

#[test]
fn a_thousand_tips_in_any_order_and_repeated_are_joined() {
    for seed in 1..=3 {
        let mut random = Random(seed);
        let tips = thousand(&mut random);
        let mut inbound = Vec::new();
        for (line, (_, messages)) in (0..).zip(&tips) {
            for message in messages {
                for _ in 0..=random.below(3) {
                    let message = message.clone();
                    inbound.push(Inbound { line, message });
                }
            }
        }
        random.shuffle(&mut inbound);
        let arrived = from_sms(inbound);
        assert!(arrived.unreadable.is_empty());
        let (mut whole, missing) = collect(arrived.sealed);
        assert!(missing.is_empty());
        // A short envelope that fits one message comes as often as its message.
        whole.sort_by(|one, other| one.as_bytes().cmp(other.as_bytes()));
        whole.dedup();
        assert!(sorted(whole) == sorted(tips.into_iter().map(|(envelope, _)| envelope)));
    }
}

#[test]
fn what_is_lost_is_named() {
    for seed in 1..=3 {
        let mut random = Random(100 + seed);
        let tips = thousand(&mut random);
        let (mut inbound, mut expected) = (Vec::new(), Vec::new());
        let (mut damaged, mut missing) = (0, 0);
        for (line, (envelope, messages)) in (0..).zip(tips) {
            let total = messages.len();
            let kept: Vec<Message> = messages
                .into_iter()
                .filter(|_| random.below(10) > 0)
                .collect();
            if kept.len() == total {
                expected.push(envelope);
            } else if envelope.is_short() {
                damaged += usize::from(!kept.is_empty());
            } else if !kept.is_empty() {
                missing += total - kept.len();
            }
            inbound.extend(kept.into_iter().map(|message| Inbound { line, message }));
        }
        random.shuffle(&mut inbound);
        let arrived = from_sms(inbound);
        assert!(damaged > 100 && arrived.unreadable == vec![Unreadable::Damaged; damaged]);
        let (whole, named) = collect(arrived.sealed);
        assert!(missing > 100 && named.len() == missing);
        assert!(sorted(whole) == sorted(expected));
    }
}

/// Two tips of as many messages on one line, whose references are the same.
fn rivals(
    random: &mut Random,
    messages: usize,
    alphabet: Alphabet,
) -> [(Envelope, Vec<Message>); 2] {
    [(); 2].map(|()| {
        let envelope = random.short(messages, 77);
        let messages = to_sms(&envelope, alphabet).unwrap();
        (envelope, messages)
    })
}

#[test]
fn two_series_with_the_same_reference_both_come_out() {
    let mut random = Random(5);
    for alphabet in ALPHABETS {
        for (messages, most) in [(2, 4), (3, 8), (4, 16)] {
            for _ in 0..50 {
                let [(one, mut all), (other, more)] = rivals(&mut random, messages, alphabet);
                all.extend(more);
                all.extend(all.clone());
                random.shuffle(&mut all);
                let arrived = read(all);
                assert!(arrived.unreadable.is_empty() && arrived.sealed.len() <= most);
                for envelope in [one, other] {
                    assert!(arrived.sealed.contains(&Sealed::Envelope(envelope)));
                }
            }
        }
        // Too long to try everything: told apart when they come in order, mixed or one after the other.
        let [(one, all), (other, more)] = rivals(&mut random, 9, alphabet);
        assert_only(&read([all.clone(), more.clone()].concat()), &[&one, &other]);
        let pairs = all.into_iter().zip(more);
        assert_only(&read(pairs.flat_map(|(a, b)| [a, b])), &[&one, &other]);
    }
}

#[test]
fn of_two_series_with_the_same_reference_one_may_have_a_gap() {
    let mut random = Random(6);
    let [(one, mut all), (_, more)] = rivals(&mut random, 3, Alphabet::Gsm7);
    all.extend_from_slice(&more[1..]);
    for _ in 0..50 {
        random.shuffle(&mut all);
        let arrived = read(all.clone());
        assert!(arrived.sealed.contains(&Sealed::Envelope(one.clone())));
        assert_eq!(arrived.unreadable, [Unreadable::Damaged]);
    }
}

#[test]
fn of_two_series_with_the_same_reference_only_what_fits_comes_out() {
    let mut random = Random(7);
    let envelope = random.short(2, 5);
    let sealed = to_sms(&envelope, Alphabet::Gsm7).unwrap();
    let header = |at: usize| sealed[at].header.clone();
    let other = |at, text: &str| Message {
        header: header(at),
        body: Body::Text(text.to_owned()),
    };
    let mut all = vec![other(0, "من يكتب "), other(1, "بلا ختم.")];
    all.extend(sealed.clone());
    for _ in 0..10 {
        random.shuffle(&mut all);
        let arrived = read(all.clone());
        assert!(arrived.sealed == [Sealed::Envelope(envelope.clone())]);
        assert_eq!(arrived.unreadable.len(), 1);
    }
    assert_unreadable(
        &read(all.into_iter().filter(|m| !sealed.contains(m))),
        &[Unreadable::NothingSealed],
    );
}

#[test]
fn on_a_line_that_many_share_nothing_is_lost() {
    let mut random = Random(8);
    let (mut all, mut expected) = (Vec::new(), Vec::new());
    for at in 0..200 {
        let last = u8::try_from(random.below(256)).unwrap();
        let envelope = random.short(2 + at % 2, last);
        all.extend(to_sms(&envelope, ALPHABETS[random.below(2)]).unwrap());
        expected.push(Sealed::Envelope(envelope));
    }
    random.shuffle(&mut all);
    let arrived = read(all);
    assert!(expected.iter().all(|one| arrived.sealed.contains(one)));
    assert!(arrived.unreadable.is_empty());
}

#[test]
fn a_line_a_reference_or_a_length_of_its_own_keeps_series_apart() {
    let mut random = Random(9);
    let [(one, all), (other, more)] = rivals(&mut random, 2, Alphabet::Gsm7);
    let on = |line| move |message| Inbound { line, message };
    let all = all
        .into_iter()
        .map(on(1))
        .chain(more.into_iter().map(on(2)));
    assert_only(&from_sms(all), &[&one, &other]);
    let (one, other) = (random.short(2, 3), random.short(3, 3));
    let mut all = to_sms(&one, Alphabet::Octets).unwrap();
    all.extend(to_sms(&other, Alphabet::Octets).unwrap());
    all.extend(to_sms(&other, Alphabet::Gsm7).unwrap());
    random.shuffle(&mut all);
    assert_only(&read(all), &[&one, &other, &other]);
}

#[test]
fn a_text_that_the_gateway_joined_is_read_as_it_is() {
    let envelope = Random(10).short(7, 1);
    assert_only(&read([text(&envelope.to_text())]), &[&envelope]);
    let octets = Body::Octets(envelope.as_bytes().to_vec());
    assert_only(
        &read([Message {
            header: None,
            body: octets,
        }]),
        &[&envelope],
    );
}

#[test]
fn an_underscore_in_the_wrong_alphabet_is_read() {
    let envelope = (11..100)
        .map(|seed| Random(seed).short(3, 1))
        .find(|envelope| envelope.to_text().contains('_'))
        .unwrap();
    for wrong in ["§", "\u{11}"] {
        let text = text(&envelope.to_text().replace('_', wrong));
        assert_only(&read([text]), &[&envelope]);
    }
}

/// What comes of messages that are handed over one at a time, and what still waits at the end.
fn one_by_one(messages: impl IntoIterator<Item = Message>) -> (Arrived, Vec<Inbound>) {
    let (mut arrived, mut waiting) = (Arrived::default(), Vec::new());
    for message in messages {
        let (more, rest) = from_sms_with(waiting, [Inbound { line: 7, message }]);
        arrived.extend([more]);
        waiting = rest;
    }
    (arrived, waiting)
}

#[test]
fn messages_that_come_one_at_a_time_are_joined() {
    let mut random = Random(31);
    let mut expected = Vec::new();
    let mut messages = Vec::new();
    for last in 0..=255 {
        let (count, alphabet) = (1 + random.below(9), ALPHABETS[random.below(2)]);
        let envelope = random.short(count, last);
        messages.extend(to_sms(&envelope, alphabet).unwrap());
        expected.push(envelope);
    }
    random.shuffle(&mut messages);
    let (arrived, waiting) = one_by_one(messages);
    assert!(arrived.unreadable.is_empty() && waiting.is_empty());
    let (whole, _) = collect(arrived.sealed);
    assert!(sorted(whole) == sorted(expected));
}

#[test]
fn what_waits_is_given_back_and_is_not_damaged() {
    let envelope = Random(32).short(3, 9);
    let messages = to_sms(&envelope, Alphabet::Octets).unwrap();
    let (arrived, waiting) = one_by_one([messages[2].clone(), messages[0].clone()]);
    assert!(arrived.sealed.is_empty() && arrived.unreadable.is_empty());
    let waiting: Vec<Message> = waiting.into_iter().map(|one| one.message).collect();
    assert!(waiting == [messages[0].clone(), messages[2].clone()]);
}

/// A message of the one makes the other whole before its own has come.
#[test]
fn two_that_share_reference_and_length_both_come_out_one_at_a_time() {
    let mut random = Random(33);
    let [one, other] = [4, 4].map(|last| random.short(2, last));
    let [one_sent, other_sent] =
        [&one, &other].map(|envelope| to_sms(envelope, Alphabet::Octets).unwrap());
    let crossed = [&one_sent[0], &other_sent[0], &one_sent[1], &other_sent[1]];
    let (arrived, waiting) = one_by_one(crossed.map(Clone::clone));
    assert!(arrived.unreadable.is_empty() && waiting.is_empty());
    let (whole, _) = collect(arrived.sealed);
    assert!(whole.contains(&one) && whole.contains(&other));
}

/// Two calls at once may each have kept one half.
#[test]
fn what_is_whole_among_what_waits_comes_out() {
    let envelope = Random(34).short(2, 1);
    let messages = to_sms(&envelope, Alphabet::Octets).unwrap().into_iter();
    let waiting = messages.map(|message| Inbound { line: 7, message });
    let (arrived, waiting) = from_sms_with(waiting.collect(), []);
    assert!(waiting.is_empty());
    assert_only(&arrived, &[&envelope]);
}

#[test]
fn no_more_wait_than_the_limit() {
    let message = |at: usize| {
        let [low, high, ..] = at.to_le_bytes();
        Message {
            header: Some(vec![6, 8, 4, high, low, 2, 1]),
            body: Body::Octets(vec![1; 134]),
        }
    };
    let inbound = (0..MAX_WAITING + 3).map(|at| Inbound {
        line: 7,
        message: message(at),
    });
    let (arrived, waiting) = from_sms_with(Vec::new(), inbound);
    assert_unreadable(&arrived, &[Unreadable::Damaged; 3]);
    assert_eq!(waiting.len(), MAX_WAITING);
    assert!(
        waiting[0].message == message(3),
        "the first ones were given up"
    );
}
