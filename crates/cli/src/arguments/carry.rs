//! What `hamsa carry` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub(crate) enum CarryVerb {
    #[command(subcommand)]
    To(ToChannel),
    #[command(subcommand)]
    From(FromChannel),
}

#[derive(Subcommand)]
pub(crate) enum ToChannel {
    Sms(ToSmsArgs),
    Email(ToEmailArgs),
    Chat(ToChatArgs),
    Qr(ToQrArgs),
}

#[derive(Args)]
pub(crate) struct ToSmsArgs {
    #[arg(long)]
    pub(crate) octets: bool,
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    #[arg(value_name = "ENVELOPE")]
    pub(crate) envelope: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ToEmailArgs {
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: String,
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: String,
    // The same for everybody, whatever language their program speaks.
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "Message",
        hide_default_value = true
    )]
    pub(crate) subject: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) day: Option<String>,
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    #[arg(value_name = "ENVELOPE")]
    pub(crate) envelope: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ToChatArgs {
    #[arg(long, value_name = "LIMIT")]
    pub(crate) limit: String,
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    #[arg(value_name = "ENVELOPE")]
    pub(crate) envelope: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ToQrArgs {
    #[arg(long, requires = "output", conflicts_with = "png")]
    pub(crate) svg: bool,
    #[arg(long, requires = "output")]
    pub(crate) png: bool,
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    #[arg(value_name = "ENVELOPE")]
    pub(crate) envelope: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum FromChannel {
    Sms(FromSmsArgs),
    Email(FromEmailArgs),
    Chat(FromChatArgs),
    Qr(FromQrArgs),
}

/// What every channel's messages are read from, and where their envelopes go.
#[derive(Args)]
pub(crate) struct FromArgs {
    #[arg(
        long,
        value_name = "DIR",
        default_value = "arrived",
        hide_default_value = true
    )]
    pub(crate) out: PathBuf,
    #[arg(long)]
    pub(crate) json: bool,
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Args)]
pub(crate) struct FromSmsArgs {
    #[arg(long)]
    pub(crate) octets: bool,
    #[command(flatten)]
    pub(crate) from: FromArgs,
}

#[derive(Args)]
pub(crate) struct FromEmailArgs {
    #[command(flatten)]
    pub(crate) from: FromArgs,
}

#[derive(Args)]
pub(crate) struct FromChatArgs {
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) format: ChatFormat,
    #[command(flatten)]
    pub(crate) from: FromArgs,
}

#[derive(Args)]
pub(crate) struct FromQrArgs {
    #[command(flatten)]
    pub(crate) from: FromArgs,
}

/// What a chat's messages are written in.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChatFormat {
    /// The messages themselves.
    Text,
    /// Updates of Telegram's Bot API.
    Telegram,
    /// Calls of the webhook of `WhatsApp`'s Cloud API.
    Whatsapp,
}
