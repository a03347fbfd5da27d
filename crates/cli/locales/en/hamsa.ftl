# Every word that the program says, in English. The Arabic file beside this one has the same keys.
# A failure has what happened as its value, and what to do as its attribute `advice`.

error-line = hamsa: { $text }
octets = { $count ->
    [one] { $count } octet
   *[other] { $count } octets
}
size = { $number } { $unit }
size-exact = { $size } ({ $octets })
list-comma = {", "}

## Help

help-usage = Usage:
help-verbs = Verbs
help-arguments = Arguments
help-options = Options
help-exit-codes = EXIT STATUS
help-after =
    Exit codes:
      0  everything was done
      1  something could not be done, for instance some of many envelopes did not open
      2  the command line is wrong
      3  the card or its fingerprint was refused
      4  no key fits, or a key could not be used
      5  an input was refused: too long, not text, damaged, unreadable
      6  reading or writing failed, for instance on a full disk
      7  check found something that may identify

about = Seals anonymous tips where they are written, opens them offline.
about-agency = Make an agency's keys and cards
about-agency-init = Make an agency: its root key, its departments' first keys, its first card
about-agency-card = Issue the agency's next card, after agency.json was edited or keys were renewed
about-card = Look at agency cards
about-card-show = Show and check a card: names, departments, validity, fingerprint
about-seal = Seal a tip; the text comes from standard input or is asked for
about-desk = Write down what callers say, full-screen, and seal each tip with one key
about-carry = Turn an envelope into the messages of a channel, and back; nothing is sent
about-carry-to = Make the messages that carry one envelope
about-carry-to-sms = Make SMS, one a line
about-carry-to-email = Make a whole e-mail with the envelope attached
about-carry-to-chat = Make chat messages, with an empty line between them
about-carry-to-qr = Make QR codes, on the terminal or as pictures
about-carry-from = Find envelopes in what a channel brought, and forget who sent them
about-carry-from-sms = Read SMS, one a line
about-carry-from-email = Read messages, mailbox files (mbox) and Maildir folders
about-carry-from-chat = Read chat messages, or what the webhooks of Telegram and WhatsApp bring
about-carry-from-qr = Read QR codes from photographs: PNG, JPEG, WebP, GIF, BMP
about-open = Open tips with the analyst's keys
about-inspect = Show what somebody without a key learns from an envelope
about-scrub = Take out of files what identifies their maker, into new files with neutral names
about-check = Look through a text for what identifies its writer; nothing is sent
about-demo = Walk the whole path of a tip, explained step by step; nothing is written
about-completions = Print a completion script for a shell
about-man = Write the manual pages into a folder

arg-lang = Language of the program's words, for instance ar or en [default: from the locale]
arg-verbose = Also say what the system did not allow, and every envelope that opened
arg-help = Show this help
arg-version = Show the version
arg-json = Print JSON
arg-fingerprint = The 40 digits that the agency publishes; any other card is refused
arg-pixels = Draw pictures again, a little smaller: hides more of the camera, and costs sharpness; other files, and pictures of several pages or frames, are only cleaned
arg-passphrase-file = Read the passphrase from the first line of this file (or of a pipe such as /dev/fd/3)
arg-valid-days = How many days the card is valid, today included [default: 365]
arg-epoch-days = How many days new department keys are in use, today included [default: 90]
arg-agency-init-dir = Folder to make
arg-agency-init-names = The agency's name in one language, for instance en="City Tip Line"; may be repeated
arg-agency-init-departments = A department's id (a to z, 0 to 9, -); may be repeated [default: general]
arg-agency-init-unprotected = Write the secret keys without a passphrase: whoever copies the files can use them
arg-agency-card-dir = Folder of the agency
arg-agency-card-new-keys = Make new keys for every department, used from today on
arg-card-show-card = Card to show
arg-card-show-svg = Write the QR code of the fingerprint into this SVG file, for a poster
arg-card-show-png = Write the QR code of the fingerprint into this PNG file, for a poster
arg-card-show-known = A card that you had before; one that is older or does not continue it is refused
arg-seal-card = The agency's card
arg-seal-to = Department that the tip is for; needed when the card has several
arg-seal-language = Language of the text, as a BCP 47 tag
arg-seal-category = Department or topic of the card that the tip is about
arg-seal-caller-group = Caller group of the card that you belong to
arg-seal-attach = Attach this file, cleaned of what may identify you; may be repeated
arg-seal-with-original = Also attach each file as it was, for evidence: everything in it stays inside
arg-seal-unscrubbed = Attach this file as it is, with everything in it that may identify you; may be repeated
arg-seal-as-it-is = Seal the text exactly as it comes: do not look through it, leave invisible marks in it
arg-seal-short = Make a short message for SMS: text only, and not safe against quantum computers
arg-seal-armor = Write the text form, for mail and chat
arg-seal-output = File to write, or - for standard output [default: tip.age; with --short standard output]
arg-desk-card = The agency's card
arg-desk-spool = Folder that the sealed tips go into; made when it is missing
arg-desk-to = Department that is chosen for every tip from the start
arg-desk-language = Language that is chosen for every tip from the start, as a BCP 47 tag
arg-carry-to-sms-octets = Binary SMS: each line is the user data header (- when there is none) and the octets, in hexadecimal
arg-carry-to-sms-output = File to write [default: standard output]
arg-carry-to-sms-envelope = Envelope, in any form [default: standard input]
arg-carry-to-email-from = Address from which it comes; take the same for every tip
arg-carry-to-email-to = The agency's address
arg-carry-to-email-subject = Subject; take the same for every tip, and one that says nothing [default: Message]
arg-carry-to-email-day = Day to put on it [default: today, in UTC]
arg-carry-to-email-output = File to write [default: standard output]
arg-carry-to-email-envelope = Envelope, in any form [default: standard input]
arg-carry-to-chat-limit = Longest message: telegram, whatsapp, x, x-message, or a number of characters
arg-carry-to-chat-json = Print the messages as one JSON array of texts
arg-carry-to-chat-output = File to write [default: standard output]
arg-carry-to-chat-envelope = Envelope, in any form [default: standard input]
arg-carry-to-qr-svg = Write SVG files instead of PNG files
arg-carry-to-qr-png = Write PNG files, as is usual
arg-carry-to-qr-output = Folder to make for the pictures [default: show the codes on the terminal]
arg-carry-to-qr-envelope = Envelope, in any form [default: standard input]
arg-carry-from-sms-octets = Binary SMS, in lines as carry to sms --octets writes them
arg-carry-from-chat-format = text, which is also for documents that were fetched, telegram or whatsapp [default: what the input looks like]
arg-paths = Files, pipes, or folders of files; - is standard input [default: standard input]
arg-out = Folder for envelopes, and for parts that wait for others; made when it is missing [default: arrived]
arg-open-identities = Identity file, a folder of .key files, or the agency's folder; may be repeated
arg-open-out = Folder for the opened tips, each in a folder of its own; made when it is missing
arg-open-json = Print one JSON object for each envelope, and one with the counts
arg-open-paths = Envelopes, or folders of them
arg-inspect-paths = Envelopes to look at, or folders of them
arg-scrub-out = Folder for the clean files; made when it is missing [default: clean]
arg-scrub-report = json: print one JSON object for each file
arg-scrub-show-values = Show what was found in full, not only its first character
arg-scrub-paths = Files to clean; they stay as they are
arg-check-path = Text to look through, or - for standard input [default: standard input]
arg-check-json = Print JSON; from and to count octets in the text without its invisible marks, which -o writes
arg-check-output = Also write the text without its invisible marks into this file
arg-completions-shell = bash, elvish, fish, powershell or zsh
arg-man-dir = Folder for the pages; made when it is missing

