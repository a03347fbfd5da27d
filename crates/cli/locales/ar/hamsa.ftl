# كل كلمة يقولها البرنامج، بالعربية. المفاتيح هي نفسها في الملف الإنجليزي المجاور.
# قيمة كل خطأ تقول ما حدث، وسمته advice تقول ما العمل.

error-line = {"\u200F"}hamsa: { $text }
octets = { $count ->
    [zero] لا بايتات
    [one] بايت واحد
    [two] بايتان
    [few] { $count } بايتات
    [many] { $count } بايتًا
   *[other] { $count } بايت
}
size = { $number } { $unit }
size-exact = { $size } ({ $octets })
list-comma = {"، "}

## المساعدة

help-usage = الاستعمال:
help-verbs = الأفعال
help-arguments = المعطيات
help-options = الخيارات
help-exit-codes = رموز الخروج
help-after =
    رموز الخروج:
      0  تمّ كل شيء
      1  تعذّر بعض المطلوب، كأن لا تُفتح بعض المظاريف
      2  سطر الأمر غير صحيح
      3  رُفضت البطاقة أو بصمتها
      4  لا مفتاح مناسب، أو تعذّر استعمال مفتاح
      5  رُفض أحد المدخلات: طويل، أو ليس نصًّا، أو تالف، أو لا يُقرأ
      6  فشلت القراءة أو الكتابة، كأن يمتلئ القرص
      7  وجد check ما قد يدل على الكاتب

about = يختم البلاغات السرية حيث تُكتب، ويفتحها بلا اتصال بالشبكة.
about-agency = إنشاء مفاتيح الجهة وبطاقاتها
about-agency-init = إنشاء جهة: مفتاحها الجذر، ومفاتيح إداراتها الأولى، وبطاقتها الأولى
about-agency-card = إصدار البطاقة التالية للجهة بعد تعديل agency.json أو تجديد المفاتيح
about-card = النظر في بطاقات الجهات
about-card-show = عرض بطاقة وفحصها: الأسماء والإدارات والصلاحية والبصمة
about-seal = ختم بلاغ؛ يأتي النص من الدخل القياسي أو يُطلب منك
about-desk = تدوين ما يقوله المتصلون على شاشة كاملة، وختم كل بلاغ بضغطة واحدة
about-carry = تحويل المظروف إلى رسائل قناة واستخراجه منها؛ لا يُرسل شيء
about-carry-to = صنع الرسائل التي تحمل مظروفًا واحدًا
about-carry-to-sms = صنع رسائل SMS، كل رسالة في سطر
about-carry-to-email = صنع رسالة بريد كاملة يُرفق بها المظروف
about-carry-to-chat = صنع رسائل محادثة يفصل بينها سطر فارغ
about-carry-to-qr = صنع رموز QR على الشاشة أو صورًا
about-carry-from = استخراج المظاريف مما جاءت به قناة، بلا أي أثر لمن أرسلها
about-carry-from-sms = قراءة رسائل SMS، كل رسالة في سطر
about-carry-from-email = قراءة رسائل البريد وملفات mbox ومجلدات Maildir
about-carry-from-chat = قراءة رسائل المحادثة، أو ما تأتي به Telegram وWhatsApp عبر webhook
about-carry-from-qr = قراءة رموز QR من الصور: PNG وJPEG وWebP وGIF وBMP
about-open = فتح البلاغات بمفاتيح المحلِّل
about-inspect = عرض ما يعرفه من ليس معه مفتاح عن مظروف
about-scrub = تنظيف الملفات مما يدل على صاحبها، وكتابتها ملفات جديدة بأسماء محايدة
about-check = تفحّص نص بحثًا عما يدل على كاتبه؛ لا يُرسل شيء
about-demo = السير في طريق البلاغ كله مع شرح كل خطوة؛ لا يُكتب شيء على القرص
about-completions = طباعة نص الإكمال التلقائي لصدفة الأوامر
about-man = كتابة صفحات الدليل في مجلد

arg-lang = لغة كلام البرنامج، مثل ar أو en [المبدئي: من إعدادات النظام]
arg-verbose = اذكر أيضًا ما لم يسمح به النظام، وكل مظروف فُتح
arg-help = اعرض هذه المساعدة
arg-version = اعرض رقم الإصدار
arg-json = اطبع بصيغة JSON
arg-fingerprint = الأرقام الأربعون التي تنشرها الجهة؛ تُرفض أي بطاقة أخرى
arg-pixels = أعد رسم الصور أصغر قليلًا: يُخفي من أثر الكاميرا أكثر، وينقص من وضوحها؛ أما الملفات الأخرى، والصور ذات الصفحات أو الإطارات، فتُنظَّف فقط
arg-passphrase-file = اقرأ عبارة المرور من السطر الأول في هذا الملف (أو من أنبوب مثل /dev/fd/3)
arg-valid-days = عدد أيام صلاحية البطاقة بما فيها اليوم [المبدئي: 365]
arg-epoch-days = عدد أيام استعمال مفاتيح الإدارات الجديدة بما فيها اليوم [المبدئي: 90]
arg-agency-init-dir = المجلد المراد إنشاؤه
arg-agency-init-names = اسم الجهة بلغة واحدة، مثل ar="خط البلاغات"؛ يجوز تكراره
arg-agency-init-departments = معرّف إدارة (من a إلى z ومن 0 إلى 9 و-)؛ يجوز تكراره [المبدئي: general]
arg-agency-init-unprotected = اكتب المفاتيح السرية بلا عبارة مرور: يستطيع استعمالها كل من ينسخ الملفات
arg-agency-card-dir = مجلد الجهة
arg-agency-card-new-keys = أنشئ لكل إدارة مفاتيح جديدة تُستعمل ابتداءً من اليوم
arg-card-show-card = البطاقة المراد عرضها
arg-card-show-svg = اكتب رمز QR لبصمة البطاقة في ملف SVG هذا، لملصق مثلًا
arg-card-show-png = اكتب رمز QR لبصمة البطاقة في ملف PNG هذا، لملصق مثلًا
arg-card-show-known = بطاقة كانت عندك من قبل؛ تُرفض البطاقة الأقدم منها أو التي لا تتصل بها
arg-seal-card = بطاقة الجهة
arg-seal-to = الإدارة المقصودة بالبلاغ؛ يلزم ذكرها إذا كان في البطاقة عدة إدارات
arg-seal-language = لغة النص، رمزًا من رموز BCP 47
arg-seal-category = الإدارة أو الموضوع الذي يخصه البلاغ، كما في البطاقة
arg-seal-caller-group = فئة المتصلين التي تنتمي إليها، كما في البطاقة
arg-seal-attach = أرفق هذا الملف بعد تنظيفه مما قد يكشف هويتك؛ يجوز تكراره
arg-seal-with-original = أرفق أيضًا كل ملف كما كان، دليلًا: ويبقى فيه كل ما فيه
arg-seal-unscrubbed = أرفق هذا الملف كما هو، بكل ما فيه مما قد يكشف هويتك؛ يجوز تكراره
arg-seal-as-it-is = اختم النص كما يأتي تمامًا: لا تتفحّصه، واترك ما فيه من محارف خفية
arg-seal-short = اصنع رسالة قصيرة للرسائل النصية SMS: نص فقط، ولا تصمد أمام الحواسيب الكمّية
arg-seal-armor = اكتب الصيغة النصية للبريد والمحادثات
arg-seal-output = الملف المراد كتابته، أو - للخرج القياسي [المبدئي: tip.age، ومع --short الخرج القياسي]
arg-desk-card = بطاقة الجهة
arg-desk-spool = مجلد البلاغات المختومة؛ يُنشأ إن لم يوجد
arg-desk-to = الإدارة المختارة لكل بلاغ من البداية
arg-desk-language = اللغة المختارة لكل بلاغ من البداية، رمزًا من رموز BCP 47
arg-carry-to-sms-octets = رسائل SMS ثنائية: في كل سطر ترويسة بيانات المستخدم (أو - إن لم توجد) ثم البايتات، بالنظام الست عشري
arg-carry-to-sms-output = الملف المراد كتابته [المبدئي: الخرج القياسي]
arg-carry-to-sms-envelope = المظروف بأي صيغة [المبدئي: الدخل القياسي]
arg-carry-to-email-from = العنوان الذي تأتي منه الرسالة؛ يُستعمل هو نفسه لكل البلاغات
arg-carry-to-email-to = عنوان الجهة
arg-carry-to-email-subject = موضوع الرسالة؛ يُستعمل هو نفسه لكل البلاغات ولا يدل على شيء [المبدئي: Message]
arg-carry-to-email-day = اليوم المكتوب عليها [المبدئي: اليوم بالتوقيت العالمي]
arg-carry-to-email-output = الملف المراد كتابته [المبدئي: الخرج القياسي]
arg-carry-to-email-envelope = المظروف بأي صيغة [المبدئي: الدخل القياسي]
arg-carry-to-chat-limit = أطول رسالة: telegram أو whatsapp أو x أو x-message أو عدد من المحارف
arg-carry-to-chat-json = اطبع الرسائل مصفوفة نصوص واحدة بصيغة JSON
arg-carry-to-chat-output = الملف المراد كتابته [المبدئي: الخرج القياسي]
arg-carry-to-chat-envelope = المظروف بأي صيغة [المبدئي: الدخل القياسي]
arg-carry-to-qr-svg = اكتب ملفات SVG بدل PNG
arg-carry-to-qr-png = اكتب ملفات PNG، وهو المعتاد
arg-carry-to-qr-output = مجلد جديد للصور [المبدئي: عرض الرموز على الشاشة]
arg-carry-to-qr-envelope = المظروف بأي صيغة [المبدئي: الدخل القياسي]
arg-carry-from-sms-octets = رسائل SMS ثنائية، في سطور كالتي يكتبها carry to sms --octets
arg-carry-from-chat-format = text، وهو أيضًا للوثائق التي جُلبت، أو telegram أو whatsapp [المبدئي: ما يشبهه الدخل]
arg-paths = ملفات أو أنابيب، أو مجلدات فيها ملفات؛ و- هو الدخل القياسي [المبدئي: الدخل القياسي]
arg-out = مجلد المظاريف والأجزاء التي تنتظر بقيتها؛ يُنشأ إن لم يوجد [المبدئي: arrived]
arg-open-identities = ملف المفتاح السري، أو مجلد فيه ملفات .key، أو مجلد الجهة؛ يجوز تكراره
arg-open-out = مجلد البلاغات المفتوحة، كل بلاغ في مجلد خاص به؛ يُنشأ إن لم يوجد
arg-open-json = اطبع كائن JSON لكل مظروف، وآخر للأعداد
arg-open-paths = مظاريف، أو مجلدات فيها مظاريف
arg-inspect-paths = المظاريف المراد النظر فيها، أو مجلداتها
arg-scrub-out = مجلد الملفات النظيفة؛ يُنشأ إن لم يوجد [المبدئي: clean]
arg-scrub-report = ‏json: اطبع كائن JSON لكل ملف
arg-scrub-show-values = أظهر ما وُجد كاملًا، لا حرفه الأول فقط
arg-scrub-paths = الملفات المراد تنظيفها؛ وتبقى هي كما هي
arg-check-path = النص المراد تفحّصه، أو - للدخل القياسي [المبدئي: الدخل القياسي]
arg-check-json = اطبع بصيغة JSON؛ ويُعدّ from وto بالبايتات في النص الخالي من المحارف الخفية، الذي يكتبه -o
arg-check-output = اكتب النص أيضًا بلا محارف خفية في هذا الملف
arg-completions-shell = bash أو elvish أو fish أو powershell أو zsh
arg-man-dir = مجلد الصفحات؛ يُنشأ إن لم يوجد

