//! Given names, by which "I'm Ahmed" is told from "I'm tired". They stand folded, between spaces.

/// Names that are no ordinary word where somebody tells who he is.
pub(super) const GIVEN: &[&str] = &[
    // Arabic names in Latin letters, as they are spelled most.
    "ahmed ahmad mohammed mohammad muhammad mohamed mohamad muhammed mohd ali omar omer umar othman osman usman uthman
    abdullah abdulla abdallah abdul abdulrahman abdelrahman abdulaziz abdelaziz abdulkarim ibrahim ebrahim ismail
    ismael yousef yusuf youssef yousif yaqoub yacoub musa moussa issa isa hassan hasan hussein hussain husain hossam
    khaled khalid khalifa khalil waleed walid majed majid majid rashed rashid rashad saeed saeid sayed salem salim
    saleh salman sulaiman suleiman soliman sultan saif seif sami samir sameer tareq tariq tarek faisal faysal fahad
    fahd fares faris farid fadi hamad hamdan hamed hamid hamza hani haitham hisham hesham ihab ehab jaber jamal gamal
    jassim jasim qasim kareem karim kamal maher mahmoud mahmood mansour mansoor marwan mazen mubarak murad mustafa
    mostafa nabil nader nasser naser nasir nawaf nayef omran osama usama ramadan rami ramy reda rida sherif shadi
    taha talal tamer turki wael waseem wissam yahya yaser yasser yasir yassin younis younes zaid zayed zayd ziad ziyad
    zakaria ayman aymen ammar amer amir ameer amin ameen anas anwar ashraf ayoub badr bader bandar bassam basel basil
    bilal emad imad essam fouad fuad ghassan hatem jafar jaafar loay luay mishari mohannad muhannad moaz muath",
    "fatima fatma fatema fatimah aisha aysha ayesha mariam maryam khadija khadeeja zainab zaynab zeinab sara sarah
    noura nora noor nour nourah hessa hissa moza mouza shamma shamsa sheikha latifa salama mona muna huda hoda hind
    hanan hanaa amina ameena amna asma asmaa samira sameera samia suad souad salma layla laila leila lubna lamia
    rania rana ranya reem rim rasha raghad dalal dalia dina doaa duaa iman eman ghada hala hiba heba jamila jawaher
    kholoud manal maha mai maysa nadia nada nadine naima najla nawal nesreen nisreen nouf ola rabab rahma rawan
    reham riham sabah safa safaa sahar samar sana sanaa shaima shaimaa sherin shereen soha siham wafa wafaa yasmin
    yasmeen yasmine zahra",
    // Names of others who live there.
    "rajesh suresh ramesh mahesh mukesh dinesh ganesh naresh rakesh raju ravi anil sunil vijay ajay sanjay sandeep
    pradeep deepak ashok vinod manoj rahul rohit amit arjun krishna kumar singh priya pooja anita sunita kavita deepa
    lakshmi lakshmy imran irfan rizwan kamran adnan farhan asif kashif waqas shahid naveed zeeshan junaid tahir
    shabbir iqbal akbar nadeem sajid saqib shoaib yasir zubair nazmul rafiq shafiq mizanur jose juan carlos miguel
    antonio ricardo jun rodel arnel jerome marvin maricel rowena jocelyn marites rosalie maria cristina john david
    michael james robert peter paul george daniel joseph thomas william richard charles andrew stephen steven kevin
    brian eric simon patrick philip martin anthony anna elizabeth jennifer linda susan karen nancy patricia rebecca
    rachel ruth helen emily laura julia jessica elena olga irina natalia natasha svetlana tatiana ivan sergei dmitri
    vladimir alexander alexei chen wang zhang getachew tesfaye abebe almaz tigist kwame kofi chidi ngozi",
    // Arabic names in Arabic letters.
    "احمد محمد عمر عثمان عبدالله عبدالرحمن عبدالعزيز عبدالكريم عبداللطيف عبدالقادر عبدالرحيم عبدالسلام ابراهيم
    اسماعيل اسحاق يوسف يعقوب موسي عيسي حسين حسام خالد خليل وليد ماجد سلمان سليمان سلطان سيف سامي سمير طارق فيصل
    فهد فادي حمد حمدان حمزه هاني هيثم هشام ايهاب جابر جاسم قاسم كمال محمود مروان مازن مراد مصطفي نواف نايف عمران
    اسامه رمضان رامي شادي طه طلال تامر وائل ياسر ياسين يونس زيد زياد زكريا ايمن عمار عامر انس انور اشرف ايوب بندر
    بسام باسل بلال عماد عصام فؤاد فواد غسان حاتم جعفر لؤي لوي مشاري مهند معاذ نبيل سعود سعد سعيدان راشدان حسنين
    عباس عدنان علاء عبدو كاظم حيدر جورج بطرس مينا جرجس مارون انطون الياس بولس ميشيل حنا يحيي وسام",
    "فاطمه عائشه عايشه مريم خديجه زينب ساره نوره نورا حصه موزه شما شمسه شيخه سلامه هند حنان هناء سميره ساميه سعاد
    سلمي سلوي ليلي لبني لمياء رانيا رنا ريم رشا رغد دلال داليا دينا غاده هاله هبه جواهر خلود منال مها ميساء ناديه
    نادين نجلاء نوال نسرين نوف علا رباب روان ريهام سحر سمر سناء شيماء شيرين سهي سهام ياسمين زهراء اميره بسمه بدريه
    حليمه سميه عفراء عليا علياء ميره ميثاء روضه كلثم نهله نهي نجوي هيا وداد",
];