## The command line

usage-did-you-mean = there is an argument that hamsa does not know
    .advice = did you mean { $name }? The text of a tip is never given as an argument
usage-unknown-argument = there is an argument that hamsa does not know
    .advice = see --help; the text of a tip is never given as an argument, but typed or piped in
usage-unknown-verb = there is no such verb
    .advice = choose one that hamsa --help lists
usage-no-verb = it is not said what to do
    .advice = choose a verb that --help lists; hamsa demo shows the whole path
usage-missing = something is missing: { $name }
    .advice = add it; --help says what it is
usage-conflict = these cannot be used together: { $name }
    .advice = leave one of them out
usage-bad-value = the value is missing or not one that can be used: { $name }
    .advice = see --help for what it takes
usage-bad-choice = the value is not one that can be used: { $name }
    .advice = choose one of these: { $values }
usage-other = the command line cannot be understood
    .advice = see --help
days-out-of-range = the number of days leads out of the calendar
    .advice = give a number from 1 to some thousands
bad-name = a name is not of the form that a card allows
    .advice = write the language, an equals sign and the name on one line: --name en="City Tip Line"
bad-department = a department's id is not of the form that a card allows, or stands there twice
    .advice = use 1 to 32 of the characters a to z, 0 to 9 and -
open-needs-out = what is in a folder, or in several files, is not shown on the screen at once
    .advice = say which folder they go into with --out, or take --json
binary-to-terminal = an envelope is not text that a terminal can show
    .advice = leave out -o -, or add --armor for the text form

## Files

io-not-found = there is no such file or folder: { $path }
    .advice = check the name
io-unreadable = this may not be read: { $path }
    .advice = ask its owner, or copy it to a place of your own
io-folder = this is a folder, not a file: { $path }
    .advice = name the file in it
io-reading = reading failed (system error { $number }): { $path }
    .advice = check the disk, then try again
io-exists = this exists already, and nothing is ever overwritten: { $path }
    .advice = choose another name, or move the old one away
io-not-a-folder = this is a file, not a folder: { $path }
    .advice = name a folder; it is made when it is missing
io-no-folder = there is no folder to write this into: { $path }
    .advice = make the folder first, or check the name
io-unwritable = this may not be written: { $path }
    .advice = choose a folder of your own
io-full = there is no room left to write this: { $path }
    .advice = free some space or choose another disk; nothing half-written was left
io-writing = writing failed (system error { $number }): { $path }
    .advice = check the disk, then try again; nothing half-written was left
not-a-file = this is a link, a socket or a device, not a file: { $path }
    .advice = name a file on a disk
not-a-file-but-pipe = this is a pipe, and only a file can be read here: { $path }
    .advice = save what comes out of the pipe as a file, then name that