## سطر الأمر

usage-did-you-mean = في سطر الأمر معطى لا يعرفه البرنامج
    .advice = هل تقصد { $name }؟ نص البلاغ لا يُكتب في سطر الأمر أبدًا
usage-unknown-argument = في سطر الأمر معطى لا يعرفه البرنامج
    .advice = انظر --help؛ نص البلاغ لا يُكتب في سطر الأمر أبدًا، بل يُكتب بعد تشغيل البرنامج أو يُمرَّر إليه
usage-unknown-verb = لا يوجد فعل بهذا الاسم
    .advice = اختر فعلًا مما يعرضه hamsa --help
usage-no-verb = لم يُذكر المطلوب عمله
    .advice = اختر فعلًا مما يعرضه --help؛ والأمر hamsa demo يعرض الطريق كله
usage-missing = ينقص شيء: { $name }
    .advice = أضفه؛ ويشرحه --help
usage-conflict = لا يجتمع هذان: { $name }
    .advice = احذف أحدهما
usage-bad-value = القيمة ناقصة أو غير مقبولة: { $name }
    .advice = انظر القيم المقبولة في --help
usage-bad-choice = القيمة غير مقبولة: { $name }
    .advice = اختر واحدة من هذه: { $values }
usage-other = تعذّر فهم سطر الأمر
    .advice = انظر --help
days-out-of-range = عدد الأيام يتجاوز حدود التقويم
    .advice = اكتب عددًا بين 1 وبضعة آلاف
bad-name = أحد الأسماء ليس على الصورة التي تقبلها البطاقة
    .advice = اكتب رمز اللغة ثم علامة يساوي ثم الاسم في سطر واحد، مثل --name ar="خط البلاغات"
bad-department = معرّف إحدى الإدارات ليس على الصورة المقبولة أو مكرر
    .advice = استعمل من 1 إلى 32 حرفًا من a إلى z ومن 0 إلى 9 و-
open-needs-out = ما في مجلد أو في عدة ملفات لا يُعرض على الشاشة دفعة واحدة
    .advice = حدّد مجلدها بالخيار --out، أو استعمل --json
binary-to-terminal = المظروف ليس نصًّا يمكن عرضه على الشاشة
    .advice = احذف -o -، أو أضف --armor لتحصل على الصيغة النصية

## الملفات

io-not-found = لا يوجد ملف أو مجلد بهذا الاسم: { $path }
    .advice = تحقق من الاسم
io-unreadable = لا يُسمح بقراءة هذا: { $path }
    .advice = اطلب الإذن من مالكه، أو انسخه إلى مكان تملكه
io-folder = هذا مجلد وليس ملفًا: { $path }
    .advice = اذكر اسم الملف الذي بداخله
io-reading = فشلت القراءة (خطأ النظام رقم { $number }): { $path }
    .advice = افحص القرص ثم أعد المحاولة
io-exists = هذا موجود من قبل، ولا يُكتب فوق شيء موجود أبدًا: { $path }
    .advice = اختر اسمًا آخر، أو انقل القديم
io-not-a-folder = هذا ملف وليس مجلدًا: { $path }
    .advice = اذكر مجلدًا؛ ويُنشأ إن لم يوجد
io-no-folder = لا يوجد مجلد يُكتب فيه هذا: { $path }
    .advice = أنشئ المجلد أولًا، أو تحقق من الاسم
io-unwritable = لا يُسمح بالكتابة هنا: { $path }
    .advice = اختر مجلدًا تملكه
io-full = لم يبق مكان لكتابة هذا: { $path }
    .advice = أفرغ بعض المساحة أو اختر قرصًا آخر؛ لم يُترك شيء نصف مكتوب
io-writing = فشلت الكتابة (خطأ النظام رقم { $number }): { $path }
    .advice = افحص القرص ثم أعد المحاولة؛ لم يُترك شيء نصف مكتوب
not-a-file = هذا رابط أو مقبس أو جهاز، وليس ملفًا: { $path }
    .advice = اذكر ملفًا على قرص
not-a-file-but-pipe = هذا أنبوب، ولا يُقرأ هنا إلا ملف: { $path }
    .advice = احفظ ما يخرج من الأنبوب في ملف، ثم اذكر ذلك الملف
not-a-stream = هذا جهاز أو مقبس، وليس ملفًا ولا أنبوبًا: { $path }
    .advice = اذكر ملفًا أو أنبوبًا، أو لا تذكر مسارًا وأعطِ المحتوى عبر الدخل القياسي
file-empty = الملف فارغ: { $path }
    .advice = تحقق من أنه وصل كاملًا
file-changed = تغيّر ملف أثناء قراءته
    .advice = أغلق البرنامج الذي يكتب فيه ثم أعد المحاولة
file-too-long = الملف أطول من أن يكون بطاقة أو مفتاحًا: { $path }
    .advice = تحقق من اختيار الملف الصحيح
bad-profile = وصف الجهة غير صالح (السطر { $line }، العمود { $column }): { $path }
    .advice = صحّح هذا السطر؛ يجب أن تكون الأسماء والإدارات والموضوعات على صورة ما يجاورها
agency-exists = في هذا المكان شيء من قبل، وقد يكون المفتاح الوحيد لجهة: { $path }
    .advice = اختر مجلدًا جديدًا
agency-needs-name = يحتاج مجلد الجهة إلى اسم خاص به
    .advice = اذكر مجلدًا جديدًا، مثل ./agency

## تفحّص النص

