//! E-mail: an envelope as the attachment of a mail that says nothing else.
#![forbid(unsafe_code)]
