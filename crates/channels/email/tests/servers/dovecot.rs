//! Dovecot, which keeps what comes by LMTP in Maildirs and gives it out by IMAP.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::running::{Running, folder_of, free_port, program};

pub(crate) struct Dovecot {
    _running: Running,
    mail: PathBuf,
    pub(crate) imap: u16,
    pub(crate) lmtp: u16,
}

impl Dovecot {
    pub(crate) fn start(scratch: &Path) -> Self {
        let dovecot = program("dovecot", "dovecot-imapd dovecot-lmtpd");
        for protocol in ["imap", "lmtp"] {
            let server = Path::new("/usr/lib/dovecot").join(protocol);
            assert!(server.is_file(), "install Debian's dovecot-{protocol}d");
        }
        let folder = scratch.join("dovecot");
        let mail = folder.join("mail");
        folder_of("dovecot", &mail);
        let (imap, lmtp) = (free_port(), free_port());
        let configuration = folder.join("dovecot.conf");
        fs::write(&configuration, settings(&folder, imap, lmtp)).unwrap();
        let mut command = Command::new(dovecot);
        command.arg("-F").arg("-c").arg(&configuration);
        Self {
            _running: Running::start(&mut command, None, imap, &folder.join("log")),
            mail,
            imap,
            lmtp,
        }
    }

    /// The files of a mailbox.
    pub(crate) fn files(&self, user: &str) -> Vec<PathBuf> {
        let folders = ["new", "cur"].map(|folder| self.mail.join(user).join(folder));
        let files = folders
            .iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap());
        files.map(|file| file.unwrap().path()).collect()
    }
}

fn settings(folder: &Path, imap: u16, lmtp: u16) -> String {
    let folder = folder.display();
    format!(
        "base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
mail_uid = dovecot
mail_gid = dovecot
first_valid_uid = 1
default_login_user = dovenull
default_internal_user = dovecot
passdb {{
  driver = static
  args = password=password
}}
userdb {{
  driver = static
  args = uid=dovecot gid=dovecot home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
"
    )
}