check-line = السطر { $line }: { $kind }: { $excerpt } ({ $certainty })
check-more = { $count ->
    [one] وواحد غيرها، ومجموعها { $all }؛ ويعرضها كلها الأمر hamsa check
   *[other] و{ $count } غيرها، ومجموعها { $all }؛ ويعرضها كلها الأمر hamsa check
}
check-kind = { $count ->
    [one] { $kind } (السطر { $lines })
    [two] { $kind } (السطران { $lines })
   *[other] { $kind } (السطور { $lines })
}
check-found = قد يدل النص عليك: { $kinds }.
check-found-these = قد يدل هذا عليك، أو يوصل إليك:
check-ask = أتختمه كما هو؟ اكتب «ن» لنعم؛ وأي جواب آخر يتيح لك كتابته من جديد.
check-marks = { $count ->
    [one] نُزع من النص محرف واحد غير مرئي أو غير مألوف.
   *[other] نُزعت من النص محارف غير مرئية أو غير مألوفة، عددها { $count }.
}
check-mark = نُزع: { $kind }: { $count }
check-mark-stays = في النص: { $kind }: { $count }
check-marks-stay = يكتب الخيار -o FILE النص خاليًا منها.
check-nothing = لم يُعثر في الكلمات على ما يدل عليك
check-limits = هذا عون لا ضمان: فأسلوبك في الكتابة، وما لا يعرفه غيرك، لا يجدهما برنامج.
check-phone = رقم هاتف
check-email = عنوان بريد إلكتروني
check-web = عنوان ويب
check-account = اسم في شبكة تواصل أو تطبيق محادثة
check-national-id = رقم هوية أو إقامة
check-passport = رقم جواز سفر
check-iban = حساب مصرفي
check-card = بطاقة دفع
check-plate = لوحة مركبة
check-coordinates = موقع أو رابط خريطة
check-ip-address = عنوان على الإنترنت
check-mac-address = رقم بطاقة شبكة
check-imei = الرقم التسلسلي لهاتف (IMEI)
check-path = مجلد باسم صاحبه
check-reference = رقم موظف أو طالب أو مريض أو طلب أو شكوى
check-birth = تاريخ ميلاد أو عمر
check-name = اسمك
check-only-i = ما لا يعرفه إلا أنت أو قلة
check-kin = أهلك أو جيرانك
check-work = عملك أو مدرستك
check-contact = كيف يُتصل بك
check-home = أين تسكن
check-witness = أنك كنت هناك أو كلّمت من تحكي عنهم
certainty-hint = يستحق نظرة
certainty-likely = مرجَّح
certainty-sure = مؤكد
mark-zero-width = محارف بلا عرض
mark-direction = علامات اتجاه الكتابة
mark-tag = محارف لا تظهر أبدًا
mark-variation = محددات أشكال لا وجود لها
mark-soft-hyphen = واصلات خفية
mark-invisible = رموز غير مرئية للصيغ والموسيقى
mark-filler = حروف لا تُظهر شيئًا
mark-space = فراغات غير مألوفة
mark-line-end-space = فراغات في أواخر السطور
mark-line-end = نهايات سطور غير مألوفة
mark-control = محارف تحكّم
mark-look-alike = حروف تشبه غيرها
mark-fixed-shape = حروف مثبتة على شكل واحد
mark-stacked-accents = حركات متراكمة
mark-decomposed = حركات منفصلة عن حروفها
mark-tatweel = حروف ممدودة

## التنظيف

scrub-done = نُظِّف: { $from } ← { $to }، { $size }
scrub-nothing = لا شيء يُنزع
scrub-count = { $name } { $count }
scrub-line = {"\u200F"}{ $name }: { $list }
scrub-counted = {"\u200F"}{ $name }: { $count }
scrub-more = { $count ->
    [one] ، وواحد غيرها
   *[other] ، و{ $count } غيرها
}
what-place = أماكن
what-person = أشخاص
what-device = أجهزة
what-time = أوقات
what-software = برامج
what-identifier = أرقام تعريف
what-path = مسارات وروابط
what-preview = صور مصغرة
what-description = أوصاف
what-history = حالات سابقة
what-attachment = ملفات بالداخل
what-script = نصوص برمجية
what-provenance = سجلات المصدر
what-colour-profile = نصوص ملف الألوان
what-mark = محارف خفية أو غير مألوفة
what-unknown = بيانات مجهولة
text-file-found = { $count ->
    [zero] تبقى الكلمات كما هي.
    [one] تبقى الكلمات كما هي. وفيها موضع واحد قد يدل على أحد: { $kinds }. ويعرضه الأمر hamsa check FILE
    [two] تبقى الكلمات كما هي. وفيها موضعان قد يدلان على أحد: { $kinds }. ويعرضهما الأمر hamsa check FILE
    [few] تبقى الكلمات كما هي. وفيها { $count } مواضع قد تدل على أحد: { $kinds }. ويعرضها الأمر hamsa check FILE
    [many] تبقى الكلمات كما هي. وفيها { $count } موضعًا قد تدل على أحد: { $kinds }. ويعرضها الأمر hamsa check FILE
   *[other] تبقى الكلمات كما هي. وفيها { $count } موضع قد تدل على أحد: { $kinds }. ويعرضها الأمر hamsa check FILE
}
text-file-nothing = تبقى الكلمات كما هي. ولم يُعثر فيها على ما يدل عليك، وليس هذا ضمانًا.
text-file-unread = تبقى الكلمات كما هي، ولم تُتفحَّص لأن النص أطول من ذلك: فاقرأه بنفسك.
remark-content-stays = يبقى ما يُرى ويُسمع فيه: الوجوه والأصوات والأماكن والشاشات.
remark-sensor-noise = يبقى فيه نمط تشويش الكاميرا، وقد يدل عليها؛ والخيار --pixels يضعفه في الصور التي يمكن أن يعيد رسمها.
remark-extra-layers-lost = ذهبت طبقة السطوع أو العمق التي يضيفها الهاتف؛ وقد تبدو الصورة أقل زهوًا.
remark-pictures-lost = ذهبت الصور الأخرى في الملف، وبقيت الصورة الأساسية.
remark-hidden-content = في المستند شيء مخفي عن النظر ولا يزال فيه: أوراق أو شرائح أو صفوف أو ملاحظات أو نص. انظر فيه قبل إرساله.
remark-name-in-text = اسم أو رقم نُزع من الخصائص مكتوب أيضًا في النص نفسه.
remark-member-names = تبقى أسماء الملفات داخل الأرشيف؛ اقرأها قبل إرساله.
remark-members-unread = تبقى كلمات النصوص داخل الأرشيف ولم تُفحص: افحص كلًا منها قبل أن تضغطه.
remark-template = تبقى الخطوط والأنماط وإعدادات اللغة، وقد تدل على قالب جهة ما.
remark-flattened = لم تعد حقول النماذج والتعليقات والجداول المحورية تعمل. يبقى ما كان مرسومًا على الصفحة، وذهب ما كُتب في الملاحظات المنبثقة.
remark-signature-lost = ذهبت التوقيعات الرقمية.
remark-links-lost = ذهبت الروابط وما يُجلب من مكان آخر.
remark-tracks-lost = ذهبت المسارات غير الصورة والصوت: الترجمة والفصول والمواقع.
remark-marks-lost = نُزعت من النص محارف غير مرئية.
remark-redrawn = أُعيد رسم الصورة: أصغر وأقل وضوحًا قليلًا، وأصعب مطابقةً بالكاميرا. ولا نَعِد باستحالة المطابقة.
remark-not-redrawn = نُظِّف ولم يُعَد رسمه: فلا يُعاد رسم غير JPEG وPNG وWebP وGIF وBMP وTIFF ذات الصفحة أو الإطار الواحد. أما الصور الأخرى فاحفظها أولًا بصيغة JPEG.
remark-cut-short = ليس للملف نهاية، فقد يكون مقطوعًا. ويبقى الموجود منه.
remark-scripts-lost = ذهبت النصوص البرمجية ووحدات الماكرو.
remark-richer-drawing-lost = كان في رسمٍ نسخة ثانية منه أغنى، وقد ذهبت؛ فقد تبدو الظلال والشفافية أبسط.
error-in-member = العنصر رقم { $number } في الأرشيف: { $text }
error-scrub-unknown-kind = هذا النوع من الملفات لا يمكن تنظيفه: { $path }
    .advice = احفظ الملف بصيغة JPEG أو PNG أو MP4 أو PDF، واحفظ النص بترميز UTF-8، وأعد المحاولة
error-scrub-rich-text = ملفات RTF لا يمكن تنظيفها: { $path }
    .advice = احفظ الملف بصيغة DOCX أو ODT أو PDF وأعد المحاولة