not-a-stream = this is a device or a socket, neither a file nor a pipe: { $path }
    .advice = name a file or a pipe, or leave the path out and give it on standard input
file-empty = the file is empty: { $path }
    .advice = check that it arrived whole
file-changed = a file was changed while it was being read
    .advice = close the program that writes to it and try again
file-too-long = the file is too long for a card or a key: { $path }
    .advice = check that the right file was chosen
bad-profile = the agency's description is not valid (line { $line }, column { $column }): { $path }
    .advice = put that line right; names, departments and topics must look like the ones beside it
agency-exists = there is something in this place already, which may be an agency's only key: { $path }
    .advice = choose a new folder
agency-needs-name = the agency's folder needs a name of its own
    .advice = name a new folder, for instance ./agency

## Looking through a text

check-line = line { $line }: { $kind }: { $excerpt } ({ $certainty })
check-more = { $count ->
    [one] and one more, { $all } in all; hamsa check shows them all
   *[other] and { $count } more, { $all } in all; hamsa check shows them all
}
check-kind = { $count ->
    [one] { $kind } (line { $lines })
   *[other] { $kind } (lines { $lines })
}
check-found = The text may tell who you are: { $kinds }.
check-found-these = This may tell who you are, or lead to you:
check-ask = Seal it as it is? Type y for yes; anything else, and you can write it again.
check-marks = { $count ->
    [one] One invisible or unusual character was taken out of the text.
   *[other] { $count } invisible or unusual characters were taken out of the text.
}
check-mark = taken out: { $kind }: { $count }
check-mark-stays = in the text: { $kind }: { $count }
check-marks-stay = -o FILE writes the text without them.
check-nothing = nothing was found in the words that could identify you
check-limits = This is an aid, not a promise: the way you write, and things that only you know, cannot be found by a program.
check-phone = a phone number
check-email = an e-mail address
check-web = a web address
check-account = a name in a social network or messenger
check-national-id = the number of an identity card or residence permit
check-passport = a passport number
check-iban = a bank account
check-card = a payment card
check-plate = a number plate
check-coordinates = a position or a link to a map
check-ip-address = an address on the internet
check-mac-address = the number of a network card
check-imei = a phone's serial number (IMEI)
check-path = a folder named after its user
check-reference = the number of an employee, student, patient, order or complaint
check-birth = a birthday or an age
check-name = your name
check-only-i = that only you, or few people, can know it
check-kin = your family or neighbours
check-work = your work or school
check-contact = how to reach you
check-home = where you live
check-witness = that you were there, or spoke with those of whom you tell
certainty-hint = worth a look
certainty-likely = likely
certainty-sure = certain
mark-zero-width = zero-width characters
mark-direction = marks that turn the direction of writing
mark-tag = characters that are never shown
mark-variation = selectors of variants that do not exist
mark-soft-hyphen = hidden hyphens
mark-invisible = invisible signs of formulas and music
mark-filler = letters that show nothing
mark-space = unusual spaces
mark-line-end-space = spaces at the ends of lines
mark-line-end = unusual line ends
mark-control = control characters
mark-look-alike = letters that look like others
mark-fixed-shape = letters fixed to one shape
mark-stacked-accents = heaped accents
mark-decomposed = accents apart from their letters
mark-tatweel = drawn-out letters

## Scrubbing

scrub-done = { $from } → { $to }, { $size }
scrub-nothing = nothing to take out
scrub-count = { $name } { $count }
scrub-line = { $name }: { $list }
scrub-counted = { $name }: { $count }
scrub-more = { $count ->
    [one] , and one more
   *[other] , and { $count } more
}
what-place = place
what-person = person
what-device = device
what-time = time
what-software = program
what-identifier = identifying number
what-path = path or link
what-preview = preview picture
what-description = description
what-history = earlier state
what-attachment = file inside
what-script = script
what-provenance = record of origin
what-colour-profile = colour profile's texts
what-mark = invisible or unusual characters
what-unknown = unknown data
text-file-found = { $count ->
    [one] The words stay as they are. One place in them may identify somebody: { $kinds }. hamsa check FILE shows it.
   *[other] The words stay as they are. { $count } places in them may identify somebody: { $kinds }. hamsa check FILE shows them.
}
text-file-nothing = The words stay as they are. Looking through them found nothing that identifies you, which is no promise.
text-file-unread = The words stay as they are, and were not looked through, because the text is too long: read it yourself.
remark-content-stays = What is seen or heard in it stays: faces, voices, places, screens.
remark-sensor-noise = The camera's noise pattern stays in it, and can point to the camera; --pixels weakens it in pictures that it can draw again.
remark-extra-layers-lost = The phone's brightness or depth layer is gone; the picture may look a little duller.
remark-pictures-lost = Further pictures in the file are gone; the main one stays.
remark-hidden-content = Something in the document is hidden from view and is still there: sheets, slides, rows, notes or text. Look at it before you send it.
remark-name-in-text = A name or number that was taken out of the properties also stands in the text itself.
remark-member-names = The names of the files in the archive stay; read them before you send it.
remark-members-unread = The words of the texts in the archive stay and were not looked through: check each of them before you pack it.
remark-template = Fonts, styles and language settings stay, and may point to an office's template.
remark-flattened = Form fields, comments and pivot tables no longer work. What was drawn on the page stays; what was written in pop-up notes is gone.
remark-signature-lost = Digital signatures are gone.
remark-links-lost = Links and things loaded from elsewhere are gone.
remark-tracks-lost = Tracks other than picture and sound are gone: subtitles, chapters, positions.
remark-marks-lost = Invisible characters were taken out of the text.
remark-redrawn = The picture was drawn again: a little smaller and less sharp, and harder to match with the camera. That it cannot be matched is not promised.
remark-not-redrawn = It was cleaned, not drawn again: that can be done with JPEG, PNG, WebP, GIF, BMP and TIFF of one page or frame. Save other photos as JPEG first.
remark-cut-short = The file has no end: it may be cut short. What is there stays.
remark-scripts-lost = Scripts and macros are gone.
remark-richer-drawing-lost = A drawing held a second, richer copy of itself, which is gone; shades and transparency may look plainer.
error-in-member = member { $number } of the archive: { $text }
error-scrub-unknown-kind = this kind of file cannot be cleaned: { $path }
    .advice = save it as JPEG, PNG, MP4 or PDF, or a text as UTF-8 text, and try again
