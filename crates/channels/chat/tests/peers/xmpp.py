"""Two XMPP clients: one sends each message of a JSON list from standard input, the other writes the list of the bodies
that arrived to standard output. Arguments: port, host, account that sends, account that reads, password of both."""

import asyncio
import json
import sys

import slixmpp

port, host, sender, reader, password = sys.argv[1:]
LIMIT = 60


def client(account):
    made = slixmpp.ClientXMPP(f"{account}@{host}/test", password)
    made.online = asyncio.Event()

    def begin(_):
        made.send_presence()
        made.online.set()

    made.add_event_handler("session_start", begin)
    made["feature_mechanisms"].unencrypted_scram = True
    made["feature_mechanisms"].unencrypted_plain = True
    if hasattr(made, "enable_plaintext"):  # From slixmpp 1.9 on.
        made.enable_starttls, made.enable_direct_tls, made.enable_plaintext = False, False, True
        made.connect("127.0.0.1", int(port))
    else:
        made.connect(("127.0.0.1", int(port)), disable_starttls=True, force_starttls=False)
    return made


async def carry(messages):
    arrived, complete = [], asyncio.Event()

    def take(stanza):
        arrived.append(str(stanza["body"]))
        if len(arrived) == len(messages):
            complete.set()

    clients = [client(sender), client(reader)]
    clients[1].add_event_handler("message", take)
    for each in clients:
        await each.online.wait()
    for message in messages:
        clients[0].send_message(f"{reader}@{host}", message, mtype="chat")
    await complete.wait()
    for each in clients:
        each.disconnect()
    return arrived


json.dump(asyncio.get_event_loop().run_until_complete(asyncio.wait_for(carry(json.load(sys.stdin)), LIMIT)), sys.stdout)