error-scrub-old-office = ملفات البرامج المكتبية القديمة لا يمكن تنظيفها: { $path }
    .advice = احفظ الملف بصيغة DOCX أو XLSX أو PPTX أو PDF وأعد المحاولة
error-scrub-mail = رسالة البريد تذكر مرسلها وطريقها، فلا يمكن تنظيفها: { $path }
    .advice = انسخ نصها في البلاغ وأرفق ملفاتها وحدها
error-scrub-raw-photo = الصور الخام لا يمكن تنظيفها: { $path }
    .advice = صدّر الصورة بصيغة JPEG أو TIFF وأعد المحاولة
error-scrub-other-archive = هذا النوع من الأرشيف لا يمكن تنظيفه: { $path }
    .advice = فكّه وأرفق ملفاته وحدها
error-scrub-other-media = هذا النوع من الصور أو الأصوات أو المقاطع لا يمكن تنظيفه: { $path }
    .advice = احفظ الملف بصيغة JPEG أو PNG أو MP4 أو MP3 وأعد المحاولة
error-scrub-web-page = صفحات الويب لا يمكن تنظيفها: { $path }
    .advice = اطبع الصفحة إلى ملف بصيغة PDF، أو انسخ نصها في البلاغ
error-scrub-text-encoding = لا يُعرف بأي ترميز كُتبت حروف هذا النص: { $path }
    .advice = احفظه نصًا بترميز UTF-8 ثم أعد المحاولة
error-scrub-encrypted = الملف معمّى بكلمة سر: { $path }
    .advice = أزل كلمة سره وأعد المحاولة
error-scrub-unsupported = يستعمل الملف من صيغته جزءًا لا يمكن تنظيفه: { $path }
    .advice = احفظه من جديد ببرنامج آخر وأعد المحاولة
error-scrub-damaged = الملف تالف أو مقطوع: { $path }
    .advice = افتحه ببرنامج يقدر عليه واحفظه من جديد ثم أعد المحاولة
error-scrub-too-large = في الملف جزء أكبر من أن يُنظَّف: { $path }
    .advice = قسّمه أو احفظه أصغر ثم أعد المحاولة
error-scrub-too-deep = يُفك الملف إلى أكثر مما يمكن تنظيفه، أو إلى ملفات عميقة داخل ملفات: { $path }
    .advice = فكّه وأرفق ملفاته وحدها
error-scrub-leak = شيء نُزع من الملف وُجد ثانيةً فيما كان سيبقى، فلم يُحفظ شيء: { $path }
    .advice = احفظه من جديد ببرنامج آخر، أو انسخ محتواه بيدك
error-scrub-unverified = لم يجتز الملف المنظَّف الفحص، فلم يُحفظ: { $path }
    .advice = احفظ الأصل من جديد ببرنامج آخر وأعد المحاولة
error-scrub-io = لم يمكن قراءة الملف: { $path }
    .advice = افحص القرص والصلاحيات ثم أعد المحاولة

## نص البلاغ

ask-text =
    اكتب البلاغ، ثم اضغط Ctrl-D في سطر فارغ.
    لا يحفظ «همسة» شيئًا منه، لكنه يبقى ظاهرًا في هذه النافذة، فأغلقها بعد الانتهاء.
text-not-utf8 = النص ليس بترميز UTF-8، فلن يستطيع أحد قراءته
    .advice = احفظه نصًّا بترميز UTF-8 وأعد المحاولة
text-file-not-utf8 = هذا ليس نصًّا، أو لا يمكن معرفة ترميز حروفه: { $path }
    .advice = احفظه نصًّا بترميز UTF-8 وأعد المحاولة
check-too-long = النص أطول من أن يُتفحَّص: { $path }
    .advice = قسّمه، وتفحّص كل جزء وحده
text-empty = لا نص ولا مرفقات
    .advice = اكتب شيئًا، ثم اضغط Ctrl-D في سطر فارغ
no-such-category = ليس في البطاقة إدارة أو موضوع بهذا الاسم
    .advice = اختر مما يعرضه hamsa card show
bad-language = هذا ليس رمز لغة: --language
    .advice = استعمل رمزًا من BCP 47، مثل en أو ar أو ur
category-elsewhere = التصنيف المذكور ليس من الإدارة التي يذهب إليها البلاغ
    .advice = اختر موضوعًا من تلك الإدارة كما يعرضه hamsa card show، أو اذكر إدارة الموضوع بالخيار --to
no-such-caller-group = ليس في البطاقة فئة متصلين بهذا الاسم
    .advice = اختر مما يعرضه hamsa card show
too-long-for-armor = المظروف أطول من أن يُكتب بالصيغة النصية
    .advice = احذف --armor
seal-compare = بصمة هذه البطاقة هي { $fingerprint }. قارنها بالبصمة التي تنشرها الجهة.
seal-scrubbed = نُظِّف: { $path }. نُزع منه: { $list }.
seal-not-cleaned = لم يُختم شيء؛ فإن لم ينفع غيره فالخيار --danger-unscrubbed يرفق الملف كما هو، ويرى المحلِّل كل ما فيه
seal-original = وأُرفق أيضًا كما كان: { $path }. ما بداخل الأصل من أسماء وأماكن وأرقام تسلسلية يبقى فيه، ويراه المحلِّل.
seal-original-pixels = وفي الأصول أيضًا نمط التشويش الذي يضعفه --pixels في النسخ: فاحذف --with-original إن كان لا يجوز أن تُعرف الكاميرا.
seal-unscrubbed = أُرفق كما هو: { $path }. ما بداخل الملف من أسماء وأماكن وأرقام تسلسلية يبقى فيه، ويراه المحلِّل.
seal-done = خُتم البلاغ: { $path }، وحجمه { $size }. لكل بلاغ من هذه الفئة هذا الحجم نفسه.
seal-short-messages = { $count ->
    [zero] لا تلزم أي رسالة SMS.
    [one] تكفي رسالة SMS واحدة.
    [two] تلزم رسالتا SMS.
    [few] تلزم { $count } رسائل SMS.
    [many] تلزم { $count } رسالة SMS.
   *[other] تلزم { $count } رسالة SMS.
}
seal-short-classical = الصيغة القصيرة لا تصمد أمام الحواسيب الكمّية: من يسجّلها اليوم قد يقرؤها يومًا ما. أرسل المظروف الكامل حيثما أمكن.

## عبارات المرور والمفاتيح

ask-passphrase = عبارة مرور { $path }:{" "}
ask-new-passphrase = عبارة المرور الجديدة:{" "}
ask-passphrase-again = أعد كتابتها:{" "}
passphrase-new =
    تُحمى المفاتيح السرية بعبارة مرور لا تقل عن { $count } أحرف. هذه عبارة جيدة: { $suggestion }
    اكتبها على ورقة واحفظها في خزانة. لن يفتح أحد بلاغًا من دونها.
passphrase-too-short = عبارة المرور قصيرة
    .advice = اختر { $count } أحرف على الأقل، والأفضل عدة كلمات
passphrases-differ = عبارتا المرور مختلفتان
    .advice = أعد المحاولة
passphrase-nobody-to-ask = تلزم عبارة مرور، ولا توجد شاشة تُطلب عليها
    .advice = اذكر ملفها بالخيار --passphrase-file
passphrase-file-refused = ليس في الملف عبارة مرور: { $path }
    .advice = اكتب العبارة في سطره الأول بترميز UTF-8، في حدود 1000 حرف

## الجهات

init-unprotected = تُكتب المفاتيح السرية بلا عبارة مرور: كل من يستطيع نسخ الملفات يستطيع فتح كل بلاغ وتوقيع البطاقات باسم الجهة.
init-working = { $count ->
    [zero] لا مفاتيح للإنشاء.
    [one] يجري إنشاء مفتاح واحد. يستغرق نحو ثانية لأنه محمي.
    [two] يجري إنشاء مفتاحين. يستغرق كل منهما نحو ثانية لأنه محمي.
    [few] يجري إنشاء { $count } مفاتيح. يستغرق كل منها نحو ثانية لأنه محمي.
    [many] يجري إنشاء { $count } مفتاحًا. يستغرق كل منها نحو ثانية لأنه محمي.
   *[other] يجري إنشاء { $count } مفتاح. يستغرق كل منها نحو ثانية لأنه محمي.
}
init-leftover = ترك تشغيلٌ سابق توقّف قبل نهايته مفاتيح لا تذكرها أي بطاقة، وقد أُزيلت: { $path }
init-done = الجهة في المجلد { $path }.
init-next-publish = انشر البطاقة { $path }، وانشر البصمة بطريق آخر: اطبعها، أو اقرأها على الناس، أو اعرضها على الشاشات.
init-next-root = احفظ { $path } على قرص داخل خزانة. به تُوقَّع البطاقات، ومن يملكه يتكلم باسم الجهة.
init-next-keys = سلّم كل إدارة ملفات .key التي في مجلدها داخل { $path }، فبها تُفتح البلاغات.
init-next-edit = عدّل { $path } لتغيير الأسماء والموضوعات والقنوات، ثم شغّل hamsa agency card { $dir }
too-many-keys = لإحدى الإدارات { $count } مفاتيح مستعملة من قبل، ولا يُختم بلاغ لأكثر منها: { $path }
    .advice = انتظر انتهاء أقدمها؛ ويعرض hamsa card show أيامها