error-scrub-rich-text = RTF files cannot be cleaned: { $path }
    .advice = save it as DOCX, ODT or PDF and try again
error-scrub-old-office = files of old office programs cannot be cleaned: { $path }
    .advice = save it as DOCX, XLSX, PPTX or PDF and try again
error-scrub-mail = a mail names its sender and its way, so it cannot be cleaned: { $path }
    .advice = copy its text into the tip and attach its files by themselves
error-scrub-raw-photo = raw photos cannot be cleaned: { $path }
    .advice = export it as JPEG or TIFF and try again
error-scrub-other-archive = this kind of archive cannot be cleaned: { $path }
    .advice = unpack it and attach its files by themselves
error-scrub-other-media = this kind of picture, sound or video cannot be cleaned: { $path }
    .advice = save it as JPEG, PNG, MP4 or MP3 and try again
error-scrub-web-page = web pages cannot be cleaned: { $path }
    .advice = print it to a PDF, or copy its text into the tip
error-scrub-text-encoding = it cannot be told how the letters of this text are written: { $path }
    .advice = save it as UTF-8 text and try again
error-scrub-encrypted = the file is encrypted: { $path }
    .advice = remove its password and try again
error-scrub-unsupported = the file uses a part of its format that cannot be cleaned: { $path }
    .advice = save it again with another program and try once more
error-scrub-damaged = the file is damaged or cut short: { $path }
    .advice = open it in a program that can, save it again and try once more
error-scrub-too-large = a part of the file is too large to be cleaned: { $path }
    .advice = split it or save it smaller, and try again
error-scrub-too-deep = the file unpacks to more than can be cleaned, or to files too deep within files: { $path }
    .advice = unpack it and attach its files by themselves
error-scrub-leak = something that was taken out of the file was found again in what was to be kept, so nothing was kept: { $path }
    .advice = save it again with another program, or copy the content by hand
error-scrub-unverified = the cleaned file did not pass its check, so it was not kept: { $path }
    .advice = save it again with another program and try once more
error-scrub-io = the file could not be read: { $path }
    .advice = check the disk and the permissions, then try again

## The text of a tip

ask-text =
    Write the tip. End with Ctrl-D on an empty line.
    Hamsa keeps nothing of it. This window goes on showing it: close it afterwards.
text-not-utf8 = the text is not UTF-8, so nobody could read it
    .advice = save it as UTF-8 text and try again
text-file-not-utf8 = this is no text, or it cannot be told how its letters are written: { $path }
    .advice = save it as UTF-8 text and try again
check-too-long = the text is too long to be looked through: { $path }
    .advice = split it, and look through each piece
text-empty = there is no text and no attachment
    .advice = write something, then end with Ctrl-D on an empty line
no-such-category = the card has no such department or topic
    .advice = choose one that hamsa card show lists
bad-language = this is not the tag of a language: --language
    .advice = use a BCP 47 tag, for instance en, ar or ur
category-elsewhere = the category is not one of the department that the tip goes to
    .advice = choose a topic of that department, as hamsa card show lists them, or name the topic's department in --to
no-such-caller-group = the card has no such caller group
    .advice = choose one that hamsa card show lists
too-long-for-armor = the envelope is too long for the text form
    .advice = leave out --armor
seal-compare = This card's fingerprint is { $fingerprint }. Compare it with the one that the agency publishes.
seal-scrubbed = Cleaned: { $path }. Taken out: { $list }.
seal-not-cleaned = nothing was sealed; if nothing else helps, --danger-unscrubbed attaches the file as it is, and the analyst sees everything in it
seal-original = Also attached as it was: { $path }. Names, places and serial numbers inside the original stay inside, and the analyst sees them.
seal-original-pixels = The originals also hold the noise pattern that --pixels weakens in the copies: leave out --with-original if the camera must not be told.
seal-unscrubbed = Attached as it is: { $path }. Names, places and serial numbers inside the file stay inside, and the analyst sees them.
seal-done = Sealed: { $path }, { $size }. Every tip of this class has exactly this size.
seal-short-messages = { $count ->
    [one] This fits into { $count } SMS.
   *[other] This takes { $count } SMS.
}
seal-short-classical = The short form is not safe against quantum computers: whoever records it today may read it one day. Send the full envelope where the channel takes it.

