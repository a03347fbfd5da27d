//! Words beside a number that tell what it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::folded::stems;

/// A set of classes of words, one bit each.
pub(super) type Class = u16;

/// Emirates, or the first word of one.
pub(super) const EMIRATE: Class = 1 << 14;
/// Networks and messengers.
pub(super) const NETWORK: Class = 1 << 15;

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

/// Words that begin alike: the word, the classes of words that begin with it, the classes when it is the whole word.
type Alike = Vec<(&'static str, Class, Class)>;

/// The words below by their first two letters. Those that end in a full stop there have to be the whole word.
static WORDS: LazyLock<HashMap<[char; 2], Alike>> = LazyLock::new(|| {
    let mut words: HashMap<[char; 2], Alike> = HashMap::new();
    for (class, list) in TABLE {
        for word in *list {
            let (word, begins, is) = match word.strip_suffix('.') {
                Some(whole) => (whole, 0, *class),
                None => (*word, *class, 0),
            };
            words
                .entry(front(word))
                .or_default()
                .push((word, begins, is));
        }
    }
    words
});

/// The first two letters; a single one is its own second.
fn front(word: &str) -> [char; 2] {
    let mut chars = word.chars();
    let first = chars.next().unwrap_or(' ');
    [first, chars.next().unwrap_or(first)]
}

/// The classes of a word, with or without what Arabic writes onto its front.
pub(super) fn classes(word: &str) -> Class {
    stems(word).map(of_stem).fold(0, |all, class| all | class)
}

fn of_stem(stem: &str) -> Class {
    let alike = WORDS.get(&front(stem)).map(Vec::as_slice);
    let fits = alike
        .unwrap_or_default()
        .iter()
        .filter_map(|(word, begins, is)| {
            let rest = stem.strip_prefix(word)?;
            Some(begins | if rest.is_empty() { *is } else { 0 })
        });
    fits.fold(0, |all, class| all | class)
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
    (IBAN, &["iban", "ايبان", "account", "acct", "حساب"]),
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
    (
        EMIRATE,
        &[
            "dubai.",
            "abu.",
            "abudhabi.",
            "sharjah.",
            "ajman.",
            "fujairah.",
            "rak.",
            "uaq.",
            "ras.",
            "umm.",
            "auh.",
            "dxb.",
            "دبي.",
            "ابوظبي.",
            "ابو.",
            "الشارقه.",
            "شارقه.",
            "عجمان.",
            "الفجيره.",
            "فجيره.",
            "راس.",
            "ام.",
        ],
    ),
    (
        NETWORK,
        &[
            "instagram.",
            "insta.",
            "telegram.",
            "snap.",
            "snapchat.",
            "twitter.",
            "tiktok.",
            "facebook.",
            "username.",
            "handle.",
            "discord.",
            "signal.",
            "wechat.",
            "threema.",
            "linkedin.",
            "ig.",
            "انستا",
            "انستقرام",
            "انستغرام",
            "انستجرام",
            "تويتر",
            "تلجرام",
            "تلغرام",
            "تيليجرام",
            "تليجرام",
            "تليغرام",
            "تلقرام",
            "سناب",
            "سنابي",
            "فيسبوك",
            "تيكتوك",
            "يوزر",
            "يوزري",
            "ديسكورد",
            "حسابي",
        ],
    ),
];