reissue-done = البطاقة رقم { $number } في { $path }.

## البطاقات

card-name = {"\u200F"}{ $name } ({ $tag })
card-number = البطاقة رقم { $number }
card-valid = صالحة من { $from } إلى { $until }
card-departments = { $count ->
    [zero] لا إدارات:
    [one] إدارة واحدة:
    [two] إدارتان:
    [few] { $count } إدارات:
    [many] { $count } إدارة:
   *[other] { $count } إدارة:
}
card-caller-groups = { $count ->
    [zero] لا فئات متصلين:
    [one] فئة متصلين واحدة:
    [two] فئتان من المتصلين:
    [few] { $count } فئات من المتصلين:
    [many] { $count } فئة من المتصلين:
   *[other] { $count } فئة من المتصلين:
}
card-item = {"\u200F  "}{ $id }: { $name }
card-key = {"    "}مفتاح آخره { $mark } مستعمل من { $from } إلى { $until }
card-topic = {"\u200F    "}{ $id }: { $name }
card-channel = {"\u200F"}{ $kind }: { $address }
channel-phone = الهاتف
channel-sms = الرسائل النصية
channel-mail = البريد
channel-web = الموقع
channel-onion = خدمة onion
card-fingerprint = البصمة: { $fingerprint }
card-compare = قارن الأرقام الأربعين كلها بما تنشره الجهة بطريق آخر.

## الفتح

open-opened = فُتح: { $path } هو القضية { $case }
open-already = فُتح من قبل: { $path } هو القضية { $case }
open-same = المظروف نفسه مرة أخرى: { $path } هو القضية { $case }
open-differs = يحمل { $path } العلامة نفسها التي يحملها مظروف آخر، ومحتواه مختلف. لا يصنع مظروفين كهذين إلا كاتبهما أو من معه مفتاح يفتحهما. حُفظ الاثنان، وهذا هو القضية { $case }.
open-pruned = فُتح من قبل: { $path } هو القضية { $case }. أُزيلت ملفات من تلك القضية فلم تمكن مقارنة ما أُزيل، وتُركت كما هي.
open-failed = {"\u200F"}{ $path }: { $reason }
open-first-piece = أو هو القطعة الأولى من رسالة SMS أطول تنقصها بقيتها: ابحث عن البقية، واجمع القطع في نص واحد، وافتحه
open-language = اللغة: { $value }
open-category = الموضوع: { $value }
open-caller-group = فئة المتصل: { $value }
open-answer = {"\u200F"}{ $name }: { $value }
open-attachment = المرفق { $name }: { $kind }، { $size }
open-attachment-unscrubbed = المرفق { $name } لم يُنظَّف: قد يكون في داخله اسم مرسله أو ما يدل عليه. عامله معاملة اسم المرسل.
open-attachment-original = المرفق { $name } هو الأصل الذي لم يُمس للمرفق الذي قبله: قد يكون في داخله اسم مرسله أو ما يدل عليه. عامله معاملة اسم المرسل.
open-attachments-stay = { $count ->
    [zero] لم تُكتب أي مرفقات.
    [one] لم يُكتب المرفق. حدّد مجلده بالخيار --out.
    [two] لم يُكتب المرفقان. حدّد مجلدهما بالخيار --out.
    [few] لم تُكتب المرفقات. حدّد مجلدها بالخيار --out.
    [many] لم تُكتب المرفقات. حدّد مجلدها بالخيار --out.
   *[other] لم تُكتب المرفقات. حدّد مجلدها بالخيار --out.
}
open-sum-opened = { $count ->
    [zero] لم يُفتح أي بلاغ جديد.
    [one] فُتح بلاغ واحد.
    [two] فُتح بلاغان.
    [few] فُتحت { $count } بلاغات.
    [many] فُتح { $count } بلاغًا.
   *[other] فُتح { $count } بلاغ.
}
open-sum-already = { $count ->
    [zero] لم يُفتح أي بلاغ من قبل.
    [one] بلاغ واحد فُتح من قبل وتُرك كما هو.
    [two] بلاغان فُتحا من قبل وتُركا كما هما.
    [few] { $count } بلاغات فُتحت من قبل وتُركت كما هي.
    [many] { $count } بلاغًا فُتحت من قبل وتُركت كما هي.
   *[other] { $count } بلاغ فُتحت من قبل وتُركت كما هي.
}
open-sum-same = { $count ->
    [zero] لم يتكرر أي مظروف.
    [one] مظروف واحد كان نسخة من غيره.
    [two] مظروفان كانا نسختين من غيرهما.
    [few] { $count } مظاريف كانت نسخًا من غيرها.
    [many] { $count } مظروفًا كانت نسخًا من غيرها.
   *[other] { $count } مظروف كانت نسخًا من غيرها.
}
open-sum-failed = { $count ->
    [zero] لم يتعذّر فتح أي مظروف.
    [one] تعذّر فتح مظروف واحد.
    [two] تعذّر فتح مظروفين.
    [few] تعذّر فتح { $count } مظاريف.
    [many] تعذّر فتح { $count } مظروفًا.
   *[other] تعذّر فتح { $count } مظروف.
}

## النظر من الخارج

inspect-post-quantum = مظروف كامل يصمد أمام الحواسيب الكمّية (age, mlkem768x25519)
inspect-classical = مظروف كامل لا يصمد أمام الحواسيب الكمّية (age)
inspect-short = رسالة قصيرة لا تصمد أمام الحواسيب الكمّية
inspect-text-form = بالصيغة النصية، وطولها { $size }
inspect-length-binary = الطول بالصيغة الثنائية: { $size }
inspect-length = الطول: { $size }
inspect-class = فئة حجم ما بداخله: { $size }
inspect-stanzas = { $count ->
    [zero] لا مستلِمين
    [one] مستلِم واحد
    [two] مستلِمان على الأكثر؛ لا يميّز أحد الحقيقي من الحشو
    [few] { $count } مستلِمين على الأكثر؛ لا يميّز أحد الحقيقي من الحشو
    [many] { $count } مستلِمًا على الأكثر؛ لا يميّز أحد الحقيقي من الحشو
   *[other] { $count } مستلِم على الأكثر؛ لا يميّز أحد الحقيقي من الحشو
}
inspect-none = لم يوجد ملف يُنظر فيه.
inspect-nothing-else = لا يُعرف شيء غير هذا بلا مفتاح.

## الدليل، وملاحظات عن عمل البرنامج نفسه

man-written = { $count ->
    [zero] لم تُكتب أي صفحة في { $path }.
    [one] كُتبت صفحة واحدة في { $path }.
    [two] كُتبت صفحتان في { $path }.
    [few] كُتبت { $count } صفحات في { $path }.
    [many] كُتبت { $count } صفحة في { $path }.
   *[other] كُتبت { $count } صفحة في { $path }.
}
note-core-not-off = لم يسمح النظام بإيقاف صور الذاكرة: قد تبقى محتويات الذاكرة على القرص إذا انهار البرنامج.
note-memory-not-locked = لا يسمح النظام بتثبيت الذاكرة كلها: قد ينتقل بعضها إلى القرص عند الضغط.
note-text-not-locked = لم يسمح النظام بتثبيت النص في الذاكرة: قد ينتقل إلى القرص عند الضغط.

## القنوات