## Passphrases and keys

ask-passphrase = Passphrase for { $path }:{" "}
ask-new-passphrase = New passphrase:{" "}
ask-passphrase-again = The same again:{" "}
passphrase-new =
    The secret keys are protected with a passphrase of at least { $count } characters. A good one is { $suggestion }
    Write it down and keep it in a safe. Without it nobody opens a tip again.
passphrase-too-short = the passphrase is too short
    .advice = take at least { $count } characters, better several words
passphrases-differ = the two passphrases differ
    .advice = try again
passphrase-nobody-to-ask = a passphrase is needed, and there is no terminal to ask for it
    .advice = give it with --passphrase-file
passphrase-file-refused = the file holds no passphrase: { $path }
    .advice = put the passphrase, up to 1000 characters of UTF-8, on its first line

## Agencies

init-unprotected = The secret keys are written without a passphrase: whoever can copy the files can open every tip and sign cards in the agency's name.
init-working = { $count ->
    [one] Making { $count } key. It takes a second, because it is protected.
   *[other] Making keys: { $count }. Each takes a second, because it is protected.
}
init-leftover = A run that was stopped had left keys that no card names. They were removed: { $path }
init-done = The agency is in { $path }.
init-next-publish = Publish the card { $path }, and the fingerprint by another way: print it, read it out, show it on screens.
init-next-root = Keep { $path } on a disk in a safe. It signs cards, and whoever has it can speak for the agency.
init-next-keys = Give each department the .key files of its folder in { $path }. They open tips.
init-next-edit = Edit { $path } for names, topics and channels, then run hamsa agency card { $dir }.
too-many-keys = a department has { $count } keys in use already, and a tip is sealed to no more: { $path }
    .advice = wait until the oldest one ends; hamsa card show lists their days
reissue-done = Card number { $number } is in { $path }.

## Cards

card-name = { $name } ({ $tag })
card-number = Card number { $number }
card-valid = Valid from { $from } to { $until }
card-departments = { $count ->
    [one] { $count } department:
   *[other] { $count } departments:
}
card-caller-groups = { $count ->
    [one] { $count } caller group:
   *[other] { $count } caller groups:
}
card-item = {"  "}{ $id }: { $name }
card-key = {"    "}key …{ $mark } in use from { $from } to { $until }
card-topic = {"    "}{ $id }: { $name }
card-channel = { $kind }: { $address }
channel-phone = Phone
channel-sms = SMS
channel-mail = Mail
channel-web = Web
channel-onion = Onion service
card-fingerprint = Fingerprint: { $fingerprint }
card-compare = Compare all 40 digits with the ones that the agency publishes by another way.

## Opening

open-opened = opened: { $path } is case { $case }
open-already = opened before: { $path } is case { $case }
open-same = the same envelope again: { $path } is case { $case }
open-differs = { $path } bears the same mark as another envelope and holds something else. Only their writer, or somebody with a key that opens them, can make two like that. Both are kept; this one is case { $case }.
open-pruned = opened before: { $path } is case { $case }. Files of that case were taken away, so the rest of it could not be compared; it is left as it is.
open-failed = { $path }: { $reason }
open-first-piece = or it is the first piece of a longer SMS whose rest is missing: look for the rest, put the pieces together into one text, and open that
open-language = Language: { $value }
open-category = About: { $value }
open-caller-group = Caller group: { $value }
open-answer = { $name }: { $value }
open-attachment = Attachment { $name }: { $kind }, { $size }
open-attachment-unscrubbed = Attachment { $name } was not cleaned: it may name its sender inside. Treat it like the sender's name.
open-attachment-original = Attachment { $name } is the untouched original of the one before it: it may name its sender inside. Treat it like the sender's name.
open-attachments-stay = { $count ->
    [one] The attachment was not written. Say where to with --out.
   *[other] The attachments were not written. Say where to with --out.
}
open-sum-opened = { $count ->
    [0] No new tip was opened.
    [one] { $count } tip opened.
   *[other] { $count } tips opened.
}
open-sum-already = { $count ->
    [one] { $count } was opened before and was left as it is.
   *[other] { $count } were opened before and were left as they are.
}
open-sum-same = { $count ->
    [one] { $count } was the same envelope as another one.
   *[other] { $count } were the same envelopes as others.
}
open-sum-failed = { $count ->
    [one] { $count } did not open.
   *[other] { $count } did not open.
}

## Inspecting

inspect-post-quantum = Full envelope, safe against quantum computers (age, mlkem768x25519)
inspect-classical = Full envelope, not safe against quantum computers (age)
inspect-short = Short message, not safe against quantum computers
inspect-text-form = In the text form, whose length is { $size }
inspect-length-binary = Length in the binary form: { $size }
inspect-length = Length: { $size }
inspect-class = Size class of what is inside: { $size }
inspect-stanzas = { $count ->
    [one] Recipients: { $count }
   *[other] Recipients: up to { $count }; nobody can tell real ones from fillers
}
inspect-none = No file was found to look at.
inspect-nothing-else = Nothing else can be learned without a key.

## The manual, and notes about the program's own working

