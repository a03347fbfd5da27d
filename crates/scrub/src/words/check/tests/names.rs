//! Names: where they end, and who says them.

use super::*;

#[track_caller]
fn names(text: &str, names: &[&str]) {
    let hits = found(text);
    let hits = hits.iter().filter(|(clue, _)| *clue == Clue::Name);
    let hits: Vec<&str> = hits.map(|(_, passage)| *passage).collect();
    assert_eq!(hits, names, "{text}");
}

#[test]
fn a_name_ends_at_the_comma() {
    names(
        "My name is Ahmed Ali, 0501234567",
        &["My name is Ahmed Ali"],
    );
    is(
        "My name is Ahmed Ali, 0501234567",
        Clue::Phone,
        "0501234567",
    );
    names("My name is Ahmed Ali, Sara Khan", &["My name is Ahmed Ali"]);
    names("My name is Ahmed Ali,Sara Khan", &["My name is Ahmed Ali"]);
    names("اسمي محمد علي، سارة", &["اسمي محمد علي"]);
    names("اسمي محمد، سارة خان", &["اسمي محمد"]);
    names("اسمي محمد، مديري معنا", &["اسمي محمد"]);
    is("اسمي محمد، مديري معنا", Clue::Work, "مديري");
    names("Best regards, Ahmed Ali", &["Best regards, Ahmed Ali"]);
    names(
        "My name is Ahmed Al-Ali (here)",
        &["My name is Ahmed Al-Ali"],
    );
    names("My name is Ahmed I work", &["My name is Ahmed"]);
}

#[test]
fn who_tells_his_name_in_passing() {
    for (text, name) in [
        ("I'm Ahmed from Dubai", "I'm Ahmed"),
        ("Hello, I’m Ahmed and he", "I’m Ahmed"),
        ("I am Fatima Alzaabi.", "I am Fatima Alzaabi"),
        ("I am Fatima Al-Zaabi, nurse", "I am Fatima Al-Zaabi"),
        (
            "I am Omar bin Khalid Al Suwaidi",
            "I am Omar bin Khalid Al Suwaidi",
        ),
        ("im ahmed from sharjah", "im ahmed"),
        ("I AM AHMED FROM DUBAI", "I AM AHMED"),
        ("ana Ahmed", "ana Ahmed"),
        ("I'm Dr. Khalid here", "I'm Dr. Khalid"),
        ("I'm Abu Khalid", "I'm Abu Khalid"),
        ("I am Xiulan Zhao from", "I am Xiulan Zhao"),
        ("I'm José", "I'm José"),
        ("أنا أحمد الزعابي", "أنا أحمد الزعابي"),
        ("وأنا أحمدُ من دبي", "وأنا أحمدُ"),
        ("أنا سعيد الزعابي", "أنا سعيد الزعابي"),
        ("أنا علي بن راشد من", "أنا علي بن راشد"),
        ("أنا عبد الرحمن", "أنا عبد الرحمن"),
        ("أنا أبو محمد", "أنا أبو محمد"),
        ("أنا أم سعيد", "أنا أم سعيد"),
        ("أنا الدكتور خالد", "أنا الدكتور خالد"),
        ("معك فاطمة", "معك فاطمة"),
        ("they call me khalid at work", "they call me khalid"),
        ("regards, sara", "regards, sara"),
        ("call me Khalid", "call me Khalid"),
        ("يعرفونني باسم خالد", "يعرفونني باسم خالد"),
    ] {
        names(text, &[name]);
    }
}

#[test]
fn who_tells_the_name_of_a_caller() {
    for (text, name) in [
        ("the caller is Sara", "caller is Sara"),
        ("Caller: Sara Khan, 0501234567", "Caller: Sara Khan"),
        ("caller : Nguyet", "caller : Nguyet"),
        ("Caller Ahmed says", "Caller Ahmed"),
        ("the caller's name is Sara", "caller's name is Sara"),
        ("المتصل اسمه خالد", "المتصل اسمه خالد"),
        ("المتصلة اسمها سارة ورقمها", "المتصلة اسمها سارة"),
        ("المتصلة سارة", "المتصلة سارة"),
        ("المتصل: نور", "المتصل: نور"),
        ("المتصل هو خالد، من", "المتصل هو خالد"),
        ("اسم المتصل خالد", "اسم المتصل خالد"),
    ] {
        names(text, &[name]);
    }
}

#[test]
fn what_somebody_is_or_feels_is_no_name() {
    for text in [
        "I'm tired",
        "I am Egyptian",
        "I am Egyptian Muslim",
        "I'm Pakistani",
        "I am OK",
        "I'M TIRED OF THIS",
        "I Am Writing About My Street",
        "I am Engineer",
        "I am Abu Dhabi resident",
        "I'm in Dubai. Ahmed knows",
        "I am. Ahmed is",
        "I'm, Ahmed",
        "the caller is angry",
        "the caller is Egyptian",
        "Caller ID shows it",
        "Caller: There is a man here",
        "Caller: Anonymous",
        "I am Team Leader",
        "المتصل: علي أن أقول",
        "caller\nAhmed",
        "I am",
        "call me Monday",
        "Yours Faithfully",
        "known as Operation Sunrise",
        "أنا خائف",
        "أنا مصري",
        "أنا سعيد جدا",
        "أنا متعب",
        "أنا على يقين",
        "أنا على الكرسي",
        "أنا علي",
        "أنا أمين المستودع",
        "أنا أحمد الله على كل شيء",
        "أنا أم لثلاثة",
        "أنا. أحمد",
        "أنا تركي",
        "أنا",
        "المتصل غاضب",
        "المتصل مصري",
        "اسم المتصل مجهول",
    ] {
        names(text, &[]);
    }
}