carry-qr-code = الرمز { $number } من { $count }
carry-qr-done = { $count ->
    [zero] لا رموز في { $path }.
    [one] رمز واحد في { $path }.
    [two] رمزان في { $path }، ويُقرآن بأي ترتيب.
    [few] { $count } رموز في { $path }، وتُقرأ بأي ترتيب.
    [many] { $count } رمزًا في { $path }، وتُقرأ بأي ترتيب.
   *[other] { $count } رمز في { $path }، وتُقرأ بأي ترتيب.
}
carry-sum-new = { $count ->
    [zero] لم يأت مظروف جديد.
    [one] جاء مظروف جديد واحد، وهو في { $path }.
    [two] جاء مظروفان جديدان، وهما في { $path }.
    [few] جاءت { $count } مظاريف جديدة، وهي في { $path }.
    [many] جاء { $count } مظروفًا جديدًا، وهي في { $path }.
   *[other] جاء { $count } مظروف جديد، وهي في { $path }.
}
carry-sum-repeated = { $count ->
    [zero] لم يتكرر شيء.
    [one] تكرر مظروف أو جزء واحد جاء من قبل.
    [two] تكرر اثنان من المظاريف أو الأجزاء جاءا من قبل.
   *[other] تكررت مظاريف أو أجزاء جاءت من قبل، عددها { $count }.
}
carry-sum-waiting = مظروف من { $parts } من الأجزاء تنقصه أجزاء عددها { $count }: { $numbers }
carry-sum-unreadable = { $count ->
    [one] ‏{ $path }: { $reason }
    [two] ‏{ $path }، مرتين: { $reason }
    [few] ‏{ $path }، { $count } مرات: { $reason }
   *[other] ‏{ $path }، { $count } مرة: { $reason }
}
carry-sum-unreadable-files = { $count ->
    [one] ‏{ $path }: تعذّرت قراءة ملف واحد في هذا المجلد
    [two] ‏{ $path }: تعذّرت قراءة ملفين في هذا المجلد
    [few] ‏{ $path }: تعذّرت قراءة { $count } ملفات في هذا المجلد
    [many] ‏{ $path }: تعذّرت قراءة { $count } ملفًا في هذا المجلد
   *[other] ‏{ $path }: تعذّرت قراءة { $count } ملف في هذا المجلد
}
carry-sum-media = { $count ->
    [zero] لا ملفات لدى خدمة المحادثة.
    [one] ملف واحد لدى خدمة المحادثة، ومعرّفه في الخرج القياسي. يُجلب ثم يُعطى للأمر hamsa carry from chat.
    [two] ملفان لدى خدمة المحادثة، ومعرّفاهما في الخرج القياسي. يُجلبان ثم يُعطيان للأمر hamsa carry from chat.
    [few] { $count } ملفات لدى خدمة المحادثة، ومعرّفاتها في الخرج القياسي. تُجلب ثم تُعطى للأمر hamsa carry from chat.
    [many] { $count } ملفًا لدى خدمة المحادثة، ومعرّفاتها في الخرج القياسي. تُجلب ثم تُعطى للأمر hamsa carry from chat.
   *[other] { $count } ملف لدى خدمة المحادثة، ومعرّفاتها في الخرج القياسي. تُجلب ثم تُعطى للأمر hamsa carry from chat.
}
carry-hint-octets = هذه رسائل SMS ثنائية بالنظام الست عشري: أضف --octets
carry-hint-text = هذه رسائل SMS نصية: احذف --octets
carry-hint-email = هذه رسالة بريد: أعطها للأمر hamsa carry from email
carry-hint-qr = هذه صورة: أعطها للأمر hamsa carry from qr
carry-hint-envelope = هذا مظروف كامل كما خُتم: يقبله hamsa open كما هو
carry-hint-telegram = هذا ما يأتي به Telegram عبر webhook: أعطه للأمر hamsa carry from chat --format telegram
carry-hint-whatsapp = هذا ما يأتي به WhatsApp عبر webhook: أعطه للأمر hamsa carry from chat --format whatsapp
carry-hint-large-picture = يُقرأ من الصورة الواحدة 64 ميغابكسل و64 رمزًا على الأكثر: صغّرها أو قسّمها إلى عدة صور
carry-hint-pictures = تُقرأ رموز QR من ملفات PNG وJPEG وWebP وGIF وBMP: احفظ ملفات SVG وPDF وغيرها بإحدى هذه الصيغ أولًا
carry-bad-limit = هذا الحد غير مقبول
    .advice = اختر telegram أو whatsapp أو x أو x-message، أو اكتب عدد محارف أطول رسالة
carry-limit-too-short = لا تحمل رسائل بهذا الطول هذا المظروف
    .advice = اكتب { $least } من المحارف على الأقل، أو اختر telegram أو whatsapp أو x أو x-message
error-bad-mail-address = هذا ليس عنوان بريد
    .advice = اكتبه على صورة tips@agency.example بلا اسم قبله
error-bad-mail-subject = هذا لا يصلح موضوعًا لرسالة بريد
    .advice = اكتب موضوعًا قصيرًا في سطر واحد، هو نفسه لكل البلاغات ولا يدل على شيء
error-too-long-for-mail = المظروف أطول من أن تحمله رسالة بريد
    .advice = أرسل المرفقات في عدة بلاغات، أو بقناة أخرى
error-no-randomness-mail = لم يعطِ النظام أرقامًا عشوائية
    .advice = اصنع الرسالة على جهاز آخر

## مكتب تلقّي البلاغات

desk-needs-terminal = يحتاج المكتب إلى طرفية لمفاتيحه وشاشته معًا
    .advice = شغّله في نافذة طرفية بلا أنابيب؛ أما البرامج فتستعمل hamsa seal
desk-title = { $agency }، آخر البصمة { $group } | المختوم في هذه الجلسة: { $count }
desk-title-small = آخر البصمة { $group } | المختوم: { $count }
desk-department = الإدارة
desk-topic = الموضوع
desk-language = اللغة
desk-caller-group = فئة المتصل
desk-choice = { $key } { $name }: { $value }
desk-none = لم يُختر
desk-none-listed = ليس في البطاقة ما يُختار منه.
desk-one-department = ليس في البطاقة إلا إدارة واحدة، وهي مختارة.
desk-keys = Ctrl-S أو F10 ختم | Ctrl-X حذف | Ctrl-Q خروج | F1 مساعدة
desk-keys-small = Ctrl-S ختم | Ctrl-Q خروج | F1 مساعدة
desk-keys-choose = رقم أو حرف، أو الأسهم ثم Enter: اختيار | Esc رجوع
desk-keys-choose-small = الأسهم ثم Enter: اختيار | Esc رجوع
desk-keys-back = أي مفتاح: رجوع إلى النص
desk-keys-more = الأسهم: البقية | أي مفتاح آخر: رجوع
desk-help-choose = { $key }: اختيار { $name }
desk-help-seal = Ctrl-S أو F10: ختم النص، فلا يقرؤه بعدها أحد في هذا المكتب.
desk-help-discard = Ctrl-X أو Esc: حذف النص، ولا يتم إلا بالضغط مرة ثانية.
desk-help-leave = Ctrl-Q: الخروج، إذا لم يبق نص لم يُختم.
desk-help-list = في القوائم: الرقم أو الحرف المكتوب أمام الاختيار، أو الأسهم ثم Enter. و Esc للرجوع.
desk-help-arrows = الأسهم و Page Up و Page Down: التنقل في النص.
desk-help-words = Ctrl مع السهم الأيمن أو الأيسر: التنقل كلمة كلمة.
desk-help-ends = Home و End: أول السطر وآخره.
desk-help-delete = Backspace و Delete: محو الحرف الذي قبل المؤشر أو بعده.
desk-help-help = F1 أو Ctrl-G: هذه الصفحة.
desk-start = يُكتب هنا ما يقوله المتصل. لا يُسأل عن اسمه، ولا يُدوَّن رقمه.
desk-empty = لم يُكتب شيء بعد.
desk-choose-department = تُختار أولًا الإدارة التي يصل إليها البلاغ، ثم يُختم.
desk-found = { $count ->
    [zero] لا شيء يدل على المتصل. للختم: Ctrl-S مرة أخرى. { $kinds }
    [one] موضع واحد قد يدل على المتصل. يُحذف أو تُغيَّر صياغته، أو يُسأل المتصل هل يبقى. ولختمه كما هو: Ctrl-S مرة أخرى. وهو: { $kinds }.
    [two] موضعان قد يدلان على المتصل. يُحذفان أو تُغيَّر صياغتهما، أو يُسأل المتصل هل يبقيان. ولختمهما كما هما: Ctrl-S مرة أخرى. وهما: { $kinds }.
    [few] { $count } مواضع قد تدل على المتصل. تُحذف أو تُغيَّر صياغتها، أو يُسأل المتصل هل تبقى. ولختمها كما هي: Ctrl-S مرة أخرى. وهي: { $kinds }.
    [many] { $count } موضعًا قد تدل على المتصل. تُحذف أو تُغيَّر صياغتها، أو يُسأل المتصل هل تبقى. ولختمها كما هي: Ctrl-S مرة أخرى. وهي: { $kinds }.
   *[other] { $count } موضع قد تدل على المتصل. تُحذف أو تُغيَّر صياغتها، أو يُسأل المتصل هل تبقى. ولختمها كما هي: Ctrl-S مرة أخرى. وهي: { $kinds }.
}
desk-found-more = { $count ->
    [one] ونوع آخر
    [two] ونوعان آخران
    [few] و{ $count } أنواع أخرى
    [many] و{ $count } نوعًا آخر
   *[other] و{ $count } نوع آخر
}
desk-sealed = خُتم البلاغ وزال نصه من هنا؛ لا يمكن لأحد في هذا المكتب أن يقرأه ثانية.
desk-ask-discard = أيُحذف هذا النص؟ لن يصل إلى أحد. للحذف: Ctrl-X أو Esc مرة أخرى. أي مفتاح آخر: متابعة الكتابة.
desk-discarded = حُذف النص ولم يُحفظ منه شيء.
desk-not-yet = هذا النص لم يُختم بعد. للختم: Ctrl-S، وللحذف: Ctrl-X.
desk-full = بلغ النص حدّه وهو { $size }، وما جاء بعد ذلك لم يؤخذ. يُختم هذا، ثم تُكتب البقية بلاغًا آخر.
desk-not-sealed = لم يُختم البلاغ، ونصه لا يزال هنا. ما حدث: { $reason }. ما العمل: { $advice }.
desk-small = النافذة صغيرة فلتُكبَّر. النص لا يزال هنا. وما يُكتب يؤخذ؛ أما مفاتيح الختم والحذف والاختيار فتنتظر.
desk-sum = { $count ->
    [zero] لم يُختم شيء في هذه الجلسة.
    [one] خُتم في هذه الجلسة بلاغ واحد، وهو في { $path }.
    [two] خُتم في هذه الجلسة بلاغان، وهما في { $path }.
    [few] خُتمت في هذه الجلسة { $count } بلاغات، وهي في { $path }.
    [many] خُتم في هذه الجلسة { $count } بلاغًا، وهي في { $path }.
   *[other] خُتم في هذه الجلسة { $count } بلاغ، وهي في { $path }.
}
desk-ended-empty = أُنهي المكتب من خارجه، ولم يكن فيه نص لم يُختم.
desk-ended-sealed = أُنهي المكتب من خارجه، وخُتم بلا سؤال النص الذي كان يُكتب.
desk-ended-unsealed = أُنهي المكتب من خارجه، وتعذّر ختم النص الذي كان يُكتب فضاع.
desk-lost = أُنهي المكتب من خارجه قبل اختيار الإدارة، وضاع النص الذي لم يُختم بعد
    .advice = يُكتب ذلك البلاغ من جديد؛ والخيار --to يجعل الإدارة مختارة من البداية