man-written = { $count ->
    [one] { $count } page is in { $path }.
   *[other] { $count } pages are in { $path }.
}
note-core-not-off = The system did not let core images be turned off: after a crash, memory may be on the disk.
note-memory-not-locked = The system does not let all memory be locked: under pressure, parts of it may go to swap.
note-text-not-locked = The system did not let the text be locked in memory: under pressure it may go to swap.

## Channels

carry-qr-code = Code { $number } of { $count }
carry-qr-done = { $count ->
    [one] { $count } code is in { $path }.
   *[other] { $count } codes are in { $path }. They can be read in any order.
}
carry-sum-new = { $count ->
    [0] No new envelope came.
    [one] { $count } new envelope is in { $path }.
   *[other] { $count } new envelopes are in { $path }.
}
carry-sum-repeated = { $count ->
    [one] { $count } envelope or part had come before.
   *[other] { $count } envelopes or parts had come before.
}
carry-sum-waiting = An envelope of { $parts } parts still waits for { $count }: { $numbers }
carry-sum-unreadable = { $count ->
    [one] { $path }: { $reason }
   *[other] { $path }, { $count } times: { $reason }
}
carry-sum-unreadable-files = { $count ->
    [one] { $path }: { $count } file in this folder could not be read
   *[other] { $path }: { $count } files in this folder could not be read
}
carry-sum-media = { $count ->
    [one] { $count } file is with the chat service; its id is on standard output. Fetch it, and give it to hamsa carry from chat.
   *[other] { $count } files are with the chat service; their ids are on standard output. Fetch them, and give them to hamsa carry from chat.
}
carry-hint-octets = these are binary SMS in hexadecimal: add --octets
carry-hint-text = these are SMS as text: leave out --octets
carry-hint-email = this is a mail: give it to hamsa carry from email
carry-hint-qr = this is a picture: give it to hamsa carry from qr
carry-hint-envelope = this is a whole envelope as it was sealed: hamsa open takes it as it is
carry-hint-telegram = this is what Telegram's webhook brings: give it to hamsa carry from chat --format telegram
carry-hint-whatsapp = this is what WhatsApp's webhook brings: give it to hamsa carry from chat --format whatsapp
carry-hint-large-picture = Of one picture, 64 megapixels and 64 codes are read: make it smaller, or cut it into several pictures
carry-hint-pictures = QR codes are read from PNG, JPEG, WebP, GIF and BMP files: save SVG, PDF and others as one of these first
carry-bad-limit = this is not a limit that can be used
    .advice = give telegram, whatsapp, x or x-message, or the number of characters of the longest message
carry-limit-too-short = messages of this length cannot carry this envelope
    .advice = give at least { $least } characters, or one of telegram, whatsapp, x, x-message
error-bad-mail-address = this is not a mail address
    .advice = write it like tips@agency.example, without a name before it
error-bad-mail-subject = this cannot be the subject of a mail
    .advice = use a short subject of one line, the same for every tip, that says nothing
error-too-long-for-mail = the envelope is too long for a mail
    .advice = send the attachments in several tips, or by another channel
error-no-randomness-mail = the system gave no random numbers
    .advice = make the mail on another device

## The desk

desk-needs-terminal = the desk needs a terminal for both its keys and its screen
    .advice = start it in a terminal window, without pipes; programs take hamsa seal
desk-title = { $agency }, fingerprint …{ $group } | sealed in this sitting: { $count }
desk-title-small = fingerprint …{ $group } | sealed: { $count }
desk-department = department
desk-topic = topic
desk-language = language
desk-caller-group = caller group
desk-choice = { $key } { $name }: { $value }
desk-none = not chosen
desk-none-listed = The card lists none to choose from.
desk-one-department = The card lists one department only; it is chosen already.
desk-keys = Ctrl-S or F10 seal | Ctrl-X discard | Ctrl-Q leave | F1 help
desk-keys-small = Ctrl-S seal | Ctrl-Q leave | F1 help
desk-keys-choose = number or letter, or arrows and Enter: choose | Esc back
desk-keys-choose-small = arrows, Enter: choose | Esc back
desk-keys-back = any key: back to the text
desk-keys-more = arrows: more | other keys: back
desk-help-choose = { $key }: choose the { $name }
desk-help-seal = Ctrl-S or F10: seal the text. Then nobody at this desk can read it.
desk-help-discard = Ctrl-X or Esc: discard the text; pressed a second time, it is done.
desk-help-leave = Ctrl-Q: leave, when nothing is unsealed.
desk-help-list = In a list: press the number or letter in front, or use arrows and Enter. Esc goes back.
desk-help-arrows = Arrows, Page Up, Page Down: move in the text.
desk-help-words = Ctrl with the left or right arrow: move by words.
desk-help-ends = Home, End: to the beginning or end of the line.
desk-help-delete = Backspace, Delete: take out the letter before or behind the cursor.
desk-help-help = F1 or Ctrl-G: this page.
desk-start = Write what the caller says. Do not ask who is calling, and write down no number.
desk-empty = Nothing has been written yet.
desk-choose-department = First choose the department that gets it, then seal.
desk-found = { $count ->
    [one] One passage may tell who the caller is. Take it out, or ask the caller whether it may stay. To seal it as it stands, press Ctrl-S again. It may tell: { $kinds }.
   *[other] { $count } passages may tell who the caller is. Take them out, or ask the caller whether they may stay. To seal them as they stand, press Ctrl-S again. They may tell: { $kinds }.
}
desk-found-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
desk-sealed = Sealed. The text is gone from here; nobody at this desk can read it again.
desk-ask-discard = Discard this text? Nobody gets it then. Ctrl-X or Esc again: discard. Any other key: go on writing.
desk-discarded = Discarded. Nothing of it was kept.
desk-not-yet = This text is not sealed yet. Ctrl-S seals it, Ctrl-X discards it.
desk-full = The text is at its limit of { $size }; what came after that was not taken. Seal this, then write the rest as another tip.
desk-not-sealed = Not sealed; the text is still here. What happened: { $reason }. What to do: { $advice }.
desk-small = Make the window larger. The text is still here. What you write is taken; the keys that seal, discard and choose wait.
desk-sum = { $count ->
    [0] Nothing was sealed in this sitting.
    [one] { $count } tip was sealed in this sitting, into { $path }.
   *[other] { $count } tips were sealed in this sitting, into { $path }.
}
desk-ended-empty = The desk was ended from outside. Nothing was being written.
desk-ended-sealed = The desk was ended from outside. The text that was being written was sealed unasked.
desk-ended-unsealed = The desk was ended from outside. The text that was being written could not be sealed and is gone.
desk-lost = the desk was ended from outside before a department was chosen, and the text that was not sealed yet is gone
    .advice = write that tip again; with --to, a department is chosen from the start
