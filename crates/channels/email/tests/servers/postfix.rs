//! Postfix, which takes mail for one domain and hands it on by LMTP. Nothing leaves the machine.

use std::{fs, path::Path, process::Command};

use crate::running::{Running, folder_of, free_port, program};

pub(crate) struct Postfix {
    _running: Running,
    pub(crate) smtp: u16,
}

/// Debian's are run in a chroot, which this has none of.
const SERVICES: &str = "\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";

impl Postfix {
    pub(crate) fn start(scratch: &Path, lmtp: u16) -> Self {
        let postfix = program("postfix", "postfix");
        let folder = scratch.join("postfix");
        let configuration = folder.join("etc");
        fs::create_dir_all(&configuration).unwrap();
        fs::create_dir_all(folder.join("queue")).unwrap();
        folder_of("postfix", &folder.join("data"));
        let smtp = free_port();
        let services = format!("127.0.0.1:{smtp} inet n - n - - smtpd\n{SERVICES}");
        fs::write(configuration.join("master.cf"), services).unwrap();
        fs::write(configuration.join("main.cf"), settings(&folder, lmtp)).unwrap();
        let mut command = Command::new(postfix);
        command.arg("-c").arg(&configuration).arg("start-fg");
        // A script stands before it that would end without it.
        let master = folder.join("queue/pid/master.pid");
        let running = Running::start(&mut command, Some(master), smtp, &folder.join("log"));
        Self {
            _running: running,
            smtp,
        }
    }
}

fn settings(folder: &Path, lmtp: u16) -> String {
    let folder = folder.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.tips.test
mydestination =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = tips.test
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:nothing leaves
relay_transport = error:nothing leaves
local_transport = error:nobody is here
alias_maps =
alias_database =
message_size_limit = 60000000
mailbox_size_limit = 0
disable_dns_lookups = yes
smtputf8_enable = no
"
    )
}