desk-broke = تعطّل المكتب. ضاع ما لم يُختم بعد؛ أما ما خُتم فمحفوظ.
desk-check-name = اسم المتصل
desk-check-only-i = ما لا يعرفه إلا المتصل أو قلة
desk-check-kin = أهل المتصل أو جيرانه
desk-check-work = عمل المتصل أو مدرسته
desk-check-contact = كيف يُتصل بالمتصل
desk-check-home = أين يسكن المتصل
desk-check-witness = أن المتصل كان هناك أو كلّم من يحكي عنهم
language-ar = العربية
language-en = الإنجليزية
language-ur = الأردية
language-hi = الهندية
language-bn = البنغالية
language-fa = الفارسية
language-ps = البشتوية
language-ml = المالايالامية
language-fil = الفلبينية
language-fr = الفرنسية
language-ru = الروسية
language-zh = الصينية

## العرض

demo-intro =
    طريق البلاغ من المُبلِّغ إلى المحلِّل. يجري كل شيء في الذاكرة، ولا يُكتب شيء على القرص.
demo-agency =
    1. تُنشئ الجهة مفاتيحها وبطاقة.
       تقول البطاقة من هي الجهة وأي مفاتيح تُستعمل الآن. أما المفاتيح السرية فتبقى عند المحللين بعيدًا عن الشبكة.
demo-agency-name = خط البلاغات
demo-department-name = المرور
demo-agency-done = حجم البطاقة { $size }، وهي موقَّعة. يمكن نشرها في أي مكان.
demo-card =
    2. يحصل المُبلِّغ على البطاقة ويقارن بصمتها.
       تعرض الجهة هذه الأرقام الأربعين على الملصقات والشاشات. ولبطاقة غيرها أرقام أخرى.
demo-seal =
    3. يكتب المُبلِّغ بلاغًا ويرفق صورة، ثم يختمهما على جهازه. وتُنظَّف الصورة أولًا.
demo-tip-text = شاحنة بلا لوحات تغادر المحجر كل ليلة في الثانية بعد منتصف الليل. التُقطت الصورة أمس.
demo-tip = النص: { $text }
demo-photo = الصورة: { $size }
demo-place = في الصورة: { $place }
demo-scrubbed = نُزع منها: { $list }
demo-scrubbed-again = وبعد النظر فيها ثانيةً: لم يبق شيء يُنزع، والصورة هي نفسها نقطةً نقطة.
demo-sealed = المختوم: { $size }، بعد الحشو إلى فئة حجم. ليس فيه اسم ولا وقت ولا جهاز.
demo-carrier =
    4. من يقف في الطريق، كشركة الهاتف أو مزوّد البريد، يرى هذا ولا شيء غيره:
demo-octets = بايتات كأنها ضجيج، منها { $octets }
demo-short-text = نعم.
demo-long-text = رأيت السيارة نفسها في الميناء ثلاث مرات الأسبوع الماضي، وفيها دائمًا الشخصان نفسهما، وفي كل مرة كانا يلتقيان بشخص من المستودع.
demo-same-size = بلاغان، أحدهما من كلمة والآخر من كلمات كثيرة: { $short } و{ $long }
demo-open =
    5. يفتحه المحلِّل بلا اتصال بالشبكة.
demo-same = النص والصورة النظيفة هما ما ختمه المُبلِّغ، بايتًا بايتًا.
demo-refuse =
    6. وماذا لو حاول غيره فتحه، أو غيّره أحد في الطريق؟
demo-other-key = بمفتاح آخر: { $reason }.
demo-changed-bit = بعد تغيير بت واحد: { $reason }.
demo-end =
    هذا هو الطريق كله. ابدأ بالأمر hamsa agency init، أو بالأمر hamsa seal إن كانت معك بطاقة.
demo-differs = لم تكن نتيجة العرض كما يجب
    .advice = لا تستعمل هذه النسخة من hamsa؛ احصل عليها من جديد من مصدر تثق به

## ما ترفضه المكتبة

error-text-too-long = النص أطول مما يسعه هذا النوع من المظاريف
    .advice = اختصره؛ فالمظروف الكامل يسع أكثر من القصير، والملف المرفق يسع أكثر منهما
error-text-has-nul = في النص محرف NUL
    .advice = احذفه ثم اختم من جديد
error-bad-field = أحد حقول البلاغ ليس على الصورة المقبولة
    .advice = استعمل للّغة رمزًا من BCP 47، وللحقول الأخرى معرّفات من البطاقة
error-too-many-attachments = لا يحمل البلاغ أكثر من 999 مرفقًا
    .advice = اختم الباقي في بلاغ ثانٍ
error-too-long = المرفقات أطول مما يسعه مظروف واحد
    .advice = اختمها في عدة بلاغات
error-attachment-changed = تغيّر طول أحد المرفقات أثناء قراءته
    .advice = أغلق البرنامج الذي يكتب فيه ثم اختم من جديد
error-bad-recipients = لا يمكن الختم لهؤلاء المستلِمين معًا
    .advice = اختر من مستلِم إلى ثمانية مستلِمين مختلفين من نوع واحد
error-no-short-key = هذه الإدارة لا تستقبل المظاريف القصيرة
    .advice = اختم مظروفًا كاملًا بدلًا منه
error-no-randomness = لم يعطِ النظام أرقامًا عشوائية
    .advice = اختم على جهاز آخر
error-not-an-envelope = هذا ليس بلاغًا مختومًا
    .advice = تحقق من اختيار الملف الصحيح ومن وصوله كاملًا
error-bad-armor = الصيغة النصية للمظروف تالفة
    .advice = انسخها من جديد، من سطر BEGIN إلى سطر END
error-bad-header = ترويسة المظروف تالفة
    .advice = اطلب المظروف من جديد؛ هذه النسخة لا تُفتح
error-header-too-long = ترويسة المظروف أطول من أي ترويسة تصنعها همسة
    .advice = لا تفتحه؛ لم يصنعه برنامج ختم