desk-broke = The desk broke down. What was not sealed yet is gone; what was sealed is safe.
desk-check-name = the caller's name
desk-check-only-i = that only the caller, or few people, can know it
desk-check-kin = the caller's family or neighbours
desk-check-work = the caller's work or school
desk-check-contact = how to reach the caller
desk-check-home = where the caller lives
desk-check-witness = that the caller was there, or spoke with those of whom they tell
language-ar = Arabic
language-en = English
language-ur = Urdu
language-hi = Hindi
language-bn = Bengali
language-fa = Persian
language-ps = Pashto
language-ml = Malayalam
language-fil = Filipino
language-fr = French
language-ru = Russian
language-zh = Chinese

## The demo

demo-intro =
    The path of a tip, from the informant to the analyst. Everything happens in memory; nothing is written.
demo-agency =
    1. The agency makes its keys and a card.
       The card says who the agency is and which keys are in use. The secret keys stay with the analysts, offline.
demo-agency-name = City Tip Line
demo-department-name = Traffic
demo-agency-done = The card has { $size } and is signed. It can be published anywhere.
demo-card =
    2. The informant gets the card and compares its fingerprint.
       The agency shows these 40 digits on posters and screens. A card of somebody else has other digits.
demo-seal =
    3. The informant writes a tip, attaches a photo, and seals both on their own device. The photo is cleaned first.
demo-tip-text = A lorry without number plates leaves the quarry every night at two. The photo is from yesterday.
demo-tip = Text: { $text }
demo-photo = Photo: { $size }
demo-place = In the photo: { $place }
demo-scrubbed = Taken out of it: { $list }
demo-scrubbed-again = Looked at again: nothing is left to take out, and the picture is the same, pixel for pixel.
demo-sealed = Sealed: { $size }, filled up to a size class. No name, no time and no device is in it.
demo-carrier =
    4. Somebody on the way, a phone company or a mail host, sees this and no more:
demo-octets = Octets like noise, for instance { $octets }
demo-short-text = Yes.
demo-long-text = I saw the same car at the harbour three times last week, always with the same two people in it, and each time they met somebody from the warehouse.
demo-same-size = Two tips of one word and of many words: { $short } and { $long }
demo-open =
    5. The analyst opens it, offline.
demo-same = Text and clean photo are what the informant sealed, octet for octet.
demo-refuse =
    6. What if somebody else tries, or changes it on the way?
demo-other-key = With another key: { $reason }.
demo-changed-bit = With one bit changed: { $reason }.
demo-end =
    That was the whole path. Begin with hamsa agency init, or with hamsa seal if you have a card.
demo-differs = the demo did not come out as it must
    .advice = do not use this build of hamsa; get it again from where you trust it

## What the library refuses

error-text-too-long = the text is too long for this kind of envelope
    .advice = shorten it; a full envelope holds more than a short one, and an attached file more still
error-text-has-nul = the text holds a NUL character
    .advice = take it out and seal again
error-bad-field = a field of the tip is not of the form that the format allows
    .advice = use a BCP 47 tag for the language, and ids from the card for the others
error-too-many-attachments = a tip can carry at most 999 attachments
    .advice = seal the rest in a second tip
error-too-long = the attachments are too long for one envelope
    .advice = seal them in several tips
error-attachment-changed = an attachment changed its length while it was being read
    .advice = close the program that writes to it and seal again
error-bad-recipients = the recipients cannot be sealed to together
    .advice = give one to eight different recipients of the same type
error-no-short-key = this department does not take short envelopes
    .advice = seal a full envelope instead
error-no-randomness = the system gave no random numbers
    .advice = seal on another device
error-not-an-envelope = this is not a sealed tip
    .advice = check that the right file was chosen and that it arrived whole
