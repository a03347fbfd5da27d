//! Words beside a number that tell what it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::folded::stems;

/// A set of classes of words, one bit each.
pub(super) type Class = u16;

/// Currencies and measures: what stands beside them is an amount.
pub(super) const MONEY: Class = 1 << 0;
/// Identity cards.
pub(super) const ID: Class = 1 << 1;
/// Payment cards.
pub(super) const CARD: Class = 1 << 2;
/// Phones and calling.
pub(super) const PHONE: Class = 1 << 3;
/// Phones, and nothing else.
pub(super) const PHONE_ONLY: Class = 1 << 4;
/// What may follow a phone number.
pub(super) const AFTER_PHONE: Class = 1 << 5;
/// Numbers that a firm gives to a person: who has the list knows who it is.
pub(super) const REFERENCE: Class = 1 << 6;
/// Numbers of things.
pub(super) const NOBODYS: Class = 1 << 7;
/// Number plates.
pub(super) const PLATE_WORD: Class = 1 << 8;
/// Passports.
pub(super) const PASSPORT: Class = 1 << 9;
/// Bank accounts.
pub(super) const IBAN: Class = 1 << 10;
/// Phones as devices.
pub(super) const IMEI: Class = 1 << 11;
/// What counts its editions with points.
pub(super) const VERSION: Class = 1 << 12;
/// Number plates and what bears them.
pub(super) const VEHICLE: Class = 1 << 13;

/// The longest word below has so many letters.
const MAX_LETTERS: usize = 16;

/// The classes of words that begin with a word, and of the words that end in a full stop here and have to be whole.
static WORDS: LazyLock<HashMap<&'static str, (Class, Class)>> = LazyLock::new(|| {
    let mut words: HashMap<&str, (Class, Class)> = HashMap::new();
    for (class, list) in TABLE {
        for word in *list {
            match word.strip_suffix('.') {
                Some(whole) => words.entry(whole).or_default().1 |= class,
                None => words.entry(word).or_default().0 |= class,
            }
        }
    }
    words
});

/// The classes of a word, with or without what Arabic writes onto its front.
pub(super) fn classes(word: &str) -> Class {
    stems(word).map(of_stem).fold(0, |all, class| all | class)
}

fn of_stem(stem: &str) -> Class {
    let ends = stem.char_indices().map(|(at, c)| at + c.len_utf8());
    let fronts = ends.take(MAX_LETTERS).filter_map(|end| stem.get(..end));
    fronts
        .filter_map(|front| WORDS.get(front).map(|classes| (front, classes)))
        .map(|(front, (begins, is))| begins | if front.len() == stem.len() { *is } else { 0 })
        .fold(0, |all, class| all | class)
}

