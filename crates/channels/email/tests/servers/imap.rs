//! Fetches a mailbox by IMAP.

use std::time::Duration;

use async_imap::{Client, error::Result};
use futures_util::TryStreamExt as _;
use tokio::{net::TcpStream, runtime, time};

const BEAT: Duration = Duration::from_millis(200);

/// Waits until `count` messages are there and gives them all.
pub(crate) fn fetch(port: u16, user: &str, count: usize, wait: Duration) -> Vec<Vec<u8>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let fetched = time::timeout(wait, when_there(port, user, count)).await;
        let fetched = fetched.unwrap_or_else(|_| panic!("{count} messages did not come"));
        fetched.unwrap()
    })
}

async fn when_there(port: u16, user: &str, count: usize) -> Result<Vec<Vec<u8>>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut client = Client::new(stream);
    client.read_response().await?;
    let session = client.login(user, "password").await;
    let mut session = session.map_err(|(why, _)| why)?;
    loop {
        let mailbox = session.select("INBOX").await?;
        if mailbox.exists as usize >= count {
            break;
        }
        time::sleep(BEAT).await;
    }
    let fetched: Vec<_> = session
        .uid_fetch("1:*", "BODY.PEEK[]")
        .await?
        .try_collect()
        .await?;
    session.logout().await?;
    let bodies = fetched.iter().filter_map(|message| message.body());
    Ok(bodies.map(<[u8]>::to_vec).collect())
}