error-bad-armor = the text form of the envelope is damaged
    .advice = copy it again, from the BEGIN line to the END line
error-bad-header = the envelope's header is damaged
    .advice = ask for the envelope again; this copy cannot be opened
error-header-too-long = the envelope's header is longer than any that Hamsa makes
    .advice = do not open it; it was not made by a sealing program
error-wrong-key = this tip was sealed to another key than the ones you gave
    .advice = ask which key was in use when it came in, and open it with that one
error-bad-mac = the envelope's header was changed after sealing
    .advice = ask for the envelope again; this copy cannot be opened
error-bad-payload = the envelope was changed, cut short or extended after sealing
    .advice = ask for the envelope again; this copy cannot be opened
error-bad-frame = the envelope opened, but what is inside is not a tip
    .advice = open it with an age program and look at it with care
error-bad-size = the envelope opened, but its size is not one that a tip can have
    .advice = open it with an age program and look at it with care
error-bad-tip = the envelope opened, but its description of the tip is not valid
    .advice = open it with an age program and look at it with care
error-newer-version = this tip was sealed by a newer version of Hamsa
    .advice = install the newest version and open it again
error-bad-short = the short envelope opened, but what is inside is not text
    .advice = ask for the message again
error-plugin = the age plugin of one of your identities failed
    .advice = check that the plugin is installed and its hardware connected
error-not-a-card = this is not an agency card
    .advice = get the card again from the agency
error-bad-card = the card's contents are not valid
    .advice = get the card again from the agency
error-newer-card = this card was made by a newer version of Hamsa
    .advice = install the newest version and try again
error-bad-signature = the card was changed after it was signed
    .advice = do not use it; get the card again from the agency
error-wrong-fingerprint = this card belongs to another agency than the fingerprint says
    .advice = do not use it; compare the 40 digits with the ones that the agency publishes
error-bad-fingerprint = a fingerprint has 40 digits
    .advice = type all eight groups of five digits
error-bad-date = this is not a date
    .advice = write the year, month and day like 2026-11-22
error-expired = this card has expired
    .advice = get the current card from the agency
error-not-yet-valid = this card is not valid yet
    .advice = check this device's date, or wait for the day on the card
error-rolled-back = this card is older than one that you already had
    .advice = use the newer one
error-not-a-successor = this card does not continue the one that you already had
    .advice = do not use it; ask the agency by another way
error-no-such-department = the card has no such department
    .advice = choose one that hamsa card show lists
error-which-department = the card has several departments
    .advice = name one with --to
error-no-current-key = the department has no key for today
    .advice = get the current card from the agency
error-bad-root-key = the root key is not valid or not the one of this card
    .advice = use the root key that was made with the card
error-no-randomness-card = the system gave no random numbers
    .advice = make the keys on another device
error-not-a-part = this is not a part of an envelope
    .advice = copy it again, from its first letter to its last
error-parts-too-short = the messages are too short for this envelope
    .advice = use a channel with longer messages, or a shorter tip
error-too-long-for-parts = the envelope is too long to be cut into parts
    .advice = send it as a file
error-nothing-sealed = nothing sealed is in it
    .advice = look at the original: somebody may have written without sealing
error-sealed-damaged = what was sealed was damaged on its way
    .advice = ask for it again, whole, by the same channel or another
error-message-too-long = it is longer than a message of this channel can be
    .advice = look at the original, and send large files by another channel
error-not-a-message = it is not a message of this channel
    .advice = check that the right channel and file were chosen
error-bad-identity = this is not an age identity that Hamsa can use
    .advice = give a file with lines that begin AGE-SECRET-KEY-
error-bad-recipient = this is not an age recipient that Hamsa can use
    .advice = give one that begins with age1pq1 or age1
error-weak-recipient = nothing sealed to this recipient would be secret
    .advice = do not use it; ask for the key by another way
no-keys-in-folder = there is no key file of a department in this folder: { $path }
    .advice = give the department's key file, or the folder that it is in
no-department-keys = this is an agency's folder without key files of departments: { $path }
    .advice = give the department's key file; root.key signs cards and opens no tips
error-no-identity = the file holds no identity
    .advice = give the analyst's key file
error-needs-passphrase = the identity file is protected with a passphrase, and none was given
    .advice = type it when hamsa asks for it on a terminal, or use --passphrase-file
error-wrong-passphrase = the passphrase does not open this identity file
    .advice = run the same command again and type it when it is asked for; upper and lower case differ
error-plugin-missing = the age plugin for one of the identities is not there
    .advice = install the program age-plugin-NAME, or leave that identity out
error-no-randomness-key = the system gave no random numbers
    .advice = make the keys on another device
error-io = reading or writing failed
    .advice = check the disk and the permissions, then try again

profile-not-for-a-card = an id or a name in the agency's description is not one that a card may have: { $path }
    .advice = write ids with a to z, 0 to 9 and -, at most 32, each once; give every name at least one letter and no control character
reissue-withdrawn = { $count ->
    [one] One key of the card before is no longer listed, because its .pub file is gone. Tips sealed to it still open with its .key file.
   *[other] { $count } keys of the card before are no longer listed, because their .pub files are gone. Tips sealed to them still open with their .key files.
}
io-nobody-reads = nobody reads the output any more: { $path }
    .advice = run it again without closing the pipe early