/// Names that are ordinary words as well: "I'm happy", "I'm honest". They need another name beside them.
pub(super) const ALSO_WORDS: &[&str] = &[
    "علي سعيد كريم امين صادق صالح حسن فاضل عادل جميل ناصر راشد سالم منصور شريف كامل ماهر حكيم عزيز هادي امل هدي نور
    ايمان امال وحيد فريد رشيد سليم شاكر حامد صابر مخلص وفاء رحمه بشري احلام شهد عبير وسيم زين بدر فارس نادر باسم طاهر
    طيب مسعود مبارك رضا مؤمن مومن محسن اسلام خليفه زايد تركي لطيفه مني دعاء اسماء امنه امينه كوثر ندي مي لين جمال
    هلال صبري شكري فهمي رجب شعبان نصر عوض جمعه خميس",
];

/// What stands with a capital letter behind "I am" as well: where somebody comes from, what he believes or is.
pub(super) const NO_NAMES: &[&str] = &[
    "emirati saudi kuwaiti qatari omani bahraini yemeni iraqi pakistani bangladeshi nepali israeli somali afghan
    american african german moroccan korean mexican filipino filipina thai turk greek arab kurd uzbek tajik kazakh
    swiss dutch french czech african european asian local expat gulf muslim christian catholic hindu buddhist sikh jew
    orthodox sunni shia shiite druze black white sorry not just so very sure okay also still now here from in at on
    the an and but or of for with your his her their our one only sir madam dear hello writing working a resident
    citizen national guest guard nurse maid chef clerk cook coach head chief staff security abu dhabi gcc uae hse
    deputy vice pro ceo cfo hr phd mba born based happy tired scared afraid worried angry sad ill sick available
    god allah monday tuesday wednesday thursday friday saturday sunday if when because who that this then than to
    is was am are my me we you they he she it i i'm i've im phone mobile tel call email number id age work please
    team lead senior junior assistant general sales finance project site store shop office marketing quality legal it
    account public bank school taxi truck bus delivery house room front data medical civil electrical mechanical
    personal private safety night day part full self ex former currently male female anonymous unknown lady boy girl
    child adult elderly drunk yes no hi hey good thank thanks help there well aware ready really already always never
    glad grateful certain faithfully truly",
];

/// How words end that tell what somebody is or does, and few names.
pub(super) const NO_NAMES_END: &[&str] = &[
    "ian", "ese", "ish", "er", "or", "ist", "ing", "ed", "ant", "ent", "ive", "ful", "able", "man",
    "woman", "ary",
];

/// What stands before a name.
pub(super) const TITLES: &[&str] = &["dr mr mrs ms miss eng engineer sheikh shaikh captain ustad
    الدكتور الدكتوره المهندس المهندسه الاستاذ الاستاذه الشيخ السيد السيده الحاج الحاجه د م"];

/// "Father of", "mother of": with a given name behind it, a name.
pub(super) const PARENTS: &[&str] = &["abu umm um ابو ام"];

/// What joins the parts of a name.
pub(super) const JOINTS: &[&str] = &["al el bin ben ibn bint de van abu بن ابن بنت ال ابو"];

/// What has the form of a family's name in Arabic, and is none.
pub(super) const NO_FAMILIES: &[&str] = &[
    "الذي اللي الحالي الماضي الثاني التالي الاساسي الوعي السعي الراي العالي الرسمي الشرعي القانوني الحقيقي الذاتي \
     الشخصي النفسي الداخلي الخارجي الرئيسي",
];