const TABLE: &[(Class, &[&str])] = &[
    (
        MONEY,
        &[
            "aed",
            "dh.",
            "dhs",
            "dirham",
            "sar",
            "sr.",
            "riyal",
            "rial",
            "egp",
            "le.",
            "pound",
            "usd",
            "dollar",
            "euro",
            "eur.",
            "gbp",
            "qar",
            "qr.",
            "kwd",
            "kd.",
            "bhd",
            "bd.",
            "omr",
            "jod",
            "jd.",
            "dinar",
            "inr",
            "rupee",
            "million",
            "thousand",
            "pieces",
            "units",
            "boxes",
            "cartons",
            "litre",
            "liter",
            "kg.",
            "kilo",
            "ton",
            "tonne",
            "sqm",
            "sq.",
            "percent",
            "dozen",
            "bags",
            "درهم",
            "دراهم",
            "ريال",
            "جنيه",
            "دينار",
            "دولار",
            "يورو",
            "الف",
            "مليون",
            "كرتون",
            "حبه",
            "قطعه",
            "علبه",
            "لتر",
            "كيلو",
            "طن",
            "بالميه",
            "متر",
            "ليره",
            "كيس",
            "صندوق",
            "روبيه",
        ],
    ),
    (
        ID,
        &[
            "emirates",
            "iqama",
            "id.",
            "ids.",
            "qid",
            "cpr",
            "civil",
            "identity",
            "national",
            "هويه",
            "هويتي",
            "هويته",
            "هويتها",
            "بطاقتي",
            "قومي",
            "اقامه",
            "اقامتي",
            "اقامته",
            "مدني",
            "وطني",
            "شخصيه",
            "سجل",
            "بطاقته",
            "بطاقتها",
        ],
    ),
    (
        CARD,
        &[
            "card",
            "visa",
            "mastercard",
            "mada",
            "بطاقه",
            "بطاقتي",
            "فيزا",
            "مدي",
            "كارت",
        ],
    ),
    (
        PHONE,
        &[
            "phone",
            "tel",
            "mobile",
            "mob.",
            "cell",
            "call",
            "whatsapp",
            "whats",
            "number",
            "num.",
            "ring",
            "dial",
            "hotline",
            "sms",
            "text.",
            "texted",
            "fax",
            "contact",
            "reach",
            "imo",
            "line",
            "رقم",
            "جوال",
            "موبايل",
            "تلفون",
            "تليفون",
            "هاتف",
            "واتس",
            "واتساب",
            "اتصل",
            "اتصال",
            "كلم",
            "خط",
            "محمول",
            "نقال",
            "دق.",
            "رن.",
            "راسل",
            "ارقام",
            "نمره",
            "نمرت",
            "تواصل",
            "فون",
            "موبيل",
            "اتصلت",
            "يتصل",
            "سنترال",
            "خليوي",
        ],
    ),
    (
        PHONE_ONLY,
        &[
            "phone",
            "mobile",
            "tel",
            "whatsapp",
            "جوال",
            "موبايل",
            "هاتف",
            "تلفون",
            "واتس",
            "واتساب",
        ],
    ),
    (
        AFTER_PHONE,
        &["whatsapp", "واتس", "واتساب", "mobile", "جوال", "موبايل"],
    ),
    (
        REFERENCE,
        &[
            "employee",
            "staff",
            "badge",
            "student",
            "patient",
            "order",
            "ticket",
            "complaint",
            "reference",
            "ref.",
            "tracking",
            "booking",
            "membership",
            "member",
            "payroll",
            "personnel",
            "shipment",
            "policy",
            "enrolment",
            "enrollment",
            "reservation",
            "awb",
            "وظيفي",
            "موظف",
            "طالب",
            "جامعي",
            "اكاديمي",
            "مريض",
            "ملفي",
            "شكوي",
            "شكوتي",
            "بلاغ",
            "بلاغي",
            "طلب",
            "طلبي",
            "طلبيه",
            "حجز",
            "حجزي",
            "شحنه",
            "عضويه",
            "عضويتي",
            "مرجعي",
            "تذكره",
            "جلوس",
            "قيد",
            "بوليصه",
            "اوردر",
        ],
    ),
    (
        NOBODYS,
        &[
            "invoice",
            "inv.",
            "receipt",
            "contract",
            "license",
            "licence",
            "case",
            "po.",
            "box",
            "serial",
            "batch",
            "model",
            "flat",
            "apartment",
            "room",
            "gate",
            "building",
            "street",
            "road",
            "container",
            "tender",
            "permit",
            "account",
            "vat",
            "trn",
            "lot",
            "item",
            "version",
            "page",
            "article",
            "law",
            "code",
            "barcode",
            "sku",
            "acct",
            "cheque",
            "check",
            "voucher",
            "clause",
            "quotation",
            "فاتوره",
            "فواتير",
            "عقد",
            "رخصه",
            "قضيه",
            "ص.",
            "صندوق",
            "شقه",
            "غرفه",
            "بوابه",
            "مبني",
            "شارع",
            "طريق",
            "حاويه",
            "مناقصه",
            "تصريح",
            "حساب",
            "ضريبي",
            "دفعه",
            "صفحه",
            "ماده",
            "قانون",
            "مرسوم",
            "كود",
            "باركود",
            "شيك",
            "ايصال",
            "سند",
            "تشغيله",
            "تسلسلي",
            "سيريال",
            "موديل",
            "تجاري",
            "بند",
        ],
    ),
    (
        PLATE_WORD,
        &[
            "plate",
            "plates",
            "registration",
            "لوحه",
            "لوحتها",
            "لوحته",
            "لوحات",
            "اللوحه",
            "نمره",
            "نمرتها",
            "نمرته",
            "نمر",
            "لوحتهم",
        ],
    ),
    (
        PASSPORT,
        &["passport", "جواز", "باسبور", "جوازي", "باسبورت"],
    ),
    (IBAN, &["iban", "ايبان", "account", "حساب"]),
    (IMEI, &["imei", "ايمي"]),
    (
        VERSION,
        &[
            "version.",
            "v.",
            "firmware",
            "build",
            "release",
            "اصدار",
            "section",
        ],
    ),
    (
        VEHICLE,
        &[
            "plate",
            "car.",
            "registration",
            "vehicle",
            "truck",
            "pickup",
            "لوحه",
            "لوحتها",
            "لوحات",
            "سياره",
        ],
    ),
];