error-wrong-key = خُتم هذا البلاغ لمفتاح غير المفاتيح التي ذكرتها
    .advice = اسأل أي مفتاح كان مستعملًا عند وصوله، وافتحه به
error-bad-mac = غُيّرت ترويسة المظروف بعد ختمه
    .advice = اطلب المظروف من جديد؛ هذه النسخة لا تُفتح
error-bad-payload = غُيّر المظروف بعد ختمه، أو قُطع، أو زيد عليه
    .advice = اطلب المظروف من جديد؛ هذه النسخة لا تُفتح
error-bad-frame = فُتح المظروف، لكن ما بداخله ليس بلاغًا
    .advice = افتحه ببرنامج age وانظر فيه بحذر
error-bad-size = فُتح المظروف، لكن حجمه ليس من أحجام البلاغات
    .advice = افتحه ببرنامج age وانظر فيه بحذر
error-bad-tip = فُتح المظروف، لكن وصف البلاغ فيه غير صالح
    .advice = افتحه ببرنامج age وانظر فيه بحذر
error-newer-version = خُتم هذا البلاغ بإصدار أحدث من همسة
    .advice = ثبّت أحدث إصدار ثم افتحه من جديد
error-bad-short = فُتح المظروف القصير، لكن ما بداخله ليس نصًّا
    .advice = اطلب الرسالة من جديد
error-plugin = فشل ملحق age الخاص بأحد مفاتيحك
    .advice = تحقق من تثبيت الملحق ومن توصيل جهازه
error-not-a-card = هذه ليست بطاقة جهة
    .advice = احصل على البطاقة من الجهة مرة أخرى
error-bad-card = محتويات البطاقة غير صالحة
    .advice = احصل على البطاقة من الجهة مرة أخرى
error-newer-card = صُنعت هذه البطاقة بإصدار أحدث من همسة
    .advice = ثبّت أحدث إصدار ثم أعد المحاولة
error-bad-signature = غُيّرت البطاقة بعد توقيعها
    .advice = لا تستعملها؛ احصل على البطاقة من الجهة مرة أخرى
error-wrong-fingerprint = هذه بطاقة جهة أخرى غير التي تدل عليها البصمة
    .advice = لا تستعملها؛ قارن الأرقام الأربعين بما تنشره الجهة
error-bad-fingerprint = البصمة أربعون رقمًا
    .advice = اكتب المجموعات الثماني كلها، كل مجموعة خمسة أرقام
error-bad-date = هذا ليس تاريخًا
    .advice = اكتب السنة والشهر واليوم مثل 2026-11-22
error-expired = انتهت صلاحية هذه البطاقة
    .advice = احصل على البطاقة الحالية من الجهة
error-not-yet-valid = لم تبدأ صلاحية هذه البطاقة بعد
    .advice = تحقق من تاريخ هذا الجهاز، أو انتظر اليوم المذكور في البطاقة
error-rolled-back = هذه البطاقة أقدم من بطاقة كانت عندك
    .advice = استعمل الأحدث
error-not-a-successor = هذه البطاقة لا تتصل بالبطاقة التي كانت عندك
    .advice = لا تستعملها؛ اسأل الجهة بطريق آخر
error-no-such-department = ليس في البطاقة إدارة بهذا الاسم
    .advice = اختر مما يعرضه hamsa card show
error-which-department = في البطاقة عدة إدارات
    .advice = اذكر واحدة منها بالخيار --to
error-no-current-key = ليس للإدارة مفتاح لهذا اليوم
    .advice = احصل على البطاقة الحالية من الجهة
error-bad-root-key = المفتاح الجذر غير صالح، أو ليس مفتاح هذه البطاقة
    .advice = استعمل المفتاح الجذر الذي صُنع مع البطاقة
error-no-randomness-card = لم يعطِ النظام أرقامًا عشوائية
    .advice = اصنع المفاتيح على جهاز آخر
error-not-a-part = هذا ليس جزءًا من مظروف
    .advice = انسخه مرة أخرى من أول حرف إلى آخر حرف
error-parts-too-short = الرسائل أقصر من أن تحمل هذا المظروف
    .advice = استعمل قناة رسائلها أطول، أو بلاغًا أقصر
error-too-long-for-parts = المظروف أطول من أن يُقسَّم إلى أجزاء
    .advice = أرسله ملفًا
error-nothing-sealed = ليس فيه شيء مختوم
    .advice = انظر إلى الأصل: ربما كتب أحد دون ختم
error-sealed-damaged = تلف المختوم في الطريق
    .advice = اطلبه كاملًا مرة أخرى، بالقناة نفسها أو بغيرها
error-message-too-long = أطول مما تحمله رسالة في هذه القناة
    .advice = انظر إلى الأصل، وأرسل الملفات الكبيرة بقناة أخرى
error-not-a-message = ليست رسالة من رسائل هذه القناة
    .advice = تحقق من اختيار القناة والملف الصحيحين
error-bad-identity = هذا ليس مفتاح age تستطيع همسة استعماله
    .advice = اذكر ملفًا تبدأ أسطره بالعبارة AGE-SECRET-KEY-
error-bad-recipient = هذا ليس مستلِم age تستطيع همسة استعماله
    .advice = اذكر مستلِمًا يبدأ بالعبارة age1pq1 أو age1
error-weak-recipient = لن يبقى سرًّا شيء مما يُختم لهذا المستلِم
    .advice = لا تستعمله؛ اطلب المفتاح بطريق آخر
no-keys-in-folder = ليس في هذا المجلد ملف مفتاح لإدارة: { $path }
    .advice = اذكر ملف مفتاح الإدارة أو المجلد الذي هو فيه
no-department-keys = هذا مجلد جهة ليست فيه ملفات مفاتيح الإدارات: { $path }
    .advice = اذكر ملف مفتاح الإدارة؛ أما root.key فيوقّع البطاقات ولا يفتح بلاغًا
error-no-identity = ليس في الملف مفتاح
    .advice = اذكر ملف مفتاح المحلِّل
error-needs-passphrase = ملف المفتاح محمي بعبارة مرور، ولم تُذكر
    .advice = اكتبها حين يطلبها hamsa في شاشة أوامر، أو اذكر ملفها بالخيار --passphrase-file
error-wrong-passphrase = عبارة المرور لا تفتح ملف المفتاح هذا
    .advice = شغّل الأمر نفسه من جديد واكتبها حين تُطلب، وانتبه إلى الأحرف الكبيرة والصغيرة
error-plugin-missing = ملحق age الذي يحتاج إليه أحد المفاتيح غير موجود
    .advice = ثبّت البرنامج age-plugin-NAME، أو احذف ذلك المفتاح
error-no-randomness-key = لم يعطِ النظام أرقامًا عشوائية
    .advice = اصنع المفاتيح على جهاز آخر
error-io = فشلت القراءة أو الكتابة
    .advice = افحص القرص والأذونات ثم أعد المحاولة

profile-not-for-a-card = في وصف الجهة معرّف أو اسم لا يصلح لبطاقة: { $path }
    .advice = اكتب المعرّفات بالأحرف a إلى z والأرقام 0 إلى 9 والعلامة -، بحد أقصى 32، ولا تكرر واحدًا منها؛ وليكن في كل اسم حرف واحد على الأقل بلا محارف تحكم
reissue-withdrawn = { $count ->
    [zero] لم يُسحب أي مفتاح.
    [one] سُحب من البطاقة مفتاح واحد، لأن ملف .pub الخاص به لم يعد موجودًا. وما خُتم له من بلاغات يظل يُفتح بملف .key الخاص به.
    [two] سُحب من البطاقة مفتاحان، لأن ملفي .pub الخاصين بهما لم يعودا موجودين. وما خُتم لهما من بلاغات يظل يُفتح بملفي .key.
    [few] سُحبت من البطاقة { $count } مفاتيح، لأن ملفات .pub الخاصة بها لم تعد موجودة. وما خُتم لها من بلاغات يظل يُفتح بملفات .key.
    [many] سُحب من البطاقة { $count } مفتاحًا، لأن ملفات .pub الخاصة بها لم تعد موجودة. وما خُتم لها من بلاغات يظل يُفتح بملفات .key.
   *[other] سُحب من البطاقة { $count } مفتاح، لأن ملفات .pub الخاصة بها لم تعد موجودة. وما خُتم لها من بلاغات يظل يُفتح بملفات .key.
}
io-nobody-reads = لم يعد أحد يقرأ المخرجات: { $path }
    .advice = أعد التشغيل دون إغلاق الأنبوب مبكرًا
